//! One HTTP/1.1 connection that is kept: what a browser, a proxy or a script has to the server.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{ACCEPT, CONTENT_TYPE, HOST};
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::error::LoadError;

/// How much of a refusal's body is told.
const TOLD: usize = 400;

/// Where a server listens.
#[derive(Debug, Clone)]
pub struct Server {
    /// Host and port.
    address: String,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

/// A connection to a server, on which one request follows the other.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    address: String,
}

impl Server {
    /// Reads `http://HOST:PORT`.
    ///
    /// # Errors
    /// [`LoadError::Url`] for any other form.
    pub fn parse(url: &str) -> Result<Self, LoadError> {
        let refused = || LoadError::Url(url.into());
        let address = url.strip_prefix("http://").ok_or_else(refused)?;
        let address = address.strip_suffix('/').unwrap_or(address);
        let (host, port) = address.rsplit_once(':').ok_or_else(refused)?;
        if host.is_empty() || host.contains('/') || port.parse::<u16>().is_err() {
            return Err(refused());
        }
        Ok(Self {
            address: address.to_owned(),
        })
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// Where nobody listens, or what answers speaks no HTTP.
    pub async fn connect(&self) -> Result<Connection, LoadError> {
        let address = self.address.clone();
        let failed = |source| LoadError::Connect {
            address: address.clone(),
            source,
        };
        let stream = TcpStream::connect(&self.address).await.map_err(failed)?;
        stream.set_nodelay(true).map_err(failed)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // Whoever sends on a connection that failed is told so there.
        tokio::spawn(async move { connection.await.ok() });
        Ok(Connection { sender, address })
    }
}

impl Connection {
    /// Asks, and reads the whole answer.
    ///
    /// # Errors
    /// Where the connection fails; a refusal is an [`Answer`].
    pub async fn call(
        &mut self,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<Answer, LoadError> {
        let response = self.send(method, path, "*/*", body).await?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await?.to_bytes();
        Ok(Answer { status, body })
    }

    /// Asks for something that has to be there.
    ///
    /// # Errors
    /// [`LoadError::Refused`] for another status than `expected`, and where the connection fails.
    pub async fn expect(
        &mut self,
        method: Method,
        path: &str,
        body: Bytes,
        expected: u16,
    ) -> Result<Bytes, LoadError> {
        let what = format!("{method} {path}");
        let answer = self.call(method, path, body).await?;
        if answer.status == expected {
            return Ok(answer.body);
        }
        Err(LoadError::Refused {
            what,
            status: answer.status,
            body: answer.told(),
        })
    }

    /// Begins to read an event stream. The connection serves nothing else from then on.
    ///
    /// # Errors
    /// Where the server gives no event stream.
    pub async fn subscribe(mut self, path: &str) -> Result<Subscription, LoadError> {
        let response = self
            .send(Method::GET, path, "text/event-stream", Bytes::new())
            .await?;
        let is_stream = response
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"));
        let status = response.status().as_u16();
        let body = response.into_body();
        if status == 200 && is_stream {
            let _connection = self;
            return Ok(Subscription { body, _connection });
        }
        let body = body.collect().await?.to_bytes();
        Err(LoadError::Refused {
            what: format!("GET {path} as an event stream"),
            status,
            body: Answer { status, body }.told(),
        })
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        accept: &str,
        body: Bytes,
    ) -> Result<Response<Incoming>, LoadError> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, &self.address)
            .header(ACCEPT, accept);
        if !body.is_empty() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        // The connection may still be putting away the answer before.
        self.sender.ready().await?;
        Ok(self
            .sender
            .send_request(request.body(Full::new(body))?)
            .await?)
    }
}

impl Answer {
    /// The body's beginning, as text.
    pub fn told(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        text.chars().take(TOLD).collect()
    }
}

/// An event stream that is being read.
pub struct Subscription {
    body: Incoming,
    /// Ending it would end the stream.
    _connection: Connection,
}

impl Subscription {
    /// The next bytes of the stream, or nothing at its end.
    ///
    /// # Errors
    /// Where the connection fails.
    pub async fn next(&mut self) -> Result<Option<Bytes>, LoadError> {
        while let Some(frame) = self.body.frame().await {
            if let Ok(data) = frame?.into_data() {
                return Ok(Some(data));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_plain_addresses_are_taken() {
        for url in ["http://127.0.0.1:8080", "http://[::1]:80/", "http://a:1"] {
            assert!(Server::parse(url).is_ok(), "{url}");
        }
        for url in [
            "127.0.0.1:80",
            "https://a:1",
            "http://a",
            "http://:1",
            "http://a/b:1",
            "http://a:x",
        ] {
            assert!(Server::parse(url).is_err(), "{url}");
        }
    }
}
