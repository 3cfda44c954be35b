use std::collections::HashSet;

use serde_json::Value;

use super::*;

/// Ids of the requirements in the embedded catalogue, which the mock itself must not know.
fn requirements() -> HashSet<String> {
    let files = [
        include_str!("../../spec/rfc7643.json"),
        include_str!("../../spec/rfc7644.json"),
        include_str!("../../spec/rfc9865.json"),
        include_str!("../../spec/http.json"),
        include_str!("../../spec/scimspec.json"),
        include_str!("../../spec/gitlab.json"),
        include_str!("../../spec/idp.json"),
        include_str!("../../spec/okta.json"),
    ];
    let rows = files.iter().flat_map(|file| serde_json::from_str::<Vec<Value>>(file).unwrap());
    rows.map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

fn is_kebab_case(text: &str) -> bool {
    let words = text.split('-');
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.starts_with(|c: char| c.is_ascii_lowercase()) && words.into_iter().all(is_word)
}

#[test]
fn ids_are_unique_and_in_kebab_case() {
    let mut seen = HashSet::new();
    for defect in all() {
        assert!(is_kebab_case(defect.id), "{}", defect.id);
        assert!(is_kebab_case(defect.area), "{}", defect.area);
        assert!(seen.insert(defect.id), "{} is there twice", defect.id);
    }
}

#[test]
fn every_defect_breaks_a_requirement_that_there_is() {
    let known = requirements();
    for defect in all() {
        assert!(!defect.requirements.is_empty(), "{}", defect.id);
        for id in defect.requirements {
            assert!(known.contains(*id), "{}: {id}", defect.id);
        }
    }
}

#[test]
fn every_defect_says_in_one_sentence_what_the_server_does() {
    for defect in all() {
        let about = defect.about;
        assert!(about.ends_with('.') && !about.contains(". "), "{}: {about}", defect.id);
        assert!(about.chars().count() <= 160, "{}: {about}", defect.id);
    }
}
