//! The defects that identity providers met: which profiles each turns red, and at which step. `provider_defects.txt` has a line for each, with the
//! first case of every profile, in the order of its flow, that must be red; all other profiles must stay as they are.

use std::collections::{BTreeMap, BTreeSet};

use scimspec::harness::prove::{Proof, Row, prove};
use scimspec::harness::suites;
use scimspec::mock::defects::{self, Defect};
use scimspec::plan::Selection;
use scimspec::profile;
use scimspec::schema::Registry;
use scimspec::suite::Suite;

const TABLE: &str = include_str!("provider_defects.txt");

/// In the order of the lines.
const PROFILES: &[&str] = &[
    "okta",
    "okta-acceptance",
    "entra",
    "entra-gallery",
    "onelogin",
    "jumpcloud",
    "pingone",
    "google",
    "keycloak",
    "authentik",
    "sailpoint",
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
    let mut steps: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for name in PROFILES {
        for (defect, step) in steps_that_break(name) {
            steps.entry(defect).or_default().push(step);
        }
    }
    let wrong = table().into_iter().filter_map(|(id, due)| {
        let broken = steps.remove(id).unwrap_or_default();
        (broken != due).then(|| format!("{id}: {}", broken.join(", ")))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "these lines of provider_defects.txt should be\n{}", wrong.join("\n"));
}

/// The defects that turn a profile red, each with the first step of the flow that is red because of it.
fn steps_that_break(name: &str) -> Vec<(&'static str, String)> {
    let profile = profile::find(name).expect("a profile");
    let suites = suites::of_profile(&profile, &[], &Registry::builtin()).expect("its suites");
    let order: Vec<String> = suites.iter().flat_map(|suite| cases(suite)).collect();
    let defects = defects::all().filter(is_of_providers).collect();
    let matrix = prove(&Proof { profile, suites, selection: Selection::default(), defects }, |_| {})
        .expect("runs on the mock");
    assert!(matrix.red_without_defect.is_empty(), "{name}: {:?}", matrix.red_without_defect);
    let step = |row: &Row| {
        let red = if row.caught_by.is_empty() { &row.collateral } else { &row.caught_by };
        order.iter().find(|case| red.iter().any(|kill| kill.case == **case)).cloned()
    };
    matrix.rows.iter().filter_map(|row| Some((row.id, step(row)?))).collect()
}

/// Ids of the cases of a suite, in the order of the flow.
fn cases(suite: &Suite) -> impl Iterator<Item = String> {
    suite.cases.iter().map(|case| format!("{}/{}", suite.id, case.id))
}
