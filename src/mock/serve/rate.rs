//! Rate limiting: so many requests a second for each token.
//! Reads no clock and knows no HTTP.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many tokens are told apart; more share one allowance, so that made-up tokens cannot fill the memory.
const TOLD_APART: usize = 4096;

/// What the arithmetic of a whole token may lose.
const ROUNDING: f64 = 1e-6;

/// A bucket for each token, filled at the rate and holding a second's worth.
pub(super) struct RateLimit {
    per_second: f64,
    /// Tokens are kept as hashes only.
    hasher: RandomState,
    buckets: Mutex<HashMap<u64, Bucket>>,
}

#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl RateLimit {
    pub fn new(per_second: NonZeroU32) -> Self {
        Self { per_second: per_second.get().into(), hasher: RandomState::new(), buckets: Mutex::default() }
    }

    /// Takes one request off the allowance of `token` (`None`: requests without one).
    /// `Err` says how long to wait until there is one again.
    pub fn take(&self, token: Option<&str>, now: Instant) -> Result<(), Duration> {
        let mut key = self.hasher.hash_one(token);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= TOLD_APART && !buckets.contains_key(&key) {
            let full = self.per_second;
            buckets.retain(|_, bucket| bucket.filled(full, now) < full);
            if buckets.len() >= TOLD_APART {
                key = 0;
            }
        }
        let bucket = buckets.entry(key).or_insert(Bucket { left: self.per_second, at: now });
        bucket.left = bucket.filled(self.per_second, now);
        bucket.at = now;
        if bucket.left >= 1.0 - ROUNDING {
            bucket.left -= 1.0;
            return Ok(());
        }
        Err(Duration::from_secs_f64((1.0 - bucket.left) / self.per_second))
    }
}

impl Bucket {
    fn filled(&self, per_second: f64, now: Instant) -> f64 {
        let gained = now.saturating_duration_since(self.at).as_secs_f64() * per_second;
        (self.left + gained).min(per_second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(per_second: u32) -> RateLimit {
        RateLimit::new(NonZeroU32::new(per_second).unwrap())
    }

    #[test]
    fn a_second_holds_so_many_and_no_more() {
        let (limit, now) = (limit(3), Instant::now());
        for _ in 0..3 {
            assert!(limit.take(Some("a"), now).is_ok());
        }
        let wait = limit.take(Some("a"), now).unwrap_err();
        assert!((0.3..0.34).contains(&wait.as_secs_f64()), "{wait:?}");
        assert!(limit.take(Some("a"), now + wait).is_ok());
    }

    #[test]
    fn tokens_do_not_share() {
        let (limit, now) = (limit(1), Instant::now());
        assert!(limit.take(Some("a"), now).is_ok());
        assert!(limit.take(Some("b"), now).is_ok());
        assert!(limit.take(None, now).is_ok());
        assert!(limit.take(Some("a"), now).is_err());
    }

    #[test]
    fn made_up_tokens_are_bounded_in_memory_and_in_rate() {
        let (limit, now) = (limit(1), Instant::now());
        let let_through = (0..20_000).filter(|n| limit.take(Some(&n.to_string()), now).is_ok()).count();
        assert!(limit.buckets.lock().unwrap().len() <= TOLD_APART + 1);
        assert_eq!(let_through, TOLD_APART + 1);
        assert!(limit.take(Some("late"), now + Duration::from_secs(2)).is_ok());
        assert!(limit.buckets.lock().unwrap().len() < 10, "full buckets are forgotten");
    }
}
