//! What may be reached, and how much, how long and how often.

use std::fmt::Debug;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use super::{Error, address};

/// Finds the addresses of a name.
pub trait Lookup: Debug + Send + Sync {
    /// All addresses of a host, in the order in which they should be tried.
    ///
    /// # Errors
    /// Whatever the system says; [`io::ErrorKind::TimedOut`] where it says nothing in time.
    fn addresses(&self, host: &str, port: u16, within: Duration) -> io::Result<Vec<SocketAddr>>;
}

/// The system's own way: hosts file and name servers.
#[derive(Debug)]
struct System;

impl Lookup for System {
    fn addresses(&self, host: &str, port: u16, within: Duration) -> io::Result<Vec<SocketAddr>> {
        // The system's call has no time limit. A thread that waits for a dead name server ends with it, not with us.
        let (told, found) = mpsc::sync_channel(1);
        let host = host.to_owned();
        std::thread::Builder::new().spawn(move || {
            let addresses = (host.as_str(), port).to_socket_addrs().map(Iterator::collect);
            // Nobody listens any more where it took too long.
            let _ = told.send(addresses);
        })?;
        found.recv_timeout(within).unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }
}

/// Bounds of one fetch.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Longest content, in bytes after decoding.
    pub bytes: u64,
    /// Longest time for one try of one document, redirects included; robots.txt and polite pauses have time of their own.
    pub wall: Duration,
    /// Most redirects.
    pub redirects: usize,
    /// Most tries of one document.
    pub tries: u32,
    /// The first pause between tries; each later one is twice as long.
    pub backoff: Duration,
    /// Pause between two requests to one host.
    pub pause: Duration,
    /// The longest `Crawl-delay` that is honoured.
    pub longest_pause: Duration,
    /// The longest `Retry-After` that is waited for; a longer one is reported.
    pub longest_wait: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            bytes: 25 << 20,
            wall: Duration::from_secs(30),
            redirects: 3,
            tries: 4,
            backoff: Duration::from_secs(1),
            pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(30),
            longest_wait: Duration::from_secs(60),
        }
    }
}

/// Which places may be reached.
#[derive(Clone, Copy, Debug)]
enum Reach {
    /// https on port 443 of public addresses.
    Public,
    /// One port, and only at one address: a server that a test has started.
    OneServer { scheme: &'static str, port: u16, address: Option<SocketAddr> },
}

/// What may be reached, and how much, how long and how often. The program can build only [`Policy::strict`].
#[derive(Clone, Debug)]
pub struct Policy {
    reach: Reach,
    lookup: Arc<dyn Lookup>,
    /// The bounds of one fetch.
    pub limits: Limits,
}

impl Policy {
    /// https to public addresses, nothing else. No setting loosens it.
    pub fn strict() -> Policy {
        Policy { reach: Reach::Public, lookup: Arc::new(System), limits: Limits::default() }
    }

    /// The same with another way to find addresses, which are checked all the same.
    #[must_use]
    pub fn looked_up_by(self, lookup: Arc<dyn Lookup>) -> Policy {
        Policy { lookup, ..self }
    }

    /// For tests: plain http on one port, only ever to `address`; with `None` nothing at all can be reached. Names are
    /// spelt and found as under the strict policy. `tests/architecture.rs` keeps the program from using it.
    pub fn for_test_server(port: u16, address: Option<SocketAddr>, lookup: Arc<dyn Lookup>, limits: Limits) -> Policy {
        Policy { reach: Reach::OneServer { scheme: "http", port, address }, lookup, limits }
    }

    /// The same with TLS.
    #[cfg(test)]
    pub(super) fn for_tls_test_server(server: SocketAddr, lookup: Arc<dyn Lookup>) -> Policy {
        let reach = Reach::OneServer { scheme: "https", port: server.port(), address: Some(server) };
        Policy { reach, lookup, limits: Limits::default() }
    }

    /// The scheme that is spoken.
    pub(super) fn scheme(&self) -> &'static str {
        match self.reach {
            Reach::Public => "https",
            Reach::OneServer { scheme, .. } => scheme,
        }
    }

    /// The port that is spoken to.
    pub(super) fn port(&self) -> u16 {
        match self.reach {
            Reach::Public => 443,
            Reach::OneServer { port, .. } => port,
        }
    }

    /// The addresses of a host. One that may not be reached refuses the host as a whole: a name that answers with a good
    /// and a bad address is trying something.
    pub(super) fn addresses(&self, host: &str, within: Duration) -> Result<Vec<SocketAddr>, Error> {
        let failed = |reason: String| Error::Connection { host: host.to_owned(), reason };
        let found = self
            .lookup
            .addresses(host, self.port(), within)
            .map_err(|error| failed(format!("its address cannot be found: {error}")))?;
        if found.is_empty() {
            return Err(failed("it has no address".to_owned()));
        }
        for address in &found {
            if let Some(what) = self.refusal(*address) {
                return Err(Error::Address { host: host.to_owned(), address: address.ip(), what });
            }
        }
        Ok(found)
    }

    fn refusal(&self, address: SocketAddr) -> Option<&'static str> {
        if address.port() != self.port() {
            return Some("on another port");
        }
        match self.reach {
            Reach::OneServer { address: Some(server), .. } if server == address => None,
            Reach::OneServer { .. } => Some(address::refusal(address.ip()).unwrap_or("not the test's server")),
            Reach::Public => address::refusal(address.ip()),
        }
    }
}
