//! A section of a paper.

use crate::{Fact, Table};

/// A section of a paper: a heading and what stands under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// How deep it stands.
    pub level: Level,
    /// What the reader should know before its blocks.
    pub intro: Option<String>,
    /// What it says.
    pub blocks: Vec<Block>,
    /// What it says where its blocks are empty: `Nothing slipped.`
    pub when_empty: Option<String>,
}

/// How deep a section stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A section of the paper.
    Section,
    /// A part of the section before it.
    Part,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph. Its line breaks stay.
    Paragraph(String),
    /// A list, one item a bullet.
    List(Vec<String>),
    /// Names and values.
    Facts(Vec<Fact>),
    /// A table.
    Table(Table),
}

impl Section {
    /// A section of the paper, with nothing in it.
    pub fn new(heading: impl Into<String>) -> Self {
        Self {
            heading: heading.into(),
            level: Level::Section,
            intro: None,
            blocks: Vec::new(),
            when_empty: None,
        }
    }

    /// A part of the section before it, with nothing in it.
    pub fn part(heading: impl Into<String>) -> Self {
        Self {
            level: Level::Part,
            ..Self::new(heading)
        }
    }

    /// With something to know before its blocks.
    #[must_use]
    pub fn intro(mut self, intro: impl Into<String>) -> Self {
        self.intro = Some(intro.into());
        self
    }

    /// With a block more.
    #[must_use]
    pub fn block(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    /// With a sentence for where there is nothing to say.
    #[must_use]
    pub fn when_empty(mut self, sentence: impl Into<String>) -> Self {
        self.when_empty = Some(sentence.into());
        self
    }

    /// The sentence to print in place of the blocks, where they are empty and it has one.
    pub(crate) fn emptiness(&self) -> Option<&str> {
        match self.filled().next() {
            Some(_) => None,
            None => self.when_empty.as_deref(),
        }
    }

    /// The blocks that say something. Only these are printed.
    pub(crate) fn filled(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(|block| !block.is_empty())
    }
}

impl Block {
    /// Whether it says nothing, as a table without rows does.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Paragraph(text) => text.trim().is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Facts(facts) => facts.is_empty(),
            Self::Table(table) => table.rows.is_empty(),
        }
    }
}

impl From<Table> for Block {
    fn from(table: Table) -> Self {
        Self::Table(table)
    }
}
