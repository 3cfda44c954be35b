//! Every bad suite of this folder is told as the `.txt` beside it says.
//! `UPDATE_DIAGNOSTICS=1 cargo test --test diagnostics` writes them anew; read the difference before you commit it.

use std::path::{Path, PathBuf};

use scimspec::spec::Catalogue;
use scimspec::suite::diagnostic::render_all;
use scimspec::suite::{Known, SuiteText, load};

fn known() -> Known<'static> {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    Known {
        schemas: words(&["User", "Group", "Error", "ListResponse"]),
        checks: words(&["unique-ids", "sorted"]),
        across: words(&["ids-differ-between-types"]),
        ..Known::new(Catalogue::builtin())
    }
}

fn suites() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|end| end == "yaml")).collect();
    paths.sort();
    paths
}

fn told(path: &Path) -> String {
    let name = path.file_stem().unwrap().to_str().unwrap();
    let text = SuiteText {
        id: name.to_owned(),
        file: format!("{name}.yaml"),
        text: std::fs::read(path).unwrap().into(),
    };
    match load(&[text], &known()) {
        Ok(_) => "no mistake\n".to_owned(),
        Err(mistakes) => render_all(&mistakes, false),
    }
}

#[test]
fn every_mistake_is_told_as_before() {
    let mut changed = Vec::new();
    for path in suites() {
        let (expected, told) = (path.with_extension("txt"), told(&path));
        if std::env::var_os("UPDATE_DIAGNOSTICS").is_some() {
            std::fs::write(&expected, &told).unwrap();
        }
        if std::fs::read_to_string(&expected).unwrap_or_default() != told {
            changed.push(format!("{}\n{told}", path.display()));
        }
    }
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[test]
fn no_bad_suite_is_taken_for_a_good_one() {
    let paths = suites();
    assert!(paths.len() >= 25);
    let good: Vec<_> = paths.iter().filter(|path| told(path) == "no mistake\n").collect();
    assert!(good.is_empty(), "{good:?}");
}

#[test]
fn mistakes_of_several_suites_come_together_and_colour_is_asked_for() {
    let text = |id: &str, text: &'static str| SuiteText {
        id: id.to_owned(),
        file: format!("{id}.yaml"),
        text: text.as_bytes().into(),
    };
    let mistakes = load(&[text("a", "suite: a\n"), text("b", "cases: []\n")], &known()).unwrap_err();
    let files: Vec<_> = mistakes.iter().map(|mistake| &*mistake.place.file).collect();
    assert_eq!(files, ["a.yaml", "b.yaml"]);
    assert!(render_all(&mistakes, true).contains('\u{1b}'));
    assert!(!render_all(&mistakes, false).contains('\u{1b}'));
}
