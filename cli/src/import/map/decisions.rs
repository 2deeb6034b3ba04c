//! Meetings, decisions, sign-offs and agreements.

use minutebook_events::catalogue::agreements::AgreementMade;
use minutebook_events::catalogue::decisions::{DecisionForeseen, DecisionKind, DecisionMade};
use minutebook_events::catalogue::meetings::{MeetingCalled, MeetingHeld};
use minutebook_events::catalogue::signoffs::SignOffAttested;
use minutebook_events::{Event, Kind, Period};

use super::{PLAN, Rec, infer_from, open};
use crate::import::node::Node;
use crate::import::section::Section;
use crate::import::seed;

const PARTIES: &[Kind] = &[Kind::Organisation, Kind::Body];

/// A meeting is called; that it was held is recorded only where the document says that it took place.
pub(super) fn meeting(r: &Rec<'_>, m: seed::Meeting) -> Vec<Event> {
    let when = r.date("when", &m.when);
    let held = took_place(r, &m.title, when.as_ref());
    let payload = MeetingCalled {
        title: m.title,
        body: r.refer_to("body", &m.body, &[Kind::Body]),
        kind: m.kind,
        date: when.clone(),
        time: None,
        place: None,
        link: None,
        organisation: r.refer_to("organisation", &m.organisation, PARTIES),
        jointly_led_by: r.refer_all("jointly_led_by", &m.jointly_led_by, PARTIES),
        part_2: false,
    };
    let mut events = vec![r.event(payload, |common| {
        infer_from(common, when.as_ref());
        open(common, "date", when.is_none());
        common.effective = when.clone();
    })];
    if held {
        let payload = MeetingHeld {
            present: vec![],
            in_attendance: vec![],
            apologies: vec![],
            chaired_by: None,
            quorate: None,
            quorum: vec![],
            public_present: None,
        };
        events.push(r.event(payload, |common| {
            infer_from(common, when.as_ref());
            open(common, "present", true);
            open(common, "quorate", true);
            common.effective = when;
        }));
    }
    events
}

/// Whether the document says that a meeting took place: it is the text of what was said there, it
/// reports something that happened there, or it looks back on a year within which the meeting lay. A
/// paper written for a meeting does not say that the meeting took place.
fn took_place(r: &Rec<'_>, title: &str, when: Option<&Period>) -> bool {
    let file = r.file();
    let spoken_there = file.document.spoken_at.as_deref() == Some(title);
    let reported = file.records.iter().any(|other| {
        matches!(other.section, Section::Decisions | Section::StatusReports)
            && other.own.get("meeting").and_then(Node::text) == Some(r.id())
    });
    let looked_back = file.document.reporting_year.is_some()
        && match (
            when.and_then(|when| when.to),
            file.date.as_ref().and_then(|year| year.to),
        ) {
            (Some(end), Some(year_end)) => end <= year_end,
            _ => false,
        };
    spoken_there || reported || looked_back
}

/// States that say that a decision is still to come. They never become a decision made.
const FORESEEN: [&str; 4] = ["to be taken", "signalled", "under discussion", "planned"];

/// States, or the document's own words for what a meeting did, that say that it was made.
const MADE: [(&str, Option<DecisionKind>); 6] = [
    ("made", None),
    ("agreed", Some(DecisionKind::Agreed)),
    ("approved", Some(DecisionKind::Approved)),
    ("noted", Some(DecisionKind::Noted)),
    ("received", Some(DecisionKind::Received)),
    ("received and noted", Some(DecisionKind::Received)),
];

