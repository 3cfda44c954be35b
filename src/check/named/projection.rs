//! `attributes` and `excludedAttributes` (RFC 7644 §3.9) against what an answer shows.
//! Must not ask for attributes that have no value.

use serde_json::{Map, Value};

use crate::check::judge::Context;
use crate::check::{Problem, json, url};
use crate::http::Response;
use crate::scim::{Returned, Schema};

use super::resource::{schema, type_of};
use super::support::{body, document, each_resource, problem};

/// Attribute names as a client writes them, in lower case and with the URN of a schema in front taken off.
pub struct Names(Vec<String>);

impl Names {
    /// The names in a query parameter of the request, or in the member of its SearchRequest.
    pub fn of(parameter: &str, context: &Context<'_>) -> Self {
        let mut names: Vec<String> = url::query_values(context.url, parameter);
        if let Ok(search) = serde_json::from_slice::<Value>(context.request_body) {
            names.extend(
                json::get_list(&search, parameter).iter().filter_map(Value::as_str).map(str::to_owned),
            );
        }
        Self::text(&names.join(","))
    }

    /// The names in a list with commas.
    pub fn text(list: &str) -> Self {
        let names =
            list.split(',').map(|name| name.trim().to_ascii_lowercase()).filter(|name| !name.is_empty());
        Self(names.collect())
    }

    /// Whether nothing is named.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this attribute as a whole, or this extension by its URN, is among them.
    pub fn name(&self, name: &str) -> bool {
        self.0
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name) || parts(known) == [name.to_ascii_lowercase()])
    }

    /// Whether `name`, or a sub-attribute of it, is among them.
    pub fn mention(&self, name: &str) -> bool {
        self.covers(&[name]) || self.0.iter().any(|n| parts(n).contains(&name.to_ascii_lowercase().as_str()))
    }

    /// Whether the attribute at `path` (a name, or a name and a sub-attribute) is named, by itself or by what holds it.
    fn covers(&self, path: &[&str]) -> bool {
        let path: Vec<String> = path.iter().map(|name| name.to_ascii_lowercase()).collect();
        self.0.iter().any(|name| {
            let named = parts(name);
            !named.is_empty() && named.iter().zip(&path).all(|(a, b)| a == b) && named.len() <= path.len()
        })
    }
}

/// `urn:…:user:name.givenname` is `name`, `givenname`; the URN of an extension alone is itself.
fn parts(name: &str) -> Vec<&str> {
    if !name.starts_with("urn:") {
        return name.split(['.', '[']).collect();
    }
    // The version in a URN has a dot too: the path is what follows the last colon.
    let path = name.rsplit(':').next().unwrap_or_default();
    path.split('.').collect()
}

pub fn only_requested(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let asked = Names::of("attributes", context);
    if asked.0.is_empty() {
        return Vec::new();
    }
    each_shown(response, context, |shown| {
        let whole = asked.0.iter().any(|name| shown.urn.eq_ignore_ascii_case(name));
        let named =
            whole || asked.covers(&shown.path) || shown.path.len() == 1 && asked.mention(shown.path.last()?);
        (!named && !shown.always).then_some("was not asked for")
    })
}

pub fn excluded(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let excluded = Names::of("excludedAttributes", context);
    each_shown(response, context, |shown| {
        (excluded.covers(&shown.path) && !shown.always).then_some("was excluded")
    })
}

/// An attribute that an answer shows with a value, and whose definition the target gives.
struct Shown<'a> {
    /// URN of the schema that defines it.
    urn: &'a str,
    path: Vec<&'a str>,
    always: bool,
}

