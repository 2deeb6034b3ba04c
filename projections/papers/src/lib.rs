//! What the record says, as people read it: one value, five forms.
//!
//! A [`Paper`] is what a board is handed: what changed since the last meeting, a register, the
//! history of one thing. It is made once, from the views, and then set as [`text`], [`markdown`],
//! [`csv`], [`json`] or [`html`], which is also the form that is printed. Each of these is a pure
//! function: the same paper gives the same bytes, whoever asks and wherever, and the [`Stamp`] at its
//! foot says how to ask again.
//!
//! This crate knows no view and no rule. What a paper says is decided where it is filled.
//!
//! Start at `paper.rs`, then `section.rs` and `table.rs`; one file beside them is one form.
//! [`Page`] sets plain text to a width, for papers and for whatever else a command prints.

mod csv;
mod form;
mod grid;
mod html;
mod json;
mod markdown;
mod page;
mod paper;
mod section;
mod table;
mod text;
mod wrap;

pub use self::csv::csv;
pub use self::form::{Form, FormError};
pub use self::html::html;
pub use self::json::{Envelope, json};
pub use self::markdown::markdown;
pub use self::page::Page;
pub use self::paper::{Fact, Paper, Stamp};
pub use self::section::{Block, Level, Section};
pub use self::table::{Cell, Column, Kind, Reference, Row, Table};
pub use self::text::text;
