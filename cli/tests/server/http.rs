//! HTTP/1.1 by hand, so that a test sees every byte that comes back and may send any that it likes.

use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Beyond so long a server counts as one that does not answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client with one connection, which is opened again where the server closed it.
pub struct Client {
    pub address: SocketAddr,
    /// The session's token.
    pub token: Option<String>,
    stream: Option<BufReader<TcpStream>>,
}

/// An answer, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(one, _)| one == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The last part of a problem's type, with what every problem has.
    pub fn problem(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{self:?}"
        );
        assert_eq!(self.header("cache-control"), Some("no-store"));
        let details = self.json();
        assert_eq!(details["status"], self.status, "{details}");
        let of = details["type"].as_str().unwrap();
        of.strip_prefix("/problems/").unwrap().to_owned()
    }
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            token: None,
            stream: None,
        }
    }

    pub fn get(&mut self, target: &str) -> Reply {
        self.send("GET", target, &[], b"").unwrap()
    }

    /// Gets what has to be there, as JSON.
    pub fn json(&mut self, target: &str) -> Value {
        let reply = self.get(target);
        assert_eq!(reply.status, 200, "{target}: {}", reply.text());
        reply.json()
    }

    pub fn post(&mut self, target: &str, body: &Value) -> Reply {
        self.try_post(target, body).unwrap()
    }

    /// Posts, where the server may be gone.
    pub fn try_post(&mut self, target: &str, body: &Value) -> io::Result<Reply> {
        let body = body.to_string();
        let json = [("Content-Type", "application/json")];
        self.send("POST", target, &json, body.as_bytes())
    }

    /// Sends a request and reads the answer.
    pub fn send(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Reply> {
        let mut head = format!("{method} {target} HTTP/1.1\r\nHost: board.example\r\n");
        if let Some(token) = &self.token {
            head += &format!("Authorization: Bearer {token}\r\n");
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() || method == "POST" {
            head += &format!("Content-Length: {}\r\n", body.len());
        }
        let request = [head.as_bytes(), b"\r\n", body].concat();
        let was_open = self.stream.is_some();
        match self.exchange(&request, method) {
            // A kept connection may have been closed meanwhile; a new one may not.
            Err(_) if was_open => self.exchange(&request, method),
            other => other,
        }
    }

    fn exchange(&mut self, request: &[u8], method: &str) -> io::Result<Reply> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => BufReader::new(connect(self.address)?),
        };
        stream.get_mut().write_all(request)?;
        let reply = read_reply(&mut stream, method)?;
        if reply.header("connection") != Some("close") {
            self.stream = Some(stream);
        }
        Ok(reply)
    }
}

pub fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Sends bytes as they are and reads one answer.
pub fn raw(address: SocketAddr, request: impl AsRef<[u8]>) -> io::Result<Reply> {
    let mut stream = connect(address)?;
    // A server that has heard enough may close before all was sent.
    let _ = stream.write_all(request.as_ref());
    read_reply(&mut BufReader::new(stream), "GET")
}

/// Sends bytes, breaks off, and reads what is said to that.
pub fn broken_off(address: SocketAddr, request: &str) -> io::Result<Reply> {
    let mut stream = connect(address)?;
    stream.write_all(request.as_bytes())?;
    stream.shutdown(Shutdown::Write)?;
    read_reply(&mut BufReader::new(stream), "GET")
}

/// Reads an answer; `method` decides whether it has a body.
pub fn read_reply(stream: &mut BufReader<TcpStream>, method: &str) -> io::Result<Reply> {
    let (status, headers) = read_head(stream)?;
    let mut reply = Reply {
        status,
        headers,
        body: Vec::new(),
    };
    if method == "HEAD" || matches!(status, 204 | 304) {
        return Ok(reply);
    }
    if reply.header("transfer-encoding") == Some("chunked") {
        Chunks::new(stream).read_to_end(&mut reply.body)?;
    } else if let Some(length) = reply.header("content-length") {
        reply.body = vec![0; length.parse().map_err(io::Error::other)?];
        stream.read_exact(&mut reply.body)?;
    } else {
        stream.read_to_end(&mut reply.body)?;
    }
    Ok(reply)
}

