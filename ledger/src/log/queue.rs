//! What waits for the writer, and the answers that whoever submitted waits for.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use super::figures::Counters;
use super::{Accepted, BatchError, SubmitError};
use crate::submission::Prepared;

/// How many jobs may wait for the writer before callers have to.
const JOBS: usize = 1024;

/// Once this much waits for an answer, those who would rather not wait are told to come back: jobs
/// differ too much in size for their number to bound the memory that they take.
const STATEMENTS: usize = 16_384;
const BYTES: usize = 64 << 20;

type Answer = Result<Vec<Accepted>, BatchError>;

/// An answer that will come: await it, on any runtime, or [`wait`](Ticket::wait) for it.
///
/// By then what was accepted is durable and published: [`Log::published`](super::Log::published)
/// covers its positions, and every reading, proof and receipt that is asked for from then on can be
/// had. What is submitted enters or not, whether or not anyone still waits: to drop a ticket only
/// means not to hear of it.
pub struct Ticket(oneshot::Receiver<Answer>);

impl Ticket {
    /// Waits for it.
    ///
    /// # Errors
    /// Why the batch was refused, and at which submission.
    ///
    /// # Panics
    /// Inside an asynchronous task of a tokio runtime, which it would hold up: await it there.
    pub fn wait(self) -> Result<Vec<Accepted>, BatchError> {
        or_closed(self.0.blocking_recv())
    }

    /// The answer to a batch that asks for nothing.
    pub(super) fn nothing() -> Self {
        let (answer, ticket) = oneshot::channel();
        // The other end is in the next line.
        let _ = answer.send(Ok(Vec::new()));
        Self(ticket)
    }
}

impl Future for Ticket {
    type Output = Result<Vec<Accepted>, BatchError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(or_closed)
    }
}

/// A writer that is gone answers nothing.
fn or_closed(answer: Result<Answer, oneshot::error::RecvError>) -> Answer {
    answer.unwrap_or(Err(BatchError {
        index: 0,
        error: SubmitError::Closed,
    }))
}

/// A batch on its way to the writer and its answer.
pub(super) struct Job {
    pub items: Vec<Prepared>,
    answer: oneshot::Sender<Answer>,
    weight: Weight,
}

impl Job {
    pub fn answer(self, answer: Answer) {
        if let Err(error) = &answer {
            self.weight.counters.refuse(&error.error);
        }
        // First, so that whoever has the answer finds it counted no more.
        drop(self.weight);
        // A caller that stopped waiting loses nothing: what was decided is so without it.
        let _ = self.answer.send(answer);
    }
}

/// Counts a job as waiting for as long as it is there, whatever becomes of it.
struct Weight {
    counters: Arc<Counters>,
    statements: usize,
    bytes: usize,
}

impl Weight {
    fn of(items: &[Prepared], counters: &Arc<Counters>) -> Self {
        let weight = Self {
            counters: counters.clone(),
            statements: items.len(),
            bytes: items.iter().map(Prepared::size).sum(),
        };
        counters.wait(weight.statements, weight.bytes);
        weight
    }
}

impl Drop for Weight {
    fn drop(&mut self) {
        self.counters.wait_no_more(self.statements, self.bytes);
    }
}

/// The callers' end of the queue; the writer stops once it is gone and empty.
pub(super) struct Queue {
    jobs: SyncSender<Job>,
    counters: Arc<Counters>,
}

impl Queue {
    pub fn new(counters: Arc<Counters>) -> (Self, Receiver<Job>) {
        let (jobs, queue) = sync_channel(JOBS);
        (Self { jobs, counters }, queue)
    }

    /// Queues a batch. Where there is no room it waits, or refuses with [`SubmitError::Busy`].
    pub fn put(&self, items: Vec<Prepared>, wait: bool) -> Result<Ticket, SubmitError> {
        let (statements, bytes) = self.counters.waiting();
        if !wait && (statements >= STATEMENTS || bytes >= BYTES) {
            return Err(SubmitError::Busy);
        }
        let (answer, ticket) = oneshot::channel();
        let weight = Weight::of(&items, &self.counters);
        let job = Job {
            items,
            answer,
            weight,
        };
        if wait {
            self.jobs.send(job).map_err(|_| SubmitError::Closed)?;
        } else {
            self.jobs.try_send(job).map_err(|error| match error {
                TrySendError::Full(_) => SubmitError::Busy,
                TrySendError::Disconnected(_) => SubmitError::Closed,
            })?;
        }
        Ok(Ticket(ticket))
    }
}
