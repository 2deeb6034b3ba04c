//! A worked example: the year 2025/26 of the Marches Mental Health Partnership, recorded through the
//! command line by fourteen officers, each with a key of their own, on the days on which it happened.
//! The people and the places are invented. What the program should answer is written by hand from
//! this story; nothing is copied from what it prints.
//!
//! **Who.** 25 organisations: five of the NHS, police and fire, eight boroughs, five charities, and
//! five others. A Partnership Board (at least 5 voting members, from at least 3 organisations); below
//! it a Delivery Group (half of its six voting posts) and an Audit Committee (two, the Chair among
//! them). Ada is registrar, Rex second registrar and records officer, Sam secretary. Cora chairs the
//! Board and Colin the Audit Committee; Lena leads for the whole, Dev for the Delivery Group; Tova is
//! the auditor. Nina, Paul, Carl, Carol, Vera and Hugo sign for the organisations, a few each.
//!
//! **14 May, Board.** Receives the annual report; adopts the strategy *Better Together*, by consensus;
//! the work programme by 6 votes to 1, Ashford dissenting; puts the crisis café at Hadley; lets its
//! chair commit winter money. Minute 8, a bid for peer workers, is left out of the record by mistake.
//! Two days later the plan stands in it: two aims, two objectives, ten milestones, two metrics with
//! baseline and target, two risks. Minutes are drafted on 21 May and amended on 3 June.
//!
//! **18 June, Delivery Group.** Wants one referral form; takes beds to the Board; a paper on beds is
//! due on 5 September, of which nothing is ever heard. In the last week of June the crisis line slips
//! a quarter, as reported; street triage is done; the lease of the café gets two months more. On 2
//! July the chair acts under the delegation.
//!
//! **9 July, Board.** Approves the minutes of May, in their second version and no other; notes the
//! chair's action; puts data sharing off; agrees that the crisis line slips another quarter; approves
//! the text of a crisis concordat by 5 votes, one abstaining. Nina and Vera leave for item 8, the
//! evaluation contract: four voting members are left, so it cannot be decided. The public numbered
//! 14; the record says 41 until it is corrected.
//!
//! **Summer.** Seventeen partners sign the concordat, two councils decline at first. Five of seven
//! sign a resolution on sharing data, and it is decided. Control room staff are trained, the lease is
//! signed, the café is promised for December 2025, which is within 2025/26. Dev's report on the
//! survey of carers has a carer's name in it.
//!
//! **10 September, Board.** Approves the minutes of July; closes the action on the lease; awards the
//! evaluation contract with five left in the room; moves the café from Hadley to Granby; gives up the
//! app; and in private, item 9, approves a purchase that only its own word names: *Quillfeather*.
//! On 18 September the forgotten bid of May is recorded.
//!
//! **Autumn.** Rex wants the carer's name erased: not without a second person, and not while a request
//! for information holds the Board's records. After 13 October it goes. The last two councils sign on
//! 20 October, and the concordat is an agreement of 25. The carers offer comes a quarter early; the
//! training is reopened until January. On 15 October the **Audit Committee** approves its plan, once
//! its own chair is there. Twelve peer workers were due by 31 October, and nobody says a word.
//!
//! **12 November, Board.** Approves the minutes of September, closes the action on the survey, and by
//! 4 votes to 1 goes back to two referral forms: the Delivery Group's decision is rescinded. Then the
//! dashboard and the carers offer are done, the university leaves the concordat, a risk is closed;
//! the café and the training go past their dates in silence. The year ends on 31 March 2026.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod expect;
mod look;
mod office;
mod register;
mod story;

use std::panic::{AssertUnwindSafe, catch_unwind};

use office::Office;

/// A topic and what it checks.
type Part = (&'static str, fn(&Office));

/// One test, so that the year is recorded once; every part is heard even where another failed.
#[test]
fn a_year_of_a_partnership_board() {
    let mut office = story::year();
    office.at("2026-03-31 18:00:00");
    let beside = office.beside("beside");
    let failed = std::thread::scope(|scope| {
        let registers = scope.spawn(|| failed(REGISTERS, &beside));
        let mut all = failed(CHANGES, &office);
        all.extend(registers.join().unwrap());
        all
    });
    assert!(
        failed.is_empty(),
        "not as in the story: {}",
        failed.join("; ")
    );
}

/// What changed, and the record as a whole.
const CHANGES: &[Part] = &[
    ("May to July", expect::board_to_july::check),
    ("July to September", expect::board_to_september::check),
    (
        "September to November, and after",
        expect::board_to_november::check,
    ),
    (
        "the Delivery Group and the Audit Committee",
        expect::other_views::delivery_group,
    ),
    ("the whole ledger", expect::other_views::whole_ledger),
    (
        "decisions of the year",
        expect::other_views::decisions_of_the_year,
    ),
    (
        "on the effective clock",
        expect::other_views::on_the_effective_clock,
    ),
    ("as known then", expect::other_views::as_known_then),
    (
        "twice and from a copy",
        expect::same_bytes::twice_and_from_a_copy,
    ),
    ("by the stamp's command", expect::same_bytes::by_the_stamp),
    ("what is private or erased", expect::privacy::check),
    ("signatures and bundles", expect::signatures::check),
];

/// The registers, and the papers about one thing.
const REGISTERS: &[Part] = &[
    ("the history of one thing", expect::history::check),
    ("decisions", expect::decisions::check),
    ("milestones, metrics, status", expect::delivery::check),
    ("actions and risks", expect::actions::check),
    ("sign-offs and agreements", expect::partners::check),
    ("meetings, minutes, interests", expect::meetings::check),
    ("bodies, organisations, people", expect::people::check),
    ("the record about itself", expect::records::check),
    (
        "what is private in registers",
        expect::privacy_in_registers::check,
    ),
];

fn failed(parts: &[Part], office: &Office) -> Vec<&'static str> {
    let failed = parts
        .iter()
        .filter(|(_, check)| catch_unwind(AssertUnwindSafe(|| check(office))).is_err());
    failed.map(|(part, _)| *part).collect()
}
