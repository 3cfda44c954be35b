//! The in-process server.

use std::sync::Arc;

use jiff::Timestamp;
use scimspec::http::Request;
use scimspec::mock::shell::Shell;
use scimspec::mock::{Answer, Service};

use crate::support::{Client, Echo, WIRE, url_address};

/// The echo without raw answers, so that wiremock carries it.
struct Plain;

impl Service for Plain {
    fn handle(&self, request: &Request, now: Timestamp) -> Answer {
        Echo.handle(request, now)
    }
}

async fn told_by(service: Arc<dyn Service>) -> serde_json::Value {
    let shell = Shell::start(service).await.unwrap();
    let mut client = Client::connect(url_address(shell.base_url())).await;
    let target = "/scim/v2/Users/a%2Fb?filter=userName%20eq%20%22a%22&x=%zz&&y";
    client
        .send(&format!(
            "PATCH {target} HTTP/1.1\r\nHost: mock.example:81\r\nAccept: a\r\nAccept: b\r\n\
             Content-Length: 3\r\n\r\nabc"
        ))
        .await;
    let got = client.receive().await;
    assert_eq!(got.status(), 200);
    assert_eq!(got.header("content-type"), Some("application/scim+json"));
    let told = got.json();
    assert_eq!(told["target"], target);
    // The connection stays open for the next request.
    assert_eq!(client.get("/second").await.json()["target"], "/second");
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn both_carriers_hand_over_the_same_request() {
    let (wiremock, own) = (told_by(Arc::new(Plain)).await, told_by(Arc::new(Echo)).await);
    assert_eq!(wiremock, own);
    assert_eq!(own["method"], "PATCH");
    assert_eq!(own["body"], "abc");
    let headers = own["headers"].to_string();
    assert!(headers.contains(r#"["host","mock.example:81"],["accept","a"],["accept","b"]"#), "{headers}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_with_raw_answers_gets_a_carrier_that_writes_them() {
    let shell = Shell::start(Arc::new(Echo)).await.unwrap();
    let mut client = Client::connect(url_address(shell.base_url())).await;
    client.send("GET /wire HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(client.rest().await, WIRE);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_http_cannot_carry_is_told_and_the_server_lives() {
    let shell = Shell::start(Arc::new(Plain)).await.unwrap();
    let mut client = Client::connect(url_address(shell.base_url())).await;
    for path in ["/wire", "/split"] {
        let got = client.get(path).await;
        assert_eq!(got.status(), 500);
        assert!(got.header("injected").is_none());
    }
    assert_eq!(client.get("/").await.status(), 200);
}

#[tokio::test]
async fn a_dropped_shell_frees_its_port_even_in_a_runtime_of_one_thread() {
    for service in [Arc::new(Plain) as Arc<dyn Service>, Arc::new(Echo)] {
        let shell = Shell::start(service).await.unwrap();
        let address = url_address(shell.base_url());
        assert!(std::net::TcpStream::connect(address).is_ok());
        drop(shell);
        // Another test may take it as soon as it is free, so that being refused once is enough.
        let freed = (0..1000).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            std::net::TcpStream::connect(address).is_err()
        });
        assert!(freed, "{address} is still taken");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_of_request_target_is_answered() {
    let as_sent = ["//a//b", "/%zz", "/a?", "/a?b?c", "/a?x='y'", "/a%00b", "/a;b=c,d:e@f", "/?q=%E2%82%AC"];
    for service in [Arc::new(Plain) as Arc<dyn Service>, Arc::new(Echo)] {
        let carrier = if service.answers_wire() { "own" } else { "wiremock" };
        let shell = Shell::start(service).await.unwrap();
        let mut client = Client::connect(url_address(shell.base_url())).await;
        for target in as_sent {
            let told = client.get(target).await.json()["target"].as_str().unwrap().replace("%27", "'");
            assert_eq!(told, target, "{carrier}");
        }
        for target in ["http://x.example:81/a", "*", "/a/../b", "/é"] {
            let mut client = Client::connect(url_address(shell.base_url())).await;
            client.send(&format!("OPTIONS {target} HTTP/1.1\r\nHost: x\r\n\r\n")).await;
            let got = client.receive().await;
            assert_eq!(got.status(), 200, "{carrier} {target}");
            if target.starts_with("http") {
                assert_eq!(got.json()["target"], "/a", "{carrier}");
                assert_eq!(got.json()["headers"][0][1], "x.example:81", "{carrier}");
            }
        }
    }
}
