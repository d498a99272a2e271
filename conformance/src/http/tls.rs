//! Certificates, and what is wrong with them.

use std::error::Error;
use std::fmt;
use std::path::Path;

use reqwest::{Certificate, Identity};
use rustls::{AlertDescription, CertificateError};
use schemas::Problem;

/// Why no secure connection could be made, and what may help.
#[derive(Debug, Clone)]
pub(crate) struct TlsFault {
    pub(crate) what: String,
    pub(crate) help: &'static str,
}

impl fmt::Display for TlsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl TlsFault {
    /// From the causes of an error, where TLS is among them.
    pub(crate) fn of(error: &(dyn Error + 'static)) -> Option<Self> {
        let mut cause = Some(error);
        while let Some(one) = cause {
            if let Some(tls) = one.downcast_ref::<rustls::Error>() {
                return Some(Self::from(tls));
            }
            // An error of input and output shows what it wraps by other means than its cause.
            let wrapped = one.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
            cause = match wrapped {
                Some(inner) => Some(inner),
                None => one.source(),
            };
        }
        None
    }
}

impl From<&rustls::Error> for TlsFault {
    fn from(error: &rustls::Error) -> Self {
        let help = match error {
            rustls::Error::InvalidCertificate(
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. },
            ) => "renew the target's certificate, or check this machine's clock",
            rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            ) => "give the host of --url as the certificate names it",
            rustls::Error::InvalidCertificate(_) => {
                "where an authority of your own signed it, name its certificate with --ca-cert FILE"
            }
            rustls::Error::AlertReceived(
                AlertDescription::CertificateRequired
                | AlertDescription::HandshakeFailure
                | AlertDescription::BadCertificate
                | AlertDescription::UnknownCA
                | AlertDescription::AccessDenied
                | AlertDescription::CertificateUnknown,
            ) => {
                "where the target wants a certificate of its callers, give one it knows with --client-cert FILE"
            }
            rustls::Error::InvalidMessage(_) => {
                "check whether --url should begin with http:// instead of https://"
            }
            _ => "check --url, --ca-cert and --client-cert",
        };
        Self { what: error.to_string(), help }
    }
}

/// The certificates in a file.
pub(crate) fn authorities(path: &Path) -> Result<Vec<Certificate>, Problem> {
    let failed = |why: &str| {
        Problem::say(format!("failed to read certificates from {}: {why}", path.display()))
            .with_help("give PEM with --ca-cert: one or more `BEGIN CERTIFICATE`")
    };
    let text = std::fs::read(path).map_err(|error| failed(&error.to_string()))?;
    let found = Certificate::from_pem_bundle(&text).map_err(|error| failed(&error.to_string()))?;
    if found.is_empty() {
        return Err(failed("it holds none"));
    }
    Ok(found)
}

/// The certificate and key in a file.
pub(crate) fn identity(path: &Path) -> Result<Identity, Problem> {
    let failed = |why: &str| {
        Problem::say(format!("failed to read a certificate and its key from {}: {why}", path.display()))
            .with_help("give PEM with --client-cert: `BEGIN CERTIFICATE` and `BEGIN PRIVATE KEY` in one file")
    };
    let text = std::fs::read(path).map_err(|error| failed(&error.to_string()))?;
    Identity::from_pem(&text).map_err(|_| failed("it does not hold both"))
}
