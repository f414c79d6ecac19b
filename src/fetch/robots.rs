//! robots.txt as RFC 9309 has it, with the `Crawl-delay` that many publishers write beside it.

use std::time::Duration;

/// Most of a robots.txt that is read, in bytes (RFC 9309 section 2.5 asks for at least 500 KiB).
pub(super) const MOST: usize = 500 << 10;
/// Most rules that are kept; the rest of such a file is not read.
const MOST_RULES: usize = 10_000;

/// What a robots.txt says to one reader.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Robots {
    /// Path patterns, each with whether it allows.
    rules: Vec<(bool, Vec<u8>)>,
    /// The pause between two requests that it asks for.
    pub(super) delay: Option<Duration>,
}

/// A group's rules while it is read.
#[derive(Default)]
struct Group {
    ours: bool,
    anybodys: bool,
    in_agents: bool,
}

impl Robots {
    /// Reads what concerns the product token `agent` (in lower case): the groups that name it, together; else those for `*`.
    pub(super) fn read(source: &[u8], agent: &str) -> Robots {
        let source = &source[..source.len().min(MOST)];
        let text = String::from_utf8_lossy(source);
        let (mut own, mut any, mut named) = (Robots::default(), Robots::default(), false);
        let mut group = Group::default();
        for line in text.trim_start_matches('\u{feff}').split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            if key == "user-agent" {
                if !std::mem::replace(&mut group.in_agents, true) {
                    (group.ours, group.anybodys) = (false, false);
                }
                let token: String =
                    value.chars().take_while(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_')).collect();
                group.ours |= token.eq_ignore_ascii_case(agent);
                group.anybodys |= value == "*";
                named |= group.ours;
                continue;
            }
            let known = matches!(key.as_str(), "allow" | "disallow" | "crawl-delay");
            // Other records (sitemaps) belong to no group and end none.
            group.in_agents &= !known;
            for robots in [group.ours.then_some(&mut own), group.anybodys.then_some(&mut any)].into_iter().flatten() {
                robots.take(&key, value);
            }
        }
        if named { own } else { any }
    }

    fn take(&mut self, key: &str, value: &str) {
        match key {
            "allow" | "disallow" if !value.is_empty() && self.rules.len() < MOST_RULES => {
                self.rules.push((key == "allow", normal(value)));
            }
            "crawl-delay" => {
                let seconds = value.parse::<f64>().ok().filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
                // A delay of years is cut here; the policy cuts further.
                self.delay = seconds.map(|seconds| Duration::from_secs_f64(seconds.min(86_400.0))).or(self.delay);
            }
            _ => {}
        }
    }

    /// Whether a path with its query may be asked for: the longest pattern that fits decides, `Allow` at equal length.
    pub(super) fn allows(&self, path_and_query: &str) -> bool {
        let path = normal(path_and_query);
        if path == b"/robots.txt" {
            return true;
        }
        let fitting = self.rules.iter().filter(|(_, pattern)| fits(pattern, &path));
        fitting.map(|(allow, pattern)| (pattern.len(), *allow)).max().is_none_or(|(_, allow)| allow)
    }
}

/// A path as it is compared: what need not be percent-encoded is not, everything else is, in upper case.
fn normal(path: &str) -> Vec<u8> {
    let bytes = path.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    while at < bytes.len() {
        let (byte, encoded) = match (bytes[at], digit(at + 1), digit(at + 2)) {
            // Two hexadecimal digits are a byte.
            (b'%', Some(high), Some(low)) => (u8::try_from(high * 16 + low).unwrap_or_default(), true),
            (byte, ..) => (byte, false),
        };
        at += if encoded { 3 } else { 1 };
        let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if unreserved || (!encoded && byte.is_ascii()) {
            out.push(byte);
        } else {
            out.extend(format!("%{byte:02X}").bytes());
        }
    }
    out
}

