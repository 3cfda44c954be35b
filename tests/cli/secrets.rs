//! No token or password is in any output, report, snapshot or journal.

use std::path::Path;

use super::support::{Mock, arg, done, scimspec};

const TOKEN: &str = "planted-token-4f9b2c";
const SECOND: &str = "planted-second-8e7d1a";
const HEADER: &str = "planted-header-77aa01";

/// Every file below a folder, with its text.
fn texts(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            texts(&path, found);
        } else {
            let text = String::from_utf8_lossy(&std::fs::read(&path).expect("readable")).into_owned();
            found.push((path.display().to_string(), text));
        }
    }
}

#[test]
fn a_planted_secret_is_in_no_artefact() {
    let mock = Mock::start(TOKEN);
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let reports = [format!("json={}", arg(&at("r.json"))), format!("junit={}", arg(&at("r.xml")))];
    let done = done(
        scimspec()
            .args(["run", &mock.url, "--token", TOKEN, "--credential", &format!("second={SECOND}")])
            .args(["--header", &format!("X-Api-Key: {HEADER}"), "--verbose"])
            .args(["--report", &reports[0], "--report", &reports[1]])
            .args(["--journal", arg(&at("journal.jsonl"))])
            .args(["--snapshots", arg(&at("snapshots")), "--snapshot-mode", "update"])
            .env("SCIMSPEC_TOKEN", TOKEN)
            .output()
            .expect("the binary runs"),
    );
    let mut artefacts = vec![("stdout".to_owned(), done.out), ("stderr".to_owned(), done.err)];
    texts(folder.path(), &mut artefacts);
    assert!(artefacts.len() > 100, "only {} artefacts, exit code {:?}", artefacts.len(), done.code);
    for (name, text) in &artefacts {
        for secret in [TOKEN, SECOND, HEADER] {
            assert!(!text.contains(secret), "{secret} is in {name}");
        }
    }
}
