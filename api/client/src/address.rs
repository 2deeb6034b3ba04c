//! Where a server is, and the addresses below it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::ClientError;

/// What stands in a part of an address as it is (RFC 3986 section 2.3).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The address of a server: scheme, host and port, and the path before its own addresses where it
/// stands behind one. Written without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// Reads an address that begins with `https://` or `http://`.
    ///
    /// # Errors
    /// [`ClientError::Address`] where it is none.
    pub fn parse(text: &str) -> Result<Self, ClientError> {
        let wrong = || ClientError::Address(text.to_owned());
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").ok_or_else(wrong)?;
        let scheme = scheme.to_ascii_lowercase();
        let rest = rest.trim_end_matches('/');
        let (authority, path) = match rest.split_once('/') {
            Some((authority, path)) => (authority, format!("/{path}")),
            None => (rest, String::new()),
        };
        // Names and passwords in an address end up in logs and histories; there is no use for them.
        let odd = |c: char| !c.is_ascii_graphic() || "@?#\\\"<>^`{|}".contains(c);
        if !matches!(scheme.as_str(), "http" | "https")
            || authority.is_empty()
            || rest.contains(odd)
            || path.split('/').any(|part| part == "." || part == "..")
        {
            return Err(wrong());
        }
        let authority = authority.to_ascii_lowercase();
        let default = if scheme == "https" { ":443" } else { ":80" };
        let authority = authority.strip_suffix(default).unwrap_or(&authority);
        Ok(Self(format!("{scheme}://{authority}{path}")))
    }

    /// The address of the server, and the name of the ledger where `text` goes on to one of its:
    /// `…/v1/ledgers/nwl` or `…/log/nwl`.
    ///
    /// # Errors
    /// As [`Address::parse`].
    pub fn parse_ledger(text: &str) -> Result<(Self, Option<String>), ClientError> {
        let whole = Self::parse(text)?;
        for below in ["/v1/ledgers/", "/log/"] {
            if let Some((server, name)) = whole.0.rsplit_once(below)
                && !name.contains('/')
            {
                return Ok((Self::parse(server)?, Some(name.to_owned())));
            }
        }
        Ok((whole, None))
    }

    /// The address as it is signed and shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nobody between here and the server can read along: it is `https`, or this machine.
    pub fn is_private(&self) -> bool {
        let Some(rest) = self.0.strip_prefix("http://") else {
            return true;
        };
        let authority = rest.split('/').next().unwrap_or_default();
        let host = match authority.strip_prefix('[') {
            Some(bracketed) => bracketed.split(']').next().unwrap_or_default(),
            None => authority.split(':').next().unwrap_or_default(),
        };
        host == "localhost"
            || host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|ip| ip.is_loopback())
    }

    /// An address below this one.
    pub(crate) fn below(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// One part of a path.
pub(crate) fn part(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// A path with its parameters.
pub(crate) fn with_query(path: &str, query: &[(&str, String)]) -> String {
    let mut address = path.to_owned();
    for (at, (name, value)) in query.iter().enumerate() {
        address.push(if at == 0 { '?' } else { '&' });
        address.push_str(name);
        address.push('=');
        address.push_str(&part(value));
    }
    address
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_address_has_one_spelling() {
        for (text, address) in [
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
            ("HTTPS://Board.Example:443", "https://board.example"),
            ("http://board.example:80/a/", "http://board.example/a"),
        ] {
            assert_eq!(Address::parse(text).unwrap().as_str(), address);
        }
        for text in [
            "",
            "board.example",
            "ftp://board.example",
            "http://",
            "http:///v1",
            "http://me:pass@board.example",
            "http://board.example/a?b=c",
            "http://board.example/../a",
            "http://board example",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_ledger_may_stand_in_the_address() {
        let parsed = |text| {
            let (address, name) = Address::parse_ledger(text).unwrap();
            (address.as_str().to_owned(), name)
        };
        let server = "https://a.example".to_owned();
        assert_eq!(parsed("https://a.example/"), (server.clone(), None));
        for text in [
            "https://a.example/v1/ledgers/nwl",
            "https://a.example/log/nwl/",
        ] {
            assert_eq!(parsed(text), (server.clone(), Some("nwl".into())), "{text}");
        }
    }

    #[test]
    fn only_this_machine_is_private_without_tls() {
        let is_private = |text| Address::parse(text).unwrap().is_private();
        for text in [
            "https://board.example",
            "http://127.0.0.1:80",
            "http://[::1]:8080",
            "http://localhost:1",
        ] {
            assert!(is_private(text), "{text}");
        }
        for text in [
            "http://board.example",
            "http://10.0.0.1",
            "http://localhost.example",
            "http://[2001:db8::1]:80",
        ] {
            assert!(!is_private(text), "{text}");
        }
    }

    #[test]
    fn parameters_are_encoded() {
        let address = with_query("/a", &[("q", "a b&c=d/é".into()), ("w", "80".into())]);
        assert_eq!(address, "/a?q=a%20b%26c%3Dd%2F%C3%A9&w=80");
    }
}
