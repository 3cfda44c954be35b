//! The progress bar: it shows how far a run has come, on stderr, and only on a terminal.
//! Knows nothing of verdicts beyond their counts.

use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::event::{Event, Outcome};

/// A bar that whoever counts by itself moves; hidden where stderr is no terminal.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar on stderr, hidden where that is no terminal or `wanted` is false.
    pub fn new(wanted: bool) -> Self {
        let target = if wanted { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let template = "{bar:32} {pos}/{len} {wide_msg}";
        bar.set_style(
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        Self(bar)
    }

    /// Shows that so much of so much is done, and a message, which is made only where somebody sees it.
    pub fn show(&self, done: u64, of: u64, message: impl FnOnce() -> String) {
        if self.0.is_hidden() {
            return;
        }
        self.0.set_length(of);
        self.0.set_position(done);
        self.0.set_message(message());
    }

    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}

/// A bar that events move; hidden where stderr is no terminal.
pub struct Progress {
    bar: ProgressBar,
    failed: Mutex<usize>,
}

impl Progress {
    /// A bar on stderr, hidden where that is no terminal or `wanted` is false.
    pub fn new(wanted: bool) -> Self {
        let Bar(bar) = Bar::new(wanted);
        Self { bar, failed: Mutex::new(0) }
    }
}

impl Progress {
    /// Moves the bar by one event.
    pub fn show(&self, event: &Event) {
        match event {
            Event::RunStarted { cases, .. } => self.bar.set_length(u64::try_from(*cases).unwrap_or(u64::MAX)),
            Event::CaseFinished(result) => {
                self.bar.inc(1);
                let red = matches!(result.outcome, Outcome::Failed | Outcome::Errored);
                let mut failed = self.failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                *failed += usize::from(red);
                let count = if *failed == 0 { String::new() } else { format!("{failed} red, ") };
                self.bar.set_message(format!("{count}{}", result.case.id));
            }
            Event::RunFinished { .. } => self.bar.finish_and_clear(),
            _ => {}
        }
    }
}
