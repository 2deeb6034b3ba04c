//! What is asked.

use minutebook_events::{Kind, SubjectId};

use super::words::{Form, Splitter, Word};

/// How many words and phrases one question may have.
pub const MAX_TERMS: usize = 32;

/// Words that are left out of a question which has others.
const STOP: [&str; 8] = ["a", "an", "and", "for", "in", "of", "the", "to"];

/// Why a question cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// Too many words.
    #[error("{0} words and phrases are asked for; {MAX_TERMS} at most")]
    TooMany(usize),
}

/// What is asked: words, and what else has to hold.
#[derive(Debug, Clone, Default)]
pub struct Query {
    pub(super) terms: Vec<Term>,
    /// The kinds of subject that are looked for; any where empty.
    pub kinds: Vec<Kind>,
    /// The bodies to which a subject may belong; any, and none, where empty. People and organisations
    /// belong to none.
    pub bodies: Vec<SubjectId>,
    /// Only entries recorded at this time or later, in seconds since 1970.
    pub from: Option<i64>,
    /// Only entries recorded before this time, in seconds since 1970.
    pub before: Option<i64>,
    /// How many hits are wanted at most.
    pub limit: usize,
}

impl Query {
    /// A question as someone types it. Every word of it has to occur, or a longer word that begins
    /// with it; words between quotation marks have to occur as they stand. Begins with no filters
    /// and a limit of 20.
    ///
    /// # Errors
    /// [`QueryError::TooMany`], above [`MAX_TERMS`].
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let mut terms = Vec::new();
        let mut splitter = Splitter::default();
        let parts: Vec<&str> = text.split(['"', '\u{201c}', '\u{201d}']).collect();
        for (at, part) in parts.iter().enumerate() {
            // Between the first mark and the second, the third and the fourth; a mark that nothing
            // closes is none.
            let quoted = at % 2 == 1 && at + 1 < parts.len();
            match quoted {
                true => terms.extend(phrase(&mut splitter, part)),
                false => loose(&mut splitter, part, &mut terms),
            }
        }
        let stop = |term: &Term| term.stop;
        if !terms.iter().all(stop) {
            terms.retain(|term| !stop(term));
        }
        terms.dedup_by(|a, b| a.looks == b.looks);
        if terms.len() > MAX_TERMS {
            return Err(QueryError::TooMany(terms.len()));
        }
        Ok(Self {
            terms,
            limit: 20,
            ..Self::default()
        })
    }

    /// True where it has no words: nothing is found then.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}

/// A word or phrase that has to occur, in one of several ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    pub looks: Vec<Look>,
    stop: bool,
}

/// Words that stand in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Look {
    pub words: Vec<String>,
    /// Whether a longer word that begins with the only one will do.
    pub prefix: bool,
}

impl Look {
    /// Whether a word is the `at`th of these.
    pub fn fits(&self, at: usize, word: &str) -> bool {
        let Some(rest) = self.words.get(at).and_then(|own| word.strip_prefix(&**own)) else {
            return false;
        };
        rest.is_empty() || (self.prefix && goes_on(&self.words[at], rest))
    }
}

/// Whether a word may be looked for by its beginning: `2025` finds `2025/26`, and `2` not all that.
fn goes_on(own: &str, rest: &str) -> bool {
    !own.starts_with(|c: char| c.is_ascii_digit()) || rest.starts_with('/')
}

fn phrase(splitter: &mut Splitter, text: &str) -> Option<Term> {
    let mut words = Vec::new();
    splitter.split(text, 0, &mut |word| {
        if word.form == Form::Plain {
            words.push(word.folded.to_owned());
        }
    });
    let look = Look {
        words,
        prefix: false,
    };
    (!look.words.is_empty()).then(|| Term {
        looks: vec![look],
        stop: false,
    })
}

fn loose(splitter: &mut Splitter, text: &str, terms: &mut Vec<Term>) {
    let mut run: Vec<(String, usize)> = Vec::new();
    splitter.split(text, 0, &mut |word: &Word<'_>| match word.form {
        Form::Plain => run.push((word.folded.to_owned(), word.range.start)),
        Form::Aside => {}
        Form::Joined => {
            let begins = run.partition_point(|(_, start)| *start < word.range.start);
            let apart = run.drain(begins..).map(|(word, _)| word).collect();
            terms.extend(run.drain(..).map(|(word, _)| single(word)));
            terms.push(Term {
                looks: vec![
                    Look {
                        words: apart,
                        prefix: false,
                    },
                    Look {
                        words: vec![word.folded.to_owned()],
                        prefix: true,
                    },
                ],
                stop: false,
            });
        }
    });
    terms.extend(run.into_iter().map(|(word, _)| single(word)));
}

fn single(word: String) -> Term {
    Term {
        stop: STOP.contains(&word.as_str()),
        looks: vec![Look {
            words: vec![word],
            prefix: true,
        }],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(text: &str) -> String {
        let look = |look: &Look| {
            let words = look.words.join(" ");
            if look.prefix { words + "*" } else { words }
        };
        let query = Query::parse(text).unwrap();
        let terms = query.terms.iter().map(|term| {
            let looks: Vec<_> = term.looks.iter().map(look).collect();
            looks.join("|")
        });
        terms.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn questions_are_read_as_typed() {
        for (text, expected) in [
            ("", ""),
            ("!?", ""),
            ("Crisis line", "crisis*, line*"),
            ("the Board of the Trust", "board*, trust*"),
            ("the", "the*"),
            ("a sign-off plan", "sign off|signoff*, plan*"),
            ("\"Terms of Reference\" pdg", "terms of reference, pdg*"),
            ("\u{201c}the sign-off\u{201d}", "the sign off"),
            ("\"\" 25/26", "2025/26*"),
            ("open \"end", "open*, end*"),
            ("and/or A&E", "or*, a e|ae*"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn more_words_than_can_be_asked_for_are_refused() {
        let many = (0..33).map(|n| format!("w{n}")).collect::<Vec<_>>();
        assert!(Query::parse(&many[..32].join(" ")).is_ok());
        let error = Query::parse(&many.join(" ")).unwrap_err();
        assert_eq!(error, QueryError::TooMany(33));
    }

    #[test]
    fn a_number_is_found_whole_and_a_year_by_its_beginning() {
        let look = |word: &str| Look {
            words: vec![word.into()],
            prefix: true,
        };
        assert!(look("2025").fits(0, "2025/26"));
        assert!(!look("202").fits(0, "2025/26"));
        assert!(!look("2").fits(0, "20"));
        assert!(look("partner").fits(0, "partnership"));
        assert!(!look("partnership").fits(0, "partner"));
    }
}
