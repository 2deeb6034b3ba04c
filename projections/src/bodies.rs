//! Boards, committees and groups, as their terms stand.

use minutebook_events::catalogue::{
    BodyDissolved, BodyEstablished, BodyTermsAmended, MembershipBroadened, QuorumRule,
};
use minutebook_events::{Payload, SubjectId};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::stack::Stack;
use crate::stated::Stated;
use crate::table::Table;

/// A body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// What was established.
    pub established: Stated<BodyEstablished>,
    /// The changes of its terms.
    pub amended: Stack<Stated<BodyTermsAmended>>,
    /// The categories of members that were added since.
    pub broadened: Stack<Stated<MembershipBroadened>>,
    /// That it ended.
    pub dissolved: Option<Stated<BodyDissolved>>,
}

impl Body {
    /// The name in full.
    pub fn name(&self) -> &str {
        self.newest(|terms| terms.name.as_deref())
            .unwrap_or(&self.established.name)
    }

    /// What it answers to.
    pub fn parent(&self) -> Option<&SubjectId> {
        self.newest(|terms| terms.parent.as_ref())
            .or(self.established.parent.as_ref())
    }

    /// Who must be there for it to decide; the ledger's default where absent.
    pub fn quorum(&self) -> Option<&QuorumRule> {
        self.newest(|terms| terms.quorum.as_ref())
            .or(self.established.quorum.as_ref())
    }

    /// Whether it meets in public; absent where not stated.
    pub fn is_public(&self) -> Option<bool> {
        self.newest(|terms| terms.public.as_ref())
            .copied()
            .or(self.established.public)
    }

    /// The organisations that sit on it.
    pub fn members(&self) -> Vec<&SubjectId> {
        let mut members: Vec<&SubjectId> = self.established.members.iter().collect();
        for broadened in self.broadened.oldest_first() {
            let more = broadened.fields.members.iter();
            let more: Vec<_> = more.filter(|one| !members.contains(one)).collect();
            members.extend(more);
        }
        members
    }

    /// The body that took over.
    pub fn successor(&self) -> Option<&SubjectId> {
        self.dissolved.as_ref()?.successor.as_ref()
    }

    fn newest<T: ?Sized>(&self, part: impl Fn(&BodyTermsAmended) -> Option<&T>) -> Option<&T> {
        let mut amended = self.amended.iter();
        amended.find_map(|amended| part(&amended.fields))
    }
}

pub(crate) fn fold(bodies: &mut Table<Body>, noted: &Noted<'_>, payload: &Payload) {
    match payload {
        Payload::BodyEstablished(fields) => {
            let established = noted.stated(fields);
            bodies.begin(noted, || Body {
                established: established.clone(),
                amended: Stack::new(),
                broadened: Stack::new(),
                dissolved: None,
            });
        }
        Payload::BodyTermsAmended(fields) => {
            let amended = noted.stated(fields);
            bodies.change(noted, |body| body.amended.push(amended.clone()));
        }
        Payload::MembershipBroadened(fields) => {
            let broadened = noted.stated(fields);
            bodies.change(noted, |body| body.broadened.push(broadened.clone()));
        }
        Payload::BodyDissolved(fields) => {
            let dissolved = noted.stated(fields);
            bodies.change(noted, |body| {
                body.dissolved.get_or_insert_with(|| dissolved.clone());
            });
        }
        _ => {}
    }
}
