//! The listening socket: accepting connections, and the orderly stop.
//! Must not know HTTP.

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::connection::{Connections, Phase};
use super::exchange::Front;
use super::options::Options;
use super::record::{self, Recorder};
use super::tls;
use crate::mock::Service;

/// How long to wait when no connection can be taken, for want of file descriptors for instance.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A server whose port is open.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    connections: Arc<Connections>,
    tls: Option<TlsAcceptor>,
    base_path: String,
    grace: Duration,
}

impl Server {
    /// Reads the TLS files and looks whether a recording can be written, opens the port, then begins the recording.
    /// Must be called within a tokio runtime.
    pub async fn bind(mut options: Options, service: Arc<dyn Service>) -> io::Result<Self> {
        let tls = options.tls.as_ref().map(tls::acceptor).transpose()?;
        options.record.as_deref().map(record::check).transpose()?;
        let listener = TcpListener::bind(&options.listen).await.map_err(|error| {
            io::Error::new(error.kind(), format!("cannot listen on {}: {error}", options.listen))
        })?;
        let address = listener.local_addr()?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let recorder =
            options.record.as_ref().map(|file| Recorder::start(file, scheme, &options.tokens)).transpose()?;
        let front = Front::new(&mut options, service, recorder);
        let connections = Arc::new(Connections::new(front, options.header_timeout));
        let Options { base_path, grace, .. } = options;
        Ok(Self { listener, address, connections, tls, base_path, grace })
    }

    /// Where clients reach it: scheme, address, real port and base path.
    pub fn base_url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}{}", reachable(self.address), self.base_path)
    }

    /// Serves until `stop` is ready, then finishes the requests under way within the grace time, and gives what
    /// `stop` gave. Error: the recording could not be written.
    pub async fn run<T>(self, stop: impl Future<Output = T>) -> io::Result<T> {
        let Self { listener, connections, tls, grace, .. } = self;
        let (phase, watching) = watch::channel(Phase::Serving);
        let accepting = accept(&listener, &connections, tls.as_ref(), watching);
        let reason = tokio::select! {
            reason = stop => reason,
            never = accepting => match never {},
        };
        drop(listener);
        phase.send_replace(Phase::Stopping);
        // Each connection holds a receiver: `closed` waits for the last of them.
        let _ = tokio::time::timeout(grace, phase.closed()).await;
        drop(phase);
        if let Some(log) = &connections.front.log {
            log.finish();
        }
        if let Some(recorder) = &connections.front.recorder {
            recorder.finish().await?;
        }
        Ok(reason)
    }
}

enum Never {}

async fn accept(
    listener: &TcpListener,
    connections: &Arc<Connections>,
    tls: Option<&TlsAcceptor>,
    phase: watch::Receiver<Phase>,
) -> Never {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let (connections, tls, phase) = (Arc::clone(connections), tls.cloned(), phase.clone());
                tokio::spawn(connect(connections, stream, tls, phase));
            }
            // The peer's going away before it was accepted says nothing about the next one.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

async fn connect(
    connections: Arc<Connections>,
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    phase: watch::Receiver<Phase>,
) {
    // Answers are written whole, so waiting for more bytes only adds latency.
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else {
        return connections.serve(stream, phase).await;
    };
    let handshake = tokio::time::timeout(connections.header_timeout, tls.accept(stream));
    if let Ok(Ok(stream)) = handshake.await {
        connections.serve(stream, phase).await;
    }
}

/// An address that can be connected to: the loopback one in the place of "all addresses".
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_url_of_all_addresses_is_reachable() {
        let told = |address: &str| reachable(address.parse().unwrap()).to_string();
        assert_eq!(told("0.0.0.0:81"), "127.0.0.1:81");
        assert_eq!(told("[::]:81"), "[::1]:81");
        assert_eq!(told("192.0.2.7:81"), "192.0.2.7:81");
    }
}
