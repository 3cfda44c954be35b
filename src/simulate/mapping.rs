//! Which attributes the provider maps: those that the server's schemas have, as an administrator would choose them.
//! Must not judge the schemas.

use serde_json::Value;

use crate::scim::{member, urn};

use super::attribute::Attribute;
use super::wire::Wire;

/// What is mapped whatever the schemas say: without these there is no account, and `externalId` is in no schema.
const ALWAYS: &[Attribute] = &[Attribute::UserName, Attribute::Active, Attribute::ExternalId];

/// The attributes of `wanted` that the server has, and those that it has not. Where it shows no schemas, all.
pub(super) async fn choose(own: &Wire, wanted: &[Attribute]) -> (Vec<Attribute>, Vec<Attribute>) {
    let reply = own.get("/Schemas").await.ok().and_then(|reply| reply.accept(&[200]).ok());
    let body = reply.map(|reply| reply.body).unwrap_or_default();
    split(&body, wanted)
}

fn split(schemas: &Value, wanted: &[Attribute]) -> (Vec<Attribute>, Vec<Attribute>) {
    let listed = member(schemas, "Resources").or(Some(schemas)).and_then(Value::as_array);
    let listed = listed.map(Vec::as_slice).unwrap_or_default();
    let called = |id: &str| {
        listed.iter().find(|schema| {
            member(schema, "id").and_then(Value::as_str).is_some_and(|text| text.eq_ignore_ascii_case(id))
        })
    };
    let Some(user) = called(urn::USER) else { return (wanted.to_vec(), Vec::new()) };
    let has = |attribute: &Attribute| {
        let (owner, place) = attribute.in_schema();
        let schema = if owner == "User" { Some(user) } else { called(owner) };
        ALWAYS.contains(attribute) || schema.is_some_and(|schema| defines(schema, place))
    };
    wanted.iter().copied().partition(has)
}

fn defines(schema: &Value, place: &str) -> bool {
    let (first, rest) = place.split_once('.').map_or((place, None), |(first, rest)| (first, Some(rest)));
    let find = |list: Option<&Value>, name: &str| {
        let attributes = list.and_then(Value::as_array).cloned().unwrap_or_default();
        attributes.into_iter().find(|attribute| {
            member(attribute, "name")
                .and_then(Value::as_str)
                .is_some_and(|text| text.eq_ignore_ascii_case(name))
        })
    };
    let Some(attribute) = find(member(schema, "attributes"), first) else { return false };
    rest.is_none_or(|name| find(member(&attribute, "subAttributes"), name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_the_schemas_have_is_mapped() {
        let user = json!({ "id": urn::USER, "attributes": [
            { "name": "userName" }, { "name": "TITLE" }, { "name": "name", "subAttributes": [{ "name": "givenName" }] },
        ] });
        let (mapped, absent) = split(&json!({ "Resources": [user] }), &Attribute::ALL);
        let expected = [
            Attribute::UserName,
            Attribute::GivenName,
            Attribute::ExternalId,
            Attribute::Title,
            Attribute::Active,
        ];
        assert_eq!(mapped, expected);
        assert_eq!(absent.len(), Attribute::ALL.len() - expected.len());
        assert_eq!(split(&Value::Null, &Attribute::ALL), (Attribute::ALL.to_vec(), Vec::new()));
    }
}
