//! Reads an event stream as it comes in.
//!
//! WHATWG HTML, section 9.2.6, "Interpreting an event stream". Bytes may be cut anywhere.

/// An event of a stream.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct StreamEvent {
    /// `id:`, which stays in force until another comes.
    pub id: String,
    /// `event:`; empty where there was none.
    pub event: String,
    /// The `data:` lines, with a newline between them.
    pub data: String,
}

/// A stream that is being read.
#[derive(Debug, Default)]
pub struct Parser {
    line: Vec<u8>,
    /// The line before ended in a carriage return, so a newline now belongs to its end.
    after_return: bool,
    begun: bool,
    next: StreamEvent,
    has_data: bool,
}

impl Parser {
    /// Takes in bytes and hands over the events that they complete.
    pub fn feed(&mut self, bytes: &[u8], mut with: impl FnMut(&StreamEvent)) {
        for &byte in bytes {
            let second_half = std::mem::take(&mut self.after_return) && byte == b'\n';
            match byte {
                b'\n' if second_half => {}
                b'\n' | b'\r' => {
                    self.after_return = byte == b'\r';
                    self.end_line(&mut with);
                }
                _ => self.line.push(byte),
            }
        }
    }

    fn end_line(&mut self, with: &mut impl FnMut(&StreamEvent)) {
        let line = std::mem::take(&mut self.line);
        let mut line = line.as_slice();
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
        }
        if line.is_empty() {
            return self.end_event(with);
        }
        let colon = line.iter().position(|&byte| byte == b':');
        let (field, value) = match colon {
            Some(at) => (&line[..at], &line[at + 1..]),
            None => (line, &line[line.len()..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        let value = String::from_utf8_lossy(value);
        match field {
            b"data" => {
                self.next.data.push_str(&value);
                self.next.data.push('\n');
                self.has_data = true;
            }
            b"event" => self.next.event = value.into_owned(),
            b"id" if !value.contains('\0') => self.next.id = value.into_owned(),
            // A comment, a retry time, or something newer.
            _ => {}
        }
    }

    fn end_event(&mut self, with: &mut impl FnMut(&StreamEvent)) {
        // Without data there is no event, only its type is forgotten.
        if std::mem::take(&mut self.has_data) {
            self.next.data.pop();
            with(&self.next);
        }
        self.next.event.clear();
        self.next.data.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, event: &str, data: &str) -> StreamEvent {
        StreamEvent {
            id: id.into(),
            event: event.into(),
            data: data.into(),
        }
    }

    /// Feeds `stream` in pieces of every length and expects the same each time.
    fn expect(stream: &str, expected: &[StreamEvent]) {
        for length in 1..=stream.len().max(1) {
            let mut parser = Parser::default();
            let mut found = Vec::new();
            for piece in stream.as_bytes().chunks(length) {
                parser.feed(piece, |event| found.push(event.clone()));
            }
            assert_eq!(found, expected, "{stream:?} in pieces of {length}");
        }
    }

    #[test]
    fn entries_are_read_with_their_positions() {
        expect(
            ": welcome\n\nid: 12\nevent: entry\ndata: {\"position\":12}\n\nid: 13\nevent: entry\ndata: {}\n\n",
            &[
                event("12", "entry", "{\"position\":12}"),
                event("13", "entry", "{}"),
            ],
        );
    }

    #[test]
    fn every_kind_of_line_end_is_one() {
        for end in ["\n", "\r", "\r\n"] {
            let stream = format!("id: 1{end}data: a{end}data: b{end}{end}data: c{end}{end}");
            // The id stays in force.
            expect(&stream, &[event("1", "", "a\nb"), event("1", "", "c")]);
        }
    }

    #[test]
    fn keep_alives_and_half_events_are_no_events() {
        expect(": ping\n\n:\n\nevent: entry\n\nid: 4\n\n", &[]);
        expect("data: not yet ended\n", &[]);
        // The type of an event without data does not stick to the next.
        expect("event: entry\n\ndata: x\n\n", &[event("", "", "x")]);
    }

    #[test]
    fn odd_lines_are_read_as_the_standard_says() {
        expect("data\n\n", &[event("", "", "")]);
        expect("data:x\ndata:  y\n\n", &[event("", "", "x\n y")]);
        expect(
            "\u{feff}data: £\nother: z\nretry: 10\n\n",
            &[event("", "", "£")],
        );
        expect("id: 1\nid: a\0b\ndata: x\n\n", &[event("1", "", "x")]);
    }
}
