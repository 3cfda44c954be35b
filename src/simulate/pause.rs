//! How long a client waits where the server asks for patience.
//! Sends nothing, and knows no clock but the server's own.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use crate::http::Response;

use super::manner::Retry;

/// What stands for a client's own first pause, which would take minutes.
const SHORT: Duration = Duration::from_secs(1);

/// One pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pause {
    pub length: Duration,
    /// The client's own pause would have been longer.
    pub shortened: bool,
}

impl Pause {
    pub fn own(length: Duration) -> Self {
        Self { length, shortened: false }
    }
}

/// The pause that an answer asks for after so many others; `None` where the answer is the last word. What the server
/// asks for is kept to; the client's own pause is shortened. Each further one is twice as long.
pub(super) fn pause(retry: &Retry, response: &Response, tries: u32) -> Option<Pause> {
    if !retry.statuses.contains(&response.status) || tries >= retry.attempts {
        return None;
    }
    let factor = 1_u32.checked_shl(tries).unwrap_or(u32::MAX);
    let value = response.headers.get("retry-after").map(str::trim);
    let asked =
        value.and_then(seconds).or_else(|| value.filter(|_| retry.dates).and_then(|v| until(v, response)));
    Some(match asked {
        Some(asked) => Pause::own(asked.saturating_mul(factor)),
        // 503 alone asks for nothing.
        None if response.status == 503 => return None,
        None => Pause {
            length: retry.unasked.min(SHORT).saturating_mul(factor),
            shortened: retry.unasked > SHORT,
        },
    })
}

fn seconds(value: &str) -> Option<Duration> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| Duration::from_secs(value.parse().unwrap_or(u64::from(u32::MAX))))
}

/// A date, counted from the server's own.
fn until(value: &str, response: &Response) -> Option<Duration> {
    let date = |text: &str| DateTimeParser::new().parse_timestamp(text.trim()).ok();
    let until = date(value)?;
    let now = response.headers.get("date").and_then(date).unwrap_or_else(Timestamp::now);
    Some(Duration::from_secs(u64::try_from(until.as_second() - now.as_second()).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::manner::find;

    fn of(client: &str, status: u16, retry_after: Option<&str>, tries: u32) -> Option<Pause> {
        let mut response = Response::new(status);
        response.headers.set("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
        retry_after.into_iter().for_each(|value| response.headers.set("Retry-After", value));
        pause(&find(client).expect("a client").retry, &response, tries)
    }

    fn asked(seconds: u64) -> Option<Pause> {
        Some(Pause::own(Duration::from_secs(seconds)))
    }

    #[test]
    fn okta_keeps_to_seconds_and_reads_no_dates() {
        assert_eq!(of("okta", 429, Some("7"), 0), asked(7));
        assert_eq!(of("okta", 429, Some("7"), 2), asked(28));
        let own = Some(Pause { length: SHORT, shortened: true });
        assert_eq!(of("okta", 429, Some("Sun, 06 Nov 1994 08:50:07 GMT"), 0), own);
        assert_eq!(of("okta", 429, None, 0), own);
        assert_eq!(of("okta", 503, Some("7"), 0), None);
        assert_eq!(of("okta", 429, Some("7"), 10), None, "ten attempts, and it has failed");
    }

    #[test]
    fn entra_reads_dates_and_503() {
        assert_eq!(of("entra", 429, Some("Sun, 06 Nov 1994 08:50:07 GMT"), 0), asked(30));
        assert_eq!(of("entra", 503, Some("3"), 0), asked(3));
        assert_eq!(of("entra", 503, None, 0), None);
        assert_eq!(of("entra", 200, Some("3"), 0), None);
    }
}
