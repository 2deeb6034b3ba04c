//! The live tail: entries as they are recorded (server-sent events, as the HTML standard has them).

use std::io::{BufRead, BufReader, Read};
use std::time::Duration;

use ureq::BodyReader;

use crate::{ClientError, Entry, LedgerClient};

/// How often in a row a connection may give nothing before the tail ends.
const TRIES: u32 = 6;

/// The longest line of an event.
const MAX_LINE: u64 = 4 << 20;

impl LedgerClient {
    /// Every entry after `after` as it is recorded; from the next one on where `after` is left out.
    /// Where the connection breaks, the tail goes on after the last entry that was seen, so that none
    /// is missed or told twice. It waits for as long as nothing is recorded.
    pub fn watch(&self, after: Option<u64>) -> Watch<'_> {
        Watch {
            ledger: self,
            last: after,
            lines: None,
            failed: 0,
            ended: false,
        }
    }
}

/// Entries as they are recorded. Ends after the first error that trying again does not mend.
pub struct Watch<'a> {
    ledger: &'a LedgerClient,
    last: Option<u64>,
    lines: Option<BufReader<BodyReader<'static>>>,
    failed: u32,
    ended: bool,
}

impl Watch<'_> {
    /// The index of the last entry that was seen.
    pub fn last(&self) -> Option<u64> {
        self.last
    }

    /// Connects, and waits until the server takes the request: entries that are recorded from now on
    /// are seen. The iterator does the same by itself.
    ///
    /// # Errors
    /// Where the server refuses or cannot be reached.
    pub fn connect(&mut self) -> Result<(), ClientError> {
        if self.lines.is_none() {
            let request = self
                .ledger
                .request(crate::transport::Method::Get, "/events", u64::MAX);
            let body = self
                .ledger
                .transport
                .open(&request.path, request.token, self.last)?;
            self.lines = Some(BufReader::new(body.into_reader()));
        }
        Ok(())
    }

    fn next_event(&mut self) -> Result<Option<Entry>, ClientError> {
        self.connect()?;
        let Some(lines) = &mut self.lines else {
            return Ok(None);
        };
        let Some(event) = read_event(lines) else {
            self.lines = None;
            return Ok(None);
        };
        let entry: Entry =
            serde_json::from_str(&event).map_err(|error| ClientError::Unreadable {
                address: self.ledger.address().to_string(),
                reason: error.to_string(),
            })?;
        if self.last.is_some_and(|last| entry.entry <= last) {
            return Err(ClientError::Unreadable {
                address: self.ledger.address().to_string(),
                reason: "its entries are not in order".into(),
            });
        }
        self.last = Some(entry.entry);
        self.failed = 0;
        Ok(Some(entry))
    }
}

impl Iterator for Watch<'_> {
    type Item = Result<Entry, ClientError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.next_event() {
                Ok(Some(entry)) => return Some(Ok(entry)),
                // A tail that was cut off: a server that is started again, a proxy that is tired.
                Ok(None) if self.failed < TRIES => {}
                Err(ClientError::Unreachable { .. }) if self.failed < TRIES => {}
                Ok(None) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
            if !self.ended {
                std::thread::sleep(Duration::from_millis(250 << self.failed));
                self.failed += 1;
            }
        }
        None
    }
}

/// The data of the next event called `entry`; none where the stream ends or breaks before it is whole.
fn read_event(lines: &mut impl BufRead) -> Option<String> {
    let (mut name, mut data) = (String::new(), String::new());
    loop {
        let mut line = Vec::new();
        let read = lines.take(MAX_LINE).read_until(b'\n', &mut line).ok()?;
        if read == 0 || line.pop() != Some(b'\n') {
            return None;
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        let line = String::from_utf8(line).ok()?;
        if line.is_empty() {
            if name == "entry" && !data.is_empty() {
                return Some(data);
            }
            (name, data) = (String::new(), String::new());
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut name),
            "data" => {
                if !data.is_empty() {
                    data.push('\n');
                }
                data.push_str(value);
                if data.len() as u64 > MAX_LINE {
                    return None;
                }
            }
            // Comments, ids and what there may be one day.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_as_they_are_written() {
        let text = ": alive\n\nevent: other\ndata: x\n\nid: 4\r\nevent: entry\r\ndata: {\r\ndata: }\r\n\r\n\
                    event: entry\ndata: torn";
        let mut lines = text.as_bytes();
        assert_eq!(read_event(&mut lines).as_deref(), Some("{\n}"));
        assert_eq!(read_event(&mut lines), None, "what is torn was never said");
    }
}
