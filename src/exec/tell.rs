//! Exchanges as events tell them: bodies cut to a limit, and the command that repeats the request.
//! Knows no verdict; what it is given is redacted already.

use crate::event::ToldExchange;
use crate::http::{Exchange, Headers};

use super::recorded::Recorded;

/// Bodies are told up to so many bytes.
const BODY: usize = 8 * 1024;

/// An exchange, ready to be told.
pub(super) fn told(recorded: &Recorded) -> ToldExchange {
    let Exchange { request, url, outcome, elapsed } = &*recorded.exchange;
    let response = outcome.as_ref().ok();
    ToldExchange {
        place: recorded.place.clone(),
        method: request.method.clone(),
        url: url.clone(),
        request_headers: fields(&request.headers),
        request_body: body(&request.body),
        status: response.map(|response| response.status),
        response_headers: response.map(|response| fields(&response.headers)).unwrap_or_default(),
        response_body: response.map(|response| body(&response.body)).unwrap_or_default(),
        error: outcome.as_ref().err().map(ToString::to_string),
        millis: u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        curl: crate::http::curl(&recorded.exchange),
    }
}

fn fields(headers: &Headers) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A body as text, cut between characters, and said so.
fn body(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    if text.len() <= BODY {
        return text.into_owned();
    }
    let end = (0..=BODY).rev().find(|&end| text.is_char_boundary(end)).unwrap_or_default();
    let kept = text.get(..end).unwrap_or_default();
    format!("{kept}\n… cut: {} of {} bytes are shown", end, bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_body_is_cut_between_characters_and_says_so() {
        let long = format!("a{}", "ä".repeat(BODY));
        let told = body(long.as_bytes());
        assert!(told.ends_with(&format!("… cut: {} of {} bytes are shown", BODY - 1, long.len())), "{told}");
        assert_eq!(body(b"short"), "short");
    }
}
