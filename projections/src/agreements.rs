//! Agreements, and who is party to them.

use minutebook_events::catalogue::{
    AgreementEnded, AgreementMade, AgreementVaried, PartyJoined, PartyLeft,
};
use minutebook_events::{Payload, SubjectId};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::stack::Stack;
use crate::stated::Stated;
use crate::table::Table;

/// A party came or went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Move {
    /// It joined.
    Joined(Stated<PartyJoined>),
    /// It left.
    Left(Stated<PartyLeft>),
}

/// An agreement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// What was made, between whom.
    pub made: Stated<AgreementMade>,
    /// The changes of its text or terms.
    pub varied: Stack<Stated<AgreementVaried>>,
    /// Who joined and left since.
    pub moves: Stack<Move>,
    /// That it ended.
    pub ended: Option<Stated<AgreementEnded>>,
}

impl Agreement {
    /// The parties now, in the order in which they joined.
    pub fn parties(&self) -> Vec<&SubjectId> {
        let mut parties: Vec<&SubjectId> = self.made.parties.iter().collect();
        for step in self.moves.oldest_first() {
            match step {
                Move::Joined(joined) if !parties.contains(&&joined.party) => {
                    parties.push(&joined.fields.party);
                }
                Move::Joined(_) => {}
                Move::Left(left) => parties.retain(|party| **party != left.party),
            }
        }
        parties
    }

    /// How it stands: that it ended, or the document's own words.
    pub fn state(&self) -> Option<&str> {
        match self.ended {
            Some(_) => Some("ended"),
            None => self.made.state.as_deref(),
        }
    }
}

pub(crate) fn fold(agreements: &mut Table<Agreement>, noted: &Noted<'_>, payload: &Payload) {
    match payload {
        Payload::AgreementMade(fields) => {
            let made = noted.stated(fields);
            agreements.begin(noted, || Agreement {
                made: made.clone(),
                varied: Stack::new(),
                moves: Stack::new(),
                ended: None,
            });
        }
        Payload::AgreementVaried(fields) => {
            let varied = noted.stated(fields);
            agreements.change(noted, |agreement| agreement.varied.push(varied.clone()));
        }
        Payload::PartyJoined(fields) => {
            let joined = Move::Joined(noted.stated(fields));
            agreements.change(noted, |agreement| agreement.moves.push(joined.clone()));
        }
        Payload::PartyLeft(fields) => {
            let left = Move::Left(noted.stated(fields));
            agreements.change(noted, |agreement| agreement.moves.push(left.clone()));
        }
        Payload::AgreementEnded(fields) => {
            let ended = noted.stated(fields);
            agreements.change(noted, |agreement| {
                agreement.ended.get_or_insert_with(|| ended.clone());
            });
        }
        _ => {}
    }
}
