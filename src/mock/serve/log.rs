//! The access log: a readable line for each request, without secrets.
//! Must not delay the requests that it tells of.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;

use super::redact::Redactor;
use crate::http::Request;
use crate::mock::Answer;

/// Where the lines go.
pub type Sink = Box<dyn Write + Send>;

/// Lines that may wait for a slow sink; what comes on top is counted and left out.
const WAITING: usize = 8192;
/// How long lines are gathered before they are written.
const PAUSE: Duration = Duration::from_millis(2);
/// How long the end of the server waits for a sink that takes nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// The way to the thread that writes.
pub(super) struct Log {
    to_thread: SyncSender<Message>,
    left_out: Arc<AtomicU64>,
}

enum Message {
    Line(Line),
    /// Answered when all before it is written.
    End(mpsc::Sender<()>),
}

/// What a line tells.
#[derive(Debug)]
pub(super) struct Line {
    at: Timestamp,
    elapsed: Duration,
    method: String,
    target: String,
    /// `None`: raw bytes that begin with no status line.
    status: Option<u16>,
    /// Of the response's content; of all that was written where the answer is raw bytes.
    bytes: usize,
}

impl Line {
    pub fn of(at: Timestamp, elapsed: Duration, request: &Request, answer: &Answer) -> Self {
        let (status, bytes) = match answer {
            Answer::Http(response) => (Some(response.status), response.body.len()),
            Answer::Wire(bytes) => (wire_status(bytes), bytes.len()),
        };
        Self { at, elapsed, method: request.method.clone(), target: request.target.clone(), status, bytes }
    }

    fn text(&self, redactor: &Redactor) -> String {
        let at = self.at;
        let millis = self.elapsed.as_secs_f64() * 1000.0;
        let status = self.status.map_or("---".to_owned(), |status| status.to_string());
        let target = redactor.target(&self.target);
        format!("{at:.3} {} {target} {status} {millis:.1} ms {} bytes\n", self.method, self.bytes)
    }
}

/// The status that raw bytes begin with: `HTTP/1.1 204 …`.
pub(super) fn wire_status(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(b"HTTP/1.1 ").or_else(|| bytes.strip_prefix(b"HTTP/1.0 "))?.get(..3)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

impl Log {
    /// Starts the thread that writes to `sink`; `tokens` never appear there.
    pub fn start(sink: Sink, tokens: &[String]) -> Self {
        let (to_thread, messages) = mpsc::sync_channel(WAITING);
        let left_out = Arc::new(AtomicU64::new(0));
        let redactor = Redactor::new(tokens);
        let counter = Arc::clone(&left_out);
        thread::spawn(move || write(sink, &messages, &redactor, &counter));
        Self { to_thread, left_out }
    }

    /// Hands a line over without waiting.
    pub fn line(&self, line: Line) {
        if self.to_thread.try_send(Message::Line(line)).is_err() {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until all lines are written, for a while.
    pub fn finish(&self) {
        let (ended, end) = mpsc::channel();
        if self.to_thread.try_send(Message::End(ended)).is_ok() {
            let _ = end.recv_timeout(PATIENCE);
        }
    }
}

fn write(mut sink: Sink, messages: &Receiver<Message>, redactor: &Redactor, left_out: &AtomicU64) {
    while let Ok(first) = messages.recv() {
        // What waits is written at once: one write for many lines when many come.
        let mut text = String::new();
        let mut ended = None;
        for message in std::iter::once(first).chain(messages.try_iter().take(WAITING)) {
            match message {
                Message::Line(line) => text += &line.text(redactor),
                Message::End(end) => ended = Some(end),
            }
        }
        let count = left_out.swap(0, Ordering::Relaxed);
        if count > 0 {
            text += &format!("… {count} requests not told: the log could not keep up\n");
        }
        // A sink that is gone (a closed pipe) ends the log, not the server.
        if sink.write_all(text.as_bytes()).and_then(|()| sink.flush()).is_err() {
            return;
        }
        if let Some(end) = ended {
            let _ = end.send(());
        }
        // Waking this thread for each line would cost more than the line.
        thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Mutex;

    use bytes::Bytes;

    use super::*;
    use crate::http::Response;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn line(target: &str, answer: &Answer) -> Line {
        let at = "2026-11-21T19:30:01.123456Z".parse().unwrap();
        Line::of(at, Duration::from_micros(1250), &Request::new("GET", target), answer)
    }

    #[test]
    fn a_line_tells_method_target_status_time_and_size() {
        let kept = Kept::default();
        let log = Log::start(Box::new(kept.clone()), &["s3cret-token".to_owned()]);
        let mut response = Response::new(200);
        response.body = Bytes::from_static(b"{}");
        log.line(line("/scim/v2/Users?access_token=s3cret-token", &Answer::Http(response)));
        let wire = Bytes::from_static(b"HTTP/1.1 204 No Content\r\n\r\nx");
        log.line(line("/scim/v2/Users/s3cret-token", &Answer::Wire(wire)));
        log.finish();
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        let expected = "2026-11-21T19:30:01.123Z GET /scim/v2/Users?access_token=[redacted] 200 1.2 ms 2 bytes\n\
                        2026-11-21T19:30:01.123Z GET /scim/v2/Users/[redacted] 204 1.2 ms 28 bytes\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_sink_that_takes_nothing_never_delays_a_request() {
        struct Stuck(mpsc::Sender<()>);
        impl Write for Stuck {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                self.0.send(()).unwrap();
                loop {
                    thread::park();
                }
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let any = || line("/", &Answer::Http(Response::new(200)));
        let (stuck, is_stuck) = mpsc::channel();
        let log = Log::start(Box::new(Stuck(stuck)), &[]);
        log.line(any());
        is_stuck.recv().unwrap();
        for _ in 0..2 * WAITING {
            log.line(any());
        }
        assert_eq!(log.left_out.load(Ordering::Relaxed), WAITING as u64);
    }

    #[test]
    fn status_of_raw_bytes_is_read_where_there_is_one() {
        assert_eq!(wire_status(b"HTTP/1.1 204 No Content\r\n"), Some(204));
        assert_eq!(wire_status(b"HTTP/1.1 2"), None);
        assert_eq!(wire_status(b"nonsense"), None);
    }
}
