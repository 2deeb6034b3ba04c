//! What the program should answer, written from the story and by topic.

pub mod board_to_july;
pub mod board_to_november;
pub mod board_to_september;
pub mod history;
pub mod other_views;
pub mod privacy;
pub mod same_bytes;
pub mod signatures;
