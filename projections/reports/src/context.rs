//! What every paper says of itself: whose it is, as known when, for whom, and how to make it again.

use jiff::Timestamp;
use jiff::civil::Date;
use minutebook_events::{Confidentiality, PersonId, SubjectId};
use minutebook_papers::{Fact, Paper, Section, Stamp};
use minutebook_projections::title::title;
use minutebook_projections::view_digest::view_digest;
use minutebook_projections::{AsOf, Views};
use serde::Serialize;

/// Who a person is, for a reader who may know: names stand in sealed parts, outside the views.
pub type Names<'a> = &'a dyn Fn(&PersonId) -> Option<String>;

/// What every paper says of itself.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The ledger's name where it is kept.
    pub ledger: &'a str,
    /// The ledger's origin.
    pub origin: &'a str,
    /// The record as it is asked: at a moment of the recorded clock, or of the effective one.
    pub as_of: AsOf<'a>,
    /// How many entries were known.
    pub entries: u64,
    /// The root of the tree over these entries, in hex.
    pub root: &'a str,
    /// When the newest of them was recorded, in seconds since 1970; absent where there is none.
    pub recorded_at: Option<i64>,
    /// The day as of which the record is true, where one was asked for.
    pub effective_at: Option<Date>,
    /// The command or query that makes the same bytes again.
    pub question: &'a str,
    /// Who people are.
    pub names: Names<'a>,
}

impl<'a> Context<'a> {
    /// The views.
    pub fn views(&self) -> &'a Views {
        self.as_of.views
    }

    /// What a thing is called: its title, a person's name where the reader may know it, or the id.
    pub fn called(&self, id: &SubjectId) -> String {
        if let Some(person) = id.person()
            && let Some(name) = (self.names)(&person)
        {
            return name;
        }
        title(self.as_of, id).unwrap_or_else(|| id.to_string())
    }

    /// A person's name, or the beginning of the id.
    pub fn person(&self, person: &PersonId) -> String {
        let short = || format!("person {}", person.as_str().get(..8).unwrap_or_default());
        (self.names)(person).unwrap_or_else(short)
    }

    /// The partnership's name.
    pub fn partnership(&self) -> String {
        let opened = self.views().records.opened();
        opened.map_or_else(
            || self.ledger.to_owned(),
            |opened| opened.partnership.clone(),
        )
    }

    /// A paper of this context. `data` is the answer with its types; its digest stands in the stamp.
    pub fn paper<T: Serialize>(
        &self,
        title: impl Into<String>,
        facts: Vec<Fact>,
        sections: Vec<Section>,
        data: &T,
    ) -> Paper {
        let digest = view_digest(data);
        let mut facts = facts;
        facts.push(Fact::new("As known", self.known()));
        Paper {
            title: title.into(),
            subtitle: format!("{} ({})", self.partnership(), self.ledger),
            facts,
            banners: self.banners(),
            sections,
            stamp: Stamp {
                ledger: self.ledger.to_owned(),
                origin: self.origin.to_owned(),
                entries: self.entries,
                root: self.root.to_owned(),
                view_digest: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
                question: self.question.to_owned(),
            },
            // What serde can write as CBOR for the digest, it can write as JSON.
            data: serde_json::to_value(data).unwrap_or_default(),
        }
    }

    /// How much was known. It stands on every paper, whether or not there is more by now: the same
    /// question gives the same bytes when the record has grown.
    fn known(&self) -> String {
        let after = format!("after {}", counted(self.entries, "entry", "entries"));
        match self.recorded_at {
            Some(at) => format!("{after}, the newest recorded {}", date_words(at)),
            None => after,
        }
    }

    fn banners(&self) -> Vec<String> {
        let mut banners = Vec::new();
        if let Some(day) = self.effective_at {
            banners.push(format!(
                "As true at the end of {}, as far as known. What the documents leave undated is \
                 shown as if it had been true before.",
                day_words(day)
            ));
        }
        if self.as_of.reader() != Confidentiality::Restricted {
            let hidden = self.hidden();
            if hidden > 0 {
                banners.push(format!(
                    "{} not shown.",
                    counted(hidden, "private entry is", "private entries are")
                ));
            }
        }
        banners
    }

    /// How many entries this reader may not read, in the whole ledger as it was known.
    fn hidden(&self) -> u64 {
        self.as_of.private(0..self.views().entries.ticks())
    }
}

/// `1 entry`, `2 entries`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A day as people write it: `14 May 2025`.
pub fn day_words(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// The day of a time in seconds since 1970, in UTC: `14 May 2025`.
pub fn date_words(seconds: i64) -> String {
    match Timestamp::from_second(seconds) {
        Ok(time) => time.strftime("%-d %B %Y").to_string(),
        // Beyond the calendar: the number is all that can be said.
        Err(_) => format!("{seconds} seconds since 1970"),
    }
}
