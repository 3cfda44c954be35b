//! What templates make of texts, values and paths.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::suite::Expect;

fn scope() -> Scope {
    let mut scope = Scope::default();
    scope.set("run", json!("r7"));
    scope.set(
        "ada",
        json!({
            "id": "a/1 ü", "path": "/Users/a%2F1", "location": "https://host/scim/v2/Users/1?x=1",
            "userName": "Ada", "emails": [{ "value": "a@x" }], "active": true, "none": null,
            "body": { "userName": "Ada", "title": "Pilot", "name": { "givenName": "A", "familyName": "L" } },
            "urn:x:User": { "department": "7" },
        }),
    );
    scope.set("many", json!([{ "id": "1" }, { "id": "2" }]));
    scope.set("total", json!(41));
    scope.set("created", json!("2026-02-28T23:59:59.5Z"));
    scope
}

fn rendered(text: &str) -> Value {
    render(text, &scope()).unwrap()
}

fn refused(text: &str) -> TemplateError {
    render(text, &scope()).unwrap_err()
}

#[test]
fn a_single_expression_keeps_its_type() {
    assert_eq!(rendered("{{ ada.active }}"), json!(true));
    assert_eq!(rendered("{{ total }}"), json!(41));
    assert_eq!(rendered("{{ada.none}}"), Value::Null);
    assert_eq!(rendered("{{ ada.emails }}"), json!([{ "value": "a@x" }]));
}

#[test]
fn within_a_text_values_become_text() {
    assert_eq!(rendered("{{ run }}-{{ total }}-{{ ada.active }}"), json!("r7-41-true"));
    assert_eq!(render_text("{{ total }}", &scope()).unwrap(), "41");
    assert!(refused("x{{ ada.body }}").message.contains("is an object"));
    assert!(refused("x{{ ada.none }}").message.contains("is null"));
}

#[test]
fn members_are_found_by_dot_index_and_quoted_name() {
    assert_eq!(rendered("{{ ada.emails[0].value }}"), json!("a@x"));
    assert_eq!(rendered("{{ many[1].id }}"), json!("2"));
    assert_eq!(rendered("{{ ada[\"urn:x:User\"].department }}"), json!("7"));
}

#[test]
fn members_differ_in_case_only_where_the_exact_one_is_missing() {
    assert_eq!(rendered("{{ ada.USERNAME }}"), json!("Ada"));
    let mut scope = Scope::default();
    scope.set("x", json!({ "a": 1, "A": 2 }));
    assert_eq!(render("{{ x.A }}", &scope).unwrap(), json!(2));
}

#[test]
fn what_is_not_there_is_told_with_the_nearest_name() {
    assert_eq!(refused("{{ adda.id }}").help.as_deref(), Some("did you mean `ada`?"));
    assert_eq!(refused("{{ ada.usrName }}").help.as_deref(), Some("did you mean `userName`?"));
    assert!(refused("{{ many[2].id }}").message.contains("a list has no `[2]`"));
    assert_eq!(refused("{{ run | uper }}").help.as_deref(), Some("did you mean `upper`?"));
}

#[test]
fn what_is_no_template_is_refused() {
    for text in
        ["{{ run", "{{ }}", "{{ 1x }}", "{{ run.[0] }}", "{{ run x }}", "{{ run | }}", "{{ run | first }}"]
    {
        assert!(render(text, &scope()).is_err(), "{text}");
    }
    assert!(render("{{ run | upper(1) }}", &scope()).is_err());
    assert_eq!(rendered("}} and {\"a\":{}}"), json!("}} and {\"a\":{}}"));
}

#[test]
fn filters() {
    for (text, expected) in [
        ("{{ ada.userName | upper }}", json!("ADA")),
        ("{{ ada.userName | lower }}", json!("ada")),
        ("{{ ada.userName | swap_case }}", json!("aDA")),
        ("{{ ada.emails | json }}", json!("[{\"value\":\"a@x\"}]")),
        ("{{ ada.userName | quote }}", json!("\"Ada\"")),
        ("{{ ada.id | first(2) }}", json!("a/")),
        ("{{ ada.id | last(1) }}", json!("ü")),
        ("{{ ada.id | last(99) }}", json!("a/1 ü")),
        ("{{ ada.id | size }}", json!(5)),
        ("{{ many | size }}", json!(2)),
        ("{{ total | plus(1) }}", json!(42)),
        ("{{ total | minus(1) }}", json!(40)),
        ("{{ ada.id | path_encode }}", json!("a%2F1%20%C3%BC")),
        ("{{ ada.id | as_pattern }}", json!("a\\/1 ü")),
        ("{{ ada.id | query_encode }}", json!("a%2F1%20%C3%BC")),
        ("{{ run | base64 }}", json!("cjc=")),
        ("{{ created | without_zone }}", json!("2026-02-28T23:59:59.5")),
        ("{{ created | plus(1) }}", json!("2026-03-01T00:00:00.5Z")),
        ("{{ created | minus(60) }}", json!("2026-02-28T23:58:59.5Z")),
        ("{{ created | at_offset(2) }}", json!("2026-03-01T01:59:59.5+02:00")),
        ("{{ created | at_offset(-3) }}", json!("2026-02-28T20:59:59.5-03:00")),
        ("{{ ada.userName | first(1) | upper | quote }}", json!("\"A\"")),
    ] {
        assert_eq!(rendered(text), expected, "{text}");
    }
    assert!(refused("{{ run | plus(1) }}").message.contains("no dateTime"));
    assert!(refused("{{ total | minus(-9223372036854775808) }}").message.contains("minus"));
}