fn each_shown(
    response: &Response,
    context: &Context<'_>,
    judge: impl Fn(&Shown<'_>) -> Option<&'static str>,
) -> Vec<Problem> {
    let document = document(response);
    let mut problems = Vec::new();
    for (pointer, resource) in each_resource(response, &document) {
        let Some(resource_type) = type_of(resource, context) else { continue };
        if let (Some(core), Some(members)) = (schema(&resource_type.schema, context), resource.as_object()) {
            holder(&pointer, members, core, &judge, &mut problems);
        }
        for extension in &resource_type.extensions {
            let container = resource.as_object().and_then(|members| json::member(members, &extension.schema));
            let Some((name, Value::Object(members))) = container else { continue };
            if let Some(schema) = schema(&extension.schema, context) {
                holder(&json::below(&pointer, name), members, schema, &judge, &mut problems);
            }
        }
    }
    problems
}

fn holder(
    pointer: &str,
    members: &Map<String, Value>,
    schema: &Schema,
    judge: &impl Fn(&Shown<'_>) -> Option<&'static str>,
    problems: &mut Vec<Problem>,
) {
    // schemas, id and meta are let pass: servers may return them always.
    let common = |name: &str| ["schemas", "id", "meta"].iter().any(|c| c.eq_ignore_ascii_case(name));
    for attribute in schema.attributes.iter().filter(|attribute| !common(&attribute.name)) {
        let Some((name, value)) = json::member(members, &attribute.name) else { continue };
        if json::is_unassigned(Some(value)) {
            continue;
        }
        let at = json::below(pointer, name);
        let holds_always = attribute.sub_attributes.iter().any(|sub| sub.returned == Returned::Always);
        let always = attribute.returned == Returned::Always || holds_always;
        if let Some(rule) = judge(&Shown { urn: &schema.id, path: vec![&attribute.name], always }) {
            problems.push(should_be_absent(&at, rule));
            continue;
        }
        // One element is enough to see which sub-attributes come.
        let first = value.as_array().map_or(Some(value), |items| items.first());
        let Some(object) = first.and_then(Value::as_object) else { continue };
        let at = if value.is_array() { format!("{at}/0") } else { at };
        for sub in attribute.sub_attributes.iter() {
            let Some((name, value)) = json::member(object, &sub.name) else { continue };
            let always = always || sub.returned == Returned::Always;
            let shown = Shown { urn: &schema.id, path: vec![&attribute.name, &sub.name], always };
            if let Some(rule) = judge(&shown).filter(|_| !json::is_unassigned(Some(value))) {
                problems.push(should_be_absent(&json::below(&at, name), rule));
            }
        }
    }
}

fn should_be_absent(pointer: &str, rule: &str) -> Problem {
    let message = format!("{pointer} should be absent, because it {rule}, and is present");
    problem(body(pointer), message, "absent", "present")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_url};
    use crate::scim::urn;
    use serde_json::json;

    type Check = fn(&Response, &Context<'_>) -> Vec<Problem>;

    fn spots(check: Check, query: &str) -> Vec<String> {
        let user = json!({
            "schemas": [], "id": "1", "meta": {}, "userName": "a", "tags": [], "custom": 1,
            "emails": [{ "value": "a@b", "type": "work" }],
            urn::ENTERPRISE_USER: { "department": "x" },
        });
        with_url(&format!("https://scim.example/v2/Users/1?{query}"), |context| {
            check(&answer(200, user), context)
                .into_iter()
                .map(|p| p.message.split(' ').next().unwrap().into())
                .collect()
        })
    }

    #[test]
    fn only_what_was_asked_for() {
        let department = format!("/{}/department", urn::ENTERPRISE_USER);
        assert_eq!(spots(only_requested, ""), [] as [&str; 0]);
        assert_eq!(spots(only_requested, "attributes=USERNAME,emails,department"), [] as [&str; 0]);
        assert_eq!(spots(only_requested, "attributes=userName,emails"), std::slice::from_ref(&department));
        assert_eq!(
            spots(only_requested, "attributes=emails.value,department"),
            ["/userName", "/emails/0/type"]
        );
        let qualified =
            format!("attributes={}:department,{}:userName,emails", urn::ENTERPRISE_USER, urn::USER);
        assert_eq!(spots(only_requested, &qualified), [] as [&str; 0]);
        let extension = format!("attributes=userName,emails,{}", urn::ENTERPRISE_USER);
        assert_eq!(spots(only_requested, &extension), [] as [&str; 0]);
    }

    #[test]
    fn nothing_that_was_excluded() {
        assert_eq!(spots(excluded, ""), [] as [&str; 0]);
        assert_eq!(spots(excluded, "excludedAttributes=id,tags"), [] as [&str; 0]);
        assert_eq!(
            spots(excluded, "excludedAttributes=userName,emails.type"),
            ["/userName", "/emails/0/type"]
        );
    }
}
