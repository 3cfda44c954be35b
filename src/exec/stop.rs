//! The word that ends a run early: said once, by a signal handler or by the engine itself.
//! Knows no signals.

use std::sync::Arc;

use tokio::sync::watch;

/// Ends a run early. Clones share the word.
#[derive(Debug, Clone)]
pub struct Stop(Arc<watch::Sender<Option<String>>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }
}

impl Stop {
    /// Ends the run; `why` is told as `aborted`. Only the first word counts.
    pub fn stop(&self, why: &str) {
        self.0.send_if_modified(|word| {
            let first = word.is_none();
            if first {
                *word = Some(why.to_owned());
            }
            first
        });
    }

    /// Why the run ends, once it was said.
    pub fn reason(&self) -> Option<String> {
        self.0.borrow().clone()
    }

    /// Waits until the run is to end.
    pub async fn stopped(&self) -> String {
        let mut word = self.0.subscribe();
        loop {
            if let Some(why) = word.borrow_and_update().clone() {
                return why;
            }
            if word.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}
