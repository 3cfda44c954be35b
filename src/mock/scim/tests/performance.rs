//! Large populations: indexes instead of scans, and no copies of what is not shown.

use super::*;
use crate::mock::scim::query::matches::candidates;
use crate::mock::scim::query::test::Compiler;
use crate::mock::scim::view::Scene;
use crate::scim::filter::parse;

fn large(count: usize) -> Client {
    let client = Client::new();
    let now = client.now();
    for i in 0..count {
        let user = json!({
            "schemas": [urn::USER], "userName": format!("user{i}"), "externalId": format!("e{i}"),
            "displayName": format!("User {}", i % 100), "emails": [{ "value": format!("u{i}@x"), "type": "work" }],
        });
        client.scim.insert("User", &user, now).unwrap();
    }
    client
}

/// How many users are looked at to answer a filter; `None` for all of them.
fn looked_at(client: &Client, filter: &str) -> Option<usize> {
    let (settings, catalogue) = (client.scim.settings(), &client.scim.catalogue);
    let tenant = client.scim.read(Settings::DEFAULT_TENANT).unwrap();
    let scene = Scene { catalogue, tenant: &tenant, policy: &settings.policy, base: "", versions: true };
    let compiler = Compiler { kind: catalogue.kind(0).unwrap(), policy: &settings.policy };
    let test = compiler.resources(&parse(filter).unwrap()).unwrap();
    candidates(scene, 0, &test).map(|numbers| numbers.len())
}

#[test]
fn equality_on_an_index_looks_at_few_and_all_else_at_all() {
    let client = large(500);
    for (filter, most) in [
        (r#"userName eq "USER432""#, 1),
        (r#"externalId eq "e432""#, 1),
        (r#"emails.value eq "u432@x" and userName eq "user432""#, 1),
        (r#"(userName eq "user432" or externalId eq "e432") and displayName pr"#, 1),
        (r#"displayName eq "user 32" and userName eq "user432""#, 5),
        (r#"userName eq "user432" and (displayName pr or title pr)"#, 1),
    ] {
        assert_eq!(client.find(filter), ["user432"], "{filter}");
        assert_eq!(looked_at(&client, filter), Some(most), "{filter}");
    }
    for filter in
        [r#"emails.value eq "u432@x""#, r#"userName sw "user432""#, r#"userName eq "user432" or title pr"#]
    {
        assert_eq!(client.find(filter), ["user432"], "{filter}");
        assert_eq!(looked_at(&client, filter), None, "{filter}");
    }
    assert_eq!(looked_at(&client, r#"userName eq "nobody""#), Some(0));
    let filter = r#"displayName eq "User 21""#;
    assert_eq!(client.get(&format!("/Users?filter={filter}&count=3&startIndex=2"))["totalResults"], 5);
}

#[test]
fn indexes_hold_nothing_of_what_is_gone() {
    let client = large(50);
    let ids: Vec<String> = client.get("/Users")["Resources"].as_array().unwrap().iter().map(id).collect();
    for id in ids {
        client.patch(&format!("/Users/{id}"), op("replace", "displayName", json!("x")));
        client.delete(&format!("/Users/{id}"));
    }
    let tenant = client.scim.read(Settings::DEFAULT_TENANT).unwrap();
    assert!(tenant.indexes(0).iter().all(|index| index.is_empty()));
}

#[test]
fn many_threads_may_write_at_once() {
    let client = Client::new();
    let group = client.group("g", &[]);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (client, group) = (&client, &group);
            scope.spawn(move || {
                for i in 0..25 {
                    let user = client.user(&format!("u{thread}-{i}"), json!({}));
                    client
                        .patch(&format!("/Groups/{group}"), op("add", "members", json!([{ "value": user }])));
                }
            });
        }
    });
    assert_eq!(client.get(&format!("/Groups/{group}"))["members"].as_array().unwrap().len(), 100);
    assert_eq!(client.get("/Users?filter=groups pr")["totalResults"], 100);
}
