//! Where the importer meets a ledger: what it knows, who signs, and the recording of a plan.
//!
//! A plan is judged as a whole on a copy of the views before anything is signed, so that a rule which
//! refuses one record refuses the file. It is then recorded in as few batches as possible, one for
//! every file of up to 1,000 events, and a batch enters whole or not at all.

use minutebook_client::EntriesQuery;
use minutebook_events::{
    Capacity, Claims, Content, Digest, Judge as _, Recorded, Refusal, RefusalKind, Role, Seen,
};
use minutebook_ledger::log::{Accepted, MAX_BATCH, ReadError};
use minutebook_projections::Views;

use super::{ImportPlan, Known, Signer, Step};
use crate::clock::now;
use crate::failure::Failure;
use crate::folder::{Item, Officer, OpenLedger};
use crate::remote::Remote;

/// How many entries are read at a time.
const CHUNK: u64 = 1024;

/// Reads what a ledger holds of earlier imports; `progress` is told how many entries are read, and
/// out of how many.
///
/// # Errors
/// Where an entry cannot be read.
pub fn known(ledger: &OpenLedger, progress: impl Fn(u64, u64)) -> Result<Known, ReadError> {
    let mut known = Known::default();
    let end = ledger.views().head.size;
    for start in (0..end).step_by(CHUNK as usize) {
        for entry in ledger.log.entries(start..end.min(start + CHUNK))? {
            if let Content::Event(event) = &entry.content {
                known.learn(entry.position, event);
            }
        }
        progress(start, end);
    }
    Ok(known)
}

/// The officers whose keys are at hand, each with the roles held for the whole ledger.
pub struct Officers<'a>(Vec<(&'a Officer, Vec<Role>)>);

impl<'a> Officers<'a> {
    /// Finds the officers' roles.
    pub fn new(views: &Views, officers: impl IntoIterator<Item = &'a Officer>) -> Self {
        Self::holding(officers, |officer| views.people.capacities(&officer.person))
    }

    /// The officers with what each of them holds.
    pub fn holding(
        officers: impl IntoIterator<Item = &'a Officer>,
        held: impl Fn(&Officer) -> Vec<Capacity>,
    ) -> Self {
        let roles = |officer: &Officer| {
            let held = held(officer).into_iter();
            held.filter(|capacity| capacity.of.is_none())
                .map(|capacity| capacity.role)
                .collect()
        };
        Self(
            officers
                .into_iter()
                .map(|officer| (officer, roles(officer)))
                .collect(),
        )
    }

    /// Who signs a step: an officer in the role that it is planned for, or else in another that may.
    fn signer(&self, step: &Step) -> Option<(&'a Officer, Role)> {
        let may = step.event.authority().roles;
        let planned = step.signer.role();
        std::iter::once(&planned)
            .filter(|role| may.contains(role))
            .chain(may)
            .find_map(|&role| {
                let (officer, _) = self.0.iter().find(|(_, roles)| roles.contains(&role))?;
                Some((*officer, role))
            })
    }
}

/// Why a plan was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// No key at hand may sign a record.
    #[error("{file}: {record} is signed by a {}, and none of the keys given is one", .role.name())]
    NoOfficer {
        /// The file.
        file: String,
        /// The record.
        record: String,
        /// The role that it is planned for.
        role: Role,
    },
    /// A rule refuses a record.
    #[error("{file}: {record}: {refusal}")]
    Refused {
        /// The file.
        file: String,
        /// The record.
        record: String,
        /// The rule, and the right way.
        #[source]
        refusal: Box<Refusal>,
    },
    /// The ledger refuses a batch.
    #[error(transparent)]
    Record(#[from] crate::folder::RecordError),
}

impl From<ApplyError> for Failure {
    fn from(error: ApplyError) -> Self {
        let nothing = |failure: Failure| Failure {
            details: [failure.details, vec!["nothing was recorded".into()]].concat(),
            ..failure
        };
        match &error {
            ApplyError::NoOfficer { role, .. } => nothing(Failure::new(
                error.to_string(),
                format!(
                    "give a {}'s key as well: --key FILE may stand several times",
                    role.name()
                ),
            )),
            ApplyError::Refused { refusal, .. } => nothing(Failure {
                details: vec![format!("rule: {}", refusal.rule)],
                help: refusal.instead.clone(),
                ..Failure::bare(error.to_string())
            }),
            ApplyError::Record(_) => match error {
                ApplyError::Record(error) => error.into(),
                other => Failure::bare(other.to_string()),
            },
        }
    }
}

