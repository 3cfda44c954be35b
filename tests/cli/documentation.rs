//! What the README shows is what the binary takes.

use super::support::{arg, call, write};

const README: &str = include_str!("../../README.md");

/// The blocks of this language in the README.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    README.split(fence.as_str()).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[test]
fn the_suite_of_the_readme_passes_on_the_mock() {
    let folder = tempfile::tempdir().expect("a folder");
    let suite = blocks("yaml").into_iter().find(|block| block.starts_with("suite:")).expect("a suite");
    write(folder.path(), "ours.yaml", suite);
    let done = call(&["run", "--suites", arg(folder.path()), "--only", "ours"]);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    assert!(done.out.contains("1 passed"), "{}", done.out);
}

#[test]
fn the_expected_findings_of_the_readme_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let expected = blocks("yaml").into_iter().find(|block| block.starts_with("expected:")).expect("a list");
    write(folder.path(), "known.yaml", expected);
    let file = folder.path().join("known.yaml");
    let done = call(&["run", "--only", "rfc7643/user/empty-user-name", "--expect", arg(&file)]);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    assert!(done.out.contains("Gone"), "{}", done.out);
}

#[test]
fn the_options_of_the_readme_exist() {
    let helps = ["run", "simulate", "mock", "cleanup"].map(|command| call(&[command, "--help"]).out).concat();
    // What a report shows has options of curl in it.
    let shown = blocks("text").into_iter().fold(README.to_owned(), |text, block| text.replace(block, ""));
    let words = shown.split(|c: char| c.is_whitespace() || c == '`' || c == '|');
    let options: Vec<&str> = words.filter(|word| word.starts_with("--")).collect();
    assert!(options.len() > 30, "{options:?}");
    for option in options {
        let option = option.trim_end_matches([',', ';', ':', '.']);
        // Those of cargo, and a separator.
        if !["--", "---", "--release", "--path", "--test", "--port", "--bearer-token"].contains(&option) {
            assert!(helps.contains(option), "{option} is in no help");
        }
    }
}
