//! Sign-offs, agreements, money, evaluations and engagement.

use minutebook_events::EventType as E;

use super::{Step, now};
use crate::agreements::Move;
use crate::changes::Group;
use crate::changes::item::{self, Told};
use crate::signoffs::{Basis, SignOffState};

impl Step<'_, '_> {
    pub(super) fn sign_off(&self) -> Vec<(Group, Told)> {
        let id = &self.said.subject;
        let Some(sign_off) = self.after.get(&self.after.views.signoffs, id) else {
            return Vec::new();
        };
        // Nothing imported is an answer.
        let answer = sign_off.responses.newest();
        let answered = answer.is_some_and(|answer| answer.at.tick == self.tick);
        let answer = |group: Group| {
            let told = Told {
                notes: self
                    .said
                    .of
                    .iter()
                    .map(|of| format!("for {}", self.called(of)))
                    .collect(),
                ..now(item::signed_so_far(sign_off))
            };
            answered.then_some((group, told))
        };
        let mut told: Vec<(Group, Told)> = Vec::new();
        match self.said.event {
            E::SignOffRequested => told.push((
                Group::SignOffsRequested,
                Told {
                    missing: item::missing(sign_off),
                    ..now(item::signed_so_far(sign_off))
                },
            )),
            E::SignOffAttested => told.push((Group::SignOffsAttested, attested(&sign_off.basis))),
            E::SignOffCancelled => told.push((Group::SignOffsCancelled, now("cancelled"))),
            E::SignOffDeclined => told.extend(answer(Group::SignOffsDeclined)),
            E::SignOffWithdrawn => told.extend(answer(Group::SignOffsWithdrawn)),
            _ => {
                let before = self.before.get(&self.before.views.signoffs, id);
                let was = before.map(|before| before.state());
                if sign_off.state() == SignOffState::Complete && was != Some(SignOffState::Complete)
                {
                    let told_so = now(item::signed_so_far(sign_off));
                    told.push((Group::SignOffsCompleted, told_so));
                }
                told.extend(answer(Group::SignOffsGiven));
            }
        }
        told
    }

    pub(super) fn partners(&self) -> Option<(Group, Told)> {
        let (after, id) = (self.after, &*self.said.subject);
        match self.said.event {
            E::AgreementMade | E::AgreementVaried | E::AgreementEnded => {
                let agreement = after.get(&after.views.agreements, id)?;
                let told = match self.said.event {
                    E::AgreementMade => Told {
                        after: agreement.made.state.clone().or_else(|| Some("made".into())),
                        notes: vec![
                            agreement.made.kind.clone(),
                            format!("{} parties", agreement.parties().len()),
                        ],
                        ..Told::default()
                    },
                    E::AgreementVaried => now(agreement.varied.newest()?.changes.clone()),
                    _ => now("ended"),
                };
                Some((Group::Agreements, told))
            }
            E::PartyJoined | E::PartyLeft => {
                let agreement = after.get(&after.views.agreements, id)?;
                let told = match agreement.moves.newest()? {
                    Move::Joined(joined) => now(format!("{} joined", self.called(&joined.party))),
                    Move::Left(left) => now(format!("{} left", self.called(&left.party))),
                };
                Some((Group::Parties, told))
            }
            E::FundingApplied | E::FundingAwarded | E::FundingRefused => {
                let funding = after.get(&after.views.funding, id)?;
                let amount = funding.applied.amount.as_ref();
                let told = Told {
                    notes: amount.iter().map(|one| one.as_written.clone()).collect(),
                    ..now(funding.state())
                };
                Some((Group::Funding, told))
            }
            E::EvaluationCommissioned | E::EvaluationReported => {
                let evaluation = after.get(&after.views.evaluations, id)?;
                let told = match &evaluation.reported {
                    Some(reported) => Told {
                        notes: reported.findings.clone().into_iter().collect(),
                        ..now(reported.state.as_deref().unwrap_or("reported"))
                    },
                    None => {
                        let commissioned = evaluation.commissioned.as_ref()?;
                        now(commissioned.state.as_deref().unwrap_or("commissioned"))
                    }
                };
                Some((Group::Evaluations, told))
            }
            _ => {
                let consultation = after.get(&after.views.consultations, id)?;
                let told = match self.said.event {
                    E::ConsultationOpened => now("opened"),
                    E::ConsultationResponded => {
                        let response = consultation.responses.newest()?;
                        let you_said = format!("you said: {}", response.you_said);
                        Told {
                            before: Some(you_said),
                            ..now(format!("we will: {}", response.we_will))
                        }
                    }
                    _ => now("closed"),
                };
                Some((Group::Consultations, told))
            }
        }
    }
}

/// `25 of 25 attested, not signed`.
fn attested(basis: &Basis) -> Told {
    let Basis::Attested(attested) = basis else {
        return Told::default();
    };
    let words = match (attested.signed, attested.required) {
        (Some(signed), Some(required)) => format!("{signed} of {required} attested, not signed"),
        (Some(count), None) | (None, Some(count)) => format!("{count} attested, not signed"),
        (None, None) => "attested, not signed".to_owned(),
    };
    now(words)
}
