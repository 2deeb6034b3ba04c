//! A paper as a board gets it, small but with something of everything.

use minutebook_events::{Kind, SubjectId};
use minutebook_papers::{Block, Cell, Column, Fact, Paper, Row, Section, Stamp, Table};
use serde_json::json;

fn id(kind: Kind, name: &str) -> SubjectId {
    SubjectId::new(kind, name).expect("the names below are well formed")
}

/// What changed since the meeting before.
pub fn changes() -> Paper {
    Paper {
        title: "What changed since 14 May 2025".into(),
        subtitle: "Northbrook Mental Health Partnership".into(),
        facts: vec![
            Fact::new("Prepared for", "Partnership board, 12 November 2025"),
            Fact::new("Since", "Partnership board, 14 May 2025 (entry 1061)"),
            Fact::new("Until", "12 November 2025, 09:00 (entry 1147)"),
            Fact::new("Reader", "members of the board: public and part 2"),
        ],
        banners: vec![
            "As known on 12 November 2025; later entries are not shown. \
             2 entries are restricted and are counted, not shown."
                .into(),
        ],
        sections: sections(),
        stamp: Stamp {
            ledger: "northbrook".into(),
            origin: "northbrook.example/minutebook".into(),
            entries: 1_148,
            root: "e1d1610f983fd8ce4b7a9d02c5518e6f70a3bb1c94d2e8f6051b7c3a9e4d2f80".into(),
            view_digest: "9b1c44e07d52aa3f18c6e5b09f7214d3a86b0cf2e1957d4830bc6a5f2e91d7c4".into(),
            question:
                "minutebook changes --since 1061 --until 1147 --body body/board --ledger northbrook"
                    .into(),
        },
        data: json!({
            "since": 1061,
            "until": 1147,
            "slipped": [{
                "milestone": "milestone/m-in-place",
                "from": "2024/25",
                "to": "25/26",
                "reason": "system-wide capacity constraints and the ICB's restructure"
            }]
        }),
    }
}

fn sections() -> Vec<Section> {
    vec![
        Section::new("In short").block(Block::List(vec![
            "3 decisions were made; one takes the place of an older one.".into(),
            "2 milestones slipped, both by a year or less. 1 was brought forward.".into(),
            "The memorandum waits for 2 of 5 signatures.".into(),
            "2 actions and 1 milestone are overdue.".into(),
        ])),
        decisions(),
        Section::new("Milestones")
            .intro("Dates are in the words of the papers. A slip that the board has not agreed moves the forecast and not the baseline."),
        slipped(),
        Section::part("Brought forward").block(
            Table::new([
                Column::text("Milestone"),
                Column::date("Due"),
                Column::text("Earlier by"),
                Column::text("Reason"),
            ])
            .row([
                Cell::new("Crisis house opens in Westmere")
                    .subject(id(Kind::Milestone, "m-crisis-house")),
                Cell::change("December 2025", "3 November 2025"),
                "4 weeks".into(),
                "Building work ended early".into(),
            ])
            .into(),
        ),
        Section::part("Completed").when_empty("None was completed."),
        plan(),
        sign_offs(),
        overdue(),
        measures(),
        Section::new("Corrections and erasures").when_empty("Nothing was corrected or erased."),
    ]
}

fn decisions() -> Section {
    let table = Table::new([
        Column::text("Decision"),
        Column::text("Kind"),
        Column::date("Made"),
        Column::text("Entry"),
    ])
    .row([
        Cell::new("Adopt the annual delivery plan for 2025/26")
            .note("Takes the place of the plan for 2024/25")
            .subject(id(Kind::Decision, "d-plan-2526")),
        "Approved".into(),
        Cell::new("16 July 2025").note("minute 7.2"),
        Cell::new("1092").note("signed by the secretary"),
    ])
    .row([
        Cell::new("Move £180,000 of the transformation reserve to crisis alternatives")
            .note("Dissent recorded: 1 of 14")
            .subject(id(Kind::Decision, "d-crisis-money")),
        "Agreed".into(),
        Cell::new("16 July 2025").note("minute 8.1"),
        Cell::new("1095").note("signed by the secretary"),
    ])
    .row([
        Cell::new("Receive the annual report on race equality for patients and carers")
            .subject(id(Kind::Decision, "d-race-equality")),
        "Received".into(),
        Cell::new("17 September 2025").note("minute 5"),
        Cell::new("1118").note("signed by the chair"),
    ]);
    Section::new("Decisions made").block(table.into())
}