pub(super) fn decision(r: &Rec<'_>, d: seed::Decision) -> Vec<Event> {
    let when = r
        .date("when", &d.when)
        .or_else(|| r.date("period", &d.period));
    let word = d.state.as_deref().or(d.kind.as_deref());
    if let Some(state) = word.filter(|word| FORESEEN.contains(word)) {
        let payload = DecisionForeseen {
            title: d.title,
            text: None,
            body: r.refer_to("body", &d.body, &[Kind::Body]),
            expected: when,
            organisations: r.refer_all("organisations", &d.organisations, &[Kind::Organisation]),
            strategy: r.refer_to("strategy", &d.strategy, &[Kind::Strategy]),
            parent: r.refer_to("parent", &d.parent, PLAN),
            evidence: r.refer_all("evidence", &d.evidence, &[]),
            state: Some(state.into()),
        };
        let (undated, nobody) = (payload.expected.is_none(), payload.body.is_none());
        return vec![r.event(payload, |common| {
            open(common, "expected", undated);
            open(common, "body", nobody);
        })];
    }
    let kind = match word {
        Some(word) => match MADE.iter().find(|(made, _)| *made == word) {
            Some((_, kind)) => *kind,
            None => {
                let field = if d.state.is_some() { "state" } else { "kind" };
                let made: Vec<_> = MADE.iter().map(|(word, _)| *word).collect();
                let (made, foreseen) = (made.join(", "), FORESEEN.join(", "));
                r.fail(
                    field,
                    format!("{word:?} is none of {made} (made), {foreseen} (foreseen)"),
                );
                return Vec::new();
            }
        },
        // Reported among what happened, with its time and no word for it.
        None if when.is_some() => None,
        None => {
            r.fail(
                "state",
                "is missing, and there is no date: was it made, or is it to be taken?",
            );
            return Vec::new();
        }
    };
    vec![made(r, d, kind, when)]
}

fn made(r: &Rec<'_>, d: seed::Decision, kind: Option<DecisionKind>, when: Option<Period>) -> Event {
    let body = r.refer_to("body", &d.body, &[Kind::Body]);
    let meeting = r.refer_to("meeting", &d.meeting, &[Kind::Meeting]);
    // A file's `body` is the body that a decision is about ("the board was established"). It is the
    // one that decided where the decision was made at its own meeting.
    let at_its_meeting =
        d.meeting.is_some() && d.body.is_some() && meeting_body(r, &d) == d.body.as_deref();
    let (decided, about) = if at_its_meeting {
        (body, None)
    } else {
        (None, body)
    };
    let undated = when.is_none();
    let payload = DecisionMade {
        title: d.title,
        text: None,
        kind,
        kind_as_written: d.kind,
        state: d.state,
        body: decided,
        organisations: r.refer_all("organisations", &d.organisations, &[Kind::Organisation]),
        strategy: r.refer_to("strategy", &d.strategy, &[Kind::Strategy]),
        parent: r.refer_to("parent", &d.parent, PLAN).or(about),
        manner: None,
        authority: None,
        votes: None,
        dissent: vec![],
        options: vec![],
        evidence: r.refer_all("evidence", &d.evidence, &[]),
        takes_effect: None,
    };
    let nobody = payload.body.is_none() && payload.organisations.is_empty();
    r.event(payload, |common| {
        infer_from(common, when.as_ref());
        open(common, "effective", undated);
        open(common, "body", nobody);
        common.effective = when;
        common.meeting = meeting;
    })
}

fn meeting_body<'m>(r: &Rec<'m>, d: &seed::Decision) -> Option<&'m str> {
    let index = *r.m.ids.get(d.meeting.as_deref()?)?;
    r.file().records[index].own.get("body")?.text()
}

/// A sign-off that the document reports: a count, never signatures.
pub(super) fn sign_off(r: &Rec<'_>, s: seed::SignOff) -> Vec<Event> {
    let period = r.date("period", &s.period);
    let payload = SignOffAttested {
        title: s.title,
        required: s.required,
        signed: s.signed,
        signatories: r.refer_all("signatories", &s.signatories, PARTIES),
        signatories_named: r.refer_all("signatories_named", &s.signatories_named, PARTIES),
        agreement: r.refer_to("agreement", &s.agreement, &[Kind::Agreement]),
        parent: r.refer_to("parent", &s.parent, PLAN),
        state: s.state,
    };
    let (nobody, uncounted) = (payload.signatories.is_empty(), payload.signed.is_none());
    vec![r.event(payload, |common| {
        infer_from(common, period.as_ref());
        open(common, "effective", period.is_none());
        open(common, "signatories", nobody);
        open(common, "signed", uncounted);
        common.effective = period;
    })]
}

pub(super) fn agreement(r: &Rec<'_>, a: seed::Agreement) -> Vec<Event> {
    let signed = r.date("signed", &a.signed);
    let payload = AgreementMade {
        title: a.title,
        kind: a.kind,
        parties: r.refer_all("parties", &a.parties, PARTIES),
        document: None,
        signed: signed.clone(),
        signatory_count: a.signatory_count,
        term: None,
        review: None,
        sign_off: None,
        parent: None,
        state: a.state,
    };
    vec![r.event(payload, |common| {
        infer_from(common, signed.as_ref());
        open(common, "signed", signed.is_none());
        common.effective = signed;
    })]
}
