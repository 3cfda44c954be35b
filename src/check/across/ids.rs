//! Identifiers over the whole service (RFC 7643 §3.1).
//! Must not count a resource twice because it was seen twice.

use std::collections::HashMap;

use crate::check::judge::Context;
use crate::check::named::resource::at_endpoint;
use crate::check::named::support::{differs, document, each_resource};
use crate::check::{Problem, json};
use crate::http::Response;

use super::Memory;

/// Ids that are kept, so that an endless service costs bounded memory.
const MOST_IDS: usize = 100_000;

/// The type that each id was first seen with: its schema and its name.
#[derive(Default)]
struct Ids(HashMap<String, (String, String)>);

pub(super) fn between_types() -> Box<dyn Memory> {
    Box::<Ids>::default()
}

impl Memory for Ids {
    /// The type of a resource is that of the endpoint which gave it. What bears another name in
    /// `meta.resourceType` is left out: one of the two is wrong, and that is another claim. Two types of one
    /// schema may be two views of the same resources.
    fn see(&mut self, response: &Response, context: &Context<'_>) -> Vec<Problem> {
        let Some(kind) = at_endpoint(context) else { return Vec::new() };
        let document = document(response);
        let mut problems = Vec::new();
        for (pointer, resource) in each_resource(response, &document) {
            let Some(id) = json::get_text(resource, "id").filter(|id| !id.is_empty()) else { continue };
            let told = json::get(resource, "meta").and_then(|meta| json::get_text(meta, "resourceType"));
            if told.is_some_and(|told| !told.eq_ignore_ascii_case(&kind.name)) {
                continue;
            }
            if let Some((schema, name)) = self.0.get(id) {
                if !schema.eq_ignore_ascii_case(&kind.schema) {
                    let expected = format!("another id than that of a {name}");
                    let at = format!("{pointer}/id");
                    problems.push(differs(&at, &expected, json::get(resource, "id"), context));
                }
            } else if self.0.len() < MOST_IDS {
                self.0.insert(id.to_owned(), (kind.schema.clone(), kind.name.clone()));
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_url};
    use crate::scim::ResourceType;
    use serde_json::{Value, json};

    fn kind(name: &str, schema: &str) -> ResourceType {
        ResourceType {
            id: None,
            name: name.into(),
            description: String::new(),
            endpoint: format!("/{name}s"),
            schema: schema.into(),
            extensions: Vec::new(),
        }
    }

    /// Problems after each of the answers, given as path and body.
    fn seen(answers: &[(&str, Value)]) -> Vec<usize> {
        let types = [kind("User", "urn:u"), kind("Group", "urn:g"), kind("Robot", "urn:u")];
        let mut ids = Ids::default();
        let mut one = |(path, body): &(&str, Value)| {
            with_url(&format!("https://scim.example/v2{path}"), |context| {
                let context = Context { resource_types: &types, ..*context };
                ids.see(&answer(200, body.clone()), &context).len()
            })
        };
        answers.iter().map(&mut one).collect()
    }

    #[test]
    fn one_id_of_two_types_is_a_problem() {
        let list = json!({ "Resources": [{ "id": "2" }, { "id": "1" }, { "id": "3" }] });
        assert_eq!(seen(&[("/Users", json!({ "id": "1" })), ("/Groups?count=3", list)]), [0, 1]);
    }

    #[test]
    fn a_resource_may_be_seen_again() {
        let user = json!({ "id": "1", "meta": { "resourceType": "User" } });
        assert_eq!(seen(&[("/Users", user.clone()), ("/Users/1", user.clone()), ("/Users/1", user)]), [0; 3]);
    }

    #[test]
    fn ids_are_case_exact() {
        assert_eq!(seen(&[("/Users/a", json!({ "id": "a" })), ("/Groups/A", json!({ "id": "A" }))]), [0; 2]);
    }

    #[test]
    fn what_is_somewhere_else_or_of_another_name_does_not_count() {
        let user = json!({ "id": "1", "meta": { "resourceType": "User" } });
        let other = json!({ "id": "1" });
        let answers = [("/Users/1", user.clone()), ("/Groups?x", user), ("/Me", other.clone()), ("/", other)];
        assert_eq!(seen(&answers), [0; 4]);
    }

    #[test]
    fn two_types_of_one_schema_may_be_two_views() {
        assert_eq!(seen(&[("/Users/1", json!({ "id": "1" })), ("/Robots/1", json!({ "id": "1" }))]), [0; 2]);
    }
}
