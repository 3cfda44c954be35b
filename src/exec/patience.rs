//! How long something is repeated until it holds, and the pauses between.
//! Knows nothing of what is repeated.

use std::time::Duration;

use tokio::time::Instant;

/// Between the first two repetitions; doubled each time, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(25);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// The time that is left for repetitions.
pub(super) struct Patience {
    deadline: Instant,
    pause: Duration,
}

impl Patience {
    /// From now on for so long; zero repeats nothing.
    pub fn new(lasts: Duration) -> Self {
        Self { deadline: Instant::now() + lasts, pause: FIRST_PAUSE }
    }

    /// Waits for the next repetition. `false`, at once: the time is over.
    pub async fn wait(&mut self) -> bool {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        tokio::time::sleep(self.pause.min(left)).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_last_repetition_is_at_the_end_of_the_time() {
        let begin = Instant::now();
        let mut patience = Patience::new(Duration::from_millis(100));
        let mut repetitions = 0;
        while patience.wait().await {
            repetitions += 1;
        }
        assert_eq!((repetitions, begin.elapsed()), (3, Duration::from_millis(100)));
        assert!(!Patience::new(Duration::ZERO).wait().await);
    }
}
