//! An address that may be asked for: spelt plainly, on a host that sidecar or pack names.
//!
//! Readers of URLs differ in what they make of odd spellings, and such differences are how filters are passed by. So an
//! address is first checked as written, by a grammar narrower than the standard's, and then read by a standard reader,
//! which must find the very same host.

use std::fmt;

use url::{Host, Url};

use super::{Error, Policy};

/// Longest address, in bytes.
const LONGEST: usize = 2_000;

/// An address that may be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    url: Url,
    host: String,
}

impl Target {
    /// Checks an address as somebody wrote it.
    pub(super) fn new(text: &str, policy: &Policy) -> Result<Target, Error> {
        checked(text, policy).map_err(|reason| {
            let shown = text.chars().take(120).collect::<String>().escape_debug().to_string();
            Error::Url { url: shown, reason }
        })
    }

    /// Where a redirect leads.
    pub(super) fn join(&self, location: &str, policy: &Policy) -> Result<Target, Error> {
        let fault = |reason: String| Error::Url {
            url: location.chars().take(120).collect::<String>().escape_debug().to_string(),
            reason: format!("redirect from {}: {reason}", self.host),
        };
        // Whatever names a scheme or a host is checked as written; the rest can only change path and query.
        let before_path = location.split(['/', '?', '#']).next().unwrap_or_default();
        if before_path.contains(':') {
            return Target::new(location, policy);
        }
        if location.starts_with("//") {
            return Target::new(&format!("{}:{location}", policy.scheme()), policy);
        }
        plain(location).map_err(fault)?;
        let joined = self.url.join(location).map_err(|error| fault(error.to_string()))?;
        Target::new(joined.as_str(), policy)
    }

    /// `/robots.txt` of the same host.
    pub(super) fn robots(&self) -> Target {
        let mut url = self.url.clone();
        url.set_path("/robots.txt");
        url.set_query(None);
        Target { url, host: self.host.clone() }
    }

    /// The host's name.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// The address as text, without fragment.
    pub(super) fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Path alone.
    pub(super) fn path(&self) -> &str {
        self.url.path()
    }

