//! A real server behind the mock, as the command line names it.

use std::path::PathBuf;

use clap::Args;
use clap::builder::FalseyValueParser;
use mock_server::{Builder, UpstreamOptions};

/// A real server behind the mock.
#[derive(Debug, Clone, Args)]
pub(crate) struct UpstreamArguments {
    /// Base URL of a real server, to which requests go that the description does not know; what of their answers is not as
    /// described is told.
    #[arg(long, env = "MOCK_SERVER_UPSTREAM", help_heading = "Real server", value_name = "URL")]
    pub(crate) upstream: Option<String>,
    /// Send every request to the real server, and hold requests and answers to the description.
    #[arg(long, env = "MOCK_SERVER_VALIDATE", value_parser = FalseyValueParser::new(), help_heading = "Real server", requires = "upstream")]
    pub(crate) validate: bool,
    /// End with exit code 1 where anything was not as described.
    #[arg(long, env = "MOCK_SERVER_FAIL", value_parser = FalseyValueParser::new(), help_heading = "Real server", requires = "upstream")]
    pub(crate) fail: bool,
    /// Keep answers of the real server as examples in this folder of fixtures, without secrets.
    #[arg(
        long,
        env = "MOCK_SERVER_RECORD",
        help_heading = "Real server",
        value_name = "DIR",
        requires = "upstream"
    )]
    pub(crate) record: Option<PathBuf>,
}

impl UpstreamArguments {
    /// The server with a real one behind it, where one is named.
    pub(crate) fn add_to(&self, builder: Builder) -> Builder {
        let Some(url) = &self.upstream else { return builder };
        let (url, record) = (url.clone(), self.record.clone());
        builder.upstream(UpstreamOptions { url, validate: self.validate, record })
    }
}
