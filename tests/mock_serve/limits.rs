//! Limits of size, time and rate.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use scimspec::mock::serve::{Latency, Options};

use crate::support::{Client, start};

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
    let patience = Duration::from_millis(300);
    let options = Options { header_timeout: patience, body_timeout: patience, ..Options::default() };
    let server = start(options).await;
    for beginning in ["", "P", "PRI * HTTP/2.0\r\n", "GET / HTTP/1.1\r\nHost: x\r\n"] {
        let started = Instant::now();
        let mut client = Client::connect(server.address).await;
        client.send(beginning).await;
        let rest = client.rest().await;
        assert!(rest.is_empty() || rest.starts_with("HTTP/1.1 4"), "{beginning:?} got {rest:?}");
        assert!(started.elapsed() >= Duration::from_millis(290), "{beginning:?} was cut off at once");
    }
    let mut client = Client::connect(server.address).await;
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc").await;
    let rest = client.rest().await;
    assert!(rest.starts_with("HTTP/1.1 408 ") && rest.contains("connection: close"), "{rest}");
    // Between requests a connection may rest only as long.
    let mut client = Client::connect(server.address).await;
    assert_eq!(client.get("/").await.status(), 200);
    assert_eq!(client.rest().await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_header_trickle_is_cut_off_on_time() {
    let options = Options { header_timeout: Duration::from_millis(500), ..Options::default() };
    let server = start(options).await;
    let mut client = Client::connect(server.address).await;
    client.send("GET / HTTP/1.1\r\n").await;
    let started = Instant::now();
    while tokio::io::AsyncWriteExt::write_all(&mut client.0, b"A: b\r\n").await.is_ok() {
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(started.elapsed() < Duration::from_secs(6), "the trickle goes on");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn latency_is_added_to_each_answer_without_holding_up_others() {
    let latency = Latency { base: Duration::from_millis(200), jitter: Duration::from_millis(50) };
    let server = start(Options { latency, ..Options::default() }).await;
    let started = Instant::now();
    let clients: Vec<_> = (0..20)
        .map(|_| {
            let address = server.address;
            tokio::spawn(async move { Client::connect(address).await.get("/").await.status() })
        })
        .collect();
    for client in clients {
        assert_eq!(client.await.unwrap(), 200);
    }
    let elapsed = started.elapsed();
    assert!(elapsed >= Duration::from_millis(200), "{elapsed:?}");
    assert!(elapsed < Duration::from_millis(3000), "20 clients were served one after another: {elapsed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rate_is_limited_for_each_token() {
    let rate_limit = NonZeroU32::new(3);
    let server = start(Options { rate_limit, ..Options::default() }).await;
    let mut client = Client::connect(server.address).await;
    let as_one = "GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer one\r\n\r\n";
    let mut refused = None;
    for _ in 0..10 {
        client.send(as_one).await;
        let got = client.receive().await;
        if got.status() == 429 {
            refused = Some(got);
            break;
        }
    }
    let refused = refused.expect("the tenth request in a row is over a limit of three a second");
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.json()["status"], "429");
    client.send(&as_one.replace("one", "two")).await;
    assert_eq!(client.receive().await.status(), 200);
    tokio::time::sleep(Duration::from_secs(1)).await;
    client.send(as_one).await;
    assert_eq!(client.receive().await.status(), 200);
}
