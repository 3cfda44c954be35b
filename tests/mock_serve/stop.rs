//! The orderly stop.

use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use scimspec::http::Request;
use scimspec::mock::serve::Options;
#[cfg(unix)]
use scimspec::mock::serve::{Ready, Stop, serve};
use scimspec::mock::{Answer, Service};
#[cfg(unix)]
use tokio::task::JoinHandle;

#[cfg(unix)]
use crate::support::url_address;
use crate::support::{AT_LAST, Client, Echo, start, start_with};

/// Answers `/busy` when it is told to, and all else at once.
struct Held {
    reached: mpsc::Sender<()>,
    release: Mutex<mpsc::Receiver<()>>,
}

impl Service for Held {
    fn handle(&self, request: &Request, now: Timestamp) -> Answer {
        if request.path() == "/busy" {
            self.reached.send(()).expect("the test waits for it");
            self.release.lock().expect("unpoisoned").recv().expect("the test releases it");
        }
        Echo.handle(request, now)
    }
}

// The service blocks one of the threads, the test at times another.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn requests_under_way_are_finished_and_idle_connections_closed() {
    let ((reached, is_busy), (release, released)) = (mpsc::channel(), mpsc::channel());
    let service = Arc::new(Held { reached, release: Mutex::new(released) });
    let server = start_with(Options { grace: AT_LAST, ..Options::default() }, service).await;
    let address = server.address;
    let mut idle = Client::connect(address).await;
    assert_eq!(idle.get("/").await.status(), 200);
    let mut silent = Client::connect(address).await;
    let mut busy = Client::connect(address).await;
    busy.send("GET /busy HTTP/1.1\r\nHost: x\r\n\r\n").await;
    tokio::task::spawn_blocking(move || is_busy.recv()).await.unwrap().expect("the request is under way");
    let stopping = tokio::spawn(server.stop());
    // Both end while the other is still under way.
    assert_eq!(idle.rest().await, "");
    assert_eq!(silent.rest().await, "");
    release.send(()).expect("the service waits for it");
    assert_eq!(busy.receive().await.json()["target"], "/busy");
    stopping.await.unwrap();
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "the port is still open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_never_ends_is_waited_for_no_longer_than_the_grace() {
    let (grace, body_timeout) = (Duration::from_millis(200), 2 * AT_LAST);
    let server = start(Options { grace, body_timeout, ..Options::default() }).await;
    let mut client = Client::connect(server.address).await;
    under_way(&mut client).await;
    let started = Instant::now();
    server.stop().await;
    assert!(started.elapsed() >= grace, "the request under way was cut off");
    assert!(started.elapsed() < AT_LAST);
    client.rest().await;
}

/// Sends a request that lacks its body. The server asks for the body, so it has the request.
async fn under_way(client: &mut Client) {
    client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n").await;
    assert_eq!(client.receive().await.status(), 100);
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
    let (grace, body_timeout) = (4 * AT_LAST, 4 * AT_LAST);
    let (ready, serving) = serve_until_signalled(Options { grace, body_timeout, ..Options::default() }).await;
    let address = url_address(&ready.base_url);
    let mut client = Client::connect(address).await;
    under_way(&mut client).await;
    signal_myself("-TERM");
    // It has the signal when it takes no connections any more.
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!serving.is_finished(), "the request under way was cut off");
    signal_myself("-INT");
    let stopped = tokio::time::timeout(AT_LAST, serving).await;
    assert_eq!(stopped.expect("it stops at once").unwrap().unwrap(), Stop::Interrupt);
}

#[cfg(unix)]
async fn serve_until_signalled(options: Options) -> (Ready, JoinHandle<std::io::Result<Stop>>) {
    let (tell, ready) = tokio::sync::oneshot::channel();
    let serving = tokio::spawn(async move {
        let service = Arc::new(Echo);
        serve(options, service, |ready| drop(tell.send(ready.clone()))).await
    });
    (ready.await.unwrap(), serving)
}

#[cfg(unix)]
fn signal_myself(signal: &str) {
    let me = std::process::id().to_string();
    assert!(std::process::Command::new("kill").args([signal, &me]).status().unwrap().success());
}
