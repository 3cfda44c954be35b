//! The order of the measurements, and what they add up to.

use std::io;
use std::time::{Duration, Instant};

use crate::client::{Until, load};
use crate::process::Subject;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub rounds: usize,
    pub round: Duration,
    pub connections: u64,
    /// Requests before memory is read.
    pub requests: u64,
    /// How long another server, which may be much slower, is sent requests before its memory is read.
    pub patience: Duration,
}

pub const WHOLE: Size = Size {
    rounds: 40,
    round: Duration::from_millis(500),
    connections: 64,
    requests: 1_000_000,
    patience: Duration::from_secs(30),
};

/// Enough to know that everything works.
pub const SMOKE: Size = Size {
    rounds: 1,
    round: Duration::from_millis(100),
    connections: 4,
    requests: 2_000,
    patience: Duration::from_millis(100),
};

/// What one server did.
pub struct Result {
    pub name: &'static str,
    /// The result that this one is compared with.
    pub beside: Option<usize>,
    /// A number for each round.
    pub per_second: Vec<f64>,
    /// Microseconds of processor time that the server took for each request, by round.
    pub processor: Vec<f64>,
    /// Of all rounds.
    pub times: Vec<Duration>,
    /// Kilobytes after warming up, and after all requests.
    pub memory: Option<(u64, u64)>,
    pub requests: u64,
    /// Attempts that were refused, reset or not answered in time.
    pub failed: u64,
}

pub async fn run(subjects: &[Subject], size: Size) -> io::Result<Vec<Result>> {
    let mut results: Vec<Result> = subjects.iter().map(Result::new).collect();
    for (subject, result) in subjects.iter().zip(&mut results) {
        result.warm(subject, size).await?;
    }
    for round in 0..size.rounds {
        let mut order: Vec<usize> = (0..subjects.len()).collect();
        // There and back, so that nobody always comes first.
        if round % 2 == 1 {
            order.reverse();
        }
        for at in order {
            if let (Some(subject), Some(result)) = (subjects.get(at), results.get_mut(at)) {
                result.round(subject, size).await?;
            }
        }
    }
    for (subject, result) in subjects.iter().zip(&mut results) {
        result.fill(subject, size).await?;
    }
    Ok(results)
}

impl Result {
    fn new(subject: &Subject) -> Self {
        let (per_second, processor, times) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            name: subject.name,
            beside: subject.beside,
            per_second,
            processor,
            times,
            memory: None,
            requests: 0,
            failed: 0,
        }
    }

    async fn warm(&mut self, subject: &Subject, size: Size) -> io::Result<()> {
        self.load(subject, size, Until::After(size.round)).await?;
        self.memory = subject.memory().map(|memory| (memory, memory));
        Ok(())
    }

    async fn round(&mut self, subject: &Subject, size: Size) -> io::Result<()> {
        let (before, started) = (subject.processor(), Instant::now());
        let times = self.load(subject, size, Until::After(size.round)).await?;
        let elapsed = started.elapsed().as_secs_f64();
        let count = times.len() as f64;
        self.per_second.push(count / elapsed);
        if let (Some(before), Some(after)) = (before, subject.processor()) {
            self.processor.push((after - before) * 1e6 / count);
        }
        self.times.extend(times);
        Ok(())
    }

    /// Sends what is left of the requests, and reads the memory.
    async fn fill(&mut self, subject: &Subject, size: Size) -> io::Result<()> {
        let left = Until::Count(size.requests.saturating_sub(self.requests));
        self.load(subject, size, if subject.is_other { Until::After(size.patience) } else { left }).await?;
        if let (Some((_, after)), Some(memory)) = (&mut self.memory, subject.memory()) {
            *after = memory;
        }
        Ok(())
    }

    async fn load(&mut self, subject: &Subject, size: Size, until: Until) -> io::Result<Vec<Duration>> {
        let done = load(subject.address, &subject.request, size.connections, until).await?;
        if done.failed > 0 && !subject.is_other {
            return Err(io::Error::other(format!("{}: {} attempts failed", subject.name, done.failed)));
        }
        self.requests += done.times.len() as u64;
        self.failed += done.failed;
        Ok(done.times)
    }
}
