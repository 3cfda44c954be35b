//! Both network transports against a server that behaves badly.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use super::*;

const LIMITS: Limits = Limits { total: LONG, body: 100_000 };

/// Longer than any answer takes, however busy the machine is.
const LONG: Duration = Duration::from_secs(60);

/// What the server does with a connection, once it has read a request.
#[derive(Clone)]
enum Act {
    /// Sends this, then closes.
    Say(Vec<u8>),
    /// Sends this, then keeps the connection open without a word.
    Hang(Vec<u8>),
    /// Sends this, then the second without end.
    Repeat(Vec<u8>, Vec<u8>),
    /// Sends this before it has read anything, then closes.
    Blurt(&'static [u8]),
    /// Sends a body without end, a byte at a time.
    Trickle,
    /// Sends back the request as the body.
    Echo,
}

fn say(text: &str) -> Act {
    Act::Say(text.as_bytes().to_vec())
}

async fn serve(act: Act) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(handle(stream, act.clone()));
        }
    });
    Url::parse(&format!("http://127.0.0.1:{port}/")).expect("a URL")
}

async fn handle(mut stream: TcpStream, act: Act) {
    if let Act::Blurt(bytes) = act {
        let _ = stream.write_all(bytes).await;
        let _ = stream.read(&mut [0_u8; 4096]).await;
        return;
    }
    let mut request = Vec::new();
    let mut byte = [0_u8];
    while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).await.is_ok_and(|count| count == 1) {
        request.extend_from_slice(&byte);
    }
    let _ = match act {
        Act::Blurt(_) => Ok(()),
        Act::Say(bytes) => stream.write_all(&bytes).await,
        Act::Hang(bytes) => {
            let _ = stream.write_all(&bytes).await;
            tokio::time::sleep(2 * LONG).await;
            Ok(())
        }
        Act::Repeat(first, again) => {
            let mut sent = stream.write_all(&first).await;
            while sent.is_ok() {
                sent = stream.write_all(&again).await;
            }
            Ok(())
        }
        Act::Trickle => {
            let mut sent = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
            while sent.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
                sent = stream.write_all(b"a").await;
            }
            Ok(())
        }
        Act::Echo => {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", request.len());
            let _ = stream.write_all(head.as_bytes()).await;
            stream.write_all(&request).await
        }
    };
}

fn get(target: &str) -> Request {
    let mut request = Request::new("GET", target);
    request.headers.set("Accept", "application/scim+json");
    request
}

fn network() -> Transport {
    let options = NetworkOptions { connect: LONG, ..NetworkOptions::default() };
    Transport::network(&options).expect("a transport")
}

type Outcome = Result<Response, TransportError>;

/// What the ordinary client and the raw one make of it.
async fn both_at(base: &Url, request: &Request) -> [Outcome; 2] {
    let transport = network();
    [transport.send(base, request, LIMITS).await, transport.send_raw(base, request, LIMITS).await]
}

async fn both(act: Act) -> [Outcome; 2] {
    both_at(&serve(act).await, &get("/scim/Users")).await
}

fn is_malformed(outcome: &Outcome) -> bool {
    matches!(outcome, Err(TransportError::Malformed(_)))
}

fn is_lost(outcome: &Outcome) -> bool {
    matches!(outcome, Err(TransportError::Lost(_)))
}

