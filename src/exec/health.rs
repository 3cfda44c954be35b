//! Whether the target can still be judged: alive, and letting us in.
//! Sends nothing by itself.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::http::{Response, TransportError};

/// So many refusals, and nothing let through, and the credential is no good.
const REFUSALS: u32 = 6;

/// So many creates in a row that failed twice, and a second attempt is not worth its time.
const VAIN: u32 = 3;

/// What the run knows of the target's health. The first bad news stays.
#[derive(Default)]
pub(super) struct Health {
    /// Whether the target's own credential was given.
    has_credential: bool,
    refused: AtomicU32,
    let_in: AtomicBool,
    /// Answers of any kind so far: tells whether the target answered somebody since.
    answers: AtomicU32,
    /// Creates in a row that failed a second time too.
    vain: AtomicU32,
    broken: Mutex<Option<String>>,
    /// Held by whoever finds out whether the target is alive.
    pub probing: tokio::sync::Mutex<()>,
}

impl Health {
    pub fn new(has_credential: bool) -> Self {
        Self { has_credential, ..Self::default() }
    }

    /// Why the target can no longer be judged.
    pub fn broken(&self) -> Option<String> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn break_off(&self, why: String) {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
    }

    /// How many answers came so far.
    pub fn answers(&self) -> u32 {
        self.answers.load(Ordering::SeqCst)
    }

    /// Notes an answer; `as_target` where it was asked for with the target's own credential, and not from a
    /// discovery endpoint, which servers may leave open.
    pub fn answered(&self, response: &Response, as_target: bool) {
        self.answers.fetch_add(1, Ordering::SeqCst);
        if !as_target || self.let_in.load(Ordering::SeqCst) {
            return;
        }
        if response.status != 401 {
            self.let_in.store(true, Ordering::SeqCst);
        } else if self.refused.fetch_add(1, Ordering::SeqCst) + 1 >= REFUSALS {
            let why = match self.has_credential {
                true => "the target refuses the credential",
                false => "the target asks for a credential, and none was given (--token, SCIMSPEC_TOKEN)",
            };
            self.break_off(format!("{why}: every request was answered with 401"));
        }
    }

    /// Whether a create that failed is worth a second attempt.
    pub fn creates_recover(&self) -> bool {
        self.vain.load(Ordering::SeqCst) < VAIN
    }

    /// Notes how a second attempt ended.
    pub fn created_again(&self, made: bool) {
        if made {
            self.vain.store(0, Ordering::SeqCst);
        } else {
            self.vain.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Notes that not even a probe was answered.
    pub fn gone(&self, error: &TransportError) {
        self.break_off(format!("the target is gone: {error}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_that_never_opens_ends_the_run() {
        let health = Health::default();
        for _ in 0..REFUSALS {
            health.answered(&Response::new(401), false);
        }
        assert_eq!(health.broken(), None, "other credentials do not count");
        for _ in 0..REFUSALS {
            assert_eq!(health.broken(), None);
            health.answered(&Response::new(401), true);
        }
        assert!(health.broken().is_some_and(|why| why.contains("401")));
    }

    #[test]
    fn second_attempts_end_where_they_are_vain() {
        let health = Health::default();
        for made in [false, false, true, false, false] {
            health.created_again(made);
            assert!(health.creates_recover());
        }
        health.created_again(false);
        assert!(!health.creates_recover());
    }

    #[test]
    fn a_credential_that_opened_once_is_good() {
        let health = Health::default();
        health.answered(&Response::new(404), true);
        for _ in 0..2 * REFUSALS {
            health.answered(&Response::new(401), true);
        }
        assert_eq!(health.broken(), None);
    }
}
