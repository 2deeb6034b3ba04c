//! The words of the document for people.

/// The headings that routes stand under, each with what belongs there, in the order in which they are
/// listed.
pub const TAGS: &[(&str, &str)] = &[
    (
        "Ledgers",
        "What is here: the ledgers of this server, their keys and their heads.",
    ),
    (
        "Entries",
        "The record itself: submit signed events, read entries and their proofs, watch new ones.",
    ),
    (
        "Questions",
        "What changed since the last meeting, what the record says of something, how the plan stands.",
    ),
    (
        "Views",
        "The registers that follow from the entries: decisions, milestones, sign-offs and so on.",
    ),
    (
        "Documents",
        "Board papers and minutes, kept by their content.",
    ),
    (
        "Feeds",
        "For calendars and feed readers: meetings, due dates, and what was recorded.",
    ),
    (
        "Signing in",
        "A challenge, signed with an enrolled key, gives a session of an hour.",
    ),
    (
        "The log as static files (C2SP tlog-tiles)",
        "Checkpoint, tiles and bundles of statements, for monitors and witnesses. Open to everyone: a statement \
         commits to its content and does not show it.",
    ),
    (
        "Operations",
        "Whether the server lives and is ready, and its figures.",
    ),
    (
        "This interface",
        "Its description, and what its problems mean.",
    ),
];

/// The guide of the document, in Markdown. `/docs` has the longer one.
pub fn markdown() -> &'static str {
    include_str!("guide.md")
}