pub fn read_head(stream: &mut BufReader<TcpStream>) -> io::Result<(u16, Vec<(String, String)>)> {
    let line = read_line(stream)?;
    let status = line.split(' ').nth(1).and_then(|text| text.parse().ok());
    let status = status.ok_or_else(|| io::Error::other(format!("no status line: {line:?}")))?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(stream)?;
        if line.is_empty() {
            return Ok((status, headers));
        }
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| io::Error::other(format!("no header: {line:?}")))?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

fn read_line(stream: &mut impl io::BufRead) -> io::Result<String> {
    let mut bytes = Vec::new();
    stream.read_until(b'\n', &mut bytes)?;
    if bytes.pop() != Some(b'\n') {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// A chunked body (RFC 9112 section 7.1), as it comes.
pub struct Chunks<R> {
    stream: R,
    left: u64,
    ended: bool,
}

impl<R: io::BufRead> Chunks<R> {
    pub fn new(stream: R) -> Self {
        Self {
            stream,
            left: 0,
            ended: false,
        }
    }
}

impl<R: io::BufRead> Read for Chunks<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !self.ended {
            let line = read_line(&mut self.stream)?;
            let size = line.split(';').next().unwrap_or("");
            self.left = u64::from_str_radix(size, 16).map_err(io::Error::other)?;
            if self.left == 0 {
                self.ended = true;
                read_line(&mut self.stream)?;
            }
        }
        if self.ended {
            return Ok(0);
        }
        let most = into
            .len()
            .min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = self.stream.read(&mut into[..most])?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        if self.left == 0 {
            read_line(&mut self.stream)?;
        }
        Ok(read)
    }
}

/// One server-sent event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub event: String,
    pub id: String,
    pub data: String,
}

/// A live tail.
pub struct Tail {
    lines: BufReader<Chunks<BufReader<TcpStream>>>,
}

impl Tail {
    /// Opens a live tail with these headers; the answer where it is none.
    pub fn open(address: SocketAddr, target: &str, headers: &[(&str, &str)]) -> io::Result<Self> {
        let mut stream = connect(address)?;
        let mut head = format!("GET {target} HTTP/1.1\r\nHost: board.example\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        stream.write_all(format!("{head}\r\n").as_bytes())?;
        let mut stream = BufReader::new(stream);
        let (status, headers) = read_head(&mut stream)?;
        let kind = headers.iter().find(|(name, _)| name == "content-type");
        if status != 200 || kind.is_none_or(|(_, kind)| kind != "text/event-stream") {
            return Err(io::Error::other(format!("{status} {headers:?}")));
        }
        Ok(Self {
            lines: BufReader::new(Chunks::new(stream)),
        })
    }

    /// The next event; `None` at the end of the stream.
    pub fn next(&mut self) -> io::Result<Option<Sent>> {
        let mut sent = Sent {
            event: String::new(),
            id: String::new(),
            data: String::new(),
        };
        loop {
            if self.lines.fill_buf()?.is_empty() {
                return Ok(None);
            }
            let line = read_line(&mut self.lines)?;
            match line.split_once(':') {
                // A comment shows that the tail lives.
                Some(("", _)) => {}
                Some((field, value)) => {
                    let value = value.strip_prefix(' ').unwrap_or(value);
                    match field {
                        "event" => value.clone_into(&mut sent.event),
                        "id" => value.clone_into(&mut sent.id),
                        "data" => sent.data += value,
                        _ => {}
                    }
                }
                None if line.is_empty() && !sent.event.is_empty() => return Ok(Some(sent)),
                None => {}
            }
        }
    }
}
