use proptest::prelude::*;

use super::*;
use crate::http::Request;
use crate::http::head::{request_bytes, with_framing};
use url::Url;

const LIMIT: usize = 1 << 20;

fn read(method: &str, bytes: &[u8]) -> Result<Response, TransportError> {
    let mut decoder = Decoder::new(method, LIMIT);
    decoder.push(bytes)?;
    decoder.finish()
}

fn malformed(bytes: &[u8]) -> bool {
    matches!(read("GET", bytes), Err(TransportError::Malformed(_)))
}

fn lost(bytes: &[u8]) -> bool {
    matches!(read("GET", bytes), Err(TransportError::Lost(_)))
}

#[test]
fn content_length_bounds_the_body_and_the_rest_is_stray() {
    let response = read("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}extra").expect("whole");
    assert_eq!((response.status, &response.body[..], &response.stray[..]), (200, &b"{}"[..], &b"extra"[..]));
}

#[test]
fn content_after_204_is_stray_whatever_it_declares() {
    let response = read("DELETE", b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n{}").expect("whole");
    assert!(response.body.is_empty());
    assert_eq!(&response.stray[..], b"{}");
}

#[test]
fn the_answer_to_head_has_no_body() {
    let response = read("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n").expect("whole");
    assert!(response.body.is_empty() && response.stray.is_empty());
}

#[test]
fn without_framing_the_body_lasts_until_close() {
    let response = read("GET", b"HTTP/1.0 200\r\n\r\nall of it").expect("whole");
    assert_eq!(&response.body[..], b"all of it");
}

#[test]
fn chunks_extensions_and_trailers_are_read() {
    let bytes =
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nA: b\r\n\r\nZ";
    let response = read("GET", bytes).expect("whole");
    assert_eq!((&response.body[..], &response.stray[..]), (&b"abcde"[..], &b"Z"[..]));
}

#[test]
fn interim_responses_are_passed_over() {
    let bytes = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(read("POST", bytes).expect("whole").status, 201);
}

#[test]
fn names_keep_their_spelling_and_values_their_bytes() {
    let bytes = b"HTTP/1.1 200 OK\r\neTaG:  W/\"1\" \r\nX: caf\xe9\r\nContent-Length: 0\r\n\r\n";
    let response = read("GET", bytes).expect("whole");
    let fields: Vec<_> = response.headers.iter().take(2).collect();
    assert_eq!(fields, [("eTaG", "W/\"1\""), ("X", "caf\u{e9}")]);
}

#[test]
fn what_is_not_http_is_malformed() {
    assert!(malformed(b"<html>hello</html>"));
    assert!(malformed(b"\x15\x03\x01\x00\x02\x02"));
    assert!(malformed(b"HTTP/1.1 twohundred OK\r\n\r\n"));
    assert!(malformed(b"HTTP/9.9 200 OK\r\n\r\n"));
    assert!(malformed(b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n"));
    assert!(malformed(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"));
    assert!(malformed(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"));
    assert!(malformed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"));
    assert!(malformed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab"));
}

#[test]
fn what_ends_too_early_is_lost() {
    assert!(lost(b""));
    assert!(lost(b"HTTP/1.1 200 O"));
    assert!(lost(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"));
    assert!(lost(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n"));
}

#[test]
fn the_limit_holds_for_every_framing() {
    for head in ["Content-Length: 99999999999999999999999", "Transfer-Encoding: chunked", "X: y"] {
        let mut bytes = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\nfffffff\r\n").into_bytes();
        bytes.resize(LIMIT + 1000, b'a');
        assert_eq!(read("GET", &bytes), Err(TransportError::TooLarge(LIMIT)), "{head}");
    }
}

#[test]
fn a_header_section_without_end_is_malformed() {
    let mut bytes = b"HTTP/1.1 200 OK\r\n".to_vec();
    bytes.resize(HEAD_LIMIT + 100, b'a');
    assert!(malformed(&bytes));
}

#[test]
fn a_request_gets_host_and_length_once() {
    let base = Url::parse("http://example.org:8080/scim").expect("a URL");
    let mut request = Request::new("POST", "/scim/Users");
    request.body = Bytes::from_static(b"{}");
    let bytes = request_bytes(&with_framing(&base, &request));
    let text = String::from_utf8(bytes).expect("text");
    assert_eq!(text, "POST /scim/Users HTTP/1.1\r\nHost: example.org:8080\r\nContent-Length: 2\r\n\r\n{}");
    request.headers.set("host", "other");
    request.headers.set("Transfer-Encoding", "chunked");
    let framed = with_framing(&base, &request);
    assert_eq!(framed.headers.get("Host"), Some("other"));
    assert_eq!(framed.headers.get("Content-Length"), None);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read("GET", &bytes);
        let mut after_head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        after_head.extend_from_slice(&bytes);
        let _ = read("GET", &after_head);
    }

    #[test]
    fn pieces_read_like_the_whole(
        chunks in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..40), 0..6),
        cut in 1usize..20,
    ) {
        let mut bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for chunk in &chunks {
            bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            bytes.extend_from_slice(chunk);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"0\r\n\r\n");
        let mut decoder = Decoder::new("GET", LIMIT);
        for piece in bytes.chunks(cut) {
            decoder.push(piece)?;
        }
        prop_assert!(decoder.is_done());
        let response = decoder.finish()?;
        prop_assert_eq!(response.body.to_vec(), chunks.concat());
    }
}

#[test]
fn no_value_of_a_field_can_end_it() {
    let mut request = Request::new("GET", "/");
    request.headers.set("If-Match", "\"1\"\r\nX-Other: 2\0");
    assert_eq!(request_bytes(&request), b"GET / HTTP/1.1\r\nIf-Match: \"1\"  X-Other: 2 \r\n\r\n");
}
