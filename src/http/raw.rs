//! The raw HTTP/1.1 client: sends a request byte for byte, and sees every byte that comes back.
//! Knows nothing of what it carries.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

use super::encode::{base64, percent_decode};
use super::head;
use super::tls::{Tls, tls_message};
use super::transport::{BadOption, Limits, NetworkOptions};
use super::wire::Decoder;
use super::{Request, Response, TransportError};

/// How long bytes are waited for that follow a whole response, where the server keeps the connection open.
const STRAY: Duration = Duration::from_millis(150);

pub(super) struct Raw {
    tls: Tls,
    connect: Duration,
    proxy: Option<Url>,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Raw {
    pub(super) fn new(options: &NetworkOptions, tls: &Tls) -> Result<Self, BadOption> {
        let proxy = match &options.proxy {
            None => None,
            Some(text) => Some(
                Url::parse(text).map_err(|error| BadOption(format!("the proxy cannot be used: {error}")))?,
            ),
        };
        Ok(Self { tls: tls.clone(), connect: options.connect, proxy })
    }

    /// One request over a connection of its own.
    pub(super) async fn send(
        &self,
        base: &Url,
        request: &Request,
        limits: Limits,
    ) -> Result<Response, TransportError> {
        match tokio::time::timeout(limits.total, self.exchange(base, request, limits)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(TransportError::Timeout(limits.total)),
        }
    }

    async fn exchange(
        &self,
        base: &Url,
        request: &Request,
        limits: Limits,
    ) -> Result<Response, TransportError> {
        let mut stream = match tokio::time::timeout(self.connect, self.open(base)).await {
            Ok(stream) => stream?,
            Err(_) => {
                return Err(TransportError::Connect(
                    "no connection within the time for connecting".to_owned(),
                ));
            }
        };
        let mut request = head::with_framing(base, request);
        if request.headers.get("connection").is_none() {
            request.headers.set("Connection", "close");
        }
        // A server may answer, and close, before it has read all: what it said is worth more than the error.
        let written = stream.write_all(&head::request_bytes(&request)).await;
        let _ = stream.flush().await;
        let answer = receive(&mut stream, &request.method, limits.body).await;
        match (answer, written) {
            (Err(TransportError::Lost(_)), Err(error)) => Err(TransportError::Lost(error.to_string())),
            (answer, _) => answer,
        }
    }

    async fn open(&self, base: &Url) -> Result<Box<dyn Stream>, TransportError> {
        let host = base.host_str().unwrap_or_default();
        let port = base.port_or_known_default().unwrap_or(80);
        let stream = match &self.proxy {
            None => connect(host, port).await?,
            Some(proxy) => tunnel(proxy, host, port).await?,
        };
        if base.scheme() != "https" {
            return Ok(Box::new(stream));
        }
        match self.tls.connect(host, stream).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) => Err(TransportError::Tls(tls_cause(&error))),
        }
    }
}

async fn connect(host: &str, port: u16) -> Result<TcpStream, TransportError> {
    let address = (host.trim_matches(['[', ']']), port);
    let stream = TcpStream::connect(address).await.map_err(|e| TransportError::Connect(e.to_string()))?;
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

/// A tunnel through an HTTP proxy (RFC 9110 §9.3.6).
async fn tunnel(proxy: &Url, host: &str, port: u16) -> Result<TcpStream, TransportError> {
    let failed = |what: &str| TransportError::Connect(format!("the proxy {what}"));
    if proxy.scheme() != "http" {
        return Err(failed("is not an http one, and exact bytes go through no other"));
    }
    let mut stream =
        connect(proxy.host_str().unwrap_or_default(), proxy.port_or_known_default().unwrap_or(80)).await?;
    let mut request = Request::new("CONNECT", format!("{host}:{port}"));
    request.headers.set("Host", format!("{host}:{port}"));
    if !proxy.username().is_empty() {
        let pair = format!(
            "{}:{}",
            percent_decode(proxy.username()),
            percent_decode(proxy.password().unwrap_or_default())
        );
        request.headers.set("Proxy-Authorization", format!("Basic {}", base64(pair.as_bytes())));
    }
    let sent = stream.write_all(&head::request_bytes(&request)).await;
    sent.map_err(|error| failed(&format!("broke the connection: {error}")))?;
    // A HEAD has no body either; the tunnel begins behind the header section.
    let mut decoder = Decoder::new("HEAD", 0);
    while !decoder.is_done() {
        let byte = stream.read_u8().await.map_err(|_| failed("closed the connection"))?;
        decoder.push(&[byte]).map_err(|_| failed("does not answer in HTTP"))?;
    }
    let status = decoder.finish().map_err(|_| failed("does not answer in HTTP"))?.status;
    if (200..300).contains(&status) { Ok(stream) } else { Err(failed(&format!("refused with {status}"))) }
}

async fn receive(
    stream: &mut Box<dyn Stream>,
    method: &str,
    body_limit: usize,
) -> Result<Response, TransportError> {
    let mut decoder = Decoder::new(method, body_limit);
    let mut buffer = vec![0_u8; 64 * 1024];
    let mut broken = None;
    loop {
        let read = if decoder.is_done() {
            match tokio::time::timeout(STRAY, stream.read(&mut buffer)).await {
                Ok(read) => read,
                Err(_) => break,
            }
        } else {
            stream.read(&mut buffer).await
        };
        match read {
            Ok(0) => break,
            Ok(count) => decoder.push(buffer.get(..count).unwrap_or_default())?,
            Err(error) => {
                broken = Some(error);
                break;
            }
        }
    }
    match (decoder.is_done(), broken) {
        (true, _) => decoder.finish(),
        // TLS peers often close without a farewell: only what the framing says counts.
        (false, None) => decoder.finish(),
        (false, Some(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => decoder.finish(),
        (false, Some(error)) => Err(match tls_message(&error) {
            Some(message) => TransportError::Tls(message),
            None => TransportError::Lost(error.to_string()),
        }),
    }
}

fn tls_cause(error: &std::io::Error) -> String {
    tls_message(error).unwrap_or_else(|| error.to_string())
}
