//! Which module may use which, and which module names which foreign crate. Change a table only with a reason.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each top-level module with those that it may use. What stands in no list here is refused, and so is every way back.
const EDGES: &[(&str, &[&str])] = &[
    ("check", &["http", "schema", "scim", "spec", "suite"]),
    (
        "cli",
        &[
            "check", "event", "exec", "harness", "http", "mock", "nearest", "plan", "profile", "report",
            "schema", "simulate", "snapshot", "spec", "suite", "target",
        ],
    ),
    ("event", &["check", "spec"]),
    ("exec", &["check", "event", "http", "plan", "schema", "scim", "snapshot", "spec", "suite", "target"]),
    (
        "harness",
        &[
            "check", "event", "exec", "http", "mock", "nearest", "plan", "profile", "report", "schema",
            "scim", "snapshot", "spec", "suite", "target",
        ],
    ),
    // The transport in process asks the mock's service; the messages are the same on both sides.
    ("http", &["mock"]),
    ("lib", &[]),
    (
        "libtest",
        &["cli", "event", "exec", "harness", "http", "plan", "profile", "report", "schema", "spec", "target"],
    ),
    ("main", &[]),
    ("mock", &["http", "nearest", "random", "scim"]),
    ("nearest", &[]),
    ("plan", &["event", "nearest", "scim", "spec", "suite", "target"]),
    ("profile", &["check", "event", "nearest", "plan", "spec", "suite"]),
    ("random", &[]),
    ("report", &["check", "event", "spec"]),
    ("schema", &["scim"]),
    ("scim", &[]),
    // Journal lines that `cleanup` reads, and the word that ends a run, are the engine's.
    ("simulate", &["exec", "http", "nearest", "random", "scim", "target"]),
    ("snapshot", &["check", "event", "http"]),
    ("spec", &["nearest"]),
    ("suite", &["nearest", "schema", "scim", "spec"]),
    ("target", &["http", "scim"]),
];

/// Foreign crates with the modules that name them. A crate is named in one module; where a second stands, the reason stands too.
const CRATES: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["suite"]),
    // The terminal report is text with styles; whoever prints it strips them.
    ("anstream", &["cli", "report"]),
    ("anstyle", &["cli", "report"]),
    // Encodings are written where they are used: the mock must not share them with the requests that it is asked with.
    ("base64", &["http", "mock", "suite"]),
    ("clap", &["cli"]),
    ("etcetera", &["exec"]),
    ("http_body_util", &["mock"]),
    // The client looks for hyper's error among the sources of reqwest's.
    ("hyper", &["http", "mock"]),
    ("hyper_util", &["mock"]),
    ("icu_normalizer", &["mock"]),
    ("indicatif", &["report"]),
    ("insta", &["snapshot"]),
    ("jsonschema", &["schema"]),
    ("libtest_mimic", &["libtest"]),
    ("percent_encoding", &["http", "mock", "snapshot", "suite"]),
    ("quick_junit", &["report"]),
    ("reqwest", &["http"]),
    ("rust_embed", &["schema", "suite"]),
    // A client on one side, a server on the other.
    ("rustls", &["http", "mock"]),
    ("rustls_pki_types", &["http", "mock"]),
    ("rustls_platform_verifier", &["http"]),
    ("saphyr_parser", &["suite"]),
    ("secrecy", &["target"]),
    ("sha2", &["mock", "target"]),
    ("similar", &["check", "snapshot"]),
    ("strsim", &["nearest"]),
    ("tokio_rustls", &["http", "mock"]),
    ("uuid", &["exec", "harness", "mock"]),
    ("wiremock", &["mock"]),
];

/// Crates for values and errors, which every module may name: they decide nothing.
const VOCABULARY: &[&str] =
    &["bytes", "http", "jiff", "regex", "schemars", "serde", "serde_json", "thiserror", "tokio", "url"];

