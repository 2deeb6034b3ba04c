//! How a question is answered.
//!
//! First each entry is marked with the terms that stand in it, then the subjects that have them all
//! are put in order. A title is looked up only for what may be among the best: a word stands in a
//! title only where it stands in an entry whose text makes titles, so those marks say how good a
//! subject can be at most.

use std::collections::BinaryHeap;

use minutebook_events::SubjectId;

use super::hits::{Hit, Hits, marks, snippet};
use super::query::{Look, Query, Term};
use super::{Note, Posting, Said, SearchIndex, Vocabulary};
use crate::AsOf;
use crate::title::title;

/// Terms by their numbers, a bit each; a question has 32 at most.
type Bits = u32;

/// Which terms stand in one entry.
#[derive(Debug, Clone, Copy, Default)]
struct Marked {
    terms: Bits,
    /// Those among them that stand in a text which makes titles.
    titles: Bits,
}

/// What all entries about a subject have together.
#[derive(Debug, Clone, Copy, Default)]
struct Together {
    marked: Marked,
    entries: u32,
    newest: u32,
    /// The entry with the most terms, the newest of several.
    best: u32,
    best_terms: u32,
}

/// A subject that has all terms. The order of the fields is the order of the hits; no two subjects
/// have the same newest entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    /// How many terms stand in its title: at most, until the title was looked at.
    in_title: u32,
    entries: u32,
    newest: u32,
    looked_at: bool,
    subject: usize,
}

pub(super) fn find(index: &SearchIndex, as_of: AsOf<'_>, query: &Query) -> Hits {
    let known = usize::try_from(as_of.ticks()).unwrap_or(usize::MAX);
    let notes = index.notes.get(..known).unwrap_or(&index.notes);
    if query.is_empty() || notes.is_empty() {
        return Hits::default();
    }
    let mut marked = vec![Marked::default(); notes.len()];
    for vocabulary in index.vocabularies(as_of.reader()) {
        for (number, term) in query.terms.iter().enumerate() {
            mark(vocabulary, term, 1 << number, &mut marked);
        }
    }
    let together = gather(index, notes, &marked, query);
    let all = Bits::MAX >> (Bits::BITS as usize - query.terms.len().min(Bits::BITS as usize));
    let candidates = together.iter().enumerate();
    let candidates = candidates.filter(|(_, subject)| subject.marked.terms == all);
    let queue = candidates.map(|(number, subject)| Candidate {
        in_title: subject.marked.titles.count_ones(),
        entries: subject.entries,
        newest: subject.newest,
        looked_at: false,
        subject: number,
    });
    best(index, as_of, query, queue.collect(), &together)
}

/// Marks the entries that have a term.
fn mark(vocabulary: &Vocabulary, term: &Term, bit: Bits, marked: &mut [Marked]) {
    let mut note = |posting: &Posting| {
        // Places are in order of entries: what comes after the moment is left out.
        if let Some(entry) = marked.get_mut(posting.tick as usize) {
            entry.terms |= bit;
            entry.titles |= if posting.titles { bit } else { 0 };
        }
    };
    for look in &term.looks {
        match look.words.as_slice() {
            [word] if look.prefix => {
                for (found, postings) in vocabulary.beginning(word) {
                    if look.fits(0, found) {
                        postings.iter().for_each(&mut note);
                    }
                }
            }
            _ => in_a_row(vocabulary, look).iter().for_each(&mut note),
        }
    }
}

/// The places where the words of a look stand in a row.
fn in_a_row(vocabulary: &Vocabulary, look: &Look) -> Vec<Posting> {
    let mut words = look.words.iter();
    let first = words.next().map_or(&[][..], |word| vocabulary.places(word));
    let mut starts = first.to_vec();
    for (word, after) in words.zip(1u16..) {
        let mut rest = vocabulary.places(word).iter().peekable();
        starts.retain(|start| {
            let Some(place) = start.place.checked_add(after) else {
                return false;
            };
            let wanted = (start.tick, place);
            while rest
                .next_if(|next| (next.tick, next.place) < wanted)
                .is_some()
            {}
            rest.peek()
                .is_some_and(|next| (next.tick, next.place) == wanted)
        });
    }
    starts
}

