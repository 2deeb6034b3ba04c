//! ledger/events