fn slipped() -> Section {
    let table = Table::new([
        Column::text("Milestone"),
        Column::date("Due"),
        Column::text("Later by"),
        Column::text("Reason"),
        Column::text("Standing"),
    ])
    .row([
        Cell::new("Partnership formally in place").subject(id(Kind::Milestone, "m-in-place")),
        Cell::change("2024/25", "25/26").note("first date: 2024/25"),
        "one year".into(),
        Cell::new("System-wide capacity constraints and the ICB's restructure")
            .note("inferred: link"),
        Cell::new("Reported").entry(1075),
    ])
    .row([
        Cell::new("Key worker for every young person leaving care")
            .subject(id(Kind::Milestone, "m-key-worker")),
        Cell::change("Q2 2025/26", "Q4 2025/26").note("first date: Q4 2024/25"),
        Cell::new("two quarters").note("a year in all"),
        "Two of three posts are vacant after a second round of recruitment".into(),
        Cell::new("Agreed")
            .note("decision/d-key-worker")
            .entry(1121),
    ]);
    Section::part("Slipped")
        .block(table.into())
        .when_empty("Nothing slipped.")
}

fn plan() -> Section {
    let mut table = Table::new([
        Column::text("What"),
        Column::text("Rating"),
        Column::date("Due"),
    ])
    .caption("Annual delivery plan 2025/26, where it changed");
    table.rows = vec![
        Row::new([
            "Aim 1: Partnerships".into(),
            Cell::new("not stated"),
            Cell::default(),
        ]),
        Row::new([
            "Outcome: one partnership agreement".into(),
            Cell::change("Amber", "Green"),
            "2025/26 and beyond".into(),
        ])
        .under(1),
        Row::new([
            "Memorandum signed by all partners".into(),
            Cell::new("Amber"),
            "by Q4 2025/26".into(),
        ])
        .under(2),
        Row::new([
            "Lived experience members in every group".into(),
            Cell::change("not rated", "Amber").note("first rating"),
            "March 2026".into(),
        ])
        .under(2),
    ];
    Section::new("Status and rating").block(table.into())
}

fn sign_offs() -> Section {
    let table = Table::new([
        Column::text("Signatory"),
        Column::text("Answer"),
        Column::date("When"),
    ])
    .row([
        "Northbrook Integrated Care Board".into(),
        Cell::new("Signed").note("as signatory, key 8f3a 02d1"),
        "2 October 2025".into(),
    ])
    .row([
        "Northbrook and Vale NHS Trust".into(),
        Cell::new("Signed").note("as signatory, key 17bc 9e40"),
        "6 October 2025".into(),
    ])
    .row([
        "Eastmere Council".into(),
        Cell::new("Declined").note("\"Clause 9 needs our cabinet's approval first\""),
        "9 October 2025".into(),
    ])
    .row([
        "Westmere Council".into(),
        Cell::new("Missing"),
        Cell::new("").note("asked 24 September 2025"),
    ])
    .row([
        "Voluntary sector alliance".into(),
        Cell::new("Missing"),
        Cell::new("").note("asked 24 September 2025"),
    ]);
    Section::new("Sign-offs")
        .intro("Memorandum of understanding, version 4: 2 of 5 signed, all are needed by 30 November 2025.")
        .block(table.into())
}

fn overdue() -> Section {
    let table = Table::new([
        Column::text("What"),
        Column::text("Owner"),
        Column::date("Due"),
        Column::number("Days late"),
    ])
    .row([
        Cell::new("Action: circulate the revised terms of reference")
            .subject(id(Kind::Action, "a-terms")),
        "Secretary".into(),
        "30 June 2025".into(),
        "135".into(),
    ])
    .row([
        Cell::new("Action: costed options for night-time crisis cover")
            .note("No progress was reported since 14 May 2025")
            .subject(id(Kind::Action, "a-night-cover")),
        "Lead for urgent care".into(),
        Cell::change("31 July 2025", "30 September 2025"),
        "43".into(),
    ])
    .row([
        Cell::new("Milestone: peer support workers in all boroughs")
            .subject(id(Kind::Milestone, "m-peer-support")),
        "Lead for workforce".into(),
        "Q1/2 2025/26".into(),
        "43".into(),
    ]);
    Section::new("Overdue")
        .intro("These fell overdue by the passing of time. No entry says so.")
        .block(table.into())
}

fn measures() -> Section {
    let table = Table::new([
        Column::text("Measure"),
        Column::number("Before"),
        Column::number("Now"),
        Column::number("Change"),
        Column::number("Target"),
    ])
    .row([
        Cell::new("Waits over 18 weeks, children and young people"),
        "1,204".into(),
        "1,077".into(),
        "-127".into(),
        "900".into(),
    ])
    .row([
        Cell::new("Physical health checks, severe mental illness"),
        "61.5%".into(),
        "66%".into(),
        "+4.5 points".into(),
        "75%".into(),
    ]);
    Section::new("Measures").block(table.into())
}
