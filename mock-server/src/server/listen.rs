//! The listening sockets.

use std::io;
use std::net::SocketAddr;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

use crate::host::Host;

/// Connections that wait to be accepted.
const BACKLOG: i32 = 1_024;
/// How often another free port is tried where the first is taken at the second address.
const TRIES: usize = 16;

/// Listens on every address of the host, at the same port; returns the first address with the port. A port that another
/// process listens on is `AddrInUse`; one that was closed a moment ago is free.
pub(crate) fn listen(
    host: Host,
    port: u16,
) -> Result<(Vec<TcpListener>, SocketAddr), (SocketAddr, io::Error)> {
    let mut tried = 0;
    loop {
        tried += 1;
        let wanted = SocketAddr::new(host.first(), port);
        let first = bind(wanted).map_err(|error| (wanted, error))?;
        let address = first.local_addr().map_err(|error| (wanted, error))?;
        let Some(second) = host.second().map(|ip| SocketAddr::new(ip, address.port())) else {
            return Ok((vec![first], address));
        };
        match bind(second) {
            Ok(second) => return Ok((vec![first, second], address)),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                if port != 0 || tried == TRIES {
                    return Err((second, error));
                }
            }
            // A machine without it, which many containers are.
            Err(_) => return Ok((vec![first], address)),
        }
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}
