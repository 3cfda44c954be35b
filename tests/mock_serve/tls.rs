//! HTTPS.

use scimspec::mock::serve::{Options, TlsFiles};

use crate::support::{Client, WIRE, start};
use crate::wire::reqwest_client;

type Made = rcgen::CertifiedKey<rcgen::KeyPair>;

/// A certificate for the loopback address, in files that live as long as their folder.
fn certificate() -> (Made, tempfile::TempDir, TlsFiles) {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let files = TlsFiles { certificates: folder.path().join("cert.pem"), key: folder.path().join("key.pem") };
    std::fs::write(&files.certificates, made.cert.pem()).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    (made, folder, files)
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_carries_both_versions_of_http_and_raw_bytes() {
    let (made, _folder, files) = certificate();
    let server = start(Options { tls: Some(files), ..Options::default() }).await;
    assert!(server.base_url.starts_with("https://127.0.0.1:"), "{}", server.base_url);
    let certificate = reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).unwrap();

    let both = reqwest_client(|builder| builder.tls_certs_only([certificate.clone()]));
    let answer = both.get(format!("{}/a", server.base_url)).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (200, reqwest::Version::HTTP_2));

    let old = reqwest_client(|builder| builder.tls_certs_only([certificate]).http1_only());
    let answer = old.get(format!("{}/a", server.base_url)).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (200, reqwest::Version::HTTP_11));

    let roots = std::sync::Arc::new({
        let mut roots = rustls::RootCertStore::empty();
        roots.add(made.cert.der().clone()).unwrap();
        roots
    });
    let config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let name = rustls_pki_types::ServerName::try_from("127.0.0.1").unwrap();
    let connector = tokio_rustls::TlsConnector::from(std::sync::Arc::new(config));
    let mut raw = Client(connector.connect(name, stream).await.unwrap());
    assert_eq!(raw.get("/a").await.status(), 200);
    raw.send("GET /wire HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(raw.rest().await, WIRE);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_speaks_no_tls_is_let_go() {
    let (_, _folder, files) = certificate();
    let header_timeout = std::time::Duration::from_millis(300);
    let server = start(Options { tls: Some(files), header_timeout, ..Options::default() }).await;
    let mut silent = Client::connect(server.address).await;
    silent.rest().await;
    let mut plain = Client::connect(server.address).await;
    plain.try_send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let mut alert = Vec::new();
    let _ = tokio::io::AsyncReadExt::read_to_end(&mut plain.0, &mut alert).await;
    assert!(!alert.starts_with(b"HTTP"), "{alert:?}");
}
