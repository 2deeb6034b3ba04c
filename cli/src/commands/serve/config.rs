//! The settings of the server: options, then the environment, then one TOML file, then what is set
//! where nobody says otherwise.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use minutebook_api::Settings;
use serde::Deserialize;

use crate::failure::Failure;

/// Serve the ledgers of the data folder over HTTP
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "Examples:\n  \
    minutebook serve\n  \
    minutebook serve --dir /var/lib/minutebook --config /etc/minutebook.toml\n  \
    minutebook serve --listen 0.0.0.0:443 --public-url https://board.example \\\n    \
    --tls-cert board.crt --tls-key board.key\n\n\
    Each option may also stand in the file that --config names, under the same name\n\
    with _ for -, such as `public_url = \"https://board.example\"`. An option goes\n\
    before the environment, and that before the file; a name that there is not is\n\
    refused. /openapi.json describes the API, and /docs shows it.")]
pub struct Args {
    /// A TOML file with settings
    #[arg(long, value_name = "FILE", env = "MINUTEBOOK_CONFIG")]
    config: Option<PathBuf>,
    /// Only say whether the settings are fine
    #[arg(long)]
    pub check: bool,
    #[command(flatten)]
    given: Given,
}

/// The settings as they are given, by options or by a file.
#[derive(Debug, Default, Clone, PartialEq, clap::Args, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS", env = "MINUTEBOOK_LISTEN")]
    listen: Option<SocketAddr>,
    /// The address that people reach it at; sign-ins are bound to it
    #[arg(long, value_name = "URL", env = "MINUTEBOOK_PUBLIC_URL")]
    public_url: Option<String>,
    /// The certificates of the server and its issuers, as PEM
    #[arg(long, value_name = "FILE", env = "MINUTEBOOK_TLS_CERT")]
    tls_cert: Option<PathBuf>,
    /// The private key of the certificate, as PEM
    #[arg(long, value_name = "FILE", env = "MINUTEBOOK_TLS_KEY")]
    tls_key: Option<PathBuf>,
    /// A proxy stands before it, which does the TLS and sets X-Forwarded-For
    #[arg(
        long, env = "MINUTEBOOK_BEHIND_PROXY", value_name = "YES",
        num_args = 0..=1, default_missing_value = "true"
    )]
    behind_proxy: Option<bool>,
    /// How much to log: error, warn, info, debug or trace [default: info]
    #[arg(long, value_name = "LEVEL", env = "MINUTEBOOK_LOG")]
    log: Option<Level>,
    /// In which form: text, or json for a collector [default: text]
    #[arg(long, value_name = "FORM", value_enum, env = "MINUTEBOOK_LOG_FORMAT")]
    log_format: Option<LogForm>,
    /// How many connections to keep at most [default: 20000]
    #[arg(long, value_name = "COUNT", env = "MINUTEBOOK_CONNECTIONS")]
    connections: Option<u32>,
    /// How many seconds a request's head may take to arrive [default: 10]
    #[arg(long, value_name = "SECONDS", env = "MINUTEBOOK_HEAD_TIMEOUT")]
    head_timeout: Option<NonZeroU32>,
    /// How many seconds a request's body may take to arrive [default: 30]
    #[arg(long, value_name = "SECONDS", env = "MINUTEBOOK_BODY_TIMEOUT")]
    body_timeout: Option<NonZeroU32>,
    /// Below so many MiB a ledger's disk counts as low [default: 512]
    #[arg(long, value_name = "MIB", env = "MINUTEBOOK_DISK_LOW")]
    disk_low: Option<u32>,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// In which form it is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LogForm {
    Text,
    Json,
}

/// The settings, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The certificate's file and its key's.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// How to log.
    pub log: Logging,
    public_url: Option<String>,
    behind_proxy: bool,
    connections: u32,
    timeouts: Timeouts,
    disk_low: u32,
}

/// How long a request may take to arrive, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Timeouts {
    head: u32,
    body: u32,
}

