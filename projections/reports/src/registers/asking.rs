//! What of a register is asked for.

use std::collections::HashSet;

use jiff::civil::Date;
use minutebook_events::SubjectId;
use minutebook_projections::AsOf;
use minutebook_projections::holds::Hold;
use minutebook_projections::plan::Node;
use minutebook_projections::stated::At;
use minutebook_projections::table::Table;
use schemars::JsonSchema;
use serde::Serialize;

use super::row::{Named, Row, Said, positions};

/// What of a register is shown. Each register applies what fits it: [`super::Register::fits`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Filter {
    /// Only what belongs to this body or to one below it.
    pub body: Option<SubjectId>,
    /// Only what stands so.
    pub state: Option<String>,
    /// Only what stands under this part of the plan.
    pub under: Option<SubjectId>,
    /// Only what is overdue.
    pub overdue: bool,
}

impl Filter {
    /// Everything.
    const ALL: Self = Self {
        body: None,
        state: None,
        under: None,
        overdue: false,
    };
}

/// A register as it is asked: the record, the day, and what of it is shown.
pub(crate) struct Asking<'a> {
    /// The record.
    pub as_of: AsOf<'a>,
    /// The day for which it is worked out what is overdue.
    pub day: Date,
    only: Option<&'a SubjectId>,
    filter: &'a Filter,
    bodies: Option<HashSet<SubjectId>>,
    under: Option<HashSet<SubjectId>>,
}

impl<'a> Asking<'a> {
    pub fn new(as_of: AsOf<'a>, day: Date, filter: &'a Filter) -> Self {
        let bodies = filter.body.as_ref().map(|body| {
            let all = as_of.body_and_below(body).into_iter();
            all.cloned().collect()
        });
        let under = filter.under.as_ref().map(|under| {
            let walk = as_of.views.plan.walk_from(under, as_of.moment);
            walk.map(|step| step.id.clone()).collect()
        });
        Self {
            as_of,
            day,
            only: None,
            filter,
            bodies,
            under,
        }
    }

    /// A register that is asked for one thing alone, which costs what one row costs.
    pub fn of(as_of: AsOf<'a>, day: Date, id: &'a SubjectId) -> Self {
        Self {
            as_of,
            day,
            only: Some(id),
            filter: const { &Filter::ALL },
            bodies: None,
            under: None,
        }
    }

    /// Asks for one thing alone from now on, of what was asked for.
    pub fn look_at(&mut self, id: &'a SubjectId) {
        self.only = Some(id);
    }

    /// The one thing that is asked for, where it is one alone.
    pub fn only(&self) -> Option<&'a SubjectId> {
        self.only
    }

    /// The same question about everything.
    pub fn of_all(&self) -> Self {
        Self::new(self.as_of, self.day, self.filter)
    }

    /// What of a table is looked at, in order of the ids.
    pub fn each<T: 'a>(
        &self,
        table: &'a Table<T>,
    ) -> Box<dyn Iterator<Item = (&'a SubjectId, &'a T)> + 'a> {
        match self.only {
            None => Box::new(self.as_of.all(table)),
            Some(id) => Box::new(self.as_of.get(table, id).map(|one| (id, one)).into_iter()),
        }
    }

    /// What of the plan is looked at, in its order.
    pub fn each_of_plan(&self) -> Box<dyn Iterator<Item = (&'a SubjectId, &'a Node)> + 'a> {
        let (plan, moment) = (&self.as_of.views.plan, self.as_of.moment);
        match self.only {
            None => Box::new(plan.walk(moment).map(|step| (step.id, step.node))),
            Some(id) => {
                let node = plan.nodes.at(id, moment);
                let node = node.filter(|_| plan.is_walked(id, moment));
                Box::new(node.map(|node| (id, node)).into_iter())
            }
        }
    }

    /// Whether what is of these bodies is of the one that is asked for, or of one below it.
    pub fn wants_of<'s>(&self, of: impl IntoIterator<Item = &'s SubjectId>) -> bool {
        let bodies = self.bodies.as_ref();
        bodies.is_none_or(|bodies| of.into_iter().any(|of| bodies.contains(of)))
    }

    /// Whether something belongs to the body and stands under the part that are asked for. `above`
    /// is what it names that may be part of the plan.
    pub fn wants<'s>(
        &self,
        id: &'s SubjectId,
        above: impl IntoIterator<Item = Option<&'s SubjectId>>,
    ) -> bool {
        let belongs = self.bodies.as_ref().is_none_or(|bodies| {
            let body = self.as_of.body_of(id);
            body.is_some_and(|body| bodies.contains(body))
        });
        belongs
            && self.under.as_ref().is_none_or(|under| {
                let mut named = std::iter::once(Some(id)).chain(above).flatten();
                named.any(|id| under.contains(id))
            })
    }

    /// Whether a hold keeps, or kept, something of the body that is asked for.
    pub fn wants_hold(&self, hold: &Hold) -> bool {
        let bodies = self.bodies.as_ref();
        bodies.is_none_or(|bodies| hold.concerns(self.as_of, |body| bodies.contains(body)))
    }

    /// Whether what is called by one of these words is asked for.
    pub fn wants_state<'s>(&self, words: impl IntoIterator<Item = &'s str>) -> bool {
        let plain = |word: &str| word.to_lowercase().replace(['-', '_'], " ");
        let asked = self.filter.state.as_deref().map(plain);
        asked.is_none_or(|asked| words.into_iter().any(|word| plain(word) == asked))
    }

    /// Whether what is overdue, or is not, is asked for.
    pub fn wants_overdue(&self, is_overdue: bool) -> bool {
        is_overdue || !self.filter.overdue
    }

    /// Something by its id.
    pub fn named(&self, id: &SubjectId) -> Named {
        Named::new(self.as_of, id)
    }

    /// Something that may be there.
    pub fn maybe(&self, id: Option<&SubjectId>) -> Option<Named> {
        id.map(|id| self.named(id))
    }

    /// Several by their ids.
    pub fn all<'i>(&self, ids: impl IntoIterator<Item = &'i SubjectId>) -> Vec<Named> {
        Named::all(self.as_of, ids)
    }

    /// The entry at a place.
    pub fn said(&self, at: At) -> Option<Said> {
        Said::at(self.as_of, at)
    }

    /// A row. The first of `places` is the entry that says most of it.
    pub fn row<F>(
        &self,
        id: &SubjectId,
        title: impl Into<String>,
        state: Option<String>,
        places: impl IntoIterator<Item = At>,
        fields: F,
    ) -> Row<F> {
        let places: Vec<At> = places.into_iter().collect();
        Row {
            id: id.clone(),
            title: title.into(),
            state,
            body: self.maybe(self.as_of.body_of(id)),
            fields,
            said: places.first().and_then(|at| self.said(*at)),
            entries: positions(places),
        }
    }
}
