//! What every row of every register has, and the pieces that rows are made of.

use jiff::civil::Date;
use minutebook_events::period::{Change, compare};
use minutebook_events::{Period, PersonId, Role, SubjectId};
use minutebook_projections::AsOf;
use minutebook_projections::stated::At;
use minutebook_projections::title::title;
use schemars::JsonSchema;
use serde::Serialize;

/// A row: what it is about, and the fields of its register.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "{F}Row")]
pub struct Row<F> {
    /// What it is about.
    pub id: SubjectId,
    /// What it is called, in short own words.
    pub title: String,
    /// How it stands, in a word or two; absent where nothing says so.
    pub state: Option<String>,
    /// The body that it belongs to.
    pub body: Option<Named>,
    /// The fields of its register.
    #[serde(flatten)]
    pub fields: F,
    /// The entry that it began with, or that says most of it.
    pub said: Option<Said>,
    /// The entries that it is made of, oldest first.
    pub entries: Vec<u64>,
}

/// Something that a row names.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Named {
    /// Its id.
    pub id: SubjectId,
    /// What it is called; absent where the reader may not know, or nothing says so.
    pub title: Option<String>,
}

impl Named {
    /// Something by its id.
    pub fn new(as_of: AsOf<'_>, id: &SubjectId) -> Self {
        Self {
            id: id.clone(),
            title: title(as_of, id),
        }
    }

    /// Several by their ids.
    pub fn all<'i>(as_of: AsOf<'_>, ids: impl IntoIterator<Item = &'i SubjectId>) -> Vec<Self> {
        ids.into_iter().map(|id| Self::new(as_of, id)).collect()
    }
}

/// Someone, as far as is said: a person by opaque id, a post, an organisation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Who {
    /// The person, by opaque id. Names stand outside the views.
    pub person: Option<PersonId>,
    /// The post.
    pub post: Option<String>,
    /// The organisation.
    pub organisation: Option<Named>,
}

/// An entry: when it was recorded, by whom, and what it says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Said {
    /// Its index in the log.
    pub entry: u64,
    /// When it was recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// Who signed it.
    pub signer: PersonId,
    /// In which role.
    pub role: Role,
    /// For which body or organisation.
    #[serde(rename = "for")]
    pub of: Option<SubjectId>,
    /// When it was true in the world, as written.
    pub effective: Option<Period>,
    /// The meeting that it was made in.
    pub meeting: Option<Named>,
    /// The minute's number.
    pub minute: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// True for imported history, which counts as no signature.
    pub imported: bool,
    /// What is a reading and not stated, such as `link`.
    pub inferred: Vec<String>,
}

impl Said {
    /// The entry at a place; `None` where it was not known, or the reader may not read it.
    pub fn at(as_of: AsOf<'_>, at: At) -> Option<Self> {
        let (entry, said) = as_of.entry(at)?;
        Some(Self {
            entry: entry.position,
            recorded_at: entry.recorded_at,
            signer: PersonId::clone(&entry.signer),
            role: said.role,
            of: said.of.as_deref().cloned(),
            effective: said.effective.as_deref().cloned(),
            meeting: said
                .meeting
                .as_ref()
                .map(|meeting| Named::new(as_of, meeting)),
            minute: said.minute.as_deref().map(str::to_owned),
            reason: said.reason.as_deref().map(str::to_owned),
            imported: said.imported,
            inferred: said.inferred.to_vec(),
        })
    }
}

/// Every date that something had.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Dates {
    /// The first one; absent where none was given. It is never lost.
    pub first: Option<Period>,
    /// Every later one, oldest first.
    pub later: Vec<Later>,
    /// The one that holds now.
    pub now: Option<Period>,
    /// How far it has moved in all, such as `slipped one year`; absent where it has not.
    pub moved: Option<String>,
}

/// A later date.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Later {
    /// What happened: `slipped`, `brought forward`, `restated`, `reopened`, `moved`.
    pub verb: &'static str,
    /// The new date, as written.
    pub to: Period,
    /// How far it moved, such as `slipped one year`; absent where it was only said otherwise.
    pub moved: Option<String>,
    /// `reported`, or `agreed` by the owning body; absent where that is not asked.
    pub standing: Option<&'static str>,
    /// The decision that agreed it.
    pub agreed_by: Option<Named>,
    /// The entry that says so, with its reason.
    pub said: Option<Said>,
}

impl Dates {
    /// A first date and those after it.
    pub fn new(first: Option<&Period>, later: Vec<Later>) -> Self {
        let now = later.last().map(|later| &later.to).or(first).cloned();
        Self {
            moved: moved(first, now.as_ref()),
            first: first.cloned(),
            later,
            now,
        }
    }

    /// All of them, in the words of each: `2024/25 → 25/26`. `None` where there is none.
    pub fn chain(&self) -> Option<String> {
        let later = self.later.iter().map(|later| &later.to);
        let words: Vec<String> = self
            .first
            .iter()
            .chain(later)
            .map(Period::to_string)
            .collect();
        (!words.is_empty()).then(|| words.join(" → "))
    }
}

/// How a date moved, such as `slipped one year`; `None` where it did not, or cannot be compared.
pub fn moved(from: Option<&Period>, to: Option<&Period>) -> Option<String> {
    let change = compare(from?, to?);
    match &change {
        Change::Slipped(shift) | Change::BroughtForward(shift) => {
            Some(format!("{} {}", change.verb(), shift.whole))
        }
        Change::Narrowed | Change::Widened => Some("restated".to_owned()),
        Change::Same | Change::NotComparable => None,
    }
}

/// By what a date is sorted: its last day, what has none last.
pub fn by_end(date: Option<&Period>) -> (bool, Option<Date>) {
    let end = date.filter(|date| !date.open_ended).and_then(Period::end);
    (end.is_none(), end)
}

/// The entries at some places, oldest first, each once.
pub fn positions(places: impl IntoIterator<Item = At>) -> Vec<u64> {
    let mut positions: Vec<u64> = places.into_iter().map(|at| at.position).collect();
    positions.sort_unstable();
    positions.dedup();
    positions
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn period(words: &str) -> Period {
        Period::parse(words).unwrap()
    }

    #[test]
    fn dates_keep_the_first_and_say_how_far_they_moved_in_all() {
        let later = ["25/26", "26/27"].map(|words| Later {
            verb: "slipped",
            to: period(words),
            moved: None,
            standing: None,
            agreed_by: None,
            said: None,
        });
        let dates = Dates::new(Some(&period("2024/25")), later.to_vec());
        assert_eq!(dates.chain().as_deref(), Some("2024/25 → 25/26 → 26/27"));
        assert_eq!(dates.moved.as_deref(), Some("slipped two years"));
        assert_eq!(dates.now, Some(period("26/27")));
        assert_eq!(Dates::new(None, Vec::new()).chain(), None);
    }

    #[test]
    fn what_has_no_end_is_sorted_last() {
        let (open, dated) = (period("2025/26 and beyond"), period("December 2025"));
        assert!(by_end(Some(&dated)) < by_end(Some(&open)));
        assert_eq!(by_end(None), by_end(Some(&open)));
    }
}