/// Whether a pattern fits the start of a path: `*` stands for anything, `$` at the end for the path's end. Runs in time
/// pattern × path at worst, without recursion.
fn fits(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, anchored) = match pattern.strip_suffix(b"$") {
        Some(rest) => (rest, true),
        None => (pattern, false),
    };
    let (mut at, mut in_pattern, mut star) = (0, 0, None);
    loop {
        if in_pattern == pattern.len() && (!anchored || at == path.len()) {
            return true;
        }
        if pattern.get(in_pattern) == Some(&b'*') {
            star = Some((in_pattern + 1, at));
            in_pattern += 1;
        } else if in_pattern < pattern.len() && pattern.get(in_pattern) == path.get(at) {
            (at, in_pattern) = (at + 1, in_pattern + 1);
        } else if let Some((after, from)) = star.filter(|(_, from)| *from < path.len()) {
            star = Some((after, from + 1));
            (at, in_pattern) = (from + 1, after);
        } else {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, path: &str, expected: bool) {
        assert_eq!(Robots::read(source.as_bytes(), "groundline").allows(path), expected, "{path} under {source:?}");
    }

    #[test]
    fn groups_that_name_us_replace_those_for_all() {
        let source = "User-agent: *\nDisallow: /\n\nUser-Agent: other\nuser-agent: Groundline/0.1\nDisallow: /private # no\n\n\
                      User-agent: groundline\nAllow: /private/open\n";
        check(source, "/a", true);
        check(source, "/private/x", false);
        check(source, "/private/open/x", true);
        check("User-agent: *\nDisallow: /\n", "/a", false);
        check("User-agent: *\nDisallow: /\n", "/robots.txt", true);
        check("User-agent: other\nDisallow: /\n", "/a", true);
        check("User-agent: groundlinebot\nDisallow: /\n", "/a", true);
        // A group of ours that says nothing allows all, whatever is said to others.
        check("User-agent: groundline\nDisallow:\n\nUser-agent: *\nDisallow: /\n", "/a", true);
    }

    #[test]
    fn the_longest_pattern_decides() {
        let source = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /*.pdf$\nAllow: /same\nDisallow: /same\n";
        check(source, "/a", false);
        check(source, "/a/b/c", true);
        check(source, "/x/y.pdf", false);
        check(source, "/x/y.pdf?download", true);
        check(source, "/same/x", true);
        check(source, "/b", true);
        check("Disallow: /\n", "/a", true);
    }

    #[test]
    fn encodings_do_not_pass_a_rule_by() {
        check("User-agent: *\nDisallow: /a%2Fb\n", "/a%2fb", false);
        check("User-agent: *\nDisallow: /a%2Fb\n", "/a/b", true);
        check("User-agent: *\nDisallow: /%7Ejoe/\n", "/~joe/x", false);
        check("User-agent: *\nDisallow: /ü\n", "/%C3%BC", false);
    }

    #[test]
    fn odd_files_are_read_as_far_as_they_go() {
        check("\u{feff}User-agent:*\r\nDisallow:/x\r\n", "/x", false);
        check("User-agent: *\nSitemap: https://x.org/s.xml\nDisallow: /x\n", "/x", false);
        check("<html>no robots here</html>", "/x", true);
        check("User-agent: *\nDisallow: /*a*a*a*a*a*a*a*a*a*a*b$\n", &format!("/{}", "a".repeat(1_500)), true);
        let delay = |source: &str| Robots::read(source.as_bytes(), "groundline").delay;
        assert_eq!(delay("User-agent: *\nCrawl-delay: 2.5\n"), Some(Duration::from_millis(2_500)));
        assert_eq!(delay("User-agent: *\nCrawl-delay: soon\n"), None);
        assert_eq!(delay("User-agent: *\nCrawl-delay: -3\n"), None);
        assert_eq!(delay("User-agent: *\nCrawl-delay: 1e300\n"), Some(Duration::from_secs(86_400)));
    }
}
