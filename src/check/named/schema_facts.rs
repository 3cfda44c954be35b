//! What RFC 7643 fixes about particular schemas and sub-attributes.
//! Must not ask for attributes that a server may leave out.

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, json};
use crate::http::Response;
use crate::scim::urn;

use super::support::{differs, document, each_resource};

type Facts<'a> = &'a [(&'a str, &'a [Value])];

pub fn user(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let facts: Facts<'_> = &[
        ("type", &["string".into()]),
        ("multiValued", &[false.into()]),
        ("required", &[true.into()]),
        ("caseExact", &[false.into(), Value::Null]),
        ("uniqueness", &["server".into(), "global".into()]),
    ];
    facts_of(urn::USER, "userName", facts, response, context)
}

pub fn group(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    facts_of(urn::GROUP, "displayName", &[("required", &[true.into()])], response, context)
}

/// Asks nothing where the schema has no password.
pub fn password(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let facts: Facts<'_> = &[("mutability", &["writeOnly".into()]), ("returned", &["never".into()])];
    let problems = facts_of(urn::USER, "password", facts, response, context);
    problems.into_iter().filter(|problem| !problem.expected.starts_with("a list with")).collect()
}

/// The characteristics of one attribute of one schema. An absent one has the default of §2.2, null here.
fn facts_of(
    urn: &str,
    name: &str,
    facts: Facts<'_>,
    response: &Response,
    context: &Context<'_>,
) -> Vec<Problem> {
    let document = document(response);
    let is_it = |schema: &Value| json::get_text(schema, "id").is_some_and(|id| id.eq_ignore_ascii_case(urn));
    let Some((pointer, schema)) = each_resource(response, &document).find(|(_, schema)| is_it(schema)) else {
        return Vec::new();
    };
    let attributes = json::get_list(schema, "attributes");
    let named =
        |attribute: &&Value| json::get_text(attribute, "name").is_some_and(|n| n.eq_ignore_ascii_case(name));
    let at = attributes.iter().position(|attribute| named(&attribute));
    let Some((at, attribute)) = at.and_then(|at| Some((at, attributes.get(at)?))) else {
        return vec![differs(
            &format!("{pointer}/attributes"),
            &format!("a list with {name}"),
            None,
            context,
        )];
    };
    let judge = |(fact, permitted): &(&str, &[Value])| {
        let actual = json::get(attribute, fact);
        let told: Vec<String> = permitted.iter().filter(|v| !v.is_null()).map(Value::to_string).collect();
        let holds = permitted.contains(actual.unwrap_or(&Value::Null));
        (!holds).then(|| {
            differs(&format!("{pointer}/attributes/{at}/{fact}"), &told.join(" or "), actual, context)
        })
    };
    facts.iter().filter_map(judge).collect()
}

/// RFC 7643 §2.4, for sub-attributes of multi-valued complex attributes.
pub fn default_subs(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let mut problems = Vec::new();
    for (pointer, schema) in each_resource(response, &document) {
        for (i, attribute) in json::get_list(schema, "attributes").iter().enumerate() {
            if json::get(attribute, "multiValued") != Some(&Value::Bool(true)) {
                continue;
            }
            for (j, sub) in json::get_list(attribute, "subAttributes").iter().enumerate() {
                let wanted =
                    match json::get_text(sub, "name").unwrap_or_default().to_ascii_lowercase().as_str() {
                        "primary" => "boolean",
                        "$ref" => "reference",
                        "type" | "display" => "string",
                        // `value` has the type of what it holds.
                        _ => continue,
                    };
                let actual = json::get(sub, "type").filter(|value| !value.is_null());
                let is_wanted =
                    |actual: &Value| actual.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case(wanted));
                if actual.is_some_and(|actual| !is_wanted(actual)) {
                    let at = format!("{pointer}/attributes/{i}/subAttributes/{j}/type");
                    problems.push(differs(&at, wanted, actual, context));
                }
            }
        }
    }
    problems
}

pub fn no_messages(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let judge = |(pointer, schema): (String, &Value)| {
        let id = json::get_text(schema, "id")?.to_ascii_lowercase();
        let message = id.starts_with("urn:ietf:params:scim:api:");
        let expected = "the URN of a resource's schema, not of a message";
        message.then(|| differs(&format!("{pointer}/id"), expected, json::get(schema, "id"), context))
    };
    each_resource(response, &document).filter_map(judge).collect()
}

