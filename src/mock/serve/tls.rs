//! The server's side of TLS, from PEM files.
//! Knows no HTTP beyond the names of its versions.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls_pki_types::pem::{self, PemObject};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use super::options::TlsFiles;

/// What takes the handshake of a connection: HTTP/2 where the client offers it.
pub(super) fn acceptor(files: &TlsFiles) -> io::Result<TlsAcceptor> {
    let certificates = CertificateDer::pem_file_iter(&files.certificates)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unreadable(&files.certificates, "certificate", error))?;
    if certificates.is_empty() {
        return Err(unreadable(&files.certificates, "certificate", pem::Error::NoItemsFound));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|error| unreadable(&files.key, "private key", error))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|error| {
            let (certificates, key) = (files.certificates.display(), files.key.display());
            io::Error::new(io::ErrorKind::InvalidInput, format!("{certificates} and {key}: {error}"))
        })?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn unreadable(file: &Path, what: &str, error: pem::Error) -> io::Error {
    let reason = match error {
        pem::Error::Io(error) => error.to_string(),
        pem::Error::NoItemsFound => format!("no {what} in PEM form in this file"),
        error => error.to_string(),
    };
    io::Error::new(io::ErrorKind::InvalidInput, format!("{}: {reason}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(certificates: &Path, key: &Path) -> String {
        let files = TlsFiles { certificates: certificates.to_owned(), key: key.to_owned() };
        acceptor(&files).err().expect("an error").to_string()
    }

    #[test]
    fn every_wrong_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let one = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let two = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(path("cert.pem"), one.cert.pem()).unwrap();
        std::fs::write(path("key.pem"), one.signing_key.serialize_pem()).unwrap();
        std::fs::write(path("other.pem"), two.signing_key.serialize_pem()).unwrap();
        std::fs::write(path("empty.pem"), "").unwrap();

        let files = TlsFiles { certificates: path("cert.pem"), key: path("key.pem") };
        assert!(acceptor(&files).is_ok());
        assert!(error_of(&path("empty.pem"), &path("key.pem")).contains("empty.pem: no certificate"));
        assert!(error_of(&path("cert.pem"), &path("empty.pem")).contains("empty.pem: no private key"));
        assert!(error_of(&path("absent.pem"), &path("key.pem")).contains("absent.pem: "));
        assert!(error_of(&path("cert.pem"), &path("other.pem")).contains("other.pem: "));
    }
}
