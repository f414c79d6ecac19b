//! The accept loop: connections in, requests to the router, nobody waits for ever.
//!
//! Our own, because `axum::serve` installs no timers: a socket that sends nothing, or half a header, would stay open.
//! Each connection has a deadline for its first byte, for each head and for a write without progress; the deadline
//! for bodies is [`super::body`]'s. It speaks HTTP/1.1 only and knows nothing of routes.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream, lookup_host};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::entry::Peer;
use super::framing::Strict;
use super::problem::{Kind, Problem};

/// Longest request head, in bytes; also the size of a connection's read buffer.
const LONGEST_HEAD: usize = 16 * 1024;
/// Most headers in one request.
const MOST_HEADERS: usize = 64;
/// Connections that the system may hold for us until we accept them.
const BACKLOG: u32 = 4096;
/// Files that the service needs beside its connections.
const OTHER_FILES: usize = 256;
/// Connections that are told "busy" at the same time once all places are taken; further ones are dropped.
const TURNED_AWAY: usize = 256;

/// How long a connection may take for what.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// From the connection to its first byte.
    pub first_byte: Duration,
    /// For one request head, and for the rest between two requests.
    pub head: Duration,
    /// For a JSON body, and for one line of a stream.
    pub body: Duration,
    /// Between two lines of a stream, once the first has arrived.
    pub rest: Duration,
    /// For a write that the client does not take.
    pub write: Duration,
    /// From the signal to stop until what still runs is cut off.
    pub stop: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts {
            first_byte: Duration::from_secs(5),
            head: Duration::from_secs(10),
            body: Duration::from_secs(10),
            rest: Duration::from_secs(60),
            write: Duration::from_secs(10),
            stop: Duration::from_secs(10),
        }
    }
}

/// Why the service does not listen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is no `host:port`, or its host is unknown.
    #[error("cannot listen on {address:?}: write host:port with a known host, such as 127.0.0.1:8787")]
    Address {
        /// As it was given.
        address: String,
        /// Why.
        source: io::Error,
    },
    /// Another program listens there.
    #[error(
        "cannot listen on {0}: another program already does; stop it, or choose another port (port 0 takes a free one)"
    )]
    InUse(SocketAddr),
    /// The system does not allow it.
    #[error("cannot listen on {address}: {source}; choose an address of this machine and a port from 1024 up")]
    Refused {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

/// Starts listening on `host:port`; port 0 takes a free one, which the listener then names.
///
/// # Errors
/// [`Error`] says what is wrong with the address and what to do.
pub async fn bind(address: &str) -> Result<TcpListener, Error> {
    let unknown = |source| Error::Address { address: address.to_owned(), source };
    let mut found = lookup_host(address).await.map_err(unknown)?;
    let none = || unknown(io::Error::new(io::ErrorKind::NotFound, "the host has no address"));
    let address = found.next().ok_or_else(none)?;
    listen(address).map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => Error::InUse(address),
        _ => Error::Refused { address, source },
    })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A restart must not wait for the old connections' last packets.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Raises the limit of open files as far as the system lets us, and gives the number of connections that fit.
pub fn connections_that_fit(wanted: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let open = if setrlimit(Resource::Nofile, raised).is_ok() { limit.maximum } else { limit.current };
    let open = open.and_then(|open| usize::try_from(open).ok()).unwrap_or(usize::MAX);
    wanted.min(open.saturating_sub(OTHER_FILES)).max(1)
}

/// Resolves once the process is asked to stop: ctrl-c or SIGTERM.
pub async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be watched; only ctrl-c stops gracefully");
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

/// Serves until `stop` resolves; then finishes the requests in flight, at most as long as `timeouts.stop`.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    timeouts: Timeouts,
    connections: usize,
    stop: impl Future<Output = ()>,
) {
    let (stopping, stopped) = watch::channel(());
    let mut open = JoinSet::new();
    let mut turned_away = JoinSet::new();
    tokio::pin!(stop);
    loop {
        let stream = tokio::select! {
            () = &mut stop => break,
            stream = accept(&listener) => stream,
        };
        while open.try_join_next().is_some() {}
        while turned_away.try_join_next().is_some() {}
        if open.len() < connections {
            open.spawn(connection(stream, router.clone(), timeouts, stopped.clone()));
        } else if turned_away.len() < TURNED_AWAY {
            turned_away.spawn(turn_away(stream));
        }
    }
    // Closed at once, so that a successor can listen while we finish.
    drop(listener);
    drop(stopping);
    let finished = timeout(timeouts.stop, async { while open.join_next().await.is_some() {} }).await;
    if finished.is_err() {
        tracing::warn!(connections = open.len(), "stopped with requests still in flight");
    }
}

async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) => {
                let of_the_peer = matches!(
                    error.kind(),
                    io::ErrorKind::ConnectionAborted
                        | io::ErrorKind::ConnectionReset
                        | io::ErrorKind::ConnectionRefused
                );
                if !of_the_peer {
                    // Out of files or memory: others must close before there is any point in trying again.
                    tracing::warn!(%error, "a connection could not be accepted");
                    sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }
}

/// Serves one connection to its end.
async fn connection(stream: TcpStream, router: Router, timeouts: Timeouts, mut stopped: watch::Receiver<()>) {
    let mut byte = [0];
    let first_byte = tokio::select! {
        first = timeout(timeouts.first_byte, stream.peek(&mut byte)) => matches!(first, Ok(Ok(1))),
        // The sender is dropped to stop us; nothing is ever sent.
        _ = stopped.changed() => false,
    };
    if !first_byte {
        return;
    }
    let Ok(address) = stream.peer_addr() else { return };
    // Answers are written whole; waiting for more to send only delays them.
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(Strict::new(stream, timeouts.write));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(timeouts.head)
        .max_buf_size(LONGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .half_close(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(address.ip()));
        router.call(request)
    });
    let serving = http.serve_connection(io, service);
    tokio::pin!(serving);
    let mut stop_told = false;
    let result = loop {
        tokio::select! {
            result = &mut serving => break result,
            _ = stopped.changed(), if !stop_told => {
                stop_told = true;
                serving.as_mut().graceful_shutdown();
            }
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Tells a client that all places are taken, and gives it a moment to hear so.
async fn turn_away(mut stream: TcpStream) {
    let problem = Problem::new(Kind::Busy, "All connections are taken. Try again in a moment.");
    let body = serde_json::to_string(&problem.body("urn:groundline:request:none")).unwrap_or_default();
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\nretry-after: 1\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let telling = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await?;
        // Closing with unread bytes would reset the connection and take the answer with it.
        let mut rest = [0; 1024];
        while stream.read(&mut rest).await? > 0 {}
        io::Result::Ok(())
    };
    let _ = timeout(Duration::from_secs(1), telling).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_in_use_is_named_with_a_way_out() {
        let first = bind("127.0.0.1:0").await.expect("a free port");
        let address = first.local_addr().expect("an address");
        let error = bind(&address.to_string()).await.expect_err("the port is taken").to_string();
        assert!(error.contains(&address.to_string()) && error.contains("choose another port"), "{error}");
    }

    #[tokio::test]
    async fn an_address_that_is_none_is_named() {
        let error = bind("nowhere").await.expect_err("no address").to_string();
        assert!(error.contains("nowhere") && error.contains("host:port"), "{error}");
    }
}
