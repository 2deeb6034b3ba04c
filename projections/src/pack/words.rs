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
    "all", "apart", "tick", "value", "position", "by", "begun", "state", "keys", "roles",
    "positions", "recorded_at", "signer", "said", "event", "subject", "role", "of",
    "confidentiality", "effective", "meeting", "minute", "reason", "imported", "inferred",
    "as_written", "from", "to", "precision", "public", "secretary", "abstained", "added",
    "against", "agreed", "agreed_by", "agreed_with", "agreement", "agreements", "aim",
    "ambiguous", "amount", "answer", "answered", "apologies", "applicant", "appraisal",
    "approvals", "approved", "approver", "area", "as_of", "asked_by", "asked_by_person",
    "assigned", "at_least", "attestation", "attested", "attested_by", "audience", "auditor",
    "author", "authority", "baseline_state", "baselines", "basis", "before", "begun_at",
    "belonging", "blake3", "bodies", "body", "boroughs", "breakdown", "broadened_by",
    "brought-forward", "brought_forward", "called_at", "cancelled_at", "capacity", "cause",
    "chair", "chaired_by", "change_basis", "changed_at", "changes", "channel", "chosen", "closed",
    "comment", "commissioned_by", "commitment", "completed", "concerns", "conditions", "controls",
    "corrections", "count", "counts", "covers", "data_source", "date", "date_note", "day",
    "deadline", "decision", "decisions", "declined", "defined_at", "denominator", "depends_on",
    "depth", "derived", "digest", "digests", "direction", "dissent", "dissolved_at", "document",
    "documents", "draft", "due", "duration", "effect", "elapsed", "ended", "ended_at", "ends",
    "enrolled_at", "entries", "entry", "erased", "established", "established_at", "evaluates",
    "evaluator", "eventual_target", "evidence", "excluded", "executive_sponsor", "exemption",
    "exemptions", "expected", "field", "financial-year", "findings", "first", "focus",
    "focus_period", "for_meeting", "foreseen_at", "freshness", "front_sheet", "funder",
    "funder_organisation", "gaps", "given", "given_by", "ground", "group", "handling", "held_at",
    "holdings", "horizon", "identity", "impact", "in_attendance", "in_favour", "informs",
    "intent", "interest", "item", "items", "joined", "jointly_led_by", "key", "keyring", "kid",
    "kind", "kind_as_written", "launched", "lead", "led_by", "left", "legal_basis", "level",
    "likelihood", "limit", "line", "link", "list", "log_vkey", "made_at", "manner", "map",
    "may_reapply", "may_sign", "measured_by", "measurements", "media_type", "meetings", "member",
    "members", "metrics", "milestone", "milestones", "minutes_of", "month", "must_include",
    "name", "named", "named_under", "narrative", "needed", "needs_approval", "node", "nodes",
    "not_carried", "not_stated", "note", "number", "numerator", "objective", "officers", "older",
    "open", "open_ended", "operating_for", "options", "order", "organisation", "organisations",
    "origin", "outcome", "owner", "pace", "paper_digests", "papers", "paragraphs", "parent",
    "part", "part-2", "part_2", "parties", "partnership", "parts", "party", "payload", "people",
    "period", "person", "persons", "place", "plan", "post", "posts", "predecessors", "present",
    "presented_to", "presenter", "proof", "provisional", "public_present", "published", "purpose",
    "quarter", "quorate", "quorum", "raised", "rated_by", "rating", "rating_body", "rating_note",
    "read", "read_more_page", "reader", "receipt_key", "recommendation", "record",
    "record_counts", "records", "records-officer", "records_made", "redactions", "refreshed_at",
    "refused", "register", "registered_at", "registrar", "relative_to", "reopened", "replaced_by",
    "replacement", "replaces", "report", "reported", "reporter", "reporting_year", "request",
    "requested", "requester", "required", "rescinded_at", "resolution", "responses", "restated",
    "restricted", "result", "retention_rule", "review", "reviewer", "rule", "scale", "scope",
    "score", "sealed", "second_person", "section", "seed_file", "set_at", "sha256", "share",
    "short_name", "sign_off", "sign_offs", "signatories", "signatories_named", "signatory",
    "signatory_count", "signatures", "signed", "signoffs", "since", "size", "slipped", "source",
    "spoken_at", "standing", "statement", "status", "statutory_reason", "step", "strategy",
    "subjects", "submission", "succeeded_by", "successor", "summary", "superseded_by",
    "supersedes", "suspect_since", "table", "takes_effect", "target", "target_basis",
    "target_count", "target_kind", "targets", "term", "terms_of_reference", "text", "things",
    "ticks", "time", "title", "todo", "unit", "unnamed", "until", "varied_at", "verb", "version",
    "vision", "votes", "voting", "we_will", "withdrawn", "withdrawn_at", "withheld",
    "witness_policy", "year_inferred", "year_start", "you_said",
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