#[test]
fn a_body_starts_from_another_object() {
    let value = json!({
        "$from": "{{ ada.body }}", "$drop": ["TITLE"], "name": { "givenName": "B" }, "{{ run }}": ["{{ total }}"],
    });
    assert_eq!(
        render_value(&value, &scope()).unwrap(),
        json!({ "userName": "Ada", "name": { "givenName": "B", "familyName": "L" }, "r7": [41] })
    );
}

#[test]
fn what_is_dropped_can_be_given_anew() {
    let value = json!({ "$from": "{{ ada.body }}", "$drop": "name", "name": { "givenName": "B" } });
    assert_eq!(render_value(&value, &scope()).unwrap()["name"], json!({ "givenName": "B" }));
    assert!(render_value(&json!({ "$from": "{{ run }}" }), &scope()).is_err());
}

#[test]
fn objects_are_laid_over_each_other_in_their_order() {
    let value =
        json!({ "$from": [{ "a": { "x": 1, "y": 1 }, "b": [1] }, { "A": { "y": 2 }, "b": [2] }], "c": 3 });
    let expected = json!({ "a": { "x": 1, "y": 2 }, "b": [2], "c": 3 });
    assert_eq!(render_value(&value, &scope()).unwrap(), expected);
    assert!(render_value(&json!({ "$from": [{ "a": 1 }, "{{ run }}"] }), &scope()).is_err());
    assert!(render_value(&json!({ "$from": ["{{ run }}"] }), &scope()).is_err());
}

#[test]
fn what_is_put_into_a_path_is_encoded_and_the_text_around_it_is_not() {
    let path = |text| render_path(text, &scope()).unwrap();
    assert_eq!(path("/Users/{{ ada.id }}/%zz"), "/Users/a%2F1%20%C3%BC/%zz");
    assert_eq!(path("{{ ada.path }}"), "/Users/a%2F1");
    assert_eq!(path("{{ ada.location }}"), "https://host/scim/v2/Users/1?x=1");
    let mut scope = Scope::default();
    scope.set("urn", json!({ "User": "urn:x:2.0:User" }));
    scope.set("path", json!("/A b/c?d#e%"));
    assert_eq!(render_path("/Schemas/{{ urn.User }}", &scope).unwrap(), "/Schemas/urn:x:2.0:User");
    assert_eq!(render_path("{{ path }}", &scope).unwrap(), "/A%20b/c%3Fd%23e%25");
    scope.set("reference", json!("../Users/a b"));
    assert_eq!(render_path("{{ reference }}", &scope).unwrap(), "../Users/a%20b");
    assert_eq!(render_path("/Users/{{ reference }}", &scope).unwrap(), "/Users/..%2FUsers%2Fa%20b");
}

#[test]
fn an_expectation_is_rendered_in_all_its_parts() {
    let expect: Expect = serde_json::from_value(json!({
        "because": "{{ run }} was refused", "headers": { "Location": "{{ ada.location }}" },
        "body": { "id": "{{ ada.id }}" }, "finds": ["many", "{{ ada.id }}", "literal"], "order": ["ada"],
        "any_of": [{ "error": { "scimType": "{{ run }}" } }],
    }))
    .unwrap();
    let rendered = render_expect(&expect, &scope()).unwrap();
    assert_eq!(rendered.because.as_deref(), Some("r7 was refused"));
    assert_eq!(rendered.headers["Location"], json!("https://host/scim/v2/Users/1?x=1"));
    assert_eq!(rendered.body, Some(json!({ "id": "a/1 ü" })));
    assert_eq!(rendered.finds, ["1", "2", "a/1 ü", "literal"]);
    assert_eq!(rendered.order, ["a/1 ü"]);
    assert_eq!(rendered.any_of[0].error.as_ref().unwrap().scim_type, ["r7"]);
}

#[test]
fn what_a_text_refers_to() {
    let found = references("{{ a.b.c }} {{ c | upper }} {{ d[0].id }}").unwrap();
    let told: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.member.as_deref())).collect();
    assert_eq!(told, [("a", Some("b")), ("c", None), ("d", None)]);
}

proptest! {
    #[test]
    fn any_text_is_rendered_or_refused_without_a_panic(text in "[{} a-z0-9.|()\\[\\]\"ü-]{0,40}") {
        let _ = render(&text, &scope());
        let _ = render_path(&text, &scope());
    }

    #[test]
    fn text_without_braces_stays_as_it_is(text in "[^{]*") {
        prop_assert_eq!(render(&text, &scope()).unwrap(), Value::String(text));
    }

    #[test]
    fn a_value_in_a_path_is_one_segment_and_can_be_decoded(value in "[^/].*") {
        prop_assume!(!value.starts_with("http"));
        let mut scope = Scope::default();
        scope.set("value", json!(value));
        let path = render_path("/Users/{{ value }}", &scope).unwrap();
        let segment = path.strip_prefix("/Users/").unwrap();
        prop_assert!(!segment.contains(['/', '?', '#', ' ']));
        prop_assert_eq!(percent_encoding::percent_decode_str(segment).decode_utf8().unwrap(), value);
    }
}
