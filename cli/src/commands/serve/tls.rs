//! The certificate and key of the server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::failure::Failure;

/// What greets with TLS 1.2 or 1.3, in HTTP/1.1.
///
/// # Errors
/// Where a file cannot be read or holds no certificate or key, or the two do not belong together.
pub fn acceptor((cert, key): &(PathBuf, PathBuf)) -> Result<TlsAcceptor, Failure> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect)
        .map_err(|error| unreadable(cert, "certificate", &error))?;
    if chain.is_empty() {
        return Err(Failure::new(
            format!("{} holds no certificate", cert.display()),
            "give the PEM file with the certificate and those of its issuers",
        ));
    }
    let secret =
        PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, "key", &error))?;
    let mut config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                builder
                    .with_no_client_auth()
                    .with_single_cert(chain, secret)
            })
            .map_err(|error| {
                Failure::new(
                    format!("the certificate and its key cannot be used: {error}"),
                    "check that --tls-key is the key of --tls-cert",
                )
            })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn unreadable(path: &Path, what: &str, error: &rustls::pki_types::pem::Error) -> Failure {
    Failure::new(
        format!("cannot read the {what} in {}: {error}", path.display()),
        "give a PEM file that this user may read",
    )
}
