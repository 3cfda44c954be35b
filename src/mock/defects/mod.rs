//! Named defects: each a small unit that makes the correct service wrong in exactly one way.
//! The correct service knows none of them.

use std::sync::Arc;

use crate::http::{Request, Response};
use crate::mock::scim::{Policy, Settings};
use crate::mock::{Answer, Service};

/// One way for a server to be wrong.
#[derive(Clone, Copy)]
pub struct Defect {
    /// `filter-and-as-or`: it never changes.
    pub id: &'static str,
    /// The area that it belongs to: `filter`, `patch`, `discovery` ….
    pub area: &'static str,
    /// The requirements that it breaks.
    pub requirements: &'static [&'static str],
    /// What the server does, in one sentence.
    pub about: &'static str,
    /// Whether a suite must fail because of it, or only warn.
    pub severity: Severity,
    pub how: How,
}

/// What a suite owes a defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Failure,
    Warning,
}

/// How a defect makes the service wrong.
#[derive(Clone, Copy)]
pub enum How {
    /// Flips a decision of the service.
    Policy(fn(&mut Policy)),
    /// Configures the service wrongly: its schemas, resource types, limits.
    Settings(fn(&mut Settings)),
    /// Changes each request before the service sees it.
    Request(fn(&mut Request)),
    /// Changes each response before the client sees it.
    Response(fn(&Request, &mut Response)),
    /// Puts bytes of its own on the wire.
    Wire(fn(&Request, Response) -> Answer),
    /// Stands around the service, where one request or one response is not enough.
    Around(fn(Arc<dyn Service>) -> Arc<dyn Service>),
}
