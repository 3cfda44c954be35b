//! The orderly stop.

use std::time::{Duration, Instant};

use scimspec::mock::serve::{Latency, Options};

use crate::support::{Client, start};

#[tokio::test(flavor = "multi_thread")]
async fn requests_under_way_are_finished_and_idle_connections_closed() {
    let latency = Latency { base: Duration::from_millis(500), jitter: Duration::ZERO };
    let server = start(Options { latency, ..Options::default() }).await;
    let address = server.address;
    let mut idle = Client::connect(address).await;
    assert_eq!(idle.get("/").await.status(), 200);
    let mut silent = Client::connect(address).await;
    let mut busy = Client::connect(address).await;
    busy.send("GET /busy HTTP/1.1\r\nHost: x\r\n\r\n").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let started = Instant::now();
    let stopping = tokio::spawn(server.stop());
    assert_eq!(idle.rest().await, "");
    assert_eq!(silent.rest().await, "");
    assert!(started.elapsed() < Duration::from_millis(300), "idle connections wait for busy ones");
    assert_eq!(busy.receive().await.json()["target"], "/busy");
    stopping.await.unwrap();
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "the port is still open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_never_ends_is_waited_for_no_longer_than_the_grace() {
    let server = start(Options { grace: Duration::from_millis(200), ..Options::default() }).await;
    let mut client = Client::connect(server.address).await;
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let started = Instant::now();
    server.stop().await;
    assert!(started.elapsed() < Duration::from_secs(2));
    client.rest().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_signal_stops_it_and_leaves_a_whole_recording() {
    use scimspec::mock::serve::{Stop, serve};

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.har");
    let (tell, ready) = tokio::sync::oneshot::channel();
    let tokens = vec!["planted-secret".to_owned()];
    let options = Options { record: Some(file.clone()), tokens, ..Options::default() };
    let serving = tokio::spawn(async move {
        let service = std::sync::Arc::new(crate::support::Echo);
        serve(options, service, |ready| drop(tell.send(ready.clone()))).await
    });
    let ready = ready.await.unwrap();
    assert_eq!(ready.tokens, ["planted-secret"]);
    let mut client = Client::connect(crate::support::url_address(&ready.base_url)).await;
    assert_eq!(client.get("/scim/v2/Users").await.status(), 200);
    let me = std::process::id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &me]).status().unwrap().success());
    assert_eq!(serving.await.unwrap().unwrap(), Stop::Terminate);
    let har: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(har["log"]["entries"].as_array().unwrap().len(), 1);
}
