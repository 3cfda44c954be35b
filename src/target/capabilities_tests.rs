use serde_json::json;

use super::*;

fn capabilities() -> Capabilities {
    let schemas = [
        json!({ "id": urn::USER, "name": "User", "attributes": [
            { "name": "userName", "type": "string" },
            { "name": "nickName", "type": "string", "returned": "request" },
            { "name": "secretWord", "type": "string", "returned": "never" },
            { "name": "password", "type": "string", "returned": "never", "mutability": "writeOnly" },
            { "name": "groups", "type": "complex", "mutability": "readOnly",
              "subAttributes": [{ "name": "value", "type": "string" }] },
            { "name": "emails", "type": "complex", "multiValued": true,
              "subAttributes": [{ "name": "value", "type": "string" }] },
        ] }),
        json!({ "id": urn::ENTERPRISE_USER, "attributes": [{ "name": "department", "type": "string" }] }),
        json!({ "id": "urn:x:badge", "name": "Staff Badge", "attributes": [{ "name": "colour" }] }),
    ];
    let kind = json!({ "name": "User", "endpoint": "/Users", "schema": urn::USER, "schemaExtensions": [
        { "schema": urn::ENTERPRISE_USER.to_uppercase() }, { "schema": "urn:x:badge" }] });
    let facts = [("version", "16.10"), ("saas", "true"), ("beta", "false"), ("edition", "ultimate")];
    Capabilities {
        features: BTreeMap::from([("patch".to_owned(), true), ("sort".to_owned(), false)]),
        resource_types: ResourceType::from_json(&kind).into_iter().collect(),
        schemas: schemas.iter().filter_map(Schema::from_json).collect(),
        credentials: vec!["second".to_owned()],
        hooks: vec!["seed-user".to_owned()],
        facts: facts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        ..Capabilities::default()
    }
}

#[test]
fn what_the_target_has_is_met() {
    for need in [
        "patch",
        "not sort",
        "not bulk",
        "User",
        "user",
        "not Group",
        "EnterpriseUser",
        "StaffBadge",
        "User.userName",
        "User.USERNAME",
        "User.emails.value",
        "User.password",
        "User.externalId",
        "EnterpriseUser.department",
        "StaffBadge.colour",
        "not User.emails.type",
        "User.userName caseExact=false",
        "User.emails multiValued=true",
        "not User.userName returned=always",
        "credential second",
        "hook seed-user",
        "fact saas",
        "not fact beta",
        "fact version >= 16.4",
        "fact version > 16.9",
        "fact version = 16.10.0",
        "fact edition = ultimate",
        "fact edition != free",
    ] {
        assert_eq!(capabilities().meets(need), Ok(()), "{need}");
    }
}

#[test]
fn what_it_lacks_is_said_in_a_sentence() {
    for (need, reason) in [
        ("sort", "the server says that it does not support sort"),
        ("bulk", "the server does not say that it supports bulk"),
        ("auth", "it is not known whether the target asks for credentials"),
        ("not patch", "the case is for servers without this: patch"),
        ("Group", "the server has no resource type or extension Group"),
        ("Group.members", "the server has no resource type or extension Group"),
        ("User.title", "the server's User schema has no title"),
        ("User.emails.type", "the server's User schema has no emails.type"),
        ("User.groups.value", "the server does not let clients write User.groups.value"),
        ("User.nickName", "the server returns User.nickName only on request"),
        ("User.secretWord", "the server never returns User.secretWord"),
        (
            "User.userName caseExact=true",
            "the server's schema says caseExact false of User.userName, and not true",
        ),
        ("User.title caseExact=false", "the server's User schema has no title"),
        ("User.userName colour=red", "attributes have no characteristic colour"),
        ("EnterpriseUser.division", "the server's EnterpriseUser schema has no division"),
        ("credential admin", "no credential called admin was given (--credential admin=TOKEN)"),
        ("hook advance-clock", "no hook called advance-clock was given (--hook advance-clock=COMMAND)"),
        ("fact beta", "beta does not hold for the target"),
        ("fact gamma", "nobody says that gamma holds for the target (--fact gamma)"),
        ("fact colour = red", "nothing is known about the target's colour"),
        ("fact version >= 17", "the target's version is 16.10, and the case is for >= 17"),
    ] {
        assert_eq!(capabilities().meets(need), Err(reason.to_owned()), "{need}");
    }
}

#[test]
fn what_cannot_be_changed_is_known() {
    let mut capabilities = capabilities();
    let attributes = &mut capabilities.schemas[0].attributes;
    attributes[0].mutability = Mutability::Immutable;
    attributes[5].sub_attributes[0].mutability = Mutability::Immutable;
    for fixed in ["User.userName", "User.userName caseExact=false"] {
        let told = "the server does not let clients change User.userName".to_owned();
        assert_eq!(capabilities.meets_change(fixed), Err(told), "{fixed}");
    }
    for free in ["User.emails", "User.emails.value", "User.nickName", "User.title", "patch", "User"] {
        assert_eq!(capabilities.meets_change(free), Ok(()), "{free}");
    }
    capabilities.schemas[0].attributes[5].mutability = Mutability::Immutable;
    assert!(capabilities.meets_change("User.emails.value").is_err());
}

#[test]
fn odd_needs_are_unmet_and_do_no_harm() {
    for need in [
        "",
        "User.",
        "User.emails.",
        ".",
        "fact",
        "fact  ",
        "fact >=",
        "fact version >= ",
        "credential ",
        "Ünï.cödé",
    ] {
        assert!(capabilities().meets(need).is_err(), "{need}");
    }
}

#[test]
fn what_leans_on_a_guess_is_known() {
    let capabilities = Capabilities { guessed: vec!["version".to_owned()], ..capabilities() };
    for need in ["fact version >= 16.4", "fact version<18.9", "not fact version = 16.10", "fact version"] {
        assert!(capabilities.is_guess(need), "{need}");
    }
    for need in ["fact saas", "patch", "hook version", "fact versions >= 1"] {
        assert!(!capabilities.is_guess(need), "{need}");
    }
}