/// A source file, without comments and without its tests.
struct Source {
    path: PathBuf,
    /// The top-level module that it belongs to.
    module: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    collect(&root, &root, &mut sources);
    assert!(sources.len() > 20, "there are only {} files below {}", sources.len(), root.display());
    sources
}

fn collect(root: &Path, folder: &Path, sources: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test(&path) {
            let below = path.strip_prefix(root).expect("below src");
            let first = below.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).expect("a text");
            let module = first.trim_end_matches(".rs").to_owned();
            sources.push(Source { path, module, text: without_tests_and_comments(&text) });
        }
    }
}

fn is_test(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem == "tests" || stem.to_string_lossy().ends_with("_tests"))
}

fn without_tests_and_comments(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The words that stand right behind each `prefix` in a text.
fn words_behind(prefix: &str, text: &str) -> BTreeSet<String> {
    let word = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    text.split(prefix).skip(1).map(word).filter(|word| !word.is_empty()).collect()
}

/// Whether a path that begins with the crate's name stands in a text.
fn names_crate(name: &str, text: &str) -> bool {
    let path = format!("{name}::");
    text.match_indices(&path).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '.')
    })
}

#[test]
fn modules_use_only_what_the_table_allows() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some((_, allowed)) = EDGES.iter().find(|(module, _)| *module == source.module) else {
            wrong.push(format!("{}: the table has no module `{}`", source.path.display(), source.module));
            continue;
        };
        for used in words_behind("crate::", &source.text) {
            if used != source.module && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{}: `{}` must not use `{used}`", source.path.display(), source.module));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_foreign_crate_is_named_where_the_table_says() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (name, modules) in CRATES {
            if names_crate(name, &source.text) && !modules.contains(&source.module.as_str()) {
                wrong.push(format!("{}: `{}` must not name `{name}`", source.path.display(), source.module));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_dependency_stands_in_a_table() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let text = std::fs::read_to_string(manifest).expect("Cargo.toml");
    let section = text.split("\n[dependencies]\n").nth(1).and_then(|rest| rest.split("\n[").next());
    let names = section.expect("dependencies").lines().filter_map(|line| line.split('=').next());
    let unknown: Vec<String> = names
        .map(|name| name.trim().replace('-', "_"))
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .filter(|name| !VOCABULARY.contains(&name.as_str()) && !CRATES.iter().any(|(known, _)| known == name))
        .collect();
    assert!(unknown.is_empty(), "in no table: {}", unknown.join(", "));
}

#[test]
fn every_case_that_the_table_of_checks_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(root.join("docs/checks.md")).expect("the table");
    let quoted = table.split('`').skip(1).step_by(2);
    let cases = quoted.filter(|text| ["rfc", "http/"].iter().any(|start| text.starts_with(start)));
    let mut named = 0;
    for case in cases {
        let (suite, id) = case.rsplit_once('/').expect("a suite and a case");
        let suite = std::fs::read_to_string(root.join(format!("suites/{suite}.yaml"))).unwrap_or_default();
        assert!(suite.lines().any(|line| line == format!("  - id: {id}")), "there is no case {case}");
        named += 1;
    }
    assert!(named > 200, "only {named} cases were found in the table");
}

#[test]
fn files_stay_small_enough_to_be_read_at_once() {
    const MOST: usize = 600;
    let long: Vec<String> = sources()
        .iter()
        .filter(|source| source.text.lines().count() > MOST)
        .map(|source| source.path.display().to_string())
        .collect();
    assert!(long.is_empty(), "longer than {MOST} lines without tests: {}", long.join(", "));
}

#[test]
fn the_reader_of_sources_sees_what_it_looks_for() {
    let text = "use crate::http::Request; // crate::suite\nlet x = crate::spec::Level::Must;\n#[cfg(test)]\nmod tests { use crate::exec; }";
    let seen = words_behind("crate::", &without_tests_and_comments(text));
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["http", "spec"]);
    assert!(names_crate("http", "let x = http::Uri::default();"));
    assert!(!names_crate("http", "use crate::http::Uri; my_http::x(); a.http::<u8>()"));
}
