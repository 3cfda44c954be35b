//! A service that tells what it got, a server around it, and a client that sees every byte.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use scimspec::http::{Request, Response};
use scimspec::mock::serve::{Options, Server};
use scimspec::mock::{Answer, Service};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// What `/wire` is answered with: a message that no HTTP library would send.
pub const WIRE: &str = "HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n{\"a\":1}";

/// How long a test waits for what must come, however busy the machine is.
pub const AT_LAST: Duration = Duration::from_secs(60);

/// Answers `/wire` with raw bytes, `/split` with a header that HTTP cannot carry, and all else with what it got.
pub struct Echo;

impl Service for Echo {
    fn handle(&self, request: &Request, _: Timestamp) -> Answer {
        if request.path().ends_with("/wire") {
            return Answer::Wire(Bytes::from_static(WIRE.as_bytes()));
        }
        let mut response = Response::new(200);
        response.headers.set("Content-Type", "application/scim+json");
        if request.path().ends_with("/split") {
            response.headers.set("ETag", "a\r\nInjected: b");
        }
        let headers: Vec<_> = request.headers.iter().map(|(n, v)| json!([n, v])).collect();
        let told = json!({
            "method": request.method,
            "target": request.target,
            "headers": headers,
            "body": String::from_utf8_lossy(&request.body),
            "length": request.body.len(),
        });
        response.body = told.to_string().into();
        Answer::Http(response)
    }

    fn answers_wire(&self) -> bool {
        true
    }
}

/// A server in the background.
pub struct Running {
    pub base_url: String,
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<io::Result<Result<(), oneshot::error::RecvError>>>,
}

pub async fn start(options: Options) -> Running {
    start_with(options, Arc::new(Echo)).await
}

pub async fn start_with(options: Options, service: Arc<dyn Service>) -> Running {
    let server = Server::bind(options, service).await.expect("the server starts");
    let base_url = server.base_url();
    let address = url_address(&base_url);
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(server.run(stopped));
    Running { base_url, address, stop, ended }
}

pub fn url_address(base_url: &str) -> SocketAddr {
    let host = base_url.split("//").nth(1).unwrap().split('/').next().unwrap();
    host.parse().unwrap()
}

impl Running {
    /// Tells it to stop and waits until it has.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        self.ended.await.unwrap().unwrap().unwrap();
    }
}

/// One connection.
pub struct Client<S = TcpStream>(pub S);

impl Client {
    pub async fn connect(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.expect("the server accepts"))
    }
}

/// A response as it came.
#[derive(Debug)]
pub struct Got {
    pub head: String,
    pub body: Vec<u8>,
}

impl Got {
    pub fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (given, value) = line.split_once(':')?;
            given.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }
}

impl<S: AsyncRead + tokio::io::AsyncWrite + Unpin> Client<S> {
    pub async fn send(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.expect("the server reads");
    }

    /// Reads one response by its Content-Length.
    pub async fn receive(&mut self) -> Got {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.expect("a whole response head"));
        }
        let mut got = Got { head: String::from_utf8(head).unwrap(), body: Vec::new() };
        let length = got.header("content-length").map_or(0, |length| length.parse().unwrap());
        got.body = vec![0; length];
        self.0.read_exact(&mut got.body).await.expect("a whole body");
        got
    }

    pub async fn get(&mut self, target: &str) -> Got {
        self.send(&format!("GET {target} HTTP/1.1\r\nHost: mock.example\r\n\r\n")).await;
        self.receive().await
    }

    /// The same for a server that may have closed already.
    pub async fn try_send(&mut self, text: &str) {
        let _ = self.0.write_all(text.as_bytes()).await;
    }

    /// Everything until the server closes; fails if it never does.
    pub async fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        let closed = tokio::time::timeout(AT_LAST, self.0.read_to_end(&mut rest)).await;
        // A reset closes too.
        let _ = closed.expect("the server closes the connection");
        String::from_utf8(rest).unwrap()
    }
}
