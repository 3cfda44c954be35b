//! The head of an HTTP/1.1 message (RFC 9112): writing that of a request, reading that of a response.
//! Does no I/O.

use url::{Position, Url};

use super::{Headers, Request, TransportError};

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

/// The bytes of a request, exactly as it stands, but that no value of a field can end it: a space stands for what would
/// (RFC 9110 §5.5), since values may come from a server's answers.
pub(super) fn request_bytes(request: &Request) -> Vec<u8> {
    let mut bytes = format!("{} {} HTTP/1.1\r\n", request.method, request.target).into_bytes();
    for (name, value) in request.headers.iter() {
        let value = value.replace(['\r', '\n', '\0'], " ");
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&request.body);
    bytes
}

/// How the end of a body is known (RFC 9112 §6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    Nothing,
    Length(usize),
    Chunked,
    UntilClose,
}

pub(super) fn starts_like_http(bytes: &[u8]) -> bool {
    let start = b"HTTP/";
    let length = bytes.len().min(start.len());
    bytes.get(..length) == start.get(..length)
}

pub(super) fn not_http() -> TransportError {
    TransportError::Malformed("it does not begin with an HTTP status line".to_owned())
}

/// Where the header section ends: behind its empty line.
pub(super) fn head_end(bytes: &[u8]) -> Option<usize> {
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

pub(super) fn parse_head(bytes: &[u8]) -> Result<(u16, Headers), TransportError> {
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

pub(super) fn framing(method: &str, status: u16, headers: &Headers) -> Result<Framing, TransportError> {
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
