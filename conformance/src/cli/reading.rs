//! How a contract is read.

use std::path::PathBuf;

use clap::Args;
use schemas::{Contract, LoadError, LoadOptions};

/// How a contract is read.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct ReadingArgs {
    /// OpenAPI Overlay to apply to the contract; may be given several times, in this order.
    #[arg(long, value_name = "FILE")]
    pub(super) overlay: Vec<PathBuf>,
    /// Hold the target only to what the contract says itself, and to nothing that it merely implies.
    #[arg(long)]
    pub(super) no_infer: bool,
}

impl ReadingArgs {
    /// The options of the library.
    pub(super) fn options(&self) -> LoadOptions {
        LoadOptions { overlays: self.overlay.clone(), infer: !self.no_infer, ..LoadOptions::default() }
    }

    /// The contract in a file, else the built-in one, with what overlays say.
    pub(super) fn load(&self, path: Option<&PathBuf>) -> Result<Contract, LoadError> {
        match path {
            Some(path) => Contract::load_with(path, &self.options()),
            None if self.overlay.is_empty() => Contract::builtin(),
            None => Contract::from_text_with("openapi.yaml", Contract::builtin_text(), &self.options()),
        }
    }
}
