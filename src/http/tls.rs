//! TLS for both network transports: one configuration, so that both judge certificates alike.
//! Knows nothing of HTTP.

use std::error::Error;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::transport::BadOption;

/// Whom to trust, and who to be.
#[derive(Clone, Default)]
pub struct TlsOptions {
    /// PEM text with certificate authorities to trust beside those of the system.
    pub ca: Option<Vec<u8>>,
    /// Trusts only those of `ca`.
    pub ca_only: bool,
    /// PEM text with the client's certificate chain.
    pub client_certificate: Option<Vec<u8>>,
    /// PEM text with the client's key; looked for in `client_certificate` where absent.
    pub client_key: Option<Vec<u8>>,
    /// Accepts any certificate.
    pub insecure: bool,
}

impl std::fmt::Debug for TlsOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsOptions")
            .field("ca", &self.ca.is_some())
            .field("ca_only", &self.ca_only)
            .field("client_certificate", &self.client_certificate.is_some())
            .field("insecure", &self.insecure)
            .finish()
    }
}

/// A TLS client, ready to connect.
#[derive(Clone)]
pub(super) struct Tls {
    config: ClientConfig,
}

impl Tls {
    pub(super) fn new(options: &TlsOptions) -> Result<Self, BadOption> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        // reqwest looks for the process-wide provider; one that is installed already serves as well.
        let _ = provider.as_ref().clone().install_default();
        let verifier = verifier(options, &provider)?;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| BadOption(format!("TLS cannot be set up: {error}")))?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let config = match &options.client_certificate {
            None => builder.with_no_client_auth(),
            Some(pem) => {
                let chain = certificates(pem, "client certificate")?;
                let key = PrivateKeyDer::from_pem_slice(options.client_key.as_ref().unwrap_or(pem))
                    .map_err(|error| BadOption(format!("the client key cannot be read: {error}")))?;
                builder
                    .with_client_auth_cert(chain, key)
                    .map_err(|error| BadOption(format!("the client certificate cannot be used: {error}")))?
            }
        };
        Ok(Self { config })
    }

    /// The configuration with these protocol names to offer (ALPN).
    pub(super) fn config(&self, protocols: &[&str]) -> ClientConfig {
        let mut config = self.config.clone();
        config.alpn_protocols = protocols.iter().map(|p| p.as_bytes().to_vec()).collect();
        config
    }

    /// The handshake as an HTTP/1.1 client. `host` is a DNS name or an address.
    pub(super) async fn connect(
        &self,
        host: &str,
        stream: TcpStream,
    ) -> Result<TlsStream<TcpStream>, std::io::Error> {
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
            .map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidInput, error))?;
        TlsConnector::from(Arc::new(self.config(&["http/1.1"]))).connect(name, stream).await
    }
}

/// What TLS itself has to say in an error, where it is at the bottom of it: an `io::Error` hides the error that
/// it wraps from `source()`, and may wrap another of its kind.
pub(super) fn tls_message(error: &(dyn Error + 'static)) -> Option<String> {
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(error.to_string());
    }
    let io = error.downcast_ref::<std::io::Error>()?;
    tls_message(io.get_ref()?)
}

fn certificates(pem: &[u8], what: &str) -> Result<Vec<CertificateDer<'static>>, BadOption> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(list) if !list.is_empty() => Ok(list),
        Ok(_) => Err(BadOption(format!("the {what} holds no certificate in PEM"))),
        Err(error) => Err(BadOption(format!("the {what} cannot be read: {error}"))),
    }
}

fn verifier(
    options: &TlsOptions,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, BadOption> {
    if options.insecure {
        return Ok(every(true, provider));
    }
    let extra = match &options.ca {
        Some(pem) => certificates(pem, "CA file")?,
        None => Vec::new(),
    };
    if !options.ca_only {
        let system =
            rustls_platform_verifier::Verifier::new_with_extra_roots(extra.clone(), provider.clone());
        if let Ok(system) = system {
            return Ok(Arc::new(system));
        }
        // A machine without any authorities can still reach plain HTTP targets and those of `ca`.
    }
    only(extra, provider)
}

fn only(
    roots: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, BadOption> {
    if roots.is_empty() {
        return Ok(every(false, provider));
    }
    let mut store = RootCertStore::empty();
    for root in roots {
        store.add(root).map_err(|error| BadOption(format!("the CA file cannot be used: {error}")))?;
    }
    let verifier =
        rustls::client::WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone())
            .build()
            .map_err(|error| BadOption(format!("the CA file cannot be used: {error}")))?;
    Ok(verifier)
}

fn every(accepted: bool, provider: &CryptoProvider) -> Arc<dyn ServerCertVerifier> {
    Arc::new(Every { accepted, algorithms: provider.signature_verification_algorithms })
}

/// Judges no certificate: it accepts every one, for `--insecure`, or none, where there is no authority to trust. Signatures of the
/// handshake are checked all the same.
#[derive(Debug)]
struct Every {
    accepted: bool,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for Every {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if self.accepted {
            return Ok(ServerCertVerified::assertion());
        }
        Err(rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_certificates_is_told() {
        let options = TlsOptions { ca: Some(b"not a certificate".to_vec()), ..TlsOptions::default() };
        let error = Tls::new(&options).err().expect("refused");
        assert_eq!(error.0, "the CA file holds no certificate in PEM");
    }

    #[test]
    fn debug_shows_no_key() {
        let options = TlsOptions { client_key: Some(b"secret".to_vec()), ..TlsOptions::default() };
        assert!(!format!("{options:?}").contains("secret"));
    }
}
