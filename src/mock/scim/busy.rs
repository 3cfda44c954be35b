//! A service that is busy when it is told to be: its next requests are turned away with 429 (RFC 6585 §4).
//! Reads no clock, and knows nobody who tells it.

use std::sync::atomic::{AtomicU32, Ordering};

use super::error::ScimError;

/// In how many seconds to come again; Retry-After counts whole ones (RFC 9110 §10.2.3).
const PAUSE: &str = "1";

/// How many requests are still to be turned away.
#[derive(Debug, Default)]
pub(super) struct Busy(AtomicU32);

impl Busy {
    pub fn turn_away(&self, requests: u32) {
        self.0.store(requests, Ordering::SeqCst);
    }

    /// Turns a request away where that is due.
    pub fn let_in(&self) -> Result<(), ScimError> {
        match self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)) {
            Ok(_) => Err(ScimError::new(429, "the server is busy").header("Retry-After", PAUSE)),
            Err(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_are_turned_away_and_no_more() {
        let busy = Busy::default();
        assert_eq!(busy.let_in(), Ok(()));
        busy.turn_away(2);
        for _ in 0..2 {
            let turned_away = busy.let_in().expect_err("busy");
            assert_eq!(
                (turned_away.status, turned_away.headers),
                (429, vec![("Retry-After", "1".to_owned())])
            );
        }
        assert_eq!(busy.let_in(), Ok(()));
    }
}
