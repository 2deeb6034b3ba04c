//! Words that every block knows: names of fields and of states, which would otherwise stand in each.
//!
//! A word that is missing here costs room and nothing else. The check of a snapshot covers the list,
//! so that it may be changed at any time: snapshots of another list are thrown away.

use std::collections::HashMap;
use std::sync::LazyLock;

use minutebook_events::EventType;

/// The first 31 fit into the byte that names them.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "all", "apart", "tick", "value", "position", "by", "begun", "state", "at", "fields",
    "positions", "recorded_at", "signer", "said", "event", "subject", "role", "of",
    "confidentiality", "effective", "meeting", "minute", "reason", "imported", "inferred",
    "as_written", "from", "to", "precision", "public", "digest",
    "abstained", "actions", "added", "against", "agenda", "agreed", "agreed_by", "agreed_with",
    "agreement", "agreements", "aim", "ambiguous", "amended", "amendments", "amount", "answer",
    "answered", "apologies", "applicant", "appraisal", "approvals", "approved", "approver", "area",
    "as_of", "asked_by", "asked_by_person", "assigned", "assurance", "assurance_of", "at_least",
    "at_meeting", "attestation", "attested", "attested_by", "audience", "auditor", "author",
    "authorities", "authority", "baseline_state", "baselines", "basis", "before", "belonging",
    "blake3", "bodies", "body", "boroughs", "breakdown", "broadened", "brought-forward",
    "brought_forward", "called", "cancelled", "capacity", "cause", "chair", "chaired_by",
    "change_basis", "changes", "channel", "chosen", "closed", "comment", "commissioned",
    "commissioned_by", "commitment", "completed", "concerns", "conditions", "consultations",
    "controls", "corrections", "count", "counts", "covers", "data_source", "date", "date_note",
    "day", "deadline", "decision", "decisions", "declined", "defined", "delegated", "denominator",
    "depends_on", "depth", "derived", "digests", "direction", "disclosed", "disposed", "dissent",
    "dissolved", "document", "documents", "draft", "drafts", "due", "duration", "effect", "elapsed",
    "ended", "ends", "enrolled_at", "entries", "entry", "erased", "established", "evaluates",
    "evaluations", "evaluator", "eventual_target", "evidence", "excluded", "executive_sponsor",
    "exemption", "exemptions", "expected", "field", "financial-year", "findings", "first", "focus",
    "focus_period", "for_meeting", "foreseen", "freshness", "front_sheet", "funder",
    "funder_organisation", "funding", "gaps", "given", "given_by", "ground", "group", "handling",
    "held", "held_on", "holdings", "holds", "horizon", "identity", "impact", "in_attendance",
    "in_favour", "informs", "intent", "interest", "interests", "item", "items", "joined",
    "jointly_led_by", "key", "keyring", "keys", "kid", "kind", "kind_as_written", "last_change",
    "launched", "lead", "led_by", "ledgers", "left", "legal_basis", "level", "lifted", "likelihood",
    "limit", "line", "link", "list", "log_vkey", "made", "manner", "map", "may_reapply", "may_sign",
    "measured_by", "measurements", "media_type", "meetings", "member", "members", "metrics",
    "milestone", "milestones", "minutes", "minutes_of", "month", "moved", "moves", "must_include",
    "name", "named", "named_under", "narrative", "needed", "needs_approval", "node", "nodes",
    "not_carried", "not_stated", "note", "number", "numerator", "objective", "of_meeting",
    "officers", "older", "open", "open_ended", "opened", "operating_for", "options", "order",
    "organisation", "organisations", "origin", "outcome", "owner", "pace", "paper_digests",
    "papers", "paragraphs", "parent", "part", "part-2", "part_2", "parties", "partnership", "parts",
    "party", "payload", "people", "period", "person", "persons", "place", "placed", "plan", "post",
    "posts", "predecessors", "present", "presented_to", "presenter", "progress", "proof",
    "provisional", "public_present", "published", "purpose", "quarter", "quorate", "quorum",
    "raised", "rated_by", "rating", "rating_body", "rating_note", "read", "read_more_page",
    "reader", "receipt_key", "recommendation", "record", "record_counts", "records",
    "records-officer", "records_made", "redactions", "refreshed_at", "refused", "registered",
    "registrar", "relative_to", "releases", "remarks", "reopened", "replaced_by", "replacement",
    "replaces", "report", "reported", "reporter", "reporting_year", "request", "requested",
    "requester", "required", "rescinded", "rescored", "resolution", "responded", "responses",
    "restated", "restricted", "result", "retention_rule", "review", "reviewer", "risks", "roles",
    "rule", "scale", "scales", "scope", "score", "sealed", "second_person", "secretary", "section",
    "seed_file", "set", "set_at", "sha256", "share", "short_name", "sign_off", "sign_offs",
    "signatories", "signatories_named", "signatory", "signatory_count", "signatures", "signed",
    "signoffs", "since", "size", "slipped", "source", "spoken_at", "standing", "statement",
    "status", "statutory_reason", "step", "strategy", "subjects", "submission", "succeeded",
    "succeeded_by", "successor", "summary", "superseded", "superseded_by", "supersedes",
    "suspect_since", "table", "takes_effect", "target", "target_basis", "target_count",
    "target_kind", "targets", "term", "terms_of_reference", "text", "things", "ticks", "time",
    "title", "todo", "unit", "unnamed", "until", "varied", "verb", "version", "vision", "votes",
    "voting", "we_will", "withdrawn", "withdrawn_at", "withheld", "witness_policy", "year_inferred",
    "year_start", "you_said",
];

static NUMBERS: LazyLock<HashMap<&str, u64>> = LazyLock::new(|| all().zip(0..).collect());

/// Every word, in the order of their numbers.
pub(crate) fn all() -> impl Iterator<Item = &'static str> {
    let types = EventType::ALL.iter().map(|event| event.name());
    WORDS.iter().copied().chain(types)
}

/// How many there are.
pub(super) fn len() -> u64 {
    (WORDS.len() + EventType::ALL.len()) as u64
}

/// The number of a word.
pub(super) fn number(word: &str) -> Option<u64> {
    NUMBERS.get(word).copied()
}

/// The word with a number.
pub(super) fn word(number: u64) -> Option<&'static str> {
    let index = usize::try_from(number).ok()?;
    match index.checked_sub(WORDS.len()) {
        None => WORDS.get(index).copied(),
        Some(index) => EventType::ALL.get(index).map(|event| event.name()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_one_number() {
        for (n, name) in (0..).zip(all()) {
            assert_eq!((number(name), word(n)), (Some(n), Some(name)));
        }
        assert_eq!(word(len()), None);
    }
}
