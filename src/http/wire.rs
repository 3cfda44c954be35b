//! HTTP/1.1 messages as bytes (RFC 9112): writing requests, reading responses.
//! Does no I/O: bytes go in, a response or an error comes out.

use bytes::Bytes;
use url::{Position, Url};

use super::{Headers, Request, Response, TransportError};

/// The longest status line and header section that is read, in bytes.
const HEAD_LIMIT: usize = 256 * 1024;
/// The longest line with the size of a chunk.
const CHUNK_LINE_LIMIT: usize = 4 * 1024;

/// Whether a response to `method` with `status` can have no content (RFC 9112 §6.3).
pub(super) fn has_no_body(method: &str, status: u16) -> bool {
    method == "HEAD" || status == 204 || status == 304 || (100..200).contains(&status)
}

/// Bytes as text, each byte the character of its number, so that nothing is lost.
pub(super) fn latin1(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }
}

/// The request with Host and Content-Length, where it lacks them.
pub(super) fn with_framing(base: &Url, request: &Request) -> Request {
    let mut request = request.clone();
    if request.headers.get("host").is_none() {
        let host = base[Position::BeforeHost..Position::AfterPort].to_owned();
        request.headers = std::iter::once(("Host", host.as_str())).chain(request.headers.iter()).collect();
    }
    let framed =
        request.headers.get("content-length").is_some() || request.headers.get("transfer-encoding").is_some();
    let carries_content = matches!(request.method.as_str(), "POST" | "PUT" | "PATCH");
    if !framed && (carries_content || !request.body.is_empty()) {
        request.headers.set("Content-Length", request.body.len().to_string());
    }
    request
}

/// The bytes of a request, exactly as it stands.
pub(super) fn request_bytes(request: &Request) -> Vec<u8> {
    let mut bytes = format!("{} {} HTTP/1.1\r\n", request.method, request.target).into_bytes();
    for (name, value) in request.headers.iter() {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&request.body);
    bytes
}

/// How the end of a body is known (RFC 9112 §6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    Nothing,
    Length(usize),
    Chunked,
    UntilClose,
}

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

fn starts_like_http(bytes: &[u8]) -> bool {
    let start = b"HTTP/";
    let length = bytes.len().min(start.len());
    bytes.get(..length) == start.get(..length)
}

fn not_http() -> TransportError {
    TransportError::Malformed("it does not begin with an HTTP status line".to_owned())
}

/// Where the header section ends: behind its empty line.
fn head_end(bytes: &[u8]) -> Option<usize> {
    let mut start = 0;
    for (index, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
        let line = bytes.get(start..index).unwrap_or_default();
        if line.is_empty() || line == b"\r" {
            return Some(index + 1);
        }
        start = index + 1;
    }
    None
}

fn parse_head(bytes: &[u8]) -> Result<(u16, Headers), TransportError> {
    let mut lines = bytes.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let status = parse_status_line(&latin1(lines.next().unwrap_or_default()))?;
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in lines.filter(|line| !line.is_empty()) {
        let text = latin1(line);
        if text.starts_with([' ', '\t']) {
            // Obsolete line folding: RFC 9112 §5.2 reads it as a space.
            let Some(last) = fields.last_mut() else { return Err(bad_field()) };
            last.1 = format!("{} {}", last.1, text.trim()).trim().to_owned();
            continue;
        }
        let (name, value) = text.split_once(':').ok_or_else(bad_field)?;
        if name.is_empty() || !name.bytes().all(is_token) {
            return Err(bad_field());
        }
        fields.push((name.to_owned(), value.trim_matches([' ', '\t']).to_owned()));
    }
    Ok((status, fields.into_iter().collect()))
}

fn bad_field() -> TransportError {
    TransportError::Malformed("a line of the header section is not a field".to_owned())
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn parse_status_line(line: &str) -> Result<u16, TransportError> {
    let bad = || TransportError::Malformed("the status line is not one".to_owned());
    let mut parts = line.splitn(3, ' ');
    let version = parts.next().and_then(|version| version.strip_prefix("HTTP/")).ok_or_else(bad)?;
    if !matches!(version, "1.0" | "1.1") {
        return Err(TransportError::Malformed("the status line names another version of HTTP".to_owned()));
    }
    let digits = parts.next().ok_or_else(bad)?;
    if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(bad());
    }
    digits.parse().ok().filter(|status| *status >= 100).ok_or_else(bad)
}

fn framing(method: &str, status: u16, headers: &Headers) -> Result<Framing, TransportError> {
    if has_no_body(method, status) {
        return Ok(Framing::Nothing);
    }
    let codings: Vec<&str> =
        headers.get_all("transfer-encoding").flat_map(|value| value.split(',')).map(str::trim).collect();
    if let Some(last) = codings.last() {
        let chunked = last.eq_ignore_ascii_case("chunked");
        return Ok(if chunked { Framing::Chunked } else { Framing::UntilClose });
    }
    let mut lengths = headers.get_all("content-length").flat_map(|value| value.split(',')).map(str::trim);
    let Some(first) = lengths.next() else { return Ok(Framing::UntilClose) };
    if lengths.any(|other| other != first) {
        return Err(TransportError::Malformed("two different values of Content-Length".to_owned()));
    }
    if first.is_empty() || !first.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(TransportError::Malformed("Content-Length is not a number".to_owned()));
    }
    Ok(Framing::Length(first.parse().unwrap_or(usize::MAX)))
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
