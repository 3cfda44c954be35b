//! Servers that are none, or that answer nonsense: a clear finding or error, in bounded time and memory.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use serde_json::Value;

use super::support::{Done, arg, call, red_suite};

/// What a server does with every request.
#[derive(Clone)]
enum Act {
    /// Sends this before it has read anything, and closes.
    Blurt(Vec<u8>),
    /// Sends this and closes.
    Say(Vec<u8>),
    /// Sends this, and then the second without end.
    Repeat(Vec<u8>, Vec<u8>),
    /// Sends this and waits for the client to give up.
    Hang(Vec<u8>),
}

/// The base URL of a server that lives as long as the test.
fn serve(act: Act) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let act = act.clone();
            thread::spawn(move || answer(stream, &act));
        }
    });
    format!("http://{address}/scim/v2")
}

fn answer(mut stream: TcpStream, act: &Act) {
    let mut request = Vec::new();
    let mut byte = [0_u8];
    if let Act::Blurt(bytes) = act {
        let _ = stream.write_all(bytes).and_then(|()| stream.read(&mut [0; 4096]));
        return;
    }
    while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|count| count == 1) {
        request.extend_from_slice(&byte);
    }
    let (Act::Blurt(first) | Act::Say(first) | Act::Repeat(first, _) | Act::Hang(first)) = act;
    let mut sent = stream.write_all(first);
    match act {
        Act::Blurt(_) | Act::Say(_) => {}
        Act::Repeat(_, again) => {
            while sent.is_ok() {
                sent = stream.write_all(again);
            }
        }
        Act::Hang(_) => while stream.read(&mut byte).is_ok_and(|count| count == 1) {},
    }
}

fn http(fields: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {fields}Connection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn scim(body: &[u8]) -> Act {
    Act::Say(http("200 OK\r\nContent-Type: application/scim+json\r\n", body))
}

/// A run of two cases against a server; the first asks for a status that no server gives.
fn run(url: &str, timeout: &str) -> Done {
    let folder = red_suite();
    let suites = arg(folder.path());
    call(&["run", url, "--anonymous", "--suites", suites, "--only", "mine", "--timeout", timeout])
}

/// Longer than any answer takes that comes at all.
const LONG: &str = "60s";

#[track_caller]
fn ends(done: &Done, codes: &[i32], told: &[&str]) {
    assert!(done.code.is_some_and(|code| codes.contains(&code)), "{:?}: {}{}", done.code, done.out, done.err);
    for text in [&done.out, &done.err] {
        assert!(!text.contains("panicked") && !text.contains("scimspec itself failed"), "{text}");
    }
    assert!(
        told.iter().any(|told| done.out.contains(told)),
        "{told:?} is not told:\n{}{}",
        done.out,
        done.err
    );
}

#[test]
fn a_host_that_does_not_exist_and_a_port_without_tls_cannot_be_judged() {
    ends(&run("http://no-such-host.invalid/scim/v2", LONG), &[3], &["cannot connect"]);
    let plain = serve(Act::Blurt(http("400 Bad Request\r\n", b""))).replace("http:", "https:");
    ends(&run(&plain, LONG), &[3], &["TLS failed"]);
}

#[test]
fn what_is_no_scim_is_a_finding() {
    let page = b"<!DOCTYPE html><html><body>Please log in</body></html>";
    let user =
        br#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],"patch":{"supp"#;
    for act in [
        Act::Say(http("200 OK\r\nContent-Type: text/html\r\n", page)),
        scim(b""),
        scim(user),
        scim(b"[[[]]]"),
        scim(br#"{"schemas":7,"patch":"yes","filter":{"supported":{}},"Resources":{"a":[]},"totalResults":"many"}"#),
        scim(&[b'{', b'"', 0xff, 0xfe, b'"', b':', b'1', b'}']),
        scim(format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)).as_bytes()),
        Act::Say(http("302 Found\r\nLocation: /scim/v2/ServiceProviderConfig\r\n", b"")),
        Act::Say(http("500 Internal Server Error\r\nContent-Type: text/plain\r\n", b"oops")),
    ] {
        let url = serve(act);
        // Where there is no JSON at all, nothing is judged.
        ends(&run(&url, LONG), &[0, 1, 3], &["the server is no teapot", "the answer is not JSON", "answers as SCIM"]);
        let done = call(&["run", &url, "--anonymous", "--only", "rfc7644/create", "--format", "json"]);
        let report: Value = serde_json::from_str(&done.out).expect("a report");
        assert!(matches!(done.code, Some(0 | 1 | 3)), "{:?}: {}", done.code, done.err);
        assert!(!done.out.contains("scimspec itself failed"), "{}", done.out);
        let passed = report["summary"]["passed"].as_u64().unwrap_or(u64::MAX);
        assert!(passed < 7, "{passed} cases pass on nonsense: {}", done.out);
        let judged = report["cases"].as_array().is_some_and(|cases| cases.len() > 10);
        assert!(judged || done.code == Some(3), "{}", done.out);
    }
}

#[test]
fn what_never_ends_is_given_up() {
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let large = b"HTTP/1.1 200 OK\r\nContent-Length: 209715200\r\n\r\n".to_vec();
    let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
    for (act, told) in [
        (Act::Hang(Vec::new()), "no complete answer within"),
        (Act::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{".to_vec()), "no complete answer within"),
        (Act::Repeat(chunked, chunk), "larger than the limit"),
        (Act::Repeat(large, vec![b' '; 0x10000]), "larger than the limit"),
        (Act::Say(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{".to_vec()), "connection lost"),
    ] {
        ends(&run(&serve(act), "2s"), &[0, 1, 3], &[told]);
    }
}
