//! `status`: the status code against codes and classes.
//! Must not look at anything else.

use crate::http::Response;
use crate::suite::model::StatusPattern;

use super::{Problem, Spot};

/// `None` where one of `patterns` matches, or where there are none.
pub fn judge(patterns: &[StatusPattern], response: &Response) -> Option<Problem> {
    if patterns.is_empty() || patterns.iter().any(|p| matches(p, response.status)) {
        return None;
    }
    let expected = describe(patterns);
    Some(Problem {
        spot: Spot::Status,
        message: format!("the status should be {expected} and is {}", response.status),
        expected,
        actual: response.status.to_string(),
    })
}

/// Whether `status` is the code, or of the class.
pub fn matches(pattern: &StatusPattern, status: u16) -> bool {
    match pattern {
        StatusPattern::Code(code) => *code == status,
        StatusPattern::Class(class) => {
            let text = status.to_string();
            class.len() == text.len()
                && class.chars().zip(text.chars()).all(|(c, s)| c.eq_ignore_ascii_case(&'x') || c == s)
        }
    }
}

/// `200`, `200 or 204`, `4xx`.
pub fn describe(patterns: &[StatusPattern]) -> String {
    let texts: Vec<String> = patterns
        .iter()
        .map(|pattern| match pattern {
            StatusPattern::Code(code) => code.to_string(),
            StatusPattern::Class(class) => class.clone(),
        })
        .collect();
    texts.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(text: &str) -> StatusPattern {
        StatusPattern::Class(text.to_owned())
    }

    #[test]
    fn a_code_matches_itself_alone() {
        assert_eq!(judge(&[StatusPattern::Code(200)], &Response::new(200)), None);
        let problem = judge(&[StatusPattern::Code(200), class("4xx")], &Response::new(500)).unwrap();
        assert_eq!(problem.message, "the status should be 200 or 4xx and is 500");
    }

    #[test]
    fn a_class_matches_its_hundred() {
        assert!(matches(&class("4xx"), 404));
        assert!(matches(&class("4XX"), 499));
        assert!(!matches(&class("4xx"), 500));
        assert!(matches(&class("404"), 404));
        assert!(!matches(&class("x"), 404));
    }

    #[test]
    fn no_pattern_asks_nothing() {
        assert_eq!(judge(&[], &Response::new(500)), None);
    }
}
