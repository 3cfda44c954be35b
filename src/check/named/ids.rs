//! Identifiers of resources (RFC 7643 §3.1).
//! Must not look outside one answer.

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, json};
use crate::http::Response;
use crate::scim::urn;

use super::support::{body, differs, document, each_resource, problem};

pub fn present(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let judge = |(pointer, resource): (String, &Value)| {
        let id = json::get(resource, "id");
        let holds = id.and_then(Value::as_str).is_some_and(|id| !id.is_empty());
        // The three discovery resources do without (RFC 7643 §5, §6).
        let exempt =
            [urn::SERVICE_PROVIDER_CONFIG, urn::RESOURCE_TYPE].iter().any(|u| json::has_schema(resource, u));
        (!holds && !exempt)
            .then(|| differs(&format!("{pointer}/id"), "a text that is not empty", id, context))
    };
    each_resource(response, &document).filter_map(judge).collect()
}

pub fn unique(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let mut seen = std::collections::HashMap::new();
    let mut problems = Vec::new();
    for (pointer, resource) in each_resource(response, &document) {
        let Some(id) = json::get_text(resource, "id") else { continue };
        if let Some(first) = seen.insert(id, pointer.clone()) {
            let told = differs(
                &format!("{pointer}/id"),
                &format!("another id than {first}/id"),
                json::get(resource, "id"),
                context,
            );
            problems.push(told);
        }
    }
    problems
}

pub fn plain(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let judge = |(pointer, resource): (String, &Value)| {
        let id = json::get_text(resource, "id").filter(|id| id.contains("bulkId"))?;
        let shown = (context.redact)(id);
        let message = format!("{pointer}/id should not contain the reserved word bulkId and does");
        Some(problem(body(&format!("{pointer}/id")), message, "an id without bulkId", shown))
    };
    each_resource(response, &document).filter_map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_context};
    use serde_json::json;

    fn counts(resources: Value) -> (usize, usize, usize) {
        let list = answer(200, json!({ "totalResults": 2, "Resources": resources }));
        with_context(|c| (present(&list, c).len(), unique(&list, c).len(), plain(&list, c).len()))
    }

    #[test]
    fn right_ids() {
        assert_eq!(counts(json!([{ "id": "1" }, { "ID": "BULKID" }])), (0, 0, 0));
        assert_eq!(counts(json!([{ "schemas": [urn::RESOURCE_TYPE] }])), (0, 0, 0));
    }

    #[test]
    fn wrong_ids() {
        assert_eq!(counts(json!([{ "id": 1 }, {}, { "id": "" }])), (3, 0, 0));
        assert_eq!(counts(json!([{ "id": "1" }, { "id": "2" }, { "id": "1" }])), (0, 1, 0));
        assert_eq!(counts(json!([{ "id": "bulkId:1" }])), (0, 0, 1));
    }
}
