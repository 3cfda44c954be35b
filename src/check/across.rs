//! Checks over a whole run: what no answer shows by itself, but one answer beside the others.
//! Must not know which requirement a case claims with them, nor how the answers came about.

mod ids;

use crate::http::Response;

use super::Problem;
use super::judge::{Context, present};

/// A check that cases which watch can ask for by name, under `over_all`.
pub struct AcrossCheck {
    /// In lower case with hyphens; it never changes.
    pub name: &'static str,
    /// One line: what must hold.
    pub doc: &'static str,
    begin: fn() -> Box<dyn Memory>,
}

/// What a check keeps of the answers that it has seen: a bounded part.
trait Memory: Send {
    /// Everything in which the answer does not go with those before it.
    fn see(&mut self, response: &Response, context: &Context<'_>) -> Vec<Problem>;
}

/// A check at work on one run.
pub struct Across(Box<dyn Memory>);

impl Across {
    /// Looks at the next answer of the run: everything in which it does not go with those before it.
    ///
    /// All texts of the problems have gone through [`Context::redact`].
    pub fn see(&mut self, response: &Response, context: &Context<'_>) -> Vec<Problem> {
        present(self.0.see(response, context), None, context)
    }
}

/// Every check over a run, sorted by name.
pub fn all() -> &'static [AcrossCheck] {
    ALL
}

/// The check called `name`, with nothing seen yet; `None` where there is no such check.
pub fn begin(name: &str) -> Option<Across> {
    all().iter().find(|check| check.name == name).map(|check| Across((check.begin)()))
}

const ALL: &[AcrossCheck] = &[AcrossCheck {
    name: "ids-differ-between-types",
    doc: "no resource of one type has the id of a resource of another type",
    begin: ids::between_types,
}];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_context};
    use serde_json::json;

    #[test]
    fn names_are_unique_sorted_and_no_named_checks() {
        assert!(all().is_sorted_by(|a, b| a.name < b.name));
        assert!(all().iter().all(|check| crate::check::named::find(check.name).is_none()));
        assert!(begin("no-such").is_none());
    }

    #[test]
    fn no_check_is_about_what_is_no_resource() {
        with_context(|context| {
            for check in all() {
                let mut across = begin(check.name).expect("it is listed");
                for body in [json!(null), json!([[]]), json!({ "Resources": [1, { "id": 7 }] })] {
                    assert_eq!(across.see(&answer(200, body), context), []);
                }
                assert_eq!(across.see(&Response::new(204), context), []);
            }
        });
    }
}
