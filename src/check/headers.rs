//! `headers`: header fields, a matcher each.
//! Must not look at the body.

use serde_json::Value;

use crate::http::Response;

use super::judge::Context;
use super::{Problem, Spot, matcher};

/// The field `name` against `pattern`. Fields of one name are one list (RFC 9110 §5.2): their values are joined by commas.
pub fn judge(name: &str, pattern: &Value, response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let values: Vec<&str> = response.headers.get_all(name).collect();
    let actual = (!values.is_empty()).then(|| Value::String(values.join(", ")));
    let pattern = match pattern {
        // `Content-Length: 0` is written as a number and sent as a text.
        Value::Number(number) => Value::String(number.to_string()),
        other => other.clone(),
    };
    let mut problems = matcher::judge(&pattern, actual.as_ref(), context);
    for problem in &mut problems {
        problem.spot = Spot::Header { name: name.to_owned() };
        problem.message = problem.message.replacen(matcher::WHOLE, &format!("header {name}"), 1);
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::with_context;
    use serde_json::json;

    fn problems(pattern: Value) -> Vec<Problem> {
        let mut response = Response::new(200);
        response.headers.append("ETag", "W/\"1\"");
        response.headers.append("Allow", "GET");
        response.headers.append("allow", "PUT");
        response.headers.append("Content-Length", "0");
        with_context(|context| {
            let fields = pattern.as_object().unwrap();
            fields.iter().flat_map(|(name, pattern)| judge(name, pattern, &response, context)).collect()
        })
    }

    #[test]
    fn compares_names_without_regard_to_case() {
        assert_eq!(problems(json!({ "etag": { "$pattern": "^W/" } })), []);
    }

    #[test]
    fn tells_the_field() {
        let problems = problems(json!({ "ETag": "\"1\"" }));
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].spot, Spot::Header { name: "ETag".into() });
        assert!(problems[0].message.starts_with("header ETag should be"), "{}", problems[0].message);
    }

    #[test]
    fn absent_and_present() {
        assert_eq!(problems(json!({ "Location": { "$absent": true }, "ETag": { "$present": true } })), []);
        assert_eq!(problems(json!({ "ETag": { "$absent": true } })).len(), 1);
        assert_eq!(problems(json!({ "Location": { "$present": true } })).len(), 1);
        assert_eq!(problems(json!({ "Location": "x" })).len(), 1);
    }

    #[test]
    fn joins_fields_of_one_name() {
        assert_eq!(problems(json!({ "Allow": "GET, PUT", "Content-Length": 0 })), []);
    }
}
