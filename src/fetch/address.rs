//! Tells the addresses of the public internet from all others.
//!
//! Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and what updates it).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// IPv4 networks that are no place of the public internet: network, prefix length, what it is for.
const IPV4: &[(Ipv4Addr, u32, &str)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8, "unspecified"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "shared by carriers (CGNAT)"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "set apart for protocols"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "for documentation"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "a 6to4 relay"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "for benchmarking"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "for documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "for documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::BROADCAST, 32, "broadcast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
];

/// IPv6 networks with a name of their own. Whatever else lies outside 2000::/3 is refused too.
const IPV6: &[(Ipv6Addr, u32, &str)] = &[
    (Ipv6Addr::UNSPECIFIED, 128, "unspecified"),
    (Ipv6Addr::LOCALHOST, 128, "loopback"),
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, "an IPv4 address in IPv6 (mapped)"),
    (Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, 0, 0), 96, "an IPv4 address in IPv6 (translated)"),
    (Ipv6Addr::UNSPECIFIED, 96, "an IPv4 address in IPv6 (compatible)"),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96, "an IPv4 address in IPv6 (NAT64)"),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, "an IPv4 address in IPv6 (local NAT64)"),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 8, "set apart (discard)"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32, "an IPv4 address in IPv6 (Teredo)"),
    (Ipv6Addr::new(0x2001, 2, 0, 0, 0, 0, 0, 0), 48, "for benchmarking"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "set apart for protocols"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "for documentation"),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "an IPv4 address in IPv6 (6to4)"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "for documentation"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "private (unique local)"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "link-local"),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, "private (site-local)"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "multicast"),
];

/// What a public fetch has no business with at this address; `None` for one of the public internet.
pub(super) fn refusal(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => {
            let bits = u32::from(address);
            let inside = |network: Ipv4Addr, prefix: u32| (bits ^ u32::from(network)) >> (32 - prefix) == 0;
            IPV4.iter().find(|(network, prefix, _)| inside(*network, *prefix)).map(|(_, _, what)| *what)
        }
        IpAddr::V6(address) => {
            let bits = u128::from(address);
            let inside = |network: Ipv6Addr, prefix: u32| (bits ^ u128::from(network)) >> (128 - prefix) == 0;
            let named = IPV6.iter().find(|(network, prefix, _)| inside(*network, *prefix)).map(|(_, _, what)| *what);
            named.or_else(|| (bits >> 125 != 1).then_some("outside the public internet"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, expected: Option<&str>) {
        let found = refusal(address.parse().expect("an address"));
        match expected {
            Some(part) => assert!(found.is_some_and(|what| what.contains(part)), "{address}: {found:?}"),
            None => assert_eq!(found, None, "{address}"),
        }
    }

    #[test]
    fn ipv4_outside_the_public_internet_is_named() {
        check("0.0.0.0", Some("unspecified"));
        check("0.1.2.3", Some("unspecified"));
        check("10.255.0.1", Some("private"));
        check("100.64.0.1", Some("CGNAT"));
        check("100.127.255.255", Some("CGNAT"));
        check("127.0.0.1", Some("loopback"));
        check("127.255.255.254", Some("loopback"));
        check("169.254.169.254", Some("link-local"));
        check("172.16.0.1", Some("private"));
        check("172.31.255.255", Some("private"));
        check("192.0.0.8", Some("protocols"));
        check("192.0.2.7", Some("documentation"));
        check("192.88.99.1", Some("6to4"));
        check("192.168.1.1", Some("private"));
        check("198.19.255.255", Some("benchmarking"));
        check("198.51.100.1", Some("documentation"));
        check("203.0.113.9", Some("documentation"));
        check("224.0.0.1", Some("multicast"));
        check("240.0.0.1", Some("reserved"));
        check("255.255.255.255", Some("broadcast"));
    }

    #[test]
    fn ipv6_outside_the_public_internet_is_named() {
        check("::", Some("unspecified"));
        check("::1", Some("loopback"));
        check("::ffff:8.8.8.8", Some("mapped"));
        check("::ffff:0:127.0.0.1", Some("translated"));
        check("::127.0.0.1", Some("compatible"));
        check("64:ff9b::7f00:1", Some("NAT64"));
        check("64:ff9b:1::1", Some("local NAT64"));
        check("100::1", Some("discard"));
        check("2001::1", Some("Teredo"));
        check("2001:2::1", Some("benchmarking"));
        check("2001:20::1", Some("protocols"));
        check("2001:db8::1", Some("documentation"));
        check("2002:7f00:1::", Some("6to4"));
        check("3fff::1", Some("documentation"));
        check("4000::1", Some("outside"));
        check("5f00::1", Some("outside"));
        check("fc00::1", Some("unique local"));
        check("fdff::1", Some("unique local"));
        check("fe80::1", Some("link-local"));
        check("fec0::1", Some("site-local"));
        check("ff02::1", Some("multicast"));
    }

    #[test]
    fn neighbours_of_refused_networks_are_public() {
        for public in ["1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"] {
            check(public, None);
        }
        for public in ["128.0.0.0", "169.253.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "198.17.0.1", "223.255.0.1"]
        {
            check(public, None);
        }
        for public in ["2001:200::1", "2001:db7::1", "2003::1", "2606:4700::1111", "3ffe::1", "2a00:1450::1"] {
            check(public, None);
        }
    }
}
