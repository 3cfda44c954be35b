//! Filters over resources (RFC 7644 §3.4.2.2) and sorting (§3.4.2.3).

use super::*;
use crate::mock::scim::Feature;

fn population() -> Client {
    let client = Client::new();
    client.user("Ann", json!({
        "externalId": "A1", "title": "Pilot", "userType": "Employee", "active": true,
        "name": { "familyName": "O'Malley", "givenName": "Ann" },
        "emails": [{ "value": "ann@example.com", "type": "work", "primary": true }, { "value": "ann@home.org", "type": "home" }],
        urn::ENTERPRISE_USER: { "department": "Flight", "employeeNumber": "007" },
    }));
    client.user("bob", json!({
        "externalId": "a1", "userType": "Intern", "active": false, "title": "",
        "emails": [{ "value": "bob@example.org", "type": "work" }, { "value": "bob@example.com", "type": "home" }],
        "x509Certificates": [{ "value": "AAAA" }],
    }));
    client.user("čeněk", json!({ "displayName": "Say \"hi\" \\ é + x", "nickName": "Š" }));
    client
}

#[test]
fn filters_find_what_they_say_and_nothing_else() {
    let client = population();
    let enterprise = urn::ENTERPRISE_USER;
    let (ann, bob, cenek): (&[&str], &[&str], &[&str]) = (&["Ann"], &["bob"], &["čeněk"]);
    let all: &[&str] = &["Ann", "bob", "čeněk"];
    for (filter, expected) in [
        (r#"userName eq "ann""#, ann),
        (r#"USERNAME EQ "ANN""#, ann),
        (r#"userName eq "ČENĚK""#, cenek),
        ("userName eq \"c\u{30c}ene\u{30c}k\"", cenek),
        (r#"externalId eq "A1""#, ann),
        (r#"externalId eq "a1""#, bob),
        (r#"externalId co "A""#, ann),
        (r#"userName sw "B""#, bob),
        (r#"userName ew "B""#, bob),
        (r#"userName co "n""#, &["Ann", "čeněk"]),
        (r#"userName sw """#, all),
        (r#"userName gt "ann""#, &["bob", "čeněk"]),
        (r#"userName ge "ann" and userName le "bob""#, &["Ann", "bob"]),
        (r#"userName lt "bob""#, ann),
        (r#"name.familyName co "o'malley""#, ann),
        (r#"name.givenName eq "Ann" or userName eq "bob""#, &["Ann", "bob"]),
        ("title pr", ann),
        ("not (title pr)", &["bob", "čeněk"]),
        ("name pr", ann),
        ("emails pr", &["Ann", "bob"]),
        ("active eq true", ann),
        ("active eq false", bob),
        ("active ne true", &["bob", "čeněk"]),
        ("active eq null", cenek),
        (r#"userType ne "Employee""#, &["bob", "čeněk"]),
        (r#"emails co "example.com""#, &["Ann", "bob"]),
        (r#"emails.type eq "work" and emails.value ew "example.com""#, &["Ann", "bob"]),
        (r#"emails[type eq "work" and value ew "example.com"]"#, ann),
        (r#"emails[not (type eq "work") and value co "@"]"#, &["Ann", "bob"]),
        (r#"emails[primary eq true]"#, ann),
        (r#"userName eq "bob" or userName eq "ann" and active eq false"#, bob),
        (r#"(userName eq "bob" or userName eq "ann") and active eq true"#, ann),
        (r#"userName eq "ann" and (title eq "x" or title eq "pilot")"#, ann),
        (r#"userName eq "ann" and title eq "x""#, &[]),
        (r#"displayName eq "say \"HI\" \\ \u00e9 + X""#, cenek),
        (r#"nickName eq "š""#, cenek),
        (r#"meta.resourceType eq "User""#, all),
        (r#"meta.created gt "2025-12-31T23:59:59Z""#, all),
        (r#"meta.created le "2026-01-01T02:00:01+02:00""#, ann),
        (r#"meta.created eq "2026-01-01T00:00:02.0Z""#, bob),
        (r#"schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User""#, ann),
        ("id pr", all),
    ] {
        assert_eq!(client.find(filter), expected, "{filter}");
    }
    assert_eq!(client.find(&format!(r#"{enterprise}:department eq "flight""#)), ["Ann"]);
    assert_eq!(client.find(&format!(r#"{}:userName eq "bob""#, urn::USER)), ["bob"]);
    let id = id(&client.get(r#"/Users?filter=userName eq "ann""#)["Resources"][0]);
    assert_eq!(client.find(&format!(r#"id eq "{id}""#)), ["Ann"]);
    assert!(client.find(&format!(r#"id eq "{}""#, id.to_uppercase())).is_empty());
    let plus = "/Users?filter=userName+eq+%22ann%22+and+title+pr";
    assert_eq!(names(&client.get(plus)), ["Ann"], "a plus is read as space where it must be");
}

#[test]
fn filters_that_make_no_sense_are_refused() {
    let client = population();
    for filter in [
        "",
        "userName",
        "userName eq",
        r#"userName foo "x""#,
        "active gt true",
        "active co true",
        r#"active eq "true""#,
        r#"x509Certificates.value gt "A""#,
        "userName eq 5",
        r#"meta.created gt "yesterday""#,
        "name eq \"x\"",
        r#"emails[nope eq "x"]"#,
        r#"userName[value eq "x"] or"#,
        r#"nope eq "x""#,
        "((userName pr)",
        "userName gt null",
    ] {
        client.refuse(400, "invalidFilter", "GET", &format!("/Users?filter={filter}"), None);
        let search = json!({ "schemas": [urn::SEARCH_REQUEST], "filter": filter });
        client.refuse(400, "invalidFilter", "POST", "/Users/.search", Some(search));
    }
    let without = Client::with(Settings::default().without(Feature::Filter));
    without.refuse(501, "", "GET", "/Users?filter=id pr", None);
}

#[test]
fn root_queries_cover_every_type_and_undefined_attributes_have_no_value() {
    let client = population();
    client.group("Pilots", &[]);
    assert_eq!(client.get("/")["totalResults"], 4);
    let find = |filter: &str| names(&client.get(&format!("/?filter={filter}")));
    assert_eq!(find("userName pr"), ["Ann", "bob", "čeněk"]);
    assert_eq!(find(r#"meta.resourceType eq "Group""#), ["Pilots"]);
    assert_eq!(find(r#"displayName eq "pilots""#), ["Pilots"]);
    assert_eq!(find("not (userName pr)"), ["Pilots"]);
    let search = json!({ "schemas": [urn::SEARCH_REQUEST], "filter": "members pr or title pr", "attributes": ["userName"] });
    let found = client.expect(200, "POST", "/.search", Some(search));
    assert_eq!(names(&found), ["Ann"]);
    assert!(found["Resources"][0].get("emails").is_none());
}

#[test]
fn sorting_follows_type_and_case_and_puts_missing_values_last() {
    let client = Client::new();
    for (name, body) in [
        (
            "Bob",
            json!({ "externalId": "b", "title": "z", "emails": [{ "value": "z@x" }, { "value": "a@x", "primary": true }] }),
        ),
        ("ann", json!({ "externalId": "B", "emails": [{ "value": "m@x" }, { "value": "b@x" }] })),
        ("Cid", json!({ "externalId": "a", "title": "Y" })),
    ] {
        client.user(name, body);
    }
    let sorted = |query: &str| names(&client.get(&format!("/Users?{query}")));
    assert_eq!(sorted("sortBy=userName"), ["ann", "Bob", "Cid"]);
    assert_eq!(sorted("sortBy=USERNAME&sortOrder=descending"), ["Cid", "Bob", "ann"]);
    assert_eq!(sorted("sortBy=externalId"), ["ann", "Cid", "Bob"], "case counts");
    assert_eq!(sorted("sortBy=title"), ["Cid", "Bob", "ann"]);
    assert_eq!(sorted("sortBy=title&sortOrder=descending"), ["ann", "Bob", "Cid"]);
    assert_eq!(sorted("sortBy=emails"), ["Bob", "ann", "Cid"], "the primary value, else the first");
    assert_eq!(sorted("sortBy=meta.created&sortOrder=descending"), ["Cid", "ann", "Bob"]);
    assert_eq!(
        sorted("sortBy=userName&startIndex=2&count=1"),
        ["Bob"],
        "pages are cut from the sorted whole"
    );
    assert_eq!(sorted("sortBy=nope"), ["Bob", "ann", "Cid"]);
    client.refuse(400, "invalidValue", "GET", "/Users?sortBy=userName&sortOrder=up", None);
    let search = json!({ "schemas": [urn::SEARCH_REQUEST], "sortBy": "userName", "sortOrder": "descending", "count": 1 });
    assert_eq!(names(&client.expect(200, "POST", "/Users/.search", Some(search))), ["Cid"]);
    let without = Client::with(Settings::default().without(Feature::Sort));
    without.user("b", json!({}));
    without.user("a", json!({}));
    assert_eq!(names(&without.get("/Users?sortBy=userName")), ["b", "a"]);
}
