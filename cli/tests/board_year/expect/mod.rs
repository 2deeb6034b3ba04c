//! What the program should answer, written from the story and by topic.

pub mod actions;
pub mod board_to_july;
pub mod board_to_november;
pub mod board_to_september;
pub mod decisions;
pub mod delivery;
pub mod history;
pub mod meetings;
pub mod other_views;
pub mod partners;
pub mod people;
pub mod privacy;
pub mod privacy_in_registers;
pub mod records;
pub mod same_bytes;
pub mod signatures;
