//! Texts that no output may show.

use clap::Args;

use super::error::UserError;
use crate::http::SHORTEST;

/// The environment variable that lists more of them.
const VARIABLE: &str = "CONFORMANCE_SECRETS";

/// Texts that no output may show, besides the keys.
#[derive(Args)]
pub(super) struct SecretArgs {
    /// Text that no output may show, besides the keys; give it again for more. `CONFORMANCE_SECRETS` lists more,
    /// separated by commas.
    #[arg(long, value_name = "TEXT")]
    secret: Vec<String>,
}

impl std::fmt::Debug for SecretArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretArgs").field("secret", &self.secret.len()).finish()
    }
}

impl SecretArgs {
    /// All of them. None of the messages shows one.
    pub(super) fn all(&self) -> Result<Vec<String>, UserError> {
        let listed = std::env::var(VARIABLE).unwrap_or_default();
        let listed = listed.split(',').map(str::trim).filter(|text| !text.is_empty());
        let mut all: Vec<String> = self.secret.clone();
        all.extend(listed.map(str::to_owned));
        if all.iter().any(String::is_empty) {
            return Err(UserError::new(
                "--secret is empty, which would hide nothing",
                "is the variable set that it is taken from?",
            ));
        }
        if all.iter().any(|text| text.len() < SHORTEST) {
            return Err(UserError::new(
                format!(
                    "a secret of --secret or {VARIABLE} is shorter than {SHORTEST} bytes: it would be found in any text"
                ),
                "give the whole secret, or leave it out",
            ));
        }
        Ok(all)
    }
}
