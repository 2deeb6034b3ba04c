//! Funding: applied for, awarded, refused.

use minutebook_events::Payload;
use minutebook_events::catalogue::{FundingApplied, FundingAwarded, FundingRefused};
use serde::{Deserialize, Serialize};

use crate::Noted;
use crate::stated::Stated;
use crate::table::Table;

/// An application for money.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Funding {
    /// What was applied for.
    pub applied: Stated<FundingApplied>,
    /// That it was awarded.
    pub awarded: Option<Stated<FundingAwarded>>,
    /// That it was refused.
    pub refused: Option<Stated<FundingRefused>>,
}

impl Funding {
    /// How it stands: what was said of it, or the document's own words.
    pub fn state(&self) -> &str {
        match (&self.awarded, &self.refused) {
            (Some(_), _) => "awarded",
            (None, Some(_)) => "refused",
            (None, None) => self.applied.state.as_deref().unwrap_or("applied for"),
        }
    }
}

pub(crate) fn fold(funding: &mut Table<Funding>, noted: &Noted<'_>, payload: &Payload) {
    match payload {
        Payload::FundingApplied(fields) => {
            let applied = noted.stated(fields);
            funding.begin(noted, || Funding {
                applied: applied.clone(),
                awarded: None,
                refused: None,
            });
        }
        Payload::FundingAwarded(fields) => {
            let awarded = noted.stated(fields);
            funding.change(noted, |funding| funding.awarded = Some(awarded.clone()));
        }
        Payload::FundingRefused(fields) => {
            let refused = noted.stated(fields);
            funding.change(noted, |funding| funding.refused = Some(refused.clone()));
        }
        _ => {}
    }
}
