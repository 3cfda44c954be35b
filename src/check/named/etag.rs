//! Entity tags: their syntax (RFC 9110 §8.8.3), and that header and body agree (RFC 7643 §3.1).
//! Must not compare tags over time.

use crate::check::judge::Context;
use crate::check::{Problem, json, show};
use crate::http::Response;

use super::support::{document, header, problem};

pub fn syntax(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let wrong = response.headers.get_all("ETag").filter(|tag| !is_entity_tag(tag));
    wrong
        .map(|tag| {
            let shown = show::text(tag, context.redact);
            let message =
                format!("header ETag should be a tag in quotes and is {}", show::quoted(tag, context.redact));
            problem(header("ETag"), message, "\"…\" or W/\"…\"", shown)
        })
        .collect()
}

fn is_entity_tag(tag: &str) -> bool {
    let opaque = tag.strip_prefix("W/").unwrap_or(tag);
    let inner = opaque.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.is_some_and(|inner| inner.chars().all(|c| c == '!' || ('#'..='~').contains(&c) || c >= '\u{80}'))
}

pub fn is_meta_version(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    if json::is_list(&document) {
        return Vec::new();
    }
    let version = json::get(&document, "meta").and_then(|meta| json::get_text(meta, "version"));
    let (Some(version), Some(tag)) = (version, response.headers.get("ETag")) else { return Vec::new() };
    if version == tag {
        return Vec::new();
    }
    let (version, tag) = (show::quoted(version, context.redact), show::quoted(tag, context.redact));
    let message = format!("header ETag should be meta.version, {version}, and is {tag}");
    vec![problem(header("ETag"), message, version, tag)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_context};
    use serde_json::json;

    fn tagged(tag: &str, version: serde_json::Value) -> Response {
        let mut response = answer(200, json!({ "id": "1", "meta": { "version": version } }));
        response.headers.set("ETag", tag);
        response
    }

    #[test]
    fn tags_stand_in_quotes() {
        with_context(|context| {
            for tag in ["\"a\"", "W/\"3694e05e9dff591\"", "\"\"", "\"é\""] {
                assert_eq!(syntax(&tagged(tag, json!(null)), context), [], "{tag}");
            }
            for tag in ["a", "W/a", "w/\"a\"", "\"a b\"", "\"a\"b\"", "\"", ""] {
                assert_eq!(syntax(&tagged(tag, json!(null)), context).len(), 1, "{tag}");
            }
        });
    }

    #[test]
    fn header_and_body_agree() {
        with_context(|context| {
            assert_eq!(is_meta_version(&tagged("W/\"a\"", json!("W/\"a\"")), context), []);
            assert_eq!(is_meta_version(&tagged("W/\"a\"", json!(null)), context), []);
            assert_eq!(is_meta_version(&tagged("W/\"a\"", json!("a")), context).len(), 1);
        });
    }
}