/// Judges the whole plan, then signs and records it.
///
/// # Errors
/// Which record cannot enter, and why. Of a plan of more than 1,000 events the batches before the
/// refused one are in; importing again goes on from there.
pub fn record(
    ledger: &OpenLedger,
    plan: &ImportPlan,
    officers: &Officers<'_>,
    progress: impl Fn(u64, u64),
) -> Result<Vec<Accepted>, ApplyError> {
    let signers = signers(plan, officers)?;
    rehearse(ledger, plan, &signers)?;
    in_batches(plan, &signers, progress, |items| {
        Ok(ledger.record_all(items)?)
    })
}

/// Reads what a ledger at a server holds of earlier imports, as far as whoever is signed in may read
/// it.
///
/// # Errors
/// Where the server does not give its entries.
pub fn known_at(remote: &Remote, progress: impl Fn(u64, u64)) -> Result<Known, Failure> {
    let mut known = Known::default();
    let end = remote.ledger.checkpoint(&remote.keys()?.vkey)?.head.size;
    let all = EntriesQuery {
        limit: Some(500),
        ..EntriesQuery::default()
    };
    for entry in remote.ledger.entries(&all) {
        let entry = entry?;
        if let Some(event) = entry.event()? {
            known.learn(entry.entry, &event);
        }
        if entry.entry % CHUNK == 0 {
            progress(entry.entry, end);
        }
    }
    Ok(known)
}

/// Signs a plan and records it at a server, whose rules judge each batch as a whole.
///
/// # Errors
/// As [`record`].
pub fn record_at(
    remote: &Remote,
    plan: &ImportPlan,
    officers: &Officers<'_>,
    progress: impl Fn(u64, u64),
) -> Result<Vec<Accepted>, Failure> {
    let signers = signers(plan, officers)?;
    in_batches(plan, &signers, progress, |items| {
        Ok(remote.record_all(items)?.accepted)
    })
}

fn in_batches<E>(
    plan: &ImportPlan,
    signers: &[(&Officer, Role)],
    progress: impl Fn(u64, u64),
    put: impl Fn(Vec<Item<'_>>) -> Result<Vec<Accepted>, E>,
) -> Result<Vec<Accepted>, E> {
    let mut accepted = Vec::with_capacity(plan.steps.len());
    for batch in plan.batches(MAX_BATCH) {
        let items = batch
            .iter()
            .zip(&signers[accepted.len()..])
            .map(|(step, (officer, role))| Item {
                officer,
                event: signed_as(step, *role),
                sealed: step.sealed.clone(),
            });
        accepted.extend(put(items.collect())?);
        progress(accepted.len() as u64, plan.steps.len() as u64);
    }
    Ok(accepted)
}

fn signers<'a>(
    plan: &ImportPlan,
    officers: &Officers<'a>,
) -> Result<Vec<(&'a Officer, Role)>, ApplyError> {
    plan.steps
        .iter()
        .map(|step| {
            officers.signer(step).ok_or_else(|| ApplyError::NoOfficer {
                file: plan.file.clone(),
                record: step.record.clone(),
                role: step.signer.role(),
            })
        })
        .collect()
}

fn signed_as(step: &Step, role: Role) -> minutebook_events::Event {
    let mut event = step.event.clone();
    event.common.capacity.role = role;
    event
}

/// Asks the rules about every step, one after another, on a copy of the views.
fn rehearse(
    ledger: &OpenLedger,
    plan: &ImportPlan,
    signers: &[(&Officer, Role)],
) -> Result<(), ApplyError> {
    let published = ledger.views();
    let mut views = published.views.clone();
    let recorded_at = now().max(published.recorded_at);
    for (at, (step, (officer, role))) in plan.steps.iter().zip(signers).enumerate() {
        let mut event = signed_as(step, *role);
        // Salts are drawn when it is signed; until then the bodies' own digests stand for the parts'.
        event
            .common
            .sealed
            .extend(step.sealed.iter().map(|part| Digest::of(&part.body)));
        let refused = |refusal| ApplyError::Refused {
            file: plan.file.clone(),
            record: step.record.clone(),
            refusal: Box::new(refusal),
        };
        let body = event.encode().map_err(|error| {
            refused(Refusal::new(
                RefusalKind::RuleBroken,
                "event",
                error.to_string(),
            ))
        })?;
        let candidate = Recorded {
            position: published.head.size + at as u64,
            recorded_at,
            claims: Claims {
                signer: officer.person.clone(),
                kid: officer.key.kid(),
                iat: recorded_at,
                cti: [0; 16],
                digest: Digest::of(&body),
                enrols: None,
                seen: Seen {
                    size: published.head.size,
                    root: published.head.root.0,
                },
            },
            body: event,
        };
        views.admit(&candidate).map_err(refused)?;
        views.apply(&candidate.into_content());
    }
    Ok(())
}

/// The roles that an import may need, for messages and the demo.
pub const SIGNERS: [Signer; 3] = [Signer::Registrar, Signer::Secretary, Signer::Lead];
