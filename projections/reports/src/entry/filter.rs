//! Which entries a list shows.

use jiff::civil::Date;
use minutebook_events::{EventType, PersonId, SubjectId};
use minutebook_projections::AsOf;
use minutebook_projections::effective::start_of;
use minutebook_projections::entries::Entry;

/// Which entries are asked for; what is left out, all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only events of this type.
    pub event: Option<EventType>,
    /// Only what is about this.
    pub subject: Option<SubjectId>,
    /// Only what is about something that belongs to this body or to one below it.
    pub body: Option<SubjectId>,
    /// Only what this person signed.
    pub signer: Option<PersonId>,
    /// Only what was recorded on this day, in UTC, or later.
    pub from: Option<Date>,
    /// Only what was recorded on this day, in UTC, or before.
    pub to: Option<Date>,
}

impl Filter {
    /// Whether an entry is asked for. One that the reader may not read is found by its signer and
    /// time alone, which its statement and its place tell everyone.
    pub fn matches(&self, as_of: AsOf<'_>, entry: &Entry) -> bool {
        let signer = self.signer.as_ref();
        let from = self
            .from
            .is_none_or(|day| entry.recorded_at >= start_of(day));
        let over = |day: Date| day.tomorrow().map_or(i64::MAX, start_of);
        let to = self.to.is_none_or(|day| entry.recorded_at < over(day));
        let stated = signer.is_none_or(|signer| *signer == *entry.signer) && from && to;
        stated && (self.asks_only_of_statements() || self.matches_content(as_of, entry))
    }

    fn asks_only_of_statements(&self) -> bool {
        self.event.is_none() && self.subject.is_none() && self.body.is_none()
    }

    fn matches_content(&self, as_of: AsOf<'_>, entry: &Entry) -> bool {
        let said = entry.said.as_ref();
        let Some(said) = said.filter(|said| said.confidentiality <= as_of.reader()) else {
            return false;
        };
        let subject = self.subject.as_ref();
        self.event.is_none_or(|event| event == said.event)
            && subject.is_none_or(|subject| *subject == *said.subject)
            && self.body.as_ref().is_none_or(|above| {
                let body = as_of.body_of(&said.subject);
                body.is_some_and(|body| as_of.stands_under(body, above))
            })
    }
}