/// RFC 7643 §3.3, for the extensions of the target's resource types.
pub fn extensions_keep_core(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let schemas: Vec<(String, &Value)> = each_resource(response, &document).collect();
    let find = |urn: &str| {
        schemas
            .iter()
            .find(|(_, schema)| json::get_text(schema, "id").is_some_and(|id| id.eq_ignore_ascii_case(urn)))
    };
    let mut problems = Vec::new();
    for resource_type in context.resource_types {
        let Some((_, core)) = find(&resource_type.schema) else { continue };
        let core: Vec<&str> = names(core).collect();
        for (pointer, extension) in resource_type.extensions.iter().filter_map(|e| find(&e.schema)) {
            for (i, name) in names(extension).enumerate() {
                if core.iter().any(|c| c.eq_ignore_ascii_case(name)) {
                    let expected = format!("a name that {} does not have", resource_type.schema);
                    let at = format!("{pointer}/attributes/{i}/name");
                    problems.push(differs(&at, &expected, Some(&name.into()), context));
                }
            }
        }
    }
    problems
}

fn names(schema: &Value) -> impl Iterator<Item = &str> {
    json::get_list(schema, "attributes")
        .iter()
        .map(|attribute| json::get_text(attribute, "name").unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_context};
    use serde_json::json;

    type Check = fn(&Response, &Context<'_>) -> Vec<Problem>;

    fn count(check: Check, schemas: Value) -> usize {
        let list = answer(200, json!({ "totalResults": 1, "Resources": schemas }));
        with_context(|context| check(&list, context).len())
    }

    fn schema(id: &str, attribute: Value) -> Value {
        json!([{ "id": id, "attributes": [attribute] }])
    }

    #[test]
    fn facts_of_user_and_group() {
        let user_name = json!({ "name": "username", "type": "string", "multiValued": false, "required": true, "uniqueness": "server" });
        assert_eq!(count(user, schema(urn::USER, user_name)), 0);
        let wrong = json!({ "name": "userName", "type": "string", "multiValued": false, "caseExact": true });
        assert_eq!(count(user, schema(urn::USER, wrong)), 3);
        assert_eq!(count(user, schema(urn::USER, json!({ "name": "x" }))), 1);
        assert_eq!(count(password, schema(urn::USER, json!({ "name": "x" }))), 0);
        let secret = json!({ "name": "password", "mutability": "writeOnly", "returned": "never" });
        assert_eq!(count(password, schema(urn::USER, secret)), 0);
        let told = json!({ "name": "password", "mutability": "readWrite" });
        assert_eq!(count(password, schema(urn::USER, told)), 2);
        assert_eq!(count(user, schema("urn:x", json!({ "name": "x" }))), 0);
        assert_eq!(count(group, schema(urn::GROUP, json!({ "name": "displayName", "required": true }))), 0);
        assert_eq!(count(group, schema(urn::GROUP, json!({ "name": "displayName" }))), 1);
    }

    #[test]
    fn sub_attributes_of_section_2_4() {
        let of = |multi: bool, kind: &str| json!({ "name": "e", "multiValued": multi, "subAttributes": [{ "name": "primary", "type": kind }] });
        assert_eq!(count(default_subs, schema("urn:x", of(true, "boolean"))), 0);
        assert_eq!(count(default_subs, schema("urn:x", of(true, "Boolean"))), 0);
        assert_eq!(count(default_subs, schema("urn:x", of(false, "string"))), 0);
        assert_eq!(count(default_subs, schema("urn:x", of(true, "string"))), 1);
    }

    #[test]
    fn messages_are_no_schemas() {
        assert_eq!(count(no_messages, schema(urn::USER, json!({}))), 0);
        assert_eq!(count(no_messages, schema(&urn::ERROR.to_uppercase(), json!({}))), 1);
    }

    #[test]
    fn extensions_have_names_of_their_own() {
        let both = |name: &str| {
            json!([
                { "id": urn::USER, "attributes": [{ "name": "title" }] },
                { "id": urn::ENTERPRISE_USER, "attributes": [{ "name": name }] },
            ])
        };
        assert_eq!(count(extensions_keep_core, both("department")), 0);
        assert_eq!(count(extensions_keep_core, both("Title")), 1);
    }
}
