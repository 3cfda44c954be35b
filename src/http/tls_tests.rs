//! Certificates that are right and wrong, on both network transports.

use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::*;

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::<String>::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority"))
    }

    fn pem(&self) -> Vec<u8> {
        self.0.pem().into_bytes()
    }

    /// Certificate and key as PEM.
    fn issue(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        (certificate.pem(), key.serialize_pem())
    }
}

/// Serves 200 on a free port with a certificate for `name`; asks for one of the same authority where `mutual`.
async fn serve(authority: &Authority, name: &str, mutual: bool) -> Url {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .expect("versions");
    let builder = if mutual {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&authority.pem()).expect("PEM")).expect("a root");
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        builder.with_client_cert_verifier(verifier.build().expect("a verifier"))
    } else {
        builder.with_no_client_auth()
    };
    let (certificate, key) = authority.issue(name);
    let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).expect("PEM")];
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("PEM");
    let acceptor = TlsAcceptor::from(Arc::new(builder.with_single_cert(chain, key).expect("a server")));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let _ = stream.read(&mut [0_u8; 1000]).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
                let _ = stream.shutdown().await;
            });
        }
    });
    Url::parse(&format!("https://localhost:{port}/")).expect("a URL")
}

async fn ask(base: &Url, tls: TlsOptions) -> [Result<u16, TransportError>; 2] {
    let transport =
        Transport::network(&NetworkOptions { tls, ..NetworkOptions::default() }).expect("a transport");
    let mut request = Request::new("GET", "/");
    request.headers.set("Accept", "*/*");
    let limits = Limits { total: Duration::from_secs(60), ..Limits::default() };
    [
        transport.send(base, &request, limits).await.map(|response| response.status),
        transport.send_raw(base, &request, limits).await.map(|response| response.status),
    ]
}

fn is_tls(outcome: &Result<u16, TransportError>) -> bool {
    matches!(outcome, Err(TransportError::Tls(_)))
}

fn trusting(authority: &Authority) -> TlsOptions {
    TlsOptions { ca: Some(authority.pem()), ..TlsOptions::default() }
}

#[tokio::test]
async fn an_unknown_authority_is_a_tls_error() {
    let authority = Authority::new();
    let base = serve(&authority, "localhost", false).await;
    for outcome in ask(&base, TlsOptions::default()).await {
        assert!(is_tls(&outcome), "{outcome:?}");
    }
    for outcome in ask(&base, TlsOptions { ca_only: true, ..TlsOptions::default() }).await {
        assert!(is_tls(&outcome), "{outcome:?}");
    }
}

#[tokio::test]
async fn an_authority_that_is_given_is_trusted() {
    let authority = Authority::new();
    let base = serve(&authority, "localhost", false).await;
    assert_eq!(ask(&base, trusting(&authority)).await, [Ok(200), Ok(200)]);
    let only = TlsOptions { ca_only: true, ..trusting(&authority) };
    assert_eq!(ask(&base, only).await, [Ok(200), Ok(200)]);
}

#[tokio::test]
async fn a_certificate_for_another_host_is_a_tls_error_unless_insecure() {
    let authority = Authority::new();
    let base = serve(&authority, "other.example", false).await;
    for outcome in ask(&base, trusting(&authority)).await {
        assert!(is_tls(&outcome), "{outcome:?}");
    }
    let insecure = TlsOptions { insecure: true, ..TlsOptions::default() };
    assert_eq!(ask(&base, insecure).await, [Ok(200), Ok(200)]);
}

#[tokio::test]
async fn a_client_certificate_is_shown_where_it_is_asked_for() {
    let authority = Authority::new();
    let base = serve(&authority, "localhost", true).await;
    for outcome in ask(&base, trusting(&authority)).await {
        assert!(is_tls(&outcome), "{outcome:?}");
    }
    let (certificate, key) = authority.issue("client");
    let both = TlsOptions {
        client_certificate: Some(format!("{certificate}{key}").into_bytes()),
        ..trusting(&authority)
    };
    assert_eq!(ask(&base, both).await, [Ok(200), Ok(200)]);
    let apart = TlsOptions {
        client_certificate: Some(certificate.into_bytes()),
        client_key: Some(key.into_bytes()),
        ..trusting(&authority)
    };
    assert_eq!(ask(&base, apart).await, [Ok(200), Ok(200)]);
}
