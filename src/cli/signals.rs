//! SIGINT and SIGTERM: the first ends the run in good order, the second at once.
//! Knows nothing of what is running.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::exec::Stop;

/// The exit code of the signal that came, if one did.
#[derive(Clone, Default)]
pub struct Interrupted(Arc<AtomicU8>);

impl Interrupted {
    /// 130 after SIGINT, 143 after SIGTERM.
    pub fn code(&self) -> Option<u8> {
        Some(self.0.load(Ordering::Relaxed)).filter(|code| *code != 0)
    }
}

/// Watches for signals for as long as the runtime lives: the first says `stop`, the second leaves the process.
pub fn watch(stop: Stop) -> std::io::Result<Interrupted> {
    let interrupted = Interrupted::default();
    let seen = interrupted.clone();
    let mut signals = Signals::new()?;
    tokio::spawn(async move {
        let first = signals.next().await;
        seen.0.store(first, Ordering::Relaxed);
        stop.stop("interrupted");
        let second = signals.next().await;
        std::process::exit(second.into());
    });
    Ok(interrupted)
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// The exit code of the next signal.
    async fn next(&mut self) -> u8 {
        tokio::select! {
            _ = self.interrupt.recv() => 130,
            _ = self.terminate.recv() => 143,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    /// The exit code of the next Ctrl-C.
    async fn next(&mut self) -> u8 {
        match tokio::signal::ctrl_c().await {
            Ok(()) => 130,
            Err(_) => std::future::pending().await,
        }
    }
}
