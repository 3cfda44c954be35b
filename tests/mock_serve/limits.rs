//! Limits of size, time and rate.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use scimspec::mock::serve::{Latency, Options};

use crate::support::{AT_LAST, Client, start};

fn small() -> Options {
    Options { body_limit: 1000, ..Options::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_body_is_refused_in_every_framing_and_the_connection_lives() {
    let server = start(small()).await;
    let mut client = Client::connect(server.address).await;
    let body = "x".repeat(1_000_000);
    client.send(&format!("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n{body}")).await;
    let got = client.receive().await;
    assert_eq!(got.status(), 413);
    assert_eq!(got.header("content-type"), Some("application/scim+json"));
    assert_eq!(got.json()["status"], "413");
    client
        .send(&format!(
            "POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nF4240\r\n{body}\r\n0\r\n\r\n"
        ))
        .await;
    assert_eq!(client.receive().await.status(), 413);
    assert_eq!(client.get("/c").await.json()["target"], "/c");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_itself_is_allowed() {
    let server = start(small()).await;
    let mut client = Client::connect(server.address).await;
    for (length, status) in [(1000, 200), (1001, 413)] {
        let body = "x".repeat(length);
        client.send(&format!("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{body}")).await;
        assert_eq!(client.receive().await.status(), status, "{length} bytes");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_in_many_pieces_arrives_whole() {
    let server = start(small()).await;
    let mut client = Client::connect(server.address).await;
    client.send("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n").await;
    for piece in ["3\r\nabc\r\n", "1\r\nd\r\n", "2\r\nef\r\n", "0\r\n\r\n"] {
        client.send(piece).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(client.receive().await.json()["body"], "abcdef");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_before_sending_too_much_need_not_send_it() {
    let server = start(small()).await;
    let mut client = Client::connect(server.address).await;
    let head = "POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length:";
    client.send(&format!("{head} 99999999\r\n\r\n")).await;
    assert_eq!(client.receive().await.status(), 413);
    let mut client = Client::connect(server.address).await;
    client.send(&format!("{head} 2\r\n\r\n")).await;
    assert_eq!(client.receive().await.status(), 100);
    client.send("ok").await;
    assert_eq!(client.receive().await.json()["body"], "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_dawdle_are_let_go() {
    let header_timeout = Duration::from_millis(300);
    let server = start(Options { header_timeout, ..Options::default() }).await;
    for beginning in ["", "P", "PRI * HTTP/2.0\r\n", "GET / HTTP/1.1\r\nHost: x\r\n"] {
        let started = Instant::now();
        let mut client = Client::connect(server.address).await;
        client.try_send(beginning).await;
        let rest = client.rest().await;
        assert!(rest.is_empty() || rest.starts_with("HTTP/1.1 4"), "{beginning:?} got {rest:?}");
        assert!(started.elapsed() >= header_timeout, "{beginning:?} was cut off at once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_come_is_answered_and_the_connection_closed() {
    let server = start(Options { body_timeout: Duration::from_millis(300), ..Options::default() }).await;
    let mut client = Client::connect(server.address).await;
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc").await;
    let rest = client.rest().await;
    assert!(rest.starts_with("HTTP/1.1 408 ") && rest.contains("connection: close"), "{rest}");
}

#[tokio::test(flavor = "multi_thread")]
async fn between_requests_a_connection_may_rest_only_as_long_as_for_a_header() {
    let server = start(Options { header_timeout: Duration::from_secs(3), ..Options::default() }).await;
    let mut client = Client::connect(server.address).await;
    assert_eq!(client.get("/").await.status(), 200);
    assert_eq!(client.rest().await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_header_trickle_is_cut_off() {
    let options = Options { header_timeout: Duration::from_millis(500), ..Options::default() };
    let server = start(options).await;
    let mut client = Client::connect(server.address).await;
    client.try_send("GET / HTTP/1.1\r\n").await;
    let started = Instant::now();
    while tokio::io::AsyncWriteExt::write_all(&mut client.0, b"A: b\r\n").await.is_ok() {
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(started.elapsed() < AT_LAST, "the trickle goes on");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn latency_is_added_to_each_answer_without_holding_up_others() {
    let latency = Latency { base: Duration::from_millis(500), jitter: Duration::from_millis(50) };
    let server = start(Options { latency, ..Options::default() }).await;
    let started = Instant::now();
    let clients: Vec<_> = (0..100)
        .map(|_| {
            let address = server.address;
            tokio::spawn(async move { Client::connect(address).await.get("/").await.status() })
        })
        .collect();
    for client in clients {
        assert_eq!(client.await.unwrap(), 200);
    }
    let elapsed = started.elapsed();
    assert!(elapsed >= latency.base, "{elapsed:?}");
    assert!(elapsed < 50 * latency.base, "100 clients were served one after another: {elapsed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rate_is_limited_for_each_token() {
    let server = start(Options { rate_limit: NonZeroU32::new(1), ..Options::default() }).await;
    let mut client = Client::connect(server.address).await;
    let as_one = "GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer one\r\n\r\n";
    // Sent in one go, so that it is the server's time alone that lies between them.
    const MANY: usize = 30;
    client.send(&as_one.repeat(MANY)).await;
    let mut last = client.receive().await;
    assert_eq!(last.status(), 200);
    let mut refused = None;
    for _ in 1..MANY {
        last = client.receive().await;
        if last.status() == 429 {
            refused = Some(last);
        }
    }
    let refused = refused.expect("thirty requests in a row are over a limit of one a second");
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.json()["status"], "429");
    client.send(&as_one.replace("one", "two")).await;
    assert_eq!(client.receive().await.status(), 200);
    tokio::time::sleep(Duration::from_secs(1)).await;
    client.send(as_one).await;
    assert_eq!(client.receive().await.status(), 200);
}