/// How to log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Logging {
    level: Level,
    form: LogForm,
}

impl Config {
    /// What is set where nobody says otherwise.
    pub fn on(listen: SocketAddr) -> Self {
        Self {
            listen,
            tls: None,
            log: Logging {
                level: Level::Info,
                form: LogForm::Text,
            },
            public_url: None,
            behind_proxy: false,
            connections: 20_000,
            timeouts: Timeouts { head: 10, body: 30 },
            disk_low: 512,
        }
    }

    /// The settings that were given.
    ///
    /// # Errors
    /// Where the file cannot be read, or they do not fit together.
    pub fn read(args: &Args) -> Result<Self, Failure> {
        let file = match &args.config {
            Some(path) => read_file(path)?,
            None => Given::default(),
        };
        Self::whole(args.given.clone().or(file))
    }

    fn whole(given: Given) -> Result<Self, Failure> {
        let loopback = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
        let default = Self::on(given.listen.unwrap_or(loopback));
        let tls = match (given.tls_cert, given.tls_key) {
            (Some(cert), Some(key)) => Some((cert, key)),
            (None, None) => None,
            _ => {
                return Err(Failure::usage(
                    "TLS needs a certificate and its key",
                    "give both --tls-cert and --tls-key",
                ));
            }
        };
        Ok(Self {
            tls,
            log: Logging {
                level: given.log.unwrap_or(default.log.level),
                form: given.log_format.unwrap_or(default.log.form),
            },
            public_url: given
                .public_url
                .map(|url| url.trim_end_matches('/').to_owned()),
            behind_proxy: given.behind_proxy.unwrap_or_default(),
            connections: given.connections.unwrap_or(default.connections),
            timeouts: Timeouts {
                head: given
                    .head_timeout
                    .map_or(default.timeouts.head, NonZeroU32::get),
                body: given
                    .body_timeout
                    .map_or(default.timeouts.body, NonZeroU32::get),
            },
            disk_low: given.disk_low.unwrap_or(default.disk_low),
            ..default
        })
    }

    /// Refuses what would put private content, or sessions, on a network in the clear.
    ///
    /// # Errors
    /// What is missing.
    pub fn check(&self) -> Result<(), Failure> {
        let public = !self.listen.ip().is_loopback();
        if public && self.tls.is_none() && !self.behind_proxy {
            return Err(Failure::usage(
                format!(
                    "{} can be reached from other machines, without TLS",
                    self.listen
                ),
                "give --tls-cert and --tls-key, or --behind-proxy where a proxy on this machine or its \
                 network does the TLS",
            ));
        }
        match &self.public_url {
            None if public || self.behind_proxy => Err(Failure::usage(
                "sign-ins are bound to the address that people reach the server at, which is not given",
                "give it with --public-url, such as --public-url https://board.example",
            )),
            Some(url) if !is_address(url) => Err(Failure::usage(
                format!("{url:?} is not the address of a server"),
                "give it as https://board.example, without a path",
            )),
            _ => Ok(()),
        }
    }

    /// The settings of a server that listens at `address`.
    pub fn settings(&self, address: SocketAddr) -> Settings {
        Settings {
            addresses: match &self.public_url {
                Some(url) => vec![url.clone()],
                None => own_addresses(self.tls.is_some(), address),
            },
            behind_proxy: self.behind_proxy,
            connections: self.connections as usize,
            disk_low: u64::from(self.disk_low) << 20,
            head_patience: Duration::from_secs(self.timeouts.head.into()),
            patience: Duration::from_secs(self.timeouts.body.into()),
        }
    }
}

impl Given {
    /// These settings, and the others' where there are none.
    fn or(self, other: Self) -> Self {
        Self {
            listen: self.listen.or(other.listen),
            public_url: self.public_url.or(other.public_url),
            tls_cert: self.tls_cert.or(other.tls_cert),
            tls_key: self.tls_key.or(other.tls_key),
            behind_proxy: self.behind_proxy.or(other.behind_proxy),
            log: self.log.or(other.log),
            log_format: self.log_format.or(other.log_format),
            connections: self.connections.or(other.connections),
            head_timeout: self.head_timeout.or(other.head_timeout),
            body_timeout: self.body_timeout.or(other.body_timeout),
            disk_low: self.disk_low.or(other.disk_low),
        }
    }
}

