//! Whether a meeting could decide: counted from who was there, the body's rule and the interests
//! declared; or, where that cannot be counted, as its record says.

use minutebook_events::catalogue::{Attendance, MeetingHeld, QuorumRule};
use minutebook_events::{Kind, PersonId, SubjectId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::AsOf;
use crate::meetings::Meeting;

/// Whether a meeting could decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Quoracy {
    /// It could.
    Quorate,
    /// It could not.
    Inquorate,
    /// There is a rule, and nothing says whether it was met.
    NotStated,
    /// Neither the body nor the ledger has a rule, and nothing is said.
    NoRule,
}

impl Quoracy {
    /// The words for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Quorate => "quorate",
            Self::Inquorate => "not quorate",
            Self::NotStated => "quorum not stated",
            Self::NoRule => "no quorum rule",
        }
    }
}

/// Whether a meeting could decide, and how that is known.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Quorum {
    /// The result.
    pub quoracy: Quoracy,
    /// The voting members who counted; absent where no names are in the record.
    pub voting: Option<usize>,
    /// The parts of the rule that were not met, in words.
    pub missing: Vec<String>,
    /// What the record of the meeting says itself.
    pub stated: Option<bool>,
}

/// Whether a meeting could decide on an item, or at all where none is given. `None` where it was not
/// held.
pub fn quorum(as_of: AsOf<'_>, meeting: &SubjectId, item: Option<&str>) -> Option<Quorum> {
    let found = as_of.get(&as_of.views.meetings, meeting)?;
    quorum_of(as_of, meeting, found, item)
}

/// As [`quorum`], for a meeting as an entry would have it that is not in yet.
pub(crate) fn quorum_of(
    as_of: AsOf<'_>,
    meeting: &SubjectId,
    found: &Meeting,
    item: Option<&str>,
) -> Option<Quorum> {
    let held = found.held.as_ref()?;
    let body = found.body();
    let terms = body.and_then(|body| as_of.get(&as_of.views.bodies, body));
    let rule = terms
        .and_then(|body| body.quorum())
        .or(as_of.views.records.default_quorum());
    let stated = stated(held, item);
    let counting = Counting {
        as_of,
        meeting,
        found,
        held,
        item,
    };
    let rule_counts = rule.filter(|_| !held.present.is_empty());
    let missing = rule_counts.and_then(|rule| counting.missing(rule, body));
    // Without a rule, a list that marks nobody as voting does not say that nobody votes.
    let marked = held.present.iter().any(|one| one.voting);
    let voting = (marked || rule_counts.is_some()).then(|| counting.present().len());
    let quoracy = match (&missing, stated, rule) {
        (Some(missing), _, _) if missing.is_empty() => Quoracy::Quorate,
        (Some(_), _, _) | (None, Some(false), _) => Quoracy::Inquorate,
        (None, Some(true), _) => Quoracy::Quorate,
        (None, None, Some(_)) => Quoracy::NotStated,
        (None, None, None) => Quoracy::NoRule,
    };
    Some(Quorum {
        quoracy,
        voting,
        missing: missing.unwrap_or_default(),
        stated,
    })
}

/// What the record of a meeting says of an item, or else of the whole.
fn stated(held: &MeetingHeld, item: Option<&str>) -> Option<bool> {
    let of_item = item.and_then(|item| held.quorum.iter().find(|one| one.item == item));
    of_item.map(|one| one.quorate).or(held.quorate)
}

struct Counting<'a> {
    as_of: AsOf<'a>,
    meeting: &'a SubjectId,
    found: &'a Meeting,
    held: &'a MeetingHeld,
    item: Option<&'a str>,
}

