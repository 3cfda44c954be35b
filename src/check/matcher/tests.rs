//! Every matcher, once holding and once not.

use serde_json::{Value, json};

use super::judge;
use crate::check::testing::with_context;
use crate::check::{Problem, Spot};

fn problems(pattern: Value, actual: Value) -> Vec<Problem> {
    with_context(|context| judge(&pattern, Some(&actual), context))
}

fn holds(pattern: Value, actual: Value) {
    assert_eq!(problems(pattern.clone(), actual.clone()), [], "{pattern} on {actual}");
}

/// Asserts one problem at `pointer`, whose sentence is `message`.
fn fails(pattern: Value, actual: Value, pointer: &str, message: &str) {
    let problems = problems(pattern, actual);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].message, message);
    assert_eq!(problems[0].spot, Spot::Body { pointer: pointer.to_owned() });
}

#[test]
fn partial_match_of_objects() {
    let user = json!({ "userName": "ada", "name": { "familyName": "L" }, "active": true, "n": 1.0 });
    holds(json!({}), user.clone());
    holds(json!({ "USERNAME": "ada", "name": { "familyname": "L" }, "active": true, "n": 1 }), user.clone());
    fails(
        json!({ "userName": "Ada" }),
        user.clone(),
        "/userName",
        r#"/userName should be "Ada" and is "ada""#,
    );
    fails(json!({ "title": "x" }), user.clone(), "/title", r#"/title should be "x" and is missing"#);
    fails(json!({ "active": "true" }), user.clone(), "/active", r#"/active should be "true" and is true"#);
    fails(json!({ "userName": {} }), user, "/userName", r#"/userName should be an object and is "ada""#);
    fails(json!({}), json!([1]), "", "the body should be an object and is [1]");
}

#[test]
fn lists_match_element_by_element() {
    holds(json!([{ "a": 1 }, 2]), json!([{ "a": 1, "b": 2 }, 2]));
    fails(json!([1, 2]), json!([2, 1, 3]), "", "the body should be a list of 2 elements and has 3 elements");
    fails(json!([1, { "a": 1 }]), json!([1, { "a": 2 }]), "/1/a", "/1/a should be 1 and is 2");
    fails(json!({ "a": [] }), json!({ "a": {} }), "/a", "/a should be a list and is {}");
}

#[test]
fn a_reference_is_a_member_and_not_a_matcher() {
    holds(json!({ "$ref": "../Users/1" }), json!({ "$ref": "../Users/1", "value": "1" }));
    fails(json!({ "$ref": "x" }), json!({ "$ref": "y" }), "/$ref", r#"/$ref should be "x" and is "y""#);
}

#[test]
fn pointers_are_escaped() {
    fails(json!({ "a/b~c": 1 }), json!({ "a/b~c": 2 }), "/a~1b~0c", "/a~1b~0c should be 1 and is 2");
}

#[test]
fn absent_present_unassigned() {
    let user = json!({ "title": "x", "nick": null, "emails": [] });
    holds(json!({ "none": { "$absent": true }, "title": { "$present": true } }), user.clone());
    holds(json!({ "nick": { "$present": false }, "title": { "$absent": false } }), user.clone());
    fails(
        json!({ "nick": { "$absent": true } }),
        user.clone(),
        "/nick",
        "/nick should be absent and is null",
    );
    fails(
        json!({ "nick": { "$present": true } }),
        user.clone(),
        "/nick",
        "/nick should be present and not null and is null",
    );
    for name in ["none", "nick", "emails"] {
        holds(json!({ name: { "$unassigned": true } }), user.clone());
        assert_eq!(problems(json!({ name: { "$unassigned": false } }), user.clone()).len(), 1);
    }
    assert_eq!(problems(json!({ "title": { "$unassigned": true } }), user).len(), 1);
}

#[test]
fn what_has_no_value_is_written_in_three_ways() {
    let read = json!({ "title": null, "emails": [], "name": { "middleName": null } });
    for other in [json!({ "title": [], "name": {} }), json!({ "emails": null, "name": { "middleName": [] } })]
    {
        holds(read.clone(), other);
    }
    assert_eq!(problems(read, json!({ "title": "x", "emails": [{}], "name": {} })).len(), 2);
}

#[test]
fn types() {
    let good = [
        ("string", json!("")),
        ("boolean", json!(false)),
        ("integer", json!(-3)),
        ("number", json!(1.5)),
        ("array", json!([])),
        ("object", json!({})),
        ("null", json!(null)),
        ("dateTime", json!("2011-05-13T04:42:34Z")),
        ("uri", json!("../Users/1")),
    ];
    for (name, value) in good {
        holds(json!({ "$type": name }), value);
    }
    let bad = [
        ("string", json!(1)),
        ("boolean", json!("true")),
        ("integer", json!(1.5)),
        ("number", json!("1")),
        ("array", json!({})),
        ("object", json!([])),
        ("null", json!(0)),
        ("dateTime", json!("yesterday")),
        ("dateTime", json!(5)),
        ("uri", json!("a b")),
        ("txt", json!("")),
    ];
    for (name, value) in bad {
        assert_eq!(problems(json!({ "$type": name }), value.clone()).len(), 1, "{name} {value}");
    }
}

#[test]
fn equals_in_full() {
    holds(json!({ "$equals": { "b": 1, "a": [1] } }), json!({ "a": [1], "b": 1 }));
    assert_eq!(problems(json!({ "$equals": { "a": 1 } }), json!({ "a": 1, "b": 2 })).len(), 1);
    assert_eq!(problems(json!({ "a": { "$equals": null } }), json!({})).len(), 1);
}

#[test]
fn not_and_one_of() {
    holds(json!({ "a": { "$not": "x" } }), json!({ "a": "y" }));
    holds(json!({ "a": { "$not": "x" } }), json!({}));
    fails(
        json!({ "a": { "$not": "x" } }),
        json!({ "a": "x" }),
        "/a",
        r#"/a should be other than "x" and is "x""#,
    );
    holds(json!({ "$one_of": ["x", { "$size": 2 }] }), json!("yy"));
    fails(json!({ "$one_of": ["x", "y"] }), json!("z"), "", r#"the body should be "x" or "y" and is "z""#);
}

#[test]
fn texts() {
    holds(json!({ "$pattern": "^W/", "$includes": "1", "$ignore_case": "w/1" }), json!("W/1"));
    assert_eq!(problems(json!({ "$pattern": "^W/" }), json!("1")).len(), 1);
    assert_eq!(problems(json!({ "$pattern": "." }), json!(1)).len(), 1);
    assert_eq!(problems(json!({ "$includes": "x" }), json!("y")).len(), 1);
    holds(json!({ "$ignore_case": "ÉVA" }), json!("éva"));
    assert_eq!(problems(json!({ "$ignore_case": "x" }), json!("y")).len(), 1);
    assert!(
        problems(json!({ "$pattern": "(" }), json!("(")).iter().all(|p| p.message.contains("suite is wrong"))
    );
}

#[test]
fn sizes_and_numbers() {
    holds(json!({ "$size": 2 }), json!([1, 2]));
    holds(json!({ "$size": { "min": 1, "max": 2 } }), json!("éé"));
    fails(
        json!({ "$size": 2 }),
        json!([1]),
        "",
        "the body should be a list of 2 elements and has 1 elements",
    );
    assert_eq!(problems(json!({ "$size": { "min": 2 } }), json!("x")).len(), 1);
    assert_eq!(problems(json!({ "$size": { "max": 0 } }), json!([1])).len(), 1);
    assert_eq!(problems(json!({ "$size": 1 }), json!({ "a": 1 })).len(), 1);
    holds(json!({ "$min": 1, "$max": 3 }), json!(3));
    assert_eq!(problems(json!({ "$min": 1 }), json!(0)).len(), 1);
    assert_eq!(problems(json!({ "$max": 1 }), json!(1.5)).len(), 1);
    assert_eq!(problems(json!({ "$max": 1 }), json!("1")).len(), 1);
}

#[test]
fn elements() {
    let emails = json!([{ "value": "a", "primary": true }, { "value": "b" }]);
    holds(json!({ "$contains": { "value": "b" } }), emails.clone());
    holds(json!({ "$excludes": { "value": "c" } }), emails.clone());
    holds(json!({ "$each": { "value": { "$type": "string" } } }), emails.clone());
    assert_eq!(problems(json!({ "$contains": { "value": "c" } }), emails.clone()).len(), 1);
    let excluded = problems(json!({ "$excludes": { "value": "b" } }), emails.clone());
    assert_eq!(excluded[0].spot, Spot::Body { pointer: "/1".into() });
    let each = problems(json!({ "$each": { "primary": true } }), emails);
    assert_eq!(each[0].spot, Spot::Body { pointer: "/1/primary".into() });
    holds(json!({ "a": { "$excludes": 1 } }), json!({}));
    assert_eq!(problems(json!({ "a": { "$contains": 1 } }), json!({})).len(), 1);
    assert_eq!(problems(json!({ "$each": 1 }), json!("x")).len(), 1);
}

#[test]
fn unordered_gives_each_pattern_an_element_of_its_own() {
    let any = json!({ "$type": "integer" });
    holds(json!({ "$unordered": [2, 1] }), json!([1, 2]));
    // The greedy choice would spend 1 on the first pattern.
    holds(json!({ "$unordered": [any, 1] }), json!([1, 2]));
    assert_eq!(problems(json!({ "$unordered": [1, 1] }), json!([1, 2])).len(), 1);
    assert_eq!(problems(json!({ "$unordered": [1] }), json!([1, 2])).len(), 1);
    assert_eq!(problems(json!({ "$unordered": [3, any] }), json!([1, 2])).len(), 1);
}

#[test]
fn moments() {
    let time = json!("2020-01-01T00:00:00+01:00");
    holds(json!({ "$at": "2019-12-31T23:00:00.000Z" }), time.clone());
    holds(json!({ "$before": "2020-01-01T00:00:00Z", "$after": "2019-12-31T22:59:59.999Z" }), time.clone());
    assert_eq!(problems(json!({ "$at": "2020-01-01T00:00:00Z" }), time.clone()).len(), 1);
    assert_eq!(problems(json!({ "$before": "2019-12-31T23:00:00Z" }), time.clone()).len(), 1);
    assert_eq!(problems(json!({ "$after": "2019-12-31T23:00:00Z" }), time.clone()).len(), 1);
    assert_eq!(problems(json!({ "$after": "2019-12-31T23:00:00Z" }), json!("soon")).len(), 1);
    assert!(problems(json!({ "$at": "soon" }), time)[0].message.contains("suite is wrong"));
}

#[test]
fn same_url() {
    holds(json!({ "$same_url": "Users/1" }), json!("https://scim.example/v2/Users/1"));
    assert_eq!(
        problems(json!({ "$same_url": "Users/2" }), json!("https://scim.example/v2/Users/1")).len(),
        1
    );
}

#[test]
fn status_of_a_bulk_result() {
    for form in [json!("201"), json!({ "code": "201" }), json!({ "code": 201 }), json!(201)] {
        holds(json!({ "$status": 201 }), form.clone());
        holds(json!({ "$status": ["4xx", "2xx"] }), form.clone());
        assert_eq!(problems(json!({ "$status": [200, "4xx"] }), form).len(), 1);
    }
    for form in [json!("created"), json!({}), json!(null), json!({ "code": {} }), json!([201])] {
        assert_eq!(problems(json!({ "$status": "2xx" }), form).len(), 1);
    }
    assert!(problems(json!({ "$status": {} }), json!("201"))[0].message.contains("suite is wrong"));
}

#[test]
fn secrets_are_never_shown() {
    let problems = problems(json!({ "password": { "$absent": true } }), json!({ "password": "hunter2" }));
    assert!(!format!("{problems:?}").contains("hunter2"), "{problems:?}");
}

#[test]
fn an_unknown_matcher_is_the_suites_mistake() {
    assert!(problems(json!({ "$sise": 1 }), json!([]))[0].message.contains("there is no matcher $sise"));
}