/// Puts the marks of each subject's entries together, as far as the filters let them count.
fn gather(index: &SearchIndex, notes: &[Note], marked: &[Marked], query: &Query) -> Vec<Together> {
    let in_time = |note: &Note| {
        query.from.is_none_or(|from| from <= note.recorded_at)
            && query.before.is_none_or(|before| note.recorded_at < before)
    };
    let of_kind = |id: &SubjectId| query.kinds.is_empty() || query.kinds.contains(&id.kind());
    let mut together = vec![Together::default(); index.subjects.len()];
    for ((tick, note), entry) in (0u32..).zip(notes).zip(marked) {
        if entry.terms == 0 || !in_time(note) {
            continue;
        }
        let Some(said) = &note.said else { continue };
        let number = said.subject as usize;
        let (Some(id), Some(subject)) = (index.subjects.get(number), together.get_mut(number))
        else {
            continue;
        };
        if !of_kind(id) {
            continue;
        }
        subject.marked.terms |= entry.terms;
        subject.marked.titles |= entry.titles;
        subject.entries += 1;
        subject.newest = tick;
        let terms = entry.terms.count_ones();
        if terms >= subject.best_terms {
            (subject.best, subject.best_terms) = (tick, terms);
        }
    }
    together
}

/// The best of the candidates, in order. One that comes first by what its title may hold is looked
/// at, and goes back in the queue where its title holds less.
fn best(
    index: &SearchIndex,
    as_of: AsOf<'_>,
    query: &Query,
    mut queue: BinaryHeap<Candidate>,
    together: &[Together],
) -> Hits {
    let mut found = Hits::default();
    while let Some(candidate) = queue.pop() {
        let (Some(id), Some(subject)) = (
            index.subjects.get(candidate.subject),
            together.get(candidate.subject),
        ) else {
            continue;
        };
        if !candidate.looked_at {
            if !belongs(as_of, query, id) {
                continue;
            }
            let in_title = match candidate.in_title {
                0 => 0,
                most => most.min(in_title(as_of, query, id, subject.marked.titles)),
            };
            if in_title < candidate.in_title {
                queue.push(Candidate {
                    in_title,
                    looked_at: true,
                    ..candidate
                });
                continue;
            }
        }
        let Some(hit) = hit(index, as_of, query, id, subject) else {
            continue;
        };
        if found.hits.len() == query.limit {
            found.more = true;
            break;
        }
        found.hits.push(hit);
    }
    found
}

fn belongs(as_of: AsOf<'_>, query: &Query, id: &SubjectId) -> bool {
    query.bodies.is_empty()
        || as_of
            .body_of(id)
            .is_some_and(|body| query.bodies.contains(body))
}

/// How many of these terms stand in the title.
fn in_title(as_of: AsOf<'_>, query: &Query, id: &SubjectId, terms: Bits) -> u32 {
    let title = title(as_of, id).unwrap_or_default();
    let found = marks(&title, &query.terms)
        .iter()
        .fold(0, |found, (number, _)| found | 1 << number);
    (found & terms).count_ones()
}

fn hit(
    index: &SearchIndex,
    as_of: AsOf<'_>,
    query: &Query,
    id: &SubjectId,
    subject: &Together,
) -> Option<Hit> {
    let note = index.notes.get(subject.best as usize)?;
    let Said { texts, .. } = note.said.as_ref()?;
    // The views have the last word on what may be read.
    let tick = u64::from(subject.best);
    as_of.entries(tick..tick + 1).next()?;
    Some(Hit {
        subject: id.clone(),
        title: title(as_of, id),
        snippet: snippet(texts, &query.terms),
        position: note.position,
        recorded_at: note.recorded_at,
        entries: u64::from(subject.entries),
    })
}
