//! `error`: the SCIM error message of RFC 7644 §3.12, as far as a client must understand it.
//! Its exact form is a claim of its own: schema `Error` and the named check `error-status`.

use serde_json::Value;

use crate::http::Response;
use crate::scim::urn;
use crate::suite::model::ErrorExpect;

use super::judge::Context;
use super::{Problem, Spot, body, json, show, status};

/// The status, then a body that can be known as a SCIM error, then its scimType.
///
/// A `status` in the body that is a number, or another than that of HTTP, is let pass here, so that this one mistake does not
/// fail every case.
pub fn judge(expected: &ErrorExpect, response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = status::judge(&expected.status, response).into_iter().collect();
    if problems.is_empty() && response.status < 400 {
        problems.push(Problem {
            spot: Spot::Status,
            message: format!("the answer should be an error and has status {}", response.status),
            expected: "a status of 400 or above".to_owned(),
            actual: response.status.to_string(),
        });
    }
    // Where the server did not refuse at all, the form of the refusal is of no interest.
    if response.status < 400 {
        return problems;
    }
    match body::parse(response, context) {
        Ok(document) => problems.extend(judge_body(expected, &document, context)),
        Err(problem) => problems.push(problem),
    }
    problems
}

fn judge_body(expected: &ErrorExpect, document: &Value, context: &Context<'_>) -> Option<Problem> {
    let members = ["status", "detail", "scimType"];
    let known =
        json::has_schema(document, urn::ERROR) || members.iter().any(|m| json::get(document, m).is_some());
    if !known {
        return Some(Problem::in_body(
            "",
            "the body should be a SCIM error message and is another document".to_owned(),
            format!("a JSON object with schemas [{:?}]", urn::ERROR),
            show::value(Some(document), context.redact),
        ));
    }
    judge_scim_type(expected, document, context)
}

fn judge_scim_type(expected: &ErrorExpect, document: &Value, context: &Context<'_>) -> Option<Problem> {
    if expected.scim_type.is_empty() {
        return None;
    }
    let actual = json::get(document, "scimType");
    let holds = |text: &str| expected.scim_type.iter().any(|e| e == text);
    if actual.and_then(Value::as_str).is_some_and(holds) {
        return None;
    }
    let wanted: Vec<String> = expected.scim_type.iter().map(|e| format!("{e:?}")).collect();
    let wanted = wanted.join(" or ");
    let told = match actual {
        Some(value) => format!("is {}", show::brief(Some(value), context.redact)),
        None => "is missing".to_owned(),
    };
    Some(Problem::in_body(
        "/scimType",
        format!("scimType should be {wanted} and {told}"),
        wanted,
        show::value(actual, context.redact),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_context};
    use crate::suite::model::StatusPattern;
    use serde_json::json;

    fn judged(status: u16, body: Value) -> Vec<String> {
        let expected =
            ErrorExpect { status: vec![StatusPattern::Code(400)], scim_type: vec!["noTarget".into()] };
        let problems = with_context(|context| judge(&expected, &answer(status, body), context));
        problems.into_iter().map(|p| p.message).collect()
    }

    #[test]
    fn the_message_of_the_rfc_holds() {
        let body = json!({ "schemas": [urn::ERROR], "status": "400", "scimType": "noTarget" });
        assert!(judged(400, body).is_empty());
    }

    #[test]
    fn the_form_of_status_is_not_told_here() {
        for status in [json!(400), json!("500")] {
            assert!(judged(400, json!({ "status": status, "scimType": "noTarget" })).is_empty());
        }
    }

    #[test]
    fn status_scim_type_and_form_are_told() {
        assert_eq!(judged(200, json!({})), ["the status should be 400 and is 200"]);
        let other = json!({ "status": "400", "scimType": "mutability" });
        assert_eq!(judged(400, other), ["scimType should be \"noTarget\" and is \"mutability\""]);
        assert_eq!(
            judged(400, json!({ "status": "400" })),
            ["scimType should be \"noTarget\" and is missing"]
        );
        assert_eq!(judged(400, json!({ "message": "no" })).len(), 1);
        assert_eq!(judged(400, json!([1])).len(), 1);
    }

    #[test]
    fn an_error_without_a_body_or_in_html_is_told() {
        let expected = ErrorExpect::default();
        with_context(|context| {
            assert_eq!(judge(&expected, &Response::new(404), context).len(), 1);
            assert_eq!(judge(&expected, &Response::new(204), context).len(), 1);
        });
    }
}
