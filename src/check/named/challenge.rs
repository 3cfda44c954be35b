//! WWW-Authenticate: its grammar (RFC 9110 §11.6.1), and what RFC 6750 §3 asks of a Bearer challenge.
//! Must not decide whether a challenge was due.

use crate::check::judge::Context;
use crate::check::{Problem, show};
use crate::http::Response;

use super::authenticate::{Challenge, parse};
use super::support::{header, problem};

const NAME: &str = "WWW-Authenticate";

pub fn syntax(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let wrong = |value: &str| {
        let mistake = parse(value).err()?;
        let message = format!("header {NAME} should be a list of challenges and {mistake}");
        Some(problem(
            header(NAME),
            message,
            "scheme parameter=\"value\", …",
            show::text(value, context.redact),
        ))
    };
    response.headers.get_all(NAME).filter_map(wrong).collect()
}

pub fn parameters_once(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for challenge in challenges(response) {
        let names: Vec<String> =
            challenge.parameters.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        for (i, name) in names.iter().enumerate() {
            if names.iter().take(i).any(|earlier| earlier == name) {
                let scheme = &challenge.scheme;
                let message = format!("the {scheme} challenge should have {name} once and has it twice");
                let actual = response.headers.get(NAME).unwrap_or_default();
                problems.push(problem(
                    header(NAME),
                    message,
                    "each once",
                    show::text(actual, context.redact),
                ));
            }
        }
    }
    problems
}

pub fn bearer(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let told = response.headers.get_all(NAME).collect::<Vec<_>>().join(", ");
    let challenges = challenges(response);
    let bearer: Vec<&Challenge> =
        challenges.iter().filter(|c| c.scheme.eq_ignore_ascii_case("bearer")).collect();
    let mistake = match bearer.as_slice() {
        [] => "has none",
        some if some.iter().all(|challenge| challenge.parameters.is_empty()) => "has one without a parameter",
        _ => return Vec::new(),
    };
    let message = format!("header {NAME} should have a Bearer challenge with a parameter and {mistake}");
    vec![problem(header(NAME), message, "Bearer realm=\"…\"", show::text(&told, context.redact))]
}

/// The challenges of every field that can be read; the others are for `challenge-syntax` to tell.
fn challenges(response: &Response) -> Vec<Challenge> {
    response.headers.get_all(NAME).filter_map(|value| parse(value).ok()).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::with_context;

    fn counts(values: &[&str]) -> (usize, usize, usize) {
        let mut response = Response::new(401);
        values.iter().for_each(|value| response.headers.append(NAME, *value));
        with_context(|context| {
            let count = |check: fn(&Response, &Context<'_>) -> Vec<Problem>| check(&response, context).len();
            (count(syntax), count(parameters_once), count(bearer))
        })
    }

    #[test]
    fn right_challenges() {
        assert_eq!(
            counts(&["Bearer realm=\"scim\", error=\"invalid_token\", Basic realm=\"a, b\""]),
            (0, 0, 0)
        );
        assert_eq!(counts(&["Negotiate abc==", "bearer realm=x"]), (0, 0, 0));
    }

    #[test]
    fn wrong_challenges() {
        assert_eq!(counts(&[]), (0, 0, 1));
        assert_eq!(counts(&["Bearer"]), (0, 0, 1));
        assert_eq!(counts(&["Basic realm=\"x\""]), (0, 0, 1));
        assert_eq!(counts(&["Bearer realm=\"x"]), (1, 0, 1));
        assert_eq!(counts(&["Bearer realm=\"x\", Realm=\"y\""]), (0, 1, 0));
    }
}