fn read_file(path: &Path) -> Result<Given, Failure> {
    let text =
        std::fs::read_to_string(path).map_err(|error| Failure::file("read", path, &error))?;
    toml::from_str(&text).map_err(|error| {
        Failure::usage(
            format!("{}: {}", path.display(), error.message()),
            "`minutebook serve --help` lists the settings; a file writes _ for -",
        )
    })
}

fn is_address(url: &str) -> bool {
    let host = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    host.is_some_and(|host| {
        !host.is_empty()
            && !host.contains(['/', '?', '#', '@'])
            && !host.contains(char::is_whitespace)
    })
}

/// The addresses of a server on this machine alone.
fn own_addresses(tls: bool, address: SocketAddr) -> Vec<String> {
    let scheme = if tls { "https" } else { "http" };
    let port = address.port();
    vec![
        format!("{scheme}://{address}"),
        format!("{scheme}://localhost:{port}"),
    ]
}

impl Logging {
    /// Begins to log to standard error.
    pub fn begin(self) {
        use tracing_subscriber::filter::LevelFilter;
        let level = match self.level {
            Level::Error => LevelFilter::ERROR,
            Level::Warn => LevelFilter::WARN,
            Level::Info => LevelFilter::INFO,
            Level::Debug => LevelFilter::DEBUG,
            Level::Trace => LevelFilter::TRACE,
        };
        let log = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_target(false)
            .with_writer(std::io::stderr);
        // A second call in one process changes nothing.
        let _ = match self.form {
            LogForm::Text => log.with_ansi(false).try_init(),
            LogForm::Json => log.json().flatten_event(true).try_init(),
        };
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn config(text: &str) -> Result<Config, Failure> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("minutebook.toml");
        std::fs::write(&path, text).unwrap();
        let config = Config::read(&Args {
            config: Some(path),
            check: false,
            given: Given::default(),
        })?;
        config.check().map(|()| config)
    }

    #[test]
    fn nothing_said_is_loopback_in_the_clear() {
        let config = config("").unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        let settings = config.settings("127.0.0.1:4000".parse().unwrap());
        assert_eq!(
            settings.addresses,
            ["http://127.0.0.1:4000", "http://localhost:4000"]
        );
    }

    #[test]
    fn an_address_for_others_needs_tls_or_a_proxy_and_its_name() {
        let message = |text: &str| config(text).unwrap_err().message;
        assert!(message("listen = \"0.0.0.0:80\"").contains("without TLS"));
        assert!(message("listen = \"0.0.0.0:80\"\nbehind_proxy = true").contains("is not given"));
        let with_url =
            "listen = \"[::]:80\"\nbehind_proxy = true\npublic_url = \"https://b.example/\"";
        let config = config(with_url).unwrap();
        assert_eq!(
            config.settings(config.listen).addresses,
            ["https://b.example"]
        );
        assert!(message("public_url = \"https://b.example/x\"").contains("not the address"));
        assert!(message("tls_cert = \"a\"").contains("certificate and its key"));
    }

    #[test]
    fn a_setting_that_there_is_not_is_refused_by_name() {
        let failure = config("listne = \"127.0.0.1:1\"").unwrap_err();
        assert!(failure.message.contains("listne"), "{}", failure.message);
    }

    #[test]
    fn an_option_goes_before_the_file() {
        let file = Given {
            connections: Some(5),
            disk_low: Some(1),
            ..Given::default()
        };
        let option = Given {
            connections: Some(7),
            ..Given::default()
        };
        let both = option.or(file);
        assert_eq!((both.connections, both.disk_low), (Some(7), Some(1)));
    }
}
