//! Which contract a run held its target to.

use schemas::Contract;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Which contract a run held its target to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractStamp {
    /// The API's title.
    pub title: String,
    /// The API's version.
    pub version: String,
    /// SHA-256 of the whole description as it was read, in hexadecimal digits: comments and layout do not count.
    pub digest: String,
}

impl ContractStamp {
    /// The stamp of a contract.
    pub fn of(contract: &Contract) -> Self {
        let digest = Sha256::digest(contract.document().value().to_string().as_bytes());
        Self {
            title: contract.title().to_owned(),
            version: contract.version().to_owned(),
            digest: crate::http::hex(&digest),
        }
    }
}
