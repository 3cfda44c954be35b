//! An HTTP/1.1 response as bytes (RFC 9112), read in as many pieces as it comes in.
//! Does no I/O: bytes go in, a response or an error comes out.

use super::head::{Framing, framing, head_end, latin1, not_http, parse_head, starts_like_http};
use super::{Headers, Response, TransportError};
use bytes::Bytes;

/// The longest status line and header section that is read, in bytes.
const HEAD_LIMIT: usize = 256 * 1024;
/// The longest line with the size of a chunk.
const CHUNK_LINE_LIMIT: usize = 4 * 1024;

/// Where the reading stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Head,
    Length(usize),
    ChunkSize,
    /// This many bytes of data, then CRLF.
    ChunkData(usize),
    ChunkEnd,
    Trailer,
    UntilClose,
    Done,
}

/// Reads one response, in as many pieces as it comes in.
pub(super) struct Decoder {
    method: String,
    body_limit: usize,
    state: State,
    /// What came and has not been taken in yet.
    pending: Vec<u8>,
    /// How much of `pending` is already read.
    read: usize,
    status: u16,
    headers: Headers,
    body: Vec<u8>,
}

impl Decoder {
    /// For the response to a request with `method`, with a body of at most `body_limit` bytes.
    pub(super) fn new(method: &str, body_limit: usize) -> Self {
        Self {
            method: method.to_owned(),
            body_limit,
            state: State::Head,
            pending: Vec::new(),
            read: 0,
            status: 0,
            headers: Headers::new(),
            body: Vec::new(),
        }
    }

    /// Takes in the next bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), TransportError> {
        self.pending.extend_from_slice(bytes);
        while self.step()? {}
        self.pending.drain(..self.read);
        self.read = 0;
        if self.state == State::Done && self.pending.len() > self.body_limit {
            return Err(TransportError::TooLarge(self.body_limit));
        }
        Ok(())
    }

    /// Whether the response is whole; what follows is stray.
    pub(super) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// The response, when nothing more will come.
    pub(super) fn finish(self) -> Result<Response, TransportError> {
        match self.state {
            State::Done | State::UntilClose => Ok(Response {
                status: self.status,
                headers: self.headers,
                body: Bytes::from(self.body),
                stray: Bytes::from(self.pending),
            }),
            State::Head if self.pending.is_empty() => {
                Err(TransportError::Lost("it was closed without an answer".to_owned()))
            }
            State::Head if !starts_like_http(&self.pending) => Err(not_http()),
            State::Head => {
                Err(TransportError::Lost("it was closed before the end of the header fields".to_owned()))
            }
            State::Length(missing) => Err(TransportError::Lost(format!(
                "it was closed {missing} bytes before the end that Content-Length gives"
            ))),
            _ => Err(TransportError::Lost("it was closed before the last chunk".to_owned())),
        }
    }

    fn rest(&self) -> &[u8] {
        self.pending.get(self.read..).unwrap_or_default()
    }

    /// One step; `false` where more bytes are needed, or none.
    fn step(&mut self) -> Result<bool, TransportError> {
        match self.state {
            State::Head => self.head(),
            State::Length(left) => {
                let taken = self.take(left)?;
                self.state = if taken == left { State::Done } else { State::Length(left - taken) };
                Ok(false)
            }
            State::UntilClose => {
                self.take(usize::MAX)?;
                Ok(false)
            }
            State::ChunkSize => self.chunk_size(),
            State::ChunkData(left) => {
                let taken = self.take(left)?;
                self.state = if taken == left { State::ChunkEnd } else { State::ChunkData(left - taken) };
                Ok(taken == left)
            }
            State::ChunkEnd => self.chunk_end(),
            State::Trailer => self.trailer(),
            State::Done => Ok(false),
        }
    }

    /// Moves at most `count` bytes into the body.
    fn take(&mut self, count: usize) -> Result<usize, TransportError> {
        let count = count.min(self.rest().len());
        if self.body.len() + count > self.body_limit {
            return Err(TransportError::TooLarge(self.body_limit));
        }
        let end = self.read + count;
        self.body.extend_from_slice(self.pending.get(self.read..end).unwrap_or_default());
        self.read = end;
        Ok(count)
    }

    /// The next line without its end, or `None` where it is not whole yet.
    fn line(&mut self, limit: usize) -> Result<Option<Vec<u8>>, TransportError> {
        let rest = self.rest();
        let Some(end) = rest.iter().take(limit).position(|&byte| byte == b'\n') else {
            return if rest.len() >= limit {
                Err(TransportError::Malformed("a line of the framing never ends".to_owned()))
            } else {
                Ok(None)
            };
        };
        let line = rest.get(..end).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line).to_vec();
        self.read += end + 1;
        Ok(Some(line))
    }

    fn head(&mut self) -> Result<bool, TransportError> {
        let rest = self.rest();
        if !starts_like_http(rest) {
            return Err(not_http());
        }
        let Some(end) = head_end(rest) else {
            return if rest.len() > HEAD_LIMIT {
                Err(TransportError::Malformed("the header fields never end".to_owned()))
            } else {
                Ok(false)
            };
        };
        let (status, headers) = parse_head(rest.get(..end).unwrap_or_default())?;
        self.read += end;
        if (100..200).contains(&status) && status != 101 {
            return Ok(true);
        }
        self.state = match framing(&self.method, status, &headers)? {
            Framing::Nothing | Framing::Length(0) => State::Done,
            Framing::Length(length) if length > self.body_limit => {
                return Err(TransportError::TooLarge(self.body_limit));
            }
            Framing::Length(length) => State::Length(length),
            Framing::Chunked => State::ChunkSize,
            Framing::UntilClose => State::UntilClose,
        };
        self.status = status;
        self.headers = headers;
        Ok(true)
    }

    fn chunk_size(&mut self) -> Result<bool, TransportError> {
        let Some(line) = self.line(CHUNK_LINE_LIMIT)? else { return Ok(false) };
        let text = latin1(&line);
        let digits = text.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'));
        let size =
            size.ok_or_else(|| TransportError::Malformed("a chunk without a valid size".to_owned()))?;
        if size > self.body_limit {
            return Err(TransportError::TooLarge(self.body_limit));
        }
        self.state = if size == 0 { State::Trailer } else { State::ChunkData(size) };
        Ok(true)
    }

    fn chunk_end(&mut self) -> Result<bool, TransportError> {
        let rest = self.rest();
        let end = if rest.starts_with(b"\r\n") {
            2
        } else if rest.starts_with(b"\n") {
            1
        } else if rest.is_empty() || rest == b"\r" {
            return Ok(false);
        } else {
            return Err(TransportError::Malformed("a chunk is longer than its size".to_owned()));
        };
        self.read += end;
        self.state = State::ChunkSize;
        Ok(true)
    }

    fn trailer(&mut self) -> Result<bool, TransportError> {
        let Some(line) = self.line(HEAD_LIMIT)? else { return Ok(false) };
        if line.is_empty() {
            self.state = State::Done;
        }
        Ok(true)
    }
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
