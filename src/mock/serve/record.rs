//! The recording of what clients sent and got: a file that is whole after each exchange.
//! Must not know sockets.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use super::har;
use super::redact::Redactor;
use crate::http::Request;
use crate::mock::Answer;

/// Exchanges that may wait for the disk; then requests wait too, so that memory stays bounded and nothing is lost.
const WAITING: usize = 16;

/// One exchange to be kept.
#[derive(Debug)]
pub(super) struct Recorded {
    pub at: Timestamp,
    pub elapsed: Duration,
    /// `HTTP/1.1` or `HTTP/2`.
    pub version: &'static str,
    pub request: Request,
    /// Bytes of the request's body, kept or not.
    pub request_size: usize,
    pub answer: Answer,
    /// Bytes of the response's body, kept or not.
    pub response_size: usize,
}

impl Recorded {
    /// Bodies that are too long to be recorded are let go here, so that they do not wait in memory.
    pub fn of(
        at: Timestamp,
        elapsed: Duration,
        version: &'static str,
        mut request: Request,
        answer: &Answer,
    ) -> Self {
        let mut answer = answer.clone();
        let request_size = let_go(&mut request.body);
        let response_size = match &mut answer {
            Answer::Http(response) => let_go(&mut response.body),
            Answer::Wire(bytes) => bytes.len(),
        };
        Self { at, elapsed, version, request, request_size, answer, response_size }
    }
}

fn let_go(body: &mut Bytes) -> usize {
    let size = body.len();
    if size > har::BODY_LIMIT {
        *body = Bytes::new();
    }
    size
}

enum Message {
    Exchange(Box<Recorded>),
    /// Answered with how the writing went when all before it is written.
    End(oneshot::Sender<io::Result<()>>),
}

/// Whether a recording can be written to `file`, which is left as it is.
pub(super) fn check(file: &Path) -> io::Result<()> {
    let opened = File::options().append(true).create(true).open(file);
    opened.map(drop).map_err(|error| {
        io::Error::new(io::ErrorKind::InvalidInput, format!("cannot record to {}: {error}", file.display()))
    })
}

/// The way to the thread that writes.
pub(super) struct Recorder {
    to_thread: mpsc::Sender<Message>,
}

impl Recorder {
    /// Opens `file` and starts the thread that writes to it.
    pub fn start(file: &Path, scheme: &'static str, tokens: &[String]) -> io::Result<Self> {
        let mut writer = Writer::create(file)?;
        let redactor = Redactor::new(tokens);
        let (to_thread, mut messages) = mpsc::channel(WAITING);
        thread::spawn(move || {
            let mut outcome = Ok(());
            while let Some(message) = messages.blocking_recv() {
                match message {
                    // After a failed write the rest is taken and left out: a full disk stops no server.
                    Message::Exchange(exchange) if outcome.is_ok() => {
                        outcome = writer.add(&har::entry(&exchange, scheme, &redactor).to_string());
                    }
                    Message::Exchange(_) => {}
                    Message::End(end) => {
                        let _ = end.send(outcome);
                        return;
                    }
                }
            }
        });
        Ok(Self { to_thread })
    }

    /// Hands an exchange over; waits where the disk is slower than the clients.
    pub async fn record(&self, exchange: Recorded) {
        let _ = self.to_thread.send(Message::Exchange(Box::new(exchange))).await;
    }

    /// Waits until all that was handed over is written and says how that went.
    pub async fn finish(&self) -> io::Result<()> {
        let (end, ended) = oneshot::channel();
        if self.to_thread.send(Message::End(end)).await.is_err() {
            return Ok(());
        }
        ended.await.unwrap_or(Ok(()))
    }
}

/// A HAR file to which entries are added. Each write overwrites the closing brackets and ends with new ones, so that the
/// file is whole between any two writes, however the process ends.
struct Writer {
    file: File,
    path: PathBuf,
    /// Where the closing brackets begin.
    end: u64,
    empty: bool,
}

impl Writer {
    fn create(path: &Path) -> io::Result<Self> {
        let head = har::head();
        let new = || {
            let mut file = File::create(path)?;
            file.write_all(format!("{head}{}", har::TAIL).as_bytes())?;
            Ok(file)
        };
        let file = new().map_err(|error| named(path, &error))?;
        Ok(Self { file, path: path.to_owned(), end: head.len() as u64, empty: true })
    }

    fn add(&mut self, entry: &str) -> io::Result<()> {
        let separator = if self.empty { "" } else { ",\n" };
        let text = format!("{separator}{entry}{}", har::TAIL);
        self.file
            .seek(SeekFrom::Start(self.end))
            .and_then(|_| self.file.write_all(text.as_bytes()))
            .map_err(|error| named(&self.path, &error))?;
        self.end += (text.len() - har::TAIL.len()) as u64;
        self.empty = false;
        Ok(())
    }
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot record to {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn file_is_whole_after_every_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.har");
        std::fs::write(&path, "x".repeat(10_000)).unwrap();
        let entries = || {
            let document: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            assert_eq!(document["log"]["version"], "1.2");
            document["log"]["entries"].as_array().unwrap().len()
        };
        let mut writer = Writer::create(&path).unwrap();
        assert_eq!(entries(), 0);
        for count in 1..4 {
            writer.add("{\"a\":1}").unwrap();
            assert_eq!(entries(), count);
        }
    }

    #[test]
    fn a_folder_that_does_not_exist_is_named() {
        let error = Recorder::start(Path::new("/nowhere/a.har"), "http", &[]).err().unwrap();
        assert!(error.to_string().starts_with("cannot record to /nowhere/a.har: "), "{error}");
        let error = check(Path::new("/nowhere/a.har")).unwrap_err();
        assert!(error.to_string().starts_with("cannot record to /nowhere/a.har: "), "{error}");
    }

    #[test]
    fn an_earlier_recording_outlives_the_check() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.har");
        std::fs::write(&path, "kept").unwrap();
        check(&path).unwrap();
        assert_eq!(std::fs::read_to_string(path).unwrap(), "kept");
    }
}
