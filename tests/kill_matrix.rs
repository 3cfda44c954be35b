//! The kill matrix: each defect of the mock must turn red a case of a requirement that it breaks, and what else it
//! turns red must stand in the reviewed file.

use std::path::Path;

use scimspec::harness::prove::{Matrix, Proof, prove, text};
use scimspec::harness::suites;
use scimspec::mock::defects;
use scimspec::plan::Selection;
use scimspec::profile;
use scimspec::schema::Registry;

const FILE: &str = "tests/kill-matrix.txt";
const ACCEPT: &str = "UPDATE_KILL_MATRIX=1 cargo test --test kill_matrix";

/// What stands at the head of the reviewed file.
const HEAD: &str = "\
# One line a defect of the mock: what the built-in suites make of it, and by which cases of requirements that it breaks
# (`~`: the case warns). Behind `|` stand the cases of other requirements that are red because of it: each was looked at.
# Written by: UPDATE_KILL_MATRIX=1 cargo test --test kill_matrix
";

fn matrix() -> Matrix {
    let profile = profile::find(profile::DEFAULT).expect("the default profile");
    let suites = suites::of_profile(&profile, &[], &Registry::builtin()).expect("the built-in suites");
    let defects = defects::all().collect();
    prove(&Proof { profile, suites, selection: Selection::default(), defects }, |_| {})
        .expect("runs on the mock")
}

#[test]
fn every_defect_is_caught_as_reviewed() {
    let matrix = matrix();
    let told = format!("{HEAD}\n{}", text::reviewed(&matrix));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os("UPDATE_KILL_MATRIX").is_some() {
        std::fs::write(&path, &told).expect("the reviewed file can be written");
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    let changed = changes(&reviewed, &told);
    assert!(changed.is_empty(), "{FILE} says otherwise:\n{changed}\nTo accept what came: {ACCEPT}");
    let wrong = text::wrong(&matrix);
    assert!(matrix.red_without_defect.is_empty() && matrix.wrong().next().is_none(), "{wrong}");
}

/// The lines that are only in one of two texts.
fn changes(old: &str, new: &str) -> String {
    let lack = |text: &str, line: &str| !text.lines().any(|other| other == line);
    let gone = old.lines().filter(|line| lack(new, line)).map(|line| format!("- {line}\n"));
    let come = new.lines().filter(|line| lack(old, line)).map(|line| format!("+ {line}\n"));
    gone.chain(come).collect()
}
