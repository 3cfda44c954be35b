use super::*;
use crate::scim::Uniqueness;

static NONE: BTreeMap<String, String> = BTreeMap::new();

fn sampler() -> Sampler<'static> {
    Sampler { tag: "sc1", mail_domain: "example.com", references: &NONE }
}

fn read(definition: Value) -> Attribute {
    Attribute::from_json(&definition).expect("an attribute")
}

fn both(definition: Value) -> [Option<Value>; 2] {
    let attribute = read(definition);
    [Which::Sample, Which::Other].map(|which| sampler().value(&attribute, which))
}

#[test]
fn each_type_has_two_values_that_differ() {
    for kind in ["string", "boolean", "decimal", "integer", "dateTime", "binary"] {
        let [sample, other] = both(json!({ "name": "thing", "type": kind }));
        assert!(sample.is_some() && other.is_some() && sample != other, "{kind}");
    }
    let uri = json!({ "name": "profileUrl", "type": "reference", "referenceTypes": ["external"] });
    assert_eq!(both(uri), [Some(json!("https://example.com/sc1a")), Some(json!("https://example.com/sc1b"))]);
}

#[test]
fn canonical_values_are_kept_to() {
    let attribute = |values: Value| json!({ "name": "colour", "type": "string", "canonicalValues": values });
    assert_eq!(both(attribute(json!(["red", "blue"]))), [Some(json!("red")), Some(json!("blue"))]);
    assert_eq!(both(attribute(json!(["red"]))), [Some(json!("red")), None]);
}

#[test]
fn names_say_what_a_text_means() {
    for (name, expected) in [
        ("userName", "sc1a@example.com"),
        ("workEmail", "sc1a@example.com"),
        ("locale", "en-US"),
        ("timezone", "America/Los_Angeles"),
        ("title", "sc1a"),
    ] {
        assert_eq!(both(json!({ "name": name, "type": "string" }))[0], Some(json!(expected)), "{name}");
    }
}

#[test]
fn what_only_the_server_knows_is_not_made_up() {
    for definition in [
        json!({ "name": "x509Certificates", "type": "complex", "multiValued": true,
                "subAttributes": [{ "name": "value", "type": "binary" }] }),
        json!({ "name": "roles", "type": "complex", "multiValued": true,
                "subAttributes": [{ "name": "value", "type": "string" }] }),
        json!({ "name": "manager", "type": "complex", "subAttributes": [
                { "name": "value", "type": "string" },
                { "name": "$ref", "type": "reference", "referenceTypes": ["User"] }] }),
        json!({ "name": "badge", "type": "reference", "referenceTypes": ["Badge"] }),
        json!({ "name": "empty", "type": "complex" }),
    ] {
        assert_eq!(both(definition.clone()), [None, None], "{definition}");
    }
}

#[test]
fn a_reference_to_a_resource_that_exists_is_used() {
    let references = BTreeMap::from([("User".to_owned(), "id-1".to_owned())]);
    let sampler = Sampler { references: &references, ..sampler() };
    let members = read(json!({ "name": "members", "type": "complex", "multiValued": true,
        "subAttributes": [{ "name": "value", "type": "string" }, { "name": "display", "type": "string" }] }));
    assert_eq!(sampler.value(&members, Which::Sample), Some(json!([{ "value": "id-1" }])));
    assert_eq!(sampler.value(&members, Which::Other), None);
}

#[test]
fn multi_valued_attributes_have_what_their_schema_has() {
    let emails = |subs: Value| json!({ "name": "emails", "type": "complex", "multiValued": true, "subAttributes": subs });
    let value = json!({ "name": "value", "type": "string" });
    assert_eq!(both(emails(json!([value])))[1], Some(json!([{ "value": "sc1b@example.com" }])));
    let full = json!([
        value, { "name": "type", "type": "string", "canonicalValues": ["office"] },
        { "name": "primary", "type": "boolean" }, { "name": "display", "type": "string" },
        { "name": "verified", "type": "boolean", "mutability": "readOnly" },
    ]);
    let expected = json!([{ "value": "sc1b@example.com", "type": "office", "primary": true }]);
    assert_eq!(both(emails(full))[1], Some(expected));
}

#[test]
fn what_is_read_only_has_values_too() {
    let groups = json!({ "name": "groups", "type": "complex", "multiValued": true, "mutability": "readOnly",
        "subAttributes": [{ "name": "value", "type": "string", "mutability": "readOnly" }] });
    assert_eq!(both(groups)[0], Some(json!([{ "value": "sc1a" }])));
}

#[test]
fn the_second_number_is_greater_as_a_number_alone() {
    for kind in ["integer", "decimal"] {
        let [sample, other] = both(json!({ "name": "thing", "type": kind })).map(Option::unwrap_or_default);
        assert!(sample.as_f64() < other.as_f64(), "{sample} {other}");
        let texts = [sample.to_string(), other.to_string()];
        assert!(texts[0] > texts[1], "{sample} {other}");
    }
}

#[test]
fn case_exact_texts_have_both_cases() {
    let [sample, _] = both(json!({ "name": "thing", "type": "string", "caseExact": true }));
    assert_eq!(sample, Some(json!("MiXeDsc1a")));
}

#[test]
fn unique_values_differ_from_tag_to_tag() {
    let mut number = Attribute::new("badge", AttributeType::Integer);
    number.uniqueness = Uniqueness::Server;
    let of = |tag| Sampler { tag, ..sampler() }.value(&number, Which::Sample);
    assert_ne!(of("sc1"), of("sc2"));
}
