//! The orderly stop.

use std::time::{Duration, Instant};

use scimspec::mock::serve::{Latency, Options};
#[cfg(unix)]
use scimspec::mock::serve::{Ready, Stop, serve};
#[cfg(unix)]
use tokio::task::JoinHandle;

use crate::support::{Client, start};
#[cfg(unix)]
use crate::support::{Echo, url_address};

#[tokio::test(flavor = "multi_thread")]
async fn requests_under_way_are_finished_and_idle_connections_closed() {
    let latency = Latency { base: Duration::from_secs(2), jitter: Duration::ZERO };
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
    assert!(started.elapsed() < Duration::from_millis(1500), "idle connections wait for busy ones");
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

/// One test for all signals, because a signal reaches every server of the process.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn signals_stop_it_and_leave_a_whole_recording() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.har");
    let tokens = vec!["planted-secret".to_owned()];
    let options = Options { record: Some(file.clone()), tokens, ..Options::default() };
    let (ready, serving) = serve_until_signalled(options).await;
    assert_eq!(ready.tokens, ["planted-secret"]);
    let mut client = Client::connect(url_address(&ready.base_url)).await;
    assert_eq!(client.get("/scim/v2/Users").await.status(), 200);
    signal_myself("-TERM");
    assert_eq!(serving.await.unwrap().unwrap(), Stop::Terminate);
    let har: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(har["log"]["entries"].as_array().unwrap().len(), 1);

    // A second signal does not wait for the grace.
    let grace = Duration::from_secs(60);
    let (ready, serving) = serve_until_signalled(Options { grace, ..Options::default() }).await;
    let mut client = Client::connect(url_address(&ready.base_url)).await;
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    signal_myself("-TERM");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!serving.is_finished(), "the request under way was cut off");
    signal_myself("-INT");
    let stopped = tokio::time::timeout(Duration::from_secs(20), serving).await;
    assert_eq!(stopped.expect("it stops at once").unwrap().unwrap(), Stop::Interrupt);
}

#[cfg(unix)]
async fn serve_until_signalled(options: Options) -> (Ready, JoinHandle<std::io::Result<Stop>>) {
    let (tell, ready) = tokio::sync::oneshot::channel();
    let serving = tokio::spawn(async move {
        let service = std::sync::Arc::new(Echo);
        serve(options, service, |ready| drop(tell.send(ready.clone()))).await
    });
    (ready.await.unwrap(), serving)
}

#[cfg(unix)]
fn signal_myself(signal: &str) {
    let me = std::process::id().to_string();
    assert!(std::process::Command::new("kill").args([signal, &me]).status().unwrap().success());
}
