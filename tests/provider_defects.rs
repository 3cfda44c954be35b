//! The defects that identity providers met: which profiles each turns red, and at which step. `provider_defects.txt` has a line for each, with a
//! case of every profile that must be red; all other profiles must stay as they are. A part of them by default; every one with `KILL_MATRIX=all`.

use std::collections::{BTreeMap, BTreeSet};

use scimspec::harness::prove::{Proof, Row, prove};
use scimspec::harness::suites;
use scimspec::mock::defects::{self, Defect};
use scimspec::plan::Selection;
use scimspec::profile;
use scimspec::schema::Registry;

const TABLE: &str = include_str!("provider_defects.txt");

const PROFILES: &[&str] = &[
    "authentik",
    "entra",
    "entra-gallery",
    "google",
    "jumpcloud",
    "keycloak",
    "okta",
    "okta-acceptance",
    "onelogin",
    "pingone",
    "sailpoint",
];

/// One of each kind: a value that is misread, a change that is lost, one too many, a list, a URL, a verb.
const USUAL: &[&str] = &[
    "text-booleans-are-true",
    "new-values-are-ignored",
    "remove-with-value-removes-all",
    "empty-resources-are-null",
    "trailing-ampersand-answers-400",
    "put-answers-404",
];

/// Complaints that no server can be made to cause, or that nobody is to be blamed for.
const NOT_OF_SERVERS: &[&str] = &[
    // A run has one credential, in the form that the server takes.
    "IDP-COMPLAINT-34",
    // A mistake of a client.
    "IDP-COMPLAINT-40",
];

fn is_of_providers(defect: &&Defect) -> bool {
    let is_of_them = |id: &&str| ["IDP-COMPLAINT-", "OKTA-"].iter().any(|list| id.starts_with(list));
    defect.requirements.iter().any(is_of_them)
}

/// Ids of defects with the cases that each must turn red, in the order of the file.
fn table() -> Vec<(&'static str, Vec<&'static str>)> {
    let line = |line: &'static str| {
        let (id, cases) = line.split_once(": ").expect("a line is `defect: case, case`");
        (id, cases.split(", ").collect())
    };
    TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(line).collect()
}

#[test]
fn every_defect_that_providers_met_has_a_line() {
    let known: Vec<&str> = defects::all().filter(is_of_providers).map(|one| one.id).collect();
    let told: Vec<&str> = table().into_iter().map(|(id, _)| id).collect();
    assert_eq!(told, known);
}

#[test]
fn every_complaint_has_a_defect() {
    let broken: BTreeSet<&str> =
        defects::all().flat_map(|defect| defect.requirements.iter().copied()).collect();
    let without: Vec<String> = (1..=40)
        .map(|number| format!("IDP-COMPLAINT-{number:02}"))
        .filter(|id| !broken.contains(id.as_str()) && !NOT_OF_SERVERS.contains(&id.as_str()))
        .collect();
    assert!(without.is_empty(), "no defect is of {}", without.join(", "));
}

#[test]
fn each_defect_turns_exactly_its_profiles_red() {
    let all = std::env::var_os("KILL_MATRIX").is_some_and(|value| value == "all");
    let chosen: BTreeMap<&str, Vec<&str>> =
        table().into_iter().filter(|(id, _)| all || USUAL.contains(id)).collect();
    let mut wrong = Vec::new();
    for name in PROFILES {
        for row in rows(name, chosen.keys()) {
            let due = chosen[row.id].iter().find(|case| profile_of(case) == *name);
            wrong.extend(difference(&row, due).map(|what| format!("{} in {name}: {what}", row.id)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What each of the defects turns red in a profile.
fn rows<'a>(name: &str, ids: impl Iterator<Item = &'a &'a str>) -> Vec<Row> {
    let profile = profile::find(name).expect("a profile");
    let suites = suites::of_profile(&profile, &[], &Registry::builtin()).expect("its suites");
    let defects = ids.map(|id| defects::find(id).expect("a defect")).collect();
    let matrix = prove(&Proof { profile, suites, selection: Selection::default(), defects }, |_| {})
        .expect("runs on the mock");
    assert!(matrix.red_without_defect.is_empty(), "{name}: {:?}", matrix.red_without_defect);
    matrix.rows
}

/// `entra-gallery` of `entra-gallery/accounts/manager`: each of these profiles has a folder of suites.
fn profile_of(case: &str) -> &str {
    case.split('/').next().unwrap_or(case)
}

/// In what the red cases are not as they should be.
fn difference(row: &Row, due: Option<&&str>) -> Option<String> {
    let red: Vec<&str> = row.caught_by.iter().chain(&row.collateral).map(|kill| kill.case.as_str()).collect();
    match due {
        Some(case) if !red.contains(case) => Some(format!("{case} should be red, and red are {red:?}")),
        None if !red.is_empty() => Some(format!("nothing should be red, and red are {red:?}")),
        _ => None,
    }
}
