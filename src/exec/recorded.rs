//! One exchange of a run, with where it comes from.
//! Must not know how a case went.

use std::sync::Arc;

use crate::http::Exchange;

/// One exchange of a run, with where it comes from.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// `suites/rfc7644/filter.yaml:17`.
    pub place: String,
    /// Without secrets.
    pub exchange: Arc<Exchange>,
    /// Whether it belongs to the case's snapshot.
    pub snapshot: bool,
}
