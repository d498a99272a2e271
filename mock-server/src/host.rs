//! The addresses a server listens on.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Where a server listens: at one address, or at both of this machine's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// One address.
    Address(IpAddr),
    /// 127.0.0.1 and, where the machine has it, `::1`: what `localhost` means to some programs and to others.
    Localhost,
}

impl Host {
    /// The address that is listened on in any case.
    pub(crate) fn first(self) -> IpAddr {
        match self {
            Self::Address(address) => address,
            Self::Localhost => Ipv4Addr::LOCALHOST.into(),
        }
    }

    /// The address that is listened on where the machine has it.
    pub(crate) fn second(self) -> Option<IpAddr> {
        (self == Self::Localhost).then_some(Ipv6Addr::LOCALHOST.into())
    }
}

impl From<IpAddr> for Host {
    fn from(address: IpAddr) -> Self {
        Self::Address(address)
    }
}

impl FromStr for Host {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("localhost") {
            return Ok(Self::Localhost);
        }
        text.parse().map(Self::Address).map_err(|_| {
            "not an address to listen on: give one such as 127.0.0.1, 0.0.0.0 (all) or ::1, or localhost"
                .to_owned()
        })
    }
}

/// As it stands in a URL.
impl fmt::Display for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(formatter),
            Self::Localhost => formatter.write_str("localhost"),
        }
    }
}
