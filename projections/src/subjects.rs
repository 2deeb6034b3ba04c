//! Everything that the record speaks of: since when, last changed by whom, and in which entries.

use std::sync::Arc;

use minutebook_events::{Confidentiality, Kind, PersonId, SubjectId};
use serde::{Deserialize, Serialize};

use crate::Id;
use crate::shelf::Shelf;
use crate::stack::Stack;
use crate::touch::{Aspect, Touch};

/// The entry that last changed something, and who signed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The entry's index.
    pub position: u64,
    /// Who signed it.
    pub by: Arc<PersonId>,
}

/// What the record has about one subject.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Subject {
    /// The entry that it began with; absent where that entry's content is not held, and for what
    /// needs no beginning, such as an entry's own number.
    pub begun: Option<Change>,
    /// Who may read the entry that it began with.
    pub confidentiality: Confidentiality,
    state: Option<Change>,
    keys: Option<Change>,
    roles: Option<Change>,
    positions: Stack<u64>,
}

impl Subject {
    /// The entries about it, oldest first.
    pub fn positions(&self) -> impl DoubleEndedIterator<Item = u64> + ExactSizeIterator + '_ {
        self.positions.oldest_first().copied()
    }

    /// The entries about it, newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = u64> + '_ {
        self.positions.iter().copied()
    }

    /// The newest entry about it.
    pub fn newest(&self) -> Option<u64> {
        self.positions.newest().copied()
    }

    /// The entry that last changed this aspect of it.
    pub fn changed(&self, aspect: Aspect) -> Option<&Change> {
        match aspect {
            Aspect::State => self.state.as_ref(),
            Aspect::Keys => self.keys.as_ref(),
            Aspect::Roles => self.roles.as_ref(),
        }
    }
}

impl Subject {
    fn note(&mut self, touch: Touch, position: u64, by: &Arc<PersonId>, level: Confidentiality) {
        let change = || {
            Some(Change {
                position,
                by: by.clone(),
            })
        };
        match touch {
            Touch::Creates | Touch::Opens if self.begun.is_none() => {
                self.begun = change();
                self.confidentiality = level;
            }
            Touch::Changes(Aspect::State) => self.state = change(),
            Touch::Changes(Aspect::Keys) => self.keys = change(),
            Touch::Changes(Aspect::Roles) => self.roles = change(),
            Touch::Creates | Touch::Opens | Touch::Adds => {}
        }
        self.positions.push(position);
    }
}

/// Every subject, by id.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Subjects {
    map: Shelf<Arc<Subject>>,
}

impl Subjects {
    /// What the record has about a subject.
    pub fn get(&self, id: &SubjectId) -> Option<&Subject> {
        self.map.get(id).map(Arc::as_ref)
    }

    /// The entries about a subject, oldest first.
    pub fn history(&self, id: &SubjectId) -> impl DoubleEndedIterator<Item = u64> + '_ {
        self.get(id).into_iter().flat_map(Subject::positions)
    }

    /// The subjects of one kind, in order of their names.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&SubjectId, &Subject)> {
        self.map
            .of_kind(kind)
            .map(|(id, subject)| (id.as_ref(), subject.as_ref()))
    }

    /// How many subjects there are.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// True where nothing was recorded yet.
    pub fn is_empty(&self) -> bool {
        self.map.len() == 0
    }

    /// An id as the views share it, or one of its own for what the record does not speak of.
    pub(crate) fn shared(&self, id: &SubjectId) -> Id {
        let known = self.map.id(id);
        known.cloned().unwrap_or_else(|| Arc::new(id.clone()))
    }

    /// Notes an entry about `id`, and gives the id as the views share it.
    pub(crate) fn note(
        &mut self,
        id: &SubjectId,
        touch: Touch,
        position: u64,
        by: &Arc<PersonId>,
        level: Confidentiality,
    ) -> Id {
        // One look at the map for what is there already, which most entries are about.
        if let Some((id, subject)) = self.map.get_mut(id) {
            Arc::make_mut(subject).note(touch, position, by, level);
            return id.clone();
        }
        let id = Arc::new(id.clone());
        let mut subject = Subject::default();
        subject.note(touch, position, by, level);
        self.map.insert(id.clone(), Arc::new(subject));
        id
    }
}
