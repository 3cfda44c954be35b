//! Starting data in the SCIM service.

use std::collections::BTreeSet;

use jiff::Timestamp;
use scimspec::http::Request;
use scimspec::mock::seed::Population;
use scimspec::mock::{Answer, Scim, Service, Settings};
use serde_json::Value;

fn get(scim: &Scim, target: &str) -> Value {
    let mut request = Request::new("GET", format!("/scim/v2/{target}"));
    request.headers.set("Authorization", format!("Bearer {}", Settings::DEFAULT_TOKEN));
    match scim.handle(&request, Timestamp::UNIX_EPOCH) {
        Answer::Http(response) => response.json().expect("a JSON body"),
        Answer::Wire(_) => panic!("raw bytes"),
    }
}

#[test]
fn the_service_takes_every_generated_resource_and_keeps_what_it_says() {
    let scim = Scim::new(Settings::default());
    let population = Population { users: 1200, groups: 40, seed: 3 };
    let load = |batch: &[Value]| scim.load(Settings::DEFAULT_TENANT, batch, Timestamp::UNIX_EPOCH);
    population.in_batches(load).expect("all are right");
    assert_eq!(scim.count(Settings::DEFAULT_TENANT, "User"), 1200);
    assert_eq!(scim.count(Settings::DEFAULT_TENANT, "Group"), 40);
    let mut groups_of = BTreeSet::new();
    for given in population.resources().step_by(7) {
        let id = given["id"].as_str().unwrap();
        let endpoint = if given.get("userName").is_some() { "Users" } else { "Groups" };
        let kept = get(&scim, &format!("{endpoint}/{id}"));
        for (name, value) in given.as_object().unwrap() {
            match (name.as_str(), value) {
                // The service adds $ref and displays.
                ("members", Value::Array(members)) => {
                    assert_eq!(kept[name].as_array().unwrap().len(), members.len());
                }
                (name, Value::Object(_)) if name.starts_with("urn:") => {
                    assert_eq!(kept[name]["manager"]["value"], value["manager"]["value"]);
                    assert_eq!(kept[name]["department"], value["department"]);
                }
                _ => assert_eq!(&kept[name], value, "{name} of {id}"),
            }
        }
        groups_of.insert(kept["groups"].as_array().map_or(0, Vec::len));
    }
    assert!(groups_of.len() > 2, "memberships differ: {groups_of:?}");
}
