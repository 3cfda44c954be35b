//! Ctrl-C and SIGTERM: everything that the run made is deleted, the report is written, and the exit code says which.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::support::{Mock, arg, done, scimspec};

const TOKEN: &str = "a-token-of-the-tests";

#[track_caller]
fn interrupted(signal: &str, code: i32) {
    let mock = Mock::start(TOKEN);
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("journal.jsonl");
    let child = scimspec()
        // So slow that the run cannot be over before it is interrupted.
        .args([
            "run",
            &mock.url,
            "--token",
            TOKEN,
            "--rate",
            "10",
            "--only",
            "rfc7644/create",
            "--format",
            "json",
        ])
        .args(["--journal", arg(&journal)])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let end = Instant::now() + Duration::from_secs(60);
    let made = || std::fs::read_to_string(&journal).unwrap_or_default().contains("made");
    while !made() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(made(), "nothing was made within a minute");
    let killed = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
    assert!(killed.expect("kill runs").success());
    let done = done(child.wait_with_output().expect("ends"));
    assert_eq!(done.code, Some(code), "{}", done.err);
    let report: Value = serde_json::from_str(&done.out).expect("a report");
    assert_eq!(report["aborted"], "interrupted");
    assert_eq!(report["leftovers"], Value::Array(Vec::new()));
    assert!(!journal.exists(), "what was deleted needs no journal");
}

#[test]
fn sigint_cleans_up_and_exits_with_130() {
    interrupted("INT", 130);
}

#[test]
fn sigterm_cleans_up_and_exits_with_143() {
    interrupted("TERM", 143);
}
