//! The kill matrix: what the built-in suites make of each defect of the mock must be what stands in the reviewed file.
//! A part of the defects by default; all of them, line by line, with `KILL_MATRIX=all`.

use std::path::Path;

use scimspec::harness::prove::{Matrix, Proof, prove, text};
use scimspec::harness::suites;
use scimspec::mock::defects::{self, Defect};
use scimspec::plan::Selection;
use scimspec::profile;
use scimspec::schema::Registry;

const FILE: &str = "tests/kill-matrix.txt";
const ACCEPT: &str = "UPDATE_KILL_MATRIX=1 cargo test --release --test kill_matrix";
/// Of so many defects one is tried by default: the whole takes minutes.
const PART: usize = 25;

/// What stands at the head of the reviewed file.
const HEAD: &str = "\
# One line a defect of the mock: what the built-in suites make of it, and by which cases of requirements that it breaks
# (`~`: the case warns). Behind `|` stand the cases of other requirements that are red because of it.
# At the end stand the cases that no defect turns red.
# Written by: UPDATE_KILL_MATRIX=1 cargo test --release --test kill_matrix
";

fn matrix(defects: Vec<&'static Defect>) -> Matrix {
    let profile = profile::find(profile::DEFAULT).expect("the default profile");
    let suites = suites::of_profile(&profile, &[], &Registry::builtin()).expect("the built-in suites");
    prove(&Proof { profile, suites, selection: Selection::default(), defects }, |_| {})
        .expect("runs on the mock")
}

#[test]
fn defects_are_caught_as_reviewed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let update = std::env::var_os("UPDATE_KILL_MATRIX").is_some();
    let all = update || std::env::var_os("KILL_MATRIX").is_some_and(|value| value == "all");
    let step = if all { 1 } else { PART };
    let matrix = matrix(defects::all().step_by(step).collect());
    assert!(matrix.red_without_defect.is_empty(), "{}", text::wrong(&matrix));
    let told = if all { text::reviewed(&matrix) } else { verdicts(&text::lines(&matrix)) };
    if update {
        std::fs::write(&path, format!("{HEAD}\n{told}")).expect("the reviewed file can be written");
    }
    let reviewed = std::fs::read_to_string(&path).expect("the reviewed file");
    let reviewed = if all { reviewed } else { verdicts(&reviewed) };
    let changed: String = told
        .lines()
        .filter(|line| !reviewed.lines().any(|known| known == *line))
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(changed.is_empty(), "{FILE} says otherwise of\n{changed}To accept what came: {ACCEPT}");
}

/// Each line without the cases that it names.
fn verdicts(lines: &str) -> String {
    let verdict = |line: &str| line.split([',', '|']).next().unwrap_or(line).trim_end().to_owned();
    let short = lines.lines().map(|line| verdict(line.split(" by ").next().unwrap_or(line)) + "\n");
    short.collect()
}
