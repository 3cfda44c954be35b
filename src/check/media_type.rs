//! `media_type`: the media type of the answer, without its parameters.
//! Must not look at the body.

use crate::http::Response;

use super::judge::Context;
use super::{Problem, Spot, show};

/// `None` where the answer has one of `expected`, or where nothing is expected.
pub fn judge(expected: &[String], response: &Response, context: &Context<'_>) -> Option<Problem> {
    let actual = response.media_type();
    let holds = |actual: &str| expected.iter().any(|e| e.eq_ignore_ascii_case(actual));
    if expected.is_empty() || actual.as_deref().is_some_and(holds) {
        return None;
    }
    let expected = expected.join(" or ");
    let told = match &actual {
        Some(actual) => format!("is {}", show::quoted(actual, context.redact)),
        None => "is missing".to_owned(),
    };
    Some(Problem {
        spot: Spot::Header { name: "Content-Type".to_owned() },
        message: format!("the media type should be {expected} and {told}"),
        expected,
        actual: response
            .headers
            .get("content-type")
            .map_or("no Content-Type".to_owned(), |value| show::text(value, context.redact)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::with_context;

    fn judged(content_type: Option<&str>) -> Option<Problem> {
        let mut response = Response::new(200);
        if let Some(value) = content_type {
            response.headers.set("Content-Type", value);
        }
        with_context(|context| judge(&["application/scim+json".to_owned()], &response, context))
    }

    #[test]
    fn parameters_and_case_do_not_count() {
        assert_eq!(judged(Some("application/scim+json")), None);
        assert_eq!(judged(Some("Application/SCIM+json; charset=UTF-8")), None);
    }

    #[test]
    fn another_type_and_none_are_told() {
        let message = judged(Some("text/html")).unwrap().message;
        assert_eq!(message, "the media type should be application/scim+json and is \"text/html\"");
        assert!(judged(None).unwrap().message.ends_with("is missing"));
    }
}
