//! Whole requests, several in a row: any method, target, header fields and body.

use scimspec::http::{Request, Response};

use super::mock::{BASE, Mock};
use super::store::{Picture, is_absent};

/// Requests of one input at most.
const MOST: usize = 16;

/// Every request gets an answer that a SCIM server may give; what only reads and what is refused changes nothing; what
/// is written is there; and what is left behind is right.
pub fn check(bytes: &[u8]) {
    let mut mock = Mock::new();
    let begin = Picture::of(&mut mock);
    let mut before = begin.clone();
    for request in requests(bytes) {
        let response = mock.send(&request);
        let after = Picture::of(&mut mock);
        if changes_nothing(&request, &response) {
            assert_eq!(after, before, "{request:?} answered {response:?} and changed something");
        }
        agrees(&mut mock, &request, &response);
        before = after;
    }
    if before != begin {
        before.is_right(&mut mock);
    }
}

/// The requests of an input, divided by lines of `%%`. Each is a line with method and target, header fields, an empty
/// line and the body. The right token is added where no other is given.
fn requests(bytes: &[u8]) -> impl Iterator<Item = Request> {
    divided(bytes, b"\n%%\n").into_iter().take(MOST).map(request)
}

fn request(bytes: &[u8]) -> Request {
    let (head, body) = match bytes.windows(2).position(|pair| pair == b"\n\n") {
        Some(at) => (&bytes[..at], &bytes[at + 2..]),
        None => (bytes, &b""[..]),
    };
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let (method, target) = lines.next().unwrap_or_default().split_once(' ').unwrap_or_default();
    let target = if target.starts_with("//") { target[1..].to_owned() } else { format!("{BASE}{target}") };
    let mut request = Request::new(method, target);
    request.headers.set("Authorization", "Bearer target");
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        if name == "Authorization" {
            request.headers.remove(name);
        }
        request.headers.append(name, value);
    }
    request.body = body.to_vec().into();
    request
}

fn divided<'a>(bytes: &'a [u8], divider: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(divider.len()).position(|window| window == divider) {
        parts.push(&rest[..at]);
        rest = &rest[at + divider.len()..];
    }
    parts.push(rest);
    parts
}

fn changes_nothing(request: &Request, response: &Response) -> bool {
    let reads =
        matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS") || request.path().ends_with("/.search");
    reads || response.status >= 400
}

/// What an answer says, is so.
fn agrees(mock: &mut Mock, request: &Request, response: &Response) {
    // Another token may open another tenant.
    if request.headers.get("Authorization") != Some("Bearer target") {
        return;
    }
    let shown = |mock: &mut Mock, path: &str| {
        let read = mock.ask("GET", path, "");
        assert_eq!(read.status, 200, "{request:?} answered {response:?}, and GET {path} {read:?}");
    };
    match (request.method.as_str(), response.status) {
        ("GET", _) => {
            let head = mock.send(&Request { method: "HEAD".to_owned(), ..request.clone() });
            assert_eq!((head.status, &head.headers), (response.status, &response.headers), "{request:?}");
        }
        ("POST", 201) => shown(mock, located(response)),
        ("PUT" | "PATCH", 200) => shown(mock, located(response)),
        ("DELETE", 204) => {
            let path = request.path().strip_prefix(BASE).unwrap_or_default();
            is_absent(mock, path);
        }
        _ => {}
    }
}

/// The path below the base of what an answer locates.
fn located(response: &Response) -> &str {
    let location = response.headers.get("Location").unwrap_or_else(|| panic!("no Location: {response:?}"));
    location.split_once(BASE).map_or("", |(_, path)| path)
}
