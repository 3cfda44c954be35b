//! Each decision of the policy changes what it names: a value that changes nothing would make no defect.

use super::*;
use crate::mock::scim::Policy;
use crate::mock::scim::policy::*;

fn wrong(change: impl FnOnce(&mut Policy)) -> Client {
    let mut settings = Settings::default();
    change(&mut settings.policy);
    Client::with(settings)
}

fn users(client: &Client) -> (String, String) {
    let ann = client.user("Ann", json!({
        "externalId": "A", "title": "z", "meta": { "created": "2000-01-01T00:00:00Z" }, "id": "mine",
        "name": { "familyName": "Lee", "givenName": "Ann" },
        "emails": [{ "value": "w@x", "type": "work", "primary": true }, { "value": "h@x", "type": "home" }, { "value": "i@x", "type": "home" }],
    }));
    (ann, client.user("bob", json!({ "externalId": "b" })))
}

#[test]
fn filters_and_order() {
    let client = wrong(|p| p.precedence = Precedence::LeftToRight);
    users(&client);
    assert_eq!(client.find(r#"userName eq "ann" or userName eq "bob" and active pr"#), Vec::<String>::new());
    let client = wrong(|p| p.filter_case = CaseRule::AlwaysExact);
    users(&client);
    assert!(client.find(r#"userName eq "ann""#).is_empty());
    let client = wrong(|p| p.filter_case = CaseRule::NeverExact);
    users(&client);
    assert_eq!(client.find(r#"externalId eq "a""#), ["Ann"]);
    let client = wrong(|p| p.filter_values = FilterValues::FirstOnly);
    users(&client);
    assert!(client.find(r#"emails.value eq "h@x""#).is_empty());
    let client = wrong(|p| p.filter_dates = Dates::AsText);
    users(&client);
    assert!(client.find(r#"meta.created eq "2026-01-01T01:00:01.000+01:00""#).is_empty());
    let client = wrong(|p| p.filter_paging = FilterPaging::PageFirst);
    users(&client);
    assert!(names(&client.get(r#"/Users?count=1&filter=userName eq "bob""#)).is_empty());
    for (change, query, expected) in [
        ((|p| p.sort_case = CaseRule::AlwaysExact) as fn(&mut Policy), "sortBy=externalId", ["Ann", "bob"]),
        (|p| p.sort_missing = SortMissing::FirstAscending, "sortBy=title", ["bob", "Ann"]),
    ] {
        let client = wrong(change);
        users(&client);
        assert_eq!(names(&client.get(&format!("/Users?{query}"))), expected);
    }
    let client = wrong(|p| p.sort_case = CaseRule::AlwaysExact);
    client.user("b", json!({}));
    client.user("C", json!({}));
    assert_eq!(names(&client.get("/Users?sortBy=userName")), ["C", "b"]);
    let client = wrong(|p| p.sort_scope = SortScope::PageOnly);
    users(&client);
    assert_eq!(names(&client.get("/Users?sortBy=userName&sortOrder=descending&count=1")), ["Ann"]);
}

#[test]
fn creation() {
    let body = |name: &str| json!({ "schemas": [urn::USER], "userName": name });
    let client = wrong(|p| p.uniqueness = Uniqueness::CaseExact);
    users(&client);
    client.post("/Users", body("ANN"));
    client.refuse(409, "uniqueness", "POST", "/Users", Some(body("Ann")));
    let client = wrong(|p| p.uniqueness = Uniqueness::Ignored);
    users(&client);
    client.post("/Users", body("Ann"));
    let client = wrong(|p| p.uniqueness = Uniqueness::OnCreateOnly);
    let (ann, _) = users(&client);
    client.refuse(409, "uniqueness", "POST", "/Users", Some(body("bob")));
    client.put(&format!("/Users/{ann}"), body("bob"));
    let client = wrong(|p| p.required = Required::Ignored);
    assert!(client.post("/Users", json!({ "schemas": [urn::USER] })).get("userName").is_none());
    let client = wrong(|p| p.read_only = ReadOnly::Stored);
    let manager = json!({ "value": "m", "displayName": "Forged" });
    let created = client.user("x", json!({ urn::ENTERPRISE_USER: { "manager": manager } }));
    assert_eq!(
        client.get(&format!("/Users/{created}"))[urn::ENTERPRISE_USER]["manager"]["displayName"],
        "Forged"
    );
    let forged = op("add", "groups", json!([{ "value": "g" }]));
    assert_eq!(client.patch(&format!("/Users/{created}"), forged)["groups"][0]["value"], "g");
    let client = wrong(|p| p.types = Types::Unchecked);
    let (ann, _) = users(&client);
    assert_eq!(
        client.patch(&format!("/Users/{ann}"), op("replace", "active", json!({})))["active"],
        json!({})
    );
    let client = wrong(|p| p.ids = Ids::Client);
    assert_eq!(users(&client).0, "mine");
    let client = wrong(|p| p.types = Types::UncheckedOf("active"));
    let ann = client.user("x", json!({ "active": {} }));
    assert_eq!(client.get(&format!("/Users/{ann}"))["active"], json!({}));
    let client = wrong(|p| p.ids = Ids::OfUserName);
    let again = |client: &Client| client.user("az", json!({}));
    let first = again(&client);
    client.delete(&format!("/Users/{first}"));
    assert_eq!((first, again(&client)), ("617a".to_owned(), "617a".to_owned()));
    let client = wrong(|p| p.ids = Ids::CounterPerType);
    assert_eq!((users(&client).0, client.group("g", &[])), ("1".to_owned(), "1".to_owned()));
    assert_eq!(client.get("/Groups/1")["displayName"], "g");
    let client = wrong(|p| p.created = Created::Client);
    let (ann, _) = users(&client);
    assert_eq!(client.get(&format!("/Users/{ann}"))["meta"]["created"], "2000-01-01T00:00:00.000Z");
    let client = wrong(|p| p.primary = Primary::Kept);
    let (ann, _) = users(&client);
    let emails = client
        .patch(&format!("/Users/{ann}"), op("add", "emails", json!([{ "value": "p", "primary": true }])));
    assert_eq!(
        (&emails["emails"][0]["primary"], &emails["emails"][3]["primary"]),
        (&json!(true), &json!(true))
    );
}

#[test]
fn changes() {
    let put = |change: fn(&mut Policy), body: Value| {
        let client = wrong(change);
        let (ann, _) = users(&client);
        let mut whole = json!({ "schemas": [urn::USER], "userName": "Ann" });
        whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        let before = client.get(&format!("/Users/{ann}"));
        (client.put(&format!("/Users/{ann}"), whole), before)
    };
    assert_eq!(put(|p| p.put = Put::KeepsOmitted, json!({ "name": null })).0["title"], "z");
    let (kept, _) = put(|p| p.put = Put::KeepsUnassigned, json!({ "title": null }));
    assert_eq!((&kept["title"], kept.get("name")), (&json!("z"), None));
    let (appended, _) = put(|p| p.put = Put::AppendsValues, json!({ "emails": [{ "value": "n" }] }));
    assert_eq!(appended["emails"].as_array().unwrap().len(), 4);
    let (after, before) = put(|p| p.created = Created::LastPut, json!({}));
    assert_ne!(after["meta"]["created"], before["meta"]["created"]);
    let (after, before) = put(|p| p.last_modified = LastModified::Never, json!({}));
    assert_eq!(after["meta"]["lastModified"], before["meta"]["lastModified"]);

    let patch = |change: fn(&mut Policy), operations: Value| {
        let client = wrong(change);
        let path = format!("/Users/{}", users(&client).0);
        let status = client.request("PATCH", &path, Some(&patch_op(operations)), &[]).status;
        (status, client.get(&path))
    };
    let no_op = op("replace", "title", json!("z"));
    let (_, after) = patch(|p| p.last_modified = LastModified::OnEveryWrite, no_op);
    assert_ne!(after["meta"]["lastModified"], after["meta"]["created"]);
    let fails_later = json!([{ "op": "remove", "path": "title" }, { "op": "remove", "path": "userName" }]);
    let (status, after) = patch(|p| p.patch_errors = PatchErrors::KeepEarlier, fails_later);
    assert_eq!((status, after.get("title")), (400, None));
    let (status, after) =
        patch(|p| p.required = Required::IgnoredInPatch, json!([{ "op": "remove", "path": "userName" }]));
    assert_eq!((status, after.get("userName")), (200, None));
    let remove = json!([{ "op": "remove", "path": r#"emails[type eq "home"]"# }]);
    let (_, after) = patch(|p| p.patch_matches = PatchMatches::FirstOnly, remove);
    assert_eq!(after["emails"].as_array().unwrap().len(), 2);
    let unmatched = op("replace", r#"emails[type eq "new"].value"#, json!("n"));
    let (status, after) = patch(|p| p.patch_unmatched = PatchUnmatched::Adds, unmatched);
    assert_eq!((status, &after["emails"][3]["value"]), (200, &json!("n")));
    let complex = op("replace", "name", json!({ "givenName": "x" }));
    let (_, after) = patch(|p| p.patch_complex = PatchComplex::DropsOthers, complex);
    assert_eq!(after["name"], json!({ "givenName": "x" }));
    let again = op("add", "emails", json!([{ "value": "h@x", "type": "home" }]));
    let (_, after) = patch(|p| p.patch_duplicates = PatchDuplicates::Stored, again);
    assert_eq!(after["emails"].as_array().unwrap().len(), 4);
}

#[test]
fn membership_deletion_and_bulk() {
    let client = wrong(|p| p.membership = Membership::KeepsDeleted);
    let (ann, _) = users(&client);
    let group = format!("/Groups/{}", client.group("g", &[&ann]));
    client.delete(&format!("/Users/{ann}"));
    assert_eq!(client.get(&group)["members"][0]["value"], json!(ann));
    let client = wrong(|p| p.membership = Membership::OneWay);
    let (ann, _) = users(&client);
    client.group("g", &[&ann]);
    assert!(client.get(&format!("/Users/{ann}")).get("groups").is_none());
    let client = wrong(|p| p.membership = Membership::Dangling);
    client.group("g", &["nobody"]);
    let client = wrong(|p| p.deletion = Deletion::StaysInLists);
    let (ann, _) = users(&client);
    client.delete(&format!("/Users/{ann}"));
    client.refuse(404, "", "GET", &format!("/Users/{ann}"), None);
    assert_eq!(client.get("/Users")["totalResults"], 2);
    let client = wrong(|p| p.deletion = Deletion::KeepsUniqueValues);
    let (ann, _) = users(&client);
    client.delete(&format!("/Users/{ann}"));
    assert_eq!(client.get("/Users")["totalResults"], 1);
    client.refuse(
        409,
        "uniqueness",
        "POST",
        "/Users",
        Some(json!({ "schemas": [urn::USER], "userName": "ann" })),
    );

    let job = json!({ "schemas": [urn::BULK_REQUEST], "Operations": [
        { "method": "POST", "path": "/Users", "bulkId": "a", "data": { "schemas": [urn::USER], "userName": "a", "title": "bulkId:b" } },
        { "method": "POST", "path": "/Users", "bulkId": "b", "data": {
            "schemas": [urn::USER], "userName": "b", urn::ENTERPRISE_USER: { "manager": { "value": "bulkId:a" } } } },
    ] });
    for (policy, literal_core) in [(BulkReferences::Literal, true), (BulkReferences::CoreOnly, false)] {
        let client = wrong(|p| p.bulk_references = policy);
        client.expect(200, "POST", "/Bulk", Some(job.clone()));
        let list = client.get("/Users?sortBy=userName");
        assert_eq!(list["Resources"][0]["title"] == "bulkId:b", literal_core);
        assert_eq!(list["Resources"][1][urn::ENTERPRISE_USER]["manager"]["value"], "bulkId:a");
    }
}