impl<'a> Counting<'a> {
    /// The voting members who were there for the item and whom no interest kept out.
    fn present(&self) -> Vec<&'a Attendance> {
        let kept_out = self.kept_out();
        let counts = |one: &&Attendance| {
            let out = one
                .person
                .as_ref()
                .is_some_and(|one| kept_out.contains(&one));
            one.voting && !out && self.is_there(one)
        };
        self.held.present.iter().filter(counts).collect()
    }

    fn kept_out(&self) -> Vec<&'a PersonId> {
        let Some(item) = self.item else {
            return Vec::new();
        };
        let (views, moment) = (self.as_of.views, self.as_of.moment);
        let declared = views.interests.kept_out(self.meeting, item, moment);
        let stated = self.held.quorum.iter().filter(|one| one.item == item);
        declared
            .chain(stated.flat_map(|one| &one.excluded))
            .collect()
    }

    /// Whether someone who joined late or left early was there for the item, where the record says
    /// it by items and the agenda has their order.
    fn is_there(&self, one: &Attendance) -> bool {
        let place = |item: &str| {
            let agenda = self.found.agenda.as_ref()?;
            agenda.items.iter().position(|one| one.number == item)
        };
        let Some(at) = self.item.and_then(place) else {
            return true;
        };
        let named = |words: &Option<String>| {
            let words = words.as_deref()?;
            place(words.strip_prefix("item ").unwrap_or(words))
        };
        let joined = named(&one.joined).is_none_or(|joined| joined <= at);
        let left = named(&one.left).is_none_or(|left| at < left);
        joined && left
    }

    /// The parts of the rule that were not met; `None` where it cannot be counted.
    fn missing(&self, rule: &QuorumRule, body: Option<&SubjectId>) -> Option<Vec<String>> {
        let present = self.present();
        let mut missing = Vec::new();
        let mut counted = false;
        if let Some(least) = rule.at_least {
            counted = true;
            if present.len() < least as usize {
                let found = present.len();
                missing.push(format!(
                    "{least} voting members are needed, {found} counted"
                ));
            }
        }
        if let Some(share) = &rule.share {
            let all = body.map_or(0, |body| {
                let (people, moment) = (&self.as_of.views.people, self.as_of.moment);
                people.voters(body, moment).count()
            });
            if all == 0 {
                return None;
            }
            counted = true;
            let needed = (all * share.numerator as usize).div_ceil(share.denominator as usize);
            if present.len() < needed {
                let found = present.len();
                missing.push(format!(
                    "{needed} of {all} voting members are needed, {found} counted"
                ));
            }
        }
        if let Some(least) = rule.organisations {
            counted = true;
            let mut organisations: Vec<_> = present
                .iter()
                .filter_map(|one| one.organisation.as_ref())
                .collect();
            organisations.sort();
            organisations.dedup();
            let found = organisations.len();
            if found < least as usize {
                missing.push(format!(
                    "{least} organisations are needed, {found} were there"
                ));
            }
        }
        for posts in &rule.must_include {
            counted = true;
            if !present
                .iter()
                .any(|one| self.holds_one_of(one, posts, body))
            {
                missing.push(format!("{posts} must be there"));
            }
        }
        counted.then_some(missing)
    }

    /// Whether someone holds one of the posts of `Chair or Vice Chair`. Who chairs another body does
    /// not chair this one.
    fn holds_one_of(&self, one: &Attendance, posts: &str, body: Option<&SubjectId>) -> bool {
        let mut titles: Vec<&str> = one.post.iter().map(String::as_str).collect();
        let person = one.person.as_ref().map(PersonId::subject);
        let people = &self.as_of.views.people;
        let person = person.and_then(|person| self.as_of.get(&people.persons, &person));
        if let Some(person) = person {
            let of_another = |of: &SubjectId| of.kind() == Kind::Body && Some(of) != body;
            let held = person
                .holdings
                .iter()
                .filter(|held| held.until.is_none() && !held.of.as_ref().is_some_and(of_another));
            for held in held {
                titles.extend(held.title.as_deref());
                titles.extend(held.role.map(|role| role.name()));
            }
        }
        posts.split(" or ").any(|post| {
            titles
                .iter()
                .any(|title| title.eq_ignore_ascii_case(post.trim()))
        })
    }
}
