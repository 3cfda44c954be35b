//! An expectation against an answer.

use crate::http::Response;
use crate::schema::Registry;
use crate::suite::Expect;

use super::Problem;

/// What a judgement may look at beside the answer itself.
pub struct Context<'a> {
    pub schemas: &'a Registry,
    /// Absolute URL of the request; relative references resolve against it.
    pub url: &'a str,
    /// Absolute base URL of the target.
    pub base: &'a str,
    /// Method of the request.
    pub method: &'a str,
}

/// Everything in which `response` differs from `expect`, whose templates have been rendered. Empty: it holds.
pub fn judge(_expect: &Expect, _response: &Response, _context: &Context<'_>) -> Vec<Problem> {
    todo!()
}
