//! What a snapshot is made from: exchanges, and what the run knows about the values in them.
//! Must not decide what of it is shown.

use crate::http::Exchange;

/// One exchange of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    pub method: String,
    /// Origin-form request target, still encoded: `/scim/v2/Users?count=1`.
    pub target: String,
    pub request_headers: Vec<(String, String)>,
    pub request_body: Vec<u8>,
    /// `None` where no response came.
    pub status: Option<u16>,
    pub response_headers: Vec<(String, String)>,
    pub response_body: Vec<u8>,
}

impl From<&Exchange> for Recorded {
    fn from(exchange: &Exchange) -> Self {
        let fields = |headers: &crate::http::Headers| {
            headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        };
        let response = exchange.outcome.as_ref().ok();
        Self {
            method: exchange.request.method.clone(),
            target: exchange.request.target.clone(),
            request_headers: fields(&exchange.request.headers),
            request_body: exchange.request.body.to_vec(),
            status: response.map(|response| response.status),
            response_headers: response.map(|response| fields(&response.headers)).unwrap_or_default(),
            response_body: response.map(|response| response.body.to_vec()).unwrap_or_default(),
        }
    }
}

/// What differs from run to run, so that it can be replaced.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Absolute base URL of the target.
    pub base: &'a str,
    /// The tag of the run and those that are new at each case: words with one in them are names.
    pub tags: &'a [String],
    /// The requests are those of a client whose every quirk matters: its encodings, and the order of its members.
    pub as_sent: bool,
    /// Ids of resources that the run made or met; those that answers show are found without it.
    pub ids: &'a [String],
    /// Takes secrets out of a text.
    pub redact: &'a (dyn Fn(&str) -> String + Sync),
}
