//! What hooks make go wrong: requests that are turned away, and a change that fails inside.
//! Knows no endpoint.

use jiff::Timestamp;

use super::wire::reply::Reply;

/// In so many seconds the throttle lets [`REQUESTS`] through: GitLab's defaults for requests without a user, as which those
/// with a SCIM token count.
const PERIOD: i64 = 3600;
const REQUESTS: u64 = 3600;

/// What the next requests meet.
#[derive(Debug, Default)]
pub struct Trouble {
    turned_away: u64,
    failure: Option<String>,
}

impl Trouble {
    /// Turns so many of the next requests away; gives how many were still to be.
    pub fn turn_away(&mut self, requests: u64) -> u64 {
        std::mem::replace(&mut self.turned_away, requests)
    }

    /// The answer to a request that is turned away, with the header fields by which GitLab tells its limits.
    pub fn throttle(&mut self, now: Timestamp) -> Option<Reply> {
        self.turned_away = self.turned_away.checked_sub(1)?;
        let reset = now.as_second().saturating_add(PERIOD);
        let date = Timestamp::from_second(reset).unwrap_or(now).strftime("%a, %d %b %Y %H:%M:%S GMT");
        let reply = Reply::text(429, "Retry later\n")
            .header("Retry-After", PERIOD.to_string())
            .header("RateLimit-Name", "throttle_unauthenticated_api")
            .header("RateLimit-Limit", "60")
            .header("RateLimit-Observed", (REQUESTS + 1).to_string())
            .header("RateLimit-Remaining", "0")
            .header("RateLimit-Reset", reset.to_string())
            .header("RateLimit-ResetTime", date.to_string());
        Some(reply)
    }

    /// Lets the next change fail with a message, or no change with none; gives the message that was waiting.
    pub fn fail_next(&mut self, message: Option<String>) -> Option<String> {
        std::mem::replace(&mut self.failure, message)
    }

    /// Why a change fails that is about to be made.
    pub fn failure(&mut self) -> Option<String> {
        self.failure.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_requests_are_turned_away_as_was_said() {
        let mut trouble = Trouble::default();
        assert!(trouble.throttle(Timestamp::UNIX_EPOCH).is_none());
        assert_eq!(trouble.turn_away(2), 0);
        let told = trouble.throttle(Timestamp::UNIX_EPOCH).expect("turned away");
        let response = told.into_response(&crate::http::Request::new("GET", "/"), None);
        assert_eq!((response.status, &response.body[..]), (429, &b"Retry later\n"[..]));
        assert_eq!(response.headers.get("RateLimit-ResetTime"), Some("Thu, 01 Jan 1970 01:00:00 GMT"));
        assert_eq!(trouble.turn_away(0), 1);
        assert!(trouble.throttle(Timestamp::UNIX_EPOCH).is_none());
    }

    #[test]
    fn one_change_fails() {
        let mut trouble = Trouble::default();
        assert_eq!(trouble.fail_next(Some("no".to_owned())), None);
        assert_eq!(trouble.failure().as_deref(), Some("no"));
        assert_eq!(trouble.failure(), None);
    }
}
