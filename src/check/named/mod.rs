//! Named checks: what needs logic that matchers cannot say. Suites ask for them by name, `scimspec list checks` tells them.
//! Must not know which requirement a case claims with them.

use crate::http::Response;

use super::judge::Context;
use super::{Problem, Spot};

/// A check that suites can ask for by name.
pub struct NamedCheck {
    /// In lower case with hyphens; it never changes.
    pub name: &'static str,
    /// One line: what must hold.
    pub doc: &'static str,
    /// Everything in which the answer breaks it. An answer that it is not about has no problems.
    pub judge: fn(&Response, &Context<'_>) -> Vec<Problem>,
}

/// Every named check, sorted by name.
pub fn all() -> &'static [NamedCheck] {
    &[]
}

/// The check called `name`.
pub fn find(name: &str) -> Option<&'static NamedCheck> {
    all().iter().find(|check| check.name == name)
}

pub(super) fn judge(name: &str, response: &Response, context: &Context<'_>) -> Vec<Problem> {
    match find(name) {
        Some(check) => (check.judge)(response, context),
        None => vec![Problem {
            spot: Spot::Body { pointer: String::new() },
            message: format!("the suite names the check {name:?}, which does not exist"),
            expected: format!("check {name}"),
            actual: "no such check".to_owned(),
        }],
    }
}