    /// Path and query, as they are sent.
    pub(super) fn path_and_query(&self) -> &str {
        &self.url[url::Position::BeforePath..url::Position::AfterQuery]
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Characters that no address needs and that readers treat differently.
fn plain(text: &str) -> Result<(), String> {
    if text.len() > LONGEST {
        return Err(format!("longer than {LONGEST} bytes"));
    }
    match text
        .chars()
        .find(|c| !c.is_ascii_graphic() || matches!(c, '\\' | '<' | '>' | '"' | '^' | '`' | '{' | '|' | '}'))
    {
        Some(odd) => Err(format!("{odd:?} has no place in an address: write it percent-encoded")),
        None => Ok(()),
    }
}

fn checked(text: &str, policy: &Policy) -> Result<Target, String> {
    plain(text)?;
    let (scheme, rest) = text.split_once("://").ok_or_else(|| format!("expected {}://host/path", policy.scheme()))?;
    if !scheme.eq_ignore_ascii_case(policy.scheme()) {
        return Err(format!("only {} is fetched", policy.scheme()));
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host_of(authority, policy.port())?;
    let mut url = Url::parse(text).map_err(|error| error.to_string())?;
    url.set_fragment(None);
    match url.host() {
        Some(Host::Domain(read)) if read == host => {}
        Some(Host::Domain(_)) | None => return Err("its host can be read in two ways".to_owned()),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => return Err(NUMBER.to_owned()),
    }
    let port = url.port_or_known_default();
    if port != Some(policy.port()) || !url.username().is_empty() || url.password().is_some() {
        return Err(format!("only port {} is spoken to, without user or password", policy.port()));
    }
    Ok(Target { url, host })
}

const NUMBER: &str = "its host is a number: guidelines stand on hosts with names";

/// The host of what stands between `//` and the path, in lower case.
fn host_of(authority: &str, port: u16) -> Result<String, String> {
    if authority.contains('@') {
        return Err("it holds a user name or password".to_owned());
    }
    if authority.starts_with('[') {
        return Err(NUMBER.to_owned());
    }
    let (host, named_port) = match authority.split_once(':') {
        Some((host, named)) => (host, Some(named)),
        None => (authority, None),
    };
    if named_port.is_some_and(|named| named != port.to_string()) {
        return Err(format!("only port {port} is spoken to"));
    }
    let host = host.to_ascii_lowercase();
    if host.is_empty() || host.len() > 253 {
        return Err("it names no host".to_owned());
    }
    for label in host.split('.') {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if label.is_empty() || label.len() > 63 || label.starts_with('-') || label.ends_with('-') {
            return Err(format!("{host:?} is no host name"));
        }
        if let Some(odd) = label.chars().find(|c| !allowed(*c)) {
            return Err(format!("{odd:?} has no place in a host name"));
        }
    }
    let last = host.rsplit('.').next().unwrap_or_default();
    let numeric = |label: &str| label.starts_with(|c: char| c.is_ascii_digit());
    if numeric(last) {
        return Err(NUMBER.to_owned());
    }
    if !psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known()) {
        return Err(format!("{host:?} is no name of the public internet"));
    }
    if psl::domain_str(&host).is_none() {
        return Err(format!("{host:?} is a registry's suffix, not a publisher's host"));
    }
    if ["arpa", "onion"].contains(&last) {
        return Err(format!("{host:?} is no publisher's host"));
    }
    Ok(host)
}

/// The hosts that one version's content may come from.
#[derive(Clone, Debug)]
pub(super) struct Hosts {
    own: String,
    listed: Vec<String>,
}

impl Hosts {
    /// The registrable domain of the sidecar's `url`, and what the pack lists.
    pub(super) fn new(url: &Target, listed: &[String]) -> Result<Hosts, Error> {
        for entry in listed {
            host_of(entry, 443)
                .map_err(|reason| Error::NotAllowed(format!("`hosts` in pack.toml: {entry:?}: {reason}")))?;
        }
        Ok(Hosts {
            own: registrable(url.host()),
            listed: listed.iter().map(|entry| entry.to_ascii_lowercase()).collect(),
        })
    }

    /// Whether a host is one of them, or below one of them.
    pub(super) fn check(&self, target: &Target) -> Result<(), Error> {
        let host = target.host();
        let below = |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        if below(&self.own) || self.listed.iter().any(|domain| below(domain)) {
            Ok(())
        } else {
            Err(Error::Host { host: host.to_owned(), own: self.own.clone() })
        }
    }
}

/// What the publisher has registered: `cdc.gov` of `www.cdc.gov`.
fn registrable(host: &str) -> String {
    psl::domain_str(host).unwrap_or(host).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(text: &str) -> Result<Target, Error> {
        Target::new(text, &Policy::strict())
    }

    fn refused(text: &str, reason: &str) {
        let found = target(text).map(|target| target.to_string()).map_err(|error| error.to_string());
        assert!(found.as_ref().is_err_and(|error| error.contains(reason)), "{text}: {found:?}");
    }

    #[test]
    fn plain_addresses_are_taken() {
        for good in [
            "https://www.cdc.gov/mmwr/volumes/71/rr/rr7103a1.htm",
            "https://www.cdc.gov:443/x?a=b&c=%20d",
            "HTTPS://WWW.CDC.GOV/",
            "https://iris.who.int/bitstream/handle/10665/344424/9789240033986-eng.pdf",
            "https://xn--bcher-kva.de/a",
            "https://www.nice.org.uk/guidance/ng136",
        ] {
            assert!(target(good).is_ok(), "{good}: {:?}", target(good));
        }
        assert_eq!(target("https://Www.Cdc.Gov/A#part").expect("a target").to_string(), "https://www.cdc.gov/A");
    }

    #[test]
    fn odd_addresses_are_refused_with_the_reason() {
        refused("http://www.cdc.gov/", "only https");
        refused("https://www.cdc.gov:8443/", "port 443");
        refused("https://a@www.cdc.gov/", "user name");
        refused("https://2130706433/", "number");
        refused("https://127.1/", "number");
        refused("https://[::1]/", "number");
        refused("https://localhost/", "public internet");
        refused("https://www.cdc.gov./", "no host name");
        refused("https://www.cdc.gov\\@127.0.0.1/", "no place");
        refused("https://metadata.google.internal/", "public internet");
        refused("https://co.uk/", "suffix");
        refused("cdc.gov", "expected https://");
    }

    #[test]
    fn redirects_are_read_as_strictly() {
        let policy = Policy::strict();
        let from = target("https://www.cdc.gov/a/b?c").expect("a target");
        let to =
            |location: &str| from.join(location, &policy).map(|target| target.to_string()).map_err(|e| e.to_string());
        assert_eq!(to("/x").as_deref(), Ok("https://www.cdc.gov/x"));
        assert_eq!(to("y?z=https://x").as_deref(), Ok("https://www.cdc.gov/a/y?z=https://x"));
        assert_eq!(to("//stacks.cdc.gov/v").as_deref(), Ok("https://stacks.cdc.gov/v"));
        assert_eq!(to("https://stacks.cdc.gov/v").as_deref(), Ok("https://stacks.cdc.gov/v"));
        for bad in [
            "http://www.cdc.gov/",
            "https:127.0.0.1/",
            "https:/127.0.0.1/",
            "//127.0.0.1/",
            "/\\127.0.0.1/",
            "///127.0.0.1/",
            "file:///etc/passwd",
            "https://127.1/",
            "\t//127.0.0.1/",
            "gopher://x.org/",
        ] {
            assert!(to(bad).is_err(), "{bad}: {:?}", to(bad));
        }
    }

    #[test]
    fn hosts_are_the_publishers_own_and_the_packs() {
        let own = target("https://www.cdc.gov/").expect("a target");
        let hosts = Hosts::new(&own, &["iris.who.int".to_owned()]).expect("hosts");
        let check = |url: &str, expected: bool| {
            assert_eq!(hosts.check(&target(url).expect("a target")).is_ok(), expected, "{url}");
        };
        check("https://stacks.cdc.gov/x", true);
        check("https://cdc.gov/", true);
        check("https://iris.who.int/", true);
        check("https://www.who.int/", false);
        check("https://notcdc.gov/", false);
        check("https://cdc.gov.evil.org/", false);
        for bad in ["gov", "co.uk", "10.0.0.1", "*.gov", "localhost", ""] {
            assert!(Hosts::new(&own, &[bad.to_owned()]).is_err(), "{bad:?}");
        }
    }
}
