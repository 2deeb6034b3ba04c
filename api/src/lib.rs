//! The HTTP interface to the ledgers: thin for now.
