//! The year, recorded once.

use crate::office::Office;

pub mod autumn;
pub mod founding;
pub mod spring;
pub mod summer;
pub mod winter;

/// Records the whole year.
pub fn year() -> Office {
    let mut office = Office::open("2025-04-01 09:00:00");
    founding::record(&mut office);
    spring::record(&mut office);
    summer::record(&mut office);
    autumn::record(&mut office);
    winter::record(&mut office);
    office
}
