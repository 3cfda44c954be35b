//! `scimspec simulate`: a server of another process, a kill in the middle, parts and their merging.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::support::{Done, Mock, arg, call, done, scimspec};

const TOKEN: &str = "a-token-of-the-tests";
const SMALL: [&str; 6] = ["--users", "30", "--groups", "6", "--days", "5"];

fn simulate(mock: &Mock, client: &str, more: &[&str]) -> Done {
    let mut arguments = vec!["simulate", client, &mock.url, "--token", TOKEN, "--format", "json"];
    arguments.extend(SMALL);
    arguments.extend(more);
    call(&arguments)
}

fn report(done: &Done) -> Value {
    serde_json::from_str(&done.out).unwrap_or_else(|error| panic!("{error}: {}{}", done.out, done.err))
}

/// How many resources the mock has, asked by a run that changes nothing.
fn has_nothing(mock: &Mock, folder: &Path) {
    let journal = folder.join("nothing.jsonl");
    let done = call(&[
        "simulate",
        "okta",
        &mock.url,
        "--token",
        TOKEN,
        "--format",
        "json",
        "--users",
        "1",
        "--groups",
        "0",
        "--days",
        "2",
        "--journal",
        arg(&journal),
    ]);
    let report = report(&done);
    // The import of its second day reads all that there is: its own user.
    assert_eq!(report["sent"]["imported"], 1, "{report}");
}

/// A simulation that has done something, and is so slow that it cannot be over.
fn at_work(mock: &Mock, journal: &Path) -> Child {
    let child = scimspec()
        .args(["simulate", "okta", &mock.url, "--token", TOKEN, "--rate", "40", "--format", "json"])
        .args(["--journal", arg(journal)])
        .args(SMALL)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let end = Instant::now() + Duration::from_secs(120);
    let believes = || std::fs::read_to_string(journal).unwrap_or_default().matches("believed").count() > 10;
    while !believes() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(believes(), "nothing was done within two minutes");
    child
}

#[cfg(unix)]
#[test]
fn sigterm_cleans_up_and_exits_with_143() {
    let mock = Mock::start(TOKEN);
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("journal.jsonl");
    let child = at_work(&mock, &journal);
    let killed = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(killed.expect("kill runs").success());
    let ended = done(child.wait_with_output().expect("ends"));
    assert_eq!(ended.code, Some(143), "{}", ended.out);
    let report = report(&ended);
    assert_eq!((&report["outcome"], &report["aborted"]), (&"stopped".into(), &"interrupted".into()));
    assert!(report["cleaned"].as_u64().is_some_and(|cleaned| cleaned > 3), "{report}");
    assert!(!journal.exists());
    has_nothing(&mock, folder.path());
}

#[test]
fn a_killed_simulation_goes_on() {
    let mock = Mock::start(TOKEN);
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("journal.jsonl");
    let mut child = at_work(&mock, &journal);
    child.kill().expect("killed");
    child.wait().expect("ended");
    let other = simulate(&mock, "entra", &["--journal", arg(&journal)]);
    assert_eq!(other.code, Some(2), "{}", other.err);
    let resumed = simulate(&mock, "okta", &["--journal", arg(&journal)]);
    assert_eq!(resumed.code, Some(0), "{}{}", resumed.out, resumed.err);
    let resumed = report(&resumed);
    assert_eq!(resumed["outcome"], "agrees");
    assert_eq!(resumed["simulation"]["resumed"], true);
    assert!(!journal.exists());
    has_nothing(&mock, folder.path());
}

#[test]
fn parts_of_several_machines_are_merged() {
    let mock = Mock::start(TOKEN);
    let folder = tempfile::tempdir().expect("a folder");
    let files: Vec<_> = ["1/2", "2/2"]
        .iter()
        .enumerate()
        .map(|(number, part)| {
            let journal = folder.path().join(format!("{number}.jsonl"));
            let done = simulate(&mock, "okta-wizard", &["--part", part, "--journal", arg(&journal)]);
            assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
            let file = folder.path().join(format!("{number}.json"));
            std::fs::write(&file, &done.out).expect("written");
            file
        })
        .collect();
    let both = call(&["simulate", "--merge", arg(&files[0]), arg(&files[1]), "--format", "json"]);
    assert_eq!(both.code, Some(0), "{}", both.err);
    assert_eq!(report(&both)["simulation"]["parts"], serde_json::json!([1, 2]));
    let one = call(&["simulate", "--merge", arg(&files[0])]);
    assert_eq!(one.code, Some(3), "{}", one.out);
    assert!(one.out.contains("missing: 2"), "{}", one.out);
}

#[test]
fn without_a_url_the_mock_is_the_target() {
    let done = call(&["simulate", "okta-wizard", "--users", "20", "--groups", "3", "--days", "3"]);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    assert!(done.out.contains("the server has what the provider believes"), "{}", done.out);
    let done = call(&[
        "simulate",
        "okta",
        "--users",
        "20",
        "--days",
        "9",
        "--defect",
        "patch-of-groups-stores-nothing",
    ]);
    assert_eq!(done.code, Some(1), "{}{}", done.out, done.err);
    assert!(done.out.contains("members lacking") && done.out.contains("repeat    curl"), "{}", done.out);
}

#[test]
fn the_mock_in_this_process_is_asked_at_the_rate_too() {
    let done = call(&[
        "simulate", "okta", "--users", "3", "--groups", "1", "--days", "2", "--rate", "100", "--format",
        "json",
    ]);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    let sent = report(&done)["sent"].clone();
    let (requests, elapsed) = (sent["requests"].as_u64(), sent["elapsed_ms"].as_u64());
    // Ten milliseconds between two requests, and a busy machine only makes it more.
    assert!(elapsed >= requests.map(|requests| (requests - 1) * 10), "{sent}");
}

#[test]
fn mistakes_are_told() {
    for (arguments, told) in [
        (vec!["simulate", "oktta"], "did you mean `okta`?"),
        (vec!["simulate", "okta", "--part", "9/9"], "sites"),
        (vec!["simulate", "okta", "--part", "3/2"], "2/5"),
        (vec!["simulate"], "CLIENT"),
        (vec!["simulate", "--merge", "/nowhere.json"], "/nowhere.json"),
    ] {
        let done = call(&arguments);
        assert_eq!(done.code, Some(2), "{arguments:?}: {}", done.err);
        assert!(done.err.contains(told), "{arguments:?}: {}", done.err);
    }
}