#[tokio::test]
async fn an_answer_comes_through_as_it_is() {
    let answer = "HTTP/1.1 302 Found\r\nLocation: /scim/Users\r\nContent-Encoding: gzip\r\n\
                  Set-Cookie: a=b\r\nSet-Cookie: c=d\r\nContent-Length: 3\r\n\r\n\u{fffd}";
    for outcome in both(say(answer)).await {
        let response = outcome.expect("an answer");
        assert_eq!(response.status, 302);
        assert_eq!(response.headers.get_all("set-cookie").collect::<Vec<_>>(), ["a=b", "c=d"]);
        assert_eq!(response.headers.get("content-encoding"), Some("gzip"));
        assert_eq!(response.body, "\u{fffd}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_come_through() {
    let mut bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n".to_vec();
    bytes.extend_from_slice(&[0xff, 0xfe, b'{']);
    for outcome in both(Act::Say(bytes)).await {
        let response = outcome.expect("an answer");
        assert_eq!(response.body[..], [0xff, 0xfe, b'{']);
        assert_eq!(response.json(), None);
    }
}

#[tokio::test]
async fn no_host_and_no_listener_are_connect_errors() {
    for base in ["http://no-such-host.invalid/", "http://127.0.0.1:1/"] {
        for outcome in both_at(&Url::parse(base).expect("a URL"), &get("/")).await {
            assert!(matches!(outcome, Err(TransportError::Connect(_))), "{base}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn tls_with_a_server_that_speaks_none_is_a_tls_error() {
    let mut base = serve(Act::Blurt(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")).await;
    base.set_scheme("https").expect("https");
    for outcome in both_at(&base, &get("/")).await {
        assert!(matches!(outcome, Err(TransportError::Tls(_))), "{outcome:?}");
    }
}

#[tokio::test]
async fn garbage_is_malformed() {
    for garbage in
        ["SSH-2.0-OpenSSH_9.6\r\n", "<html><body>hello</body></html>\r\n\r\n", "HTTP/1.1 abc\r\n\r\n"]
    {
        for outcome in both(say(garbage)).await {
            assert!(is_malformed(&outcome), "{garbage}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn death_in_the_middle_is_a_lost_connection() {
    for cut in [
        "",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ] {
        for outcome in both(say(cut)).await {
            assert!(is_lost(&outcome), "{cut:?}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn silence_ends_in_time() {
    let limits = Limits { total: Duration::from_millis(200), ..LIMITS };
    let transport = network();
    for silent in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"] {
        let base = serve(Act::Hang(silent.as_bytes().to_vec())).await;
        let started = std::time::Instant::now();
        let ordinary = transport.send(&base, &get("/"), limits).await;
        let raw = transport.send_raw(&base, &get("/"), limits).await;
        assert_eq!(ordinary, Err(TransportError::Timeout(limits.total)), "{silent:?}");
        assert_eq!(raw, Err(TransportError::Timeout(limits.total)), "{silent:?}");
        assert!(started.elapsed() < LONG);
    }
}

/// Like a 200 that trickles in: each piece comes in time, the whole never.
#[tokio::test]
async fn a_body_that_trickles_ends_in_time() {
    let limits = Limits { total: Duration::from_millis(300), ..LIMITS };
    let transport = network();
    let base = serve(Act::Trickle).await;
    for outcome in
        [transport.send(&base, &get("/"), limits).await, transport.send_raw(&base, &get("/"), limits).await]
    {
        assert_eq!(outcome, Err(TransportError::Timeout(limits.total)));
    }
}

#[tokio::test]
async fn a_body_without_end_ends_at_the_limit() {
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let until_close = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    let declared = b"HTTP/1.1 200 OK\r\nContent-Length: 209715200\r\n\r\n".to_vec();
    let chunk = [b"1000\r\n".as_slice(), &[b'a'; 4096], b"\r\n"].concat();
    for (head, piece) in [(chunked, chunk), (until_close, vec![b'a'; 4096]), (declared, vec![b'a'; 4096])] {
        for outcome in both(Act::Repeat(head, piece)).await {
            assert_eq!(outcome, Err(TransportError::TooLarge(LIMITS.body)));
        }
    }
}

#[tokio::test]
async fn header_fields_without_end_are_refused() {
    let head = b"HTTP/1.1 200 OK\r\n".to_vec();
    for outcome in both(Act::Repeat(head, b"X-Field: value\r\n".repeat(100))).await {
        assert!(is_malformed(&outcome), "{outcome:?}");
    }
}

#[tokio::test]
async fn only_the_raw_client_sees_content_after_204() {
    let act = say("HTTP/1.1 204 No Content\r\n\r\n{\"oops\":1}");
    let [_, raw] = both(act).await;
    assert_eq!(raw.expect("an answer").stray, "{\"oops\":1}");
    let act = Act::Hang(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec());
    let [ordinary, raw] = both(act).await;
    assert_eq!(ordinary.expect("an answer").status, 204);
    assert_eq!(raw.expect("an answer").stray, "");
}

#[tokio::test]
async fn a_target_goes_out_byte_for_byte() {
    let base = serve(Act::Echo).await;
    for target in
        ["/scim/../Users//./x", "/a?filter=a%20eq%20\"b\"&x='|^`{}", "/%7euser", "/Users#x", "/é", "/ü?%"]
    {
        let target = encode::sendable(target);
        for outcome in both_at(&base, &get(&target)).await {
            let echoed = String::from_utf8(outcome.expect("an answer").body.to_vec()).expect("text");
            assert!(echoed.starts_with(&format!("GET {target} HTTP/1.1\r\n")), "{target}: {echoed}");
        }
    }
}

#[tokio::test]
async fn nothing_is_added_that_speaks_for_the_client() {
    let base = serve(Act::Echo).await;
    let mut request = get("/");
    request.headers.remove("Accept");
    let sent = network().send(&base, &request, LIMITS).await.expect("an answer");
    let echoed = String::from_utf8_lossy(&sent.body).to_ascii_lowercase();
    for field in ["accept", "user-agent", "accept-encoding", "content-length"] {
        assert!(!echoed.contains(&format!("{field}:")), "{echoed}");
    }
}

#[tokio::test]
async fn a_field_that_is_none_does_not_stop_a_request() {
    let base = serve(Act::Echo).await;
    let mut request = get("/");
    request.headers.set("Bad Name", "x");
    let sent = network().send(&base, &request, LIMITS).await.expect("an answer");
    assert!(String::from_utf8_lossy(&sent.body).contains("Bad Name: x\r\n"));
}

#[tokio::test]
async fn a_connection_serves_more_than_one_request() {
    const REQUESTS: usize = 20;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let connections = Arc::new(AtomicUsize::new(0));
    let count = connections.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                let mut buffer = [0_u8; 4096];
                while stream.read(&mut buffer).await.is_ok_and(|count| count > 0) {
                    let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
                }
            });
        }
    });
    let base = Url::parse(&format!("http://127.0.0.1:{port}/")).expect("a URL");
    let transport = network();
    for _ in 0..REQUESTS {
        assert_eq!(transport.send(&base, &get("/"), LIMITS).await.expect("an answer").status, 204);
    }
    // A request that comes before the last connection is back in the pool opens another.
    let connections = connections.load(Ordering::SeqCst);
    assert!(connections <= REQUESTS / 2, "{connections} connections for {REQUESTS} requests");
}

#[tokio::test]
async fn a_proxy_is_asked_for_every_request() {
    let proxy = serve(say("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")).await;
    let options = NetworkOptions { proxy: Some(proxy.to_string()), ..NetworkOptions::default() };
    let transport = Transport::network(&options).expect("a transport");
    let base = Url::parse("http://target.invalid/").expect("a URL");
    assert_eq!(transport.send(&base, &get("/"), LIMITS).await.expect("the proxy's answer").status, 407);
    let raw = transport.send_raw(&base, &get("/"), LIMITS).await;
    assert_eq!(raw, Err(TransportError::Connect("the proxy refused with 407".to_owned())));
    let bad = NetworkOptions { proxy: Some("http://".to_owned()), ..NetworkOptions::default() };
    assert!(Transport::network(&bad).is_err());
}

#[tokio::test]
async fn a_service_in_process_is_read_like_one_on_the_wire() {
    struct Wire(&'static [u8]);
    impl crate::mock::Service for Wire {
        fn handle(&self, request: &Request, _now: jiff::Timestamp) -> crate::mock::Answer {
            assert_eq!(request.headers.get("host"), Some("localhost:80"));
            crate::mock::Answer::Wire(Bytes::from_static(self.0))
        }
    }
    let ask = async |bytes: &'static [u8]| {
        let clock: Clock = std::sync::Arc::new(|| jiff::Timestamp::UNIX_EPOCH);
        let transport = Transport::InProcess(InProcess::new(std::sync::Arc::new(Wire(bytes)), clock));
        let base = Url::parse("https://localhost:80/").expect("a URL");
        transport.send(&base, &get("/"), LIMITS).await
    };
    let stray = ask(b"HTTP/1.1 204 No Content\r\n\r\n{}").await.expect("an answer").stray;
    assert_eq!(stray, "{}");
    assert!(is_lost(&ask(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}").await));
    assert!(is_malformed(&ask(b"nonsense").await));
}
