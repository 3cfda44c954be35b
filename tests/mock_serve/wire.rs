//! Raw answers on a connection that otherwise speaks HTTP, and bytes that are no HTTP.

use scimspec::mock::serve::Options;

use crate::support::{Client, WIRE, start};

#[tokio::test(flavor = "multi_thread")]
async fn raw_bytes_come_as_they_are_after_ordinary_answers_and_close_the_connection() {
    let server = start(Options::default()).await;
    let mut client = Client::connect(server.address).await;
    assert_eq!(client.get("/one").await.json()["target"], "/one");
    assert_eq!(client.get("/two").await.json()["target"], "/two");
    client.send("POST /wire HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello").await;
    assert_eq!(client.rest().await, WIRE);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_sent_in_one_go_are_answered_in_their_order() {
    let server = start(Options::default()).await;
    let mut client = Client::connect(server.address).await;
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
    client.send(&[get("/one"), get("/two"), get("/wire"), get("/never")].concat()).await;
    assert_eq!(client.receive().await.json()["target"], "/one");
    assert_eq!(client.receive().await.json()["target"], "/two");
    assert_eq!(client.rest().await, WIRE);
}

#[tokio::test(flavor = "multi_thread")]
async fn http2_gets_a_reason_in_the_place_of_raw_bytes() {
    let server = start(Options::default()).await;
    let client = reqwest_client(|builder| builder.http2_prior_knowledge());
    let answer = client.get(format!("{}/echo?a=%20b", server.base_url)).send().await.unwrap();
    assert_eq!(answer.version(), reqwest::Version::HTTP_2);
    let told = answer.text().await.unwrap();
    assert!(told.contains(r#""target":"/scim/v2/echo?a=%20b""#), "{told}");
    assert!(told.contains(&format!(r#"["host","{}"]"#, server.address)), "{told}");
    let answer = client.get(format!("{}/wire", server.base_url)).send().await.unwrap();
    assert_eq!(answer.status(), 505);
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_http_are_refused_and_the_server_lives() {
    let server = start(Options::default()).await;
    let endless_head = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(1 << 20));
    let many_fields = format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(200));
    let long_target = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(70_000));
    for garbage in [
        "\0\0\0\0\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "\x16\x03\x01\x02\0\x01\0\x01\u{7f}\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        &endless_head,
        &many_fields,
        &long_target,
    ] {
        let mut client = Client::connect(server.address).await;
        // The server may close before all is sent.
        let _ = tokio::io::AsyncWriteExt::write_all(&mut client.0, garbage.as_bytes()).await;
        let rest = client.rest().await;
        assert!(rest.is_empty() || rest.starts_with("HTTP/1.1 4"), "{garbage:.40?} got {rest:?}");
    }
    assert_eq!(Client::connect(server.address).await.get("/").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_that_http_cannot_carry_injects_nothing() {
    let server = start(Options::default()).await;
    let got = Client::connect(server.address).await.get("/split").await;
    assert_eq!(got.status(), 500);
    assert!(got.header("injected").is_none(), "{}", got.head);
}

pub fn reqwest_client(set: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder) -> reqwest::Client {
    // A second installation is refused, and of no matter.
    let _ = rustls::crypto::ring::default_provider().install_default();
    set(reqwest::Client::builder().no_proxy()).build().unwrap()
}
