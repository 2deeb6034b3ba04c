//! The plan as a tree: strategies, aims, objectives and milestones, each under what it belongs to.
//!
//! Roots and children stand in the order in which they were recorded. A node whose parent is no part
//! of the plan, or was not there before it, is a root.

use std::sync::Arc;

use imbl::Vector;
use minutebook_events::{Payload, Period, SubjectId};
use serde::{Deserialize, Serialize};

use crate::shelf::Shelf;
use crate::table::{Moment, Table};
use crate::tape::Tape;
use crate::{Id, Noted};

/// A strategy, aim, objective or milestone. Its kind is that of its id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// The title in short own words.
    pub title: String,
    /// The document's own word for it, such as `theme`, `outcome` or `deliverable`; a strategy's
    /// kind.
    pub level: Option<String>,
    /// What it stands under, in the plan or not.
    pub parent: Option<SubjectId>,
    /// The post, organisation or body that owns it.
    pub owner: Option<String>,
    /// By when it is to be achieved, or what it covers. Absent for a milestone, whose dates are in
    /// [`crate::milestones`].
    pub horizon: Option<Period>,
    /// The state in the document's own words.
    pub state: Option<String>,
    /// How strongly it is meant, such as `explore`.
    pub intent: Option<String>,
    /// The entry that set it.
    pub set_at: u64,
    /// The newest entry that refreshed it.
    pub refreshed_at: Option<u64>,
    /// The entry that withdrew it.
    pub withdrawn_at: Option<u64>,
}

/// The whole plan.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Plan {
    /// The nodes.
    pub nodes: Table<Node>,
    /// Every node in order of record.
    order: Tape<SubjectId>,
    /// The nodes that name one as their parent, in order of record.
    named_under: Shelf<Vector<Id>>,
}

impl Plan {
    /// A node as it stands now.
    pub fn get(&self, id: &SubjectId) -> Option<&Node> {
        self.nodes.get(id)
    }

    /// The nodes that stand under no other, in order of record.
    pub fn roots(&self, moment: Moment) -> impl DoubleEndedIterator<Item = &SubjectId> {
        self.order.iter().filter(move |id| {
            let node = self.nodes.at(id, moment);
            node.is_some_and(|node| self.parent_of(node, moment).is_none())
        })
    }

    /// The nodes that stand directly under this one, in order of record.
    pub fn children(
        &self,
        id: &SubjectId,
        moment: Moment,
    ) -> impl DoubleEndedIterator<Item = &SubjectId> {
        let named = self.named_under.get(id).into_iter().flatten();
        named
            .filter(move |child| {
                let node = self.nodes.at(child, moment);
                node.is_some_and(|node| self.parent_of(node, moment).is_some())
            })
            .map(Arc::as_ref)
    }

    /// What a node stands under, where that was part of the plan before it: so there is no cycle.
    pub fn parent_of<'a>(&'a self, node: &'a Node, moment: Moment) -> Option<&'a SubjectId> {
        let parent = node.parent.as_ref()?;
        let above = self.nodes.at(parent, moment)?;
        (above.set_at < node.set_at).then_some(parent)
    }

    /// The whole tree, each node before its children, with its depth counted from 0.
    pub fn walk(&self, moment: Moment) -> Walk<'_> {
        Walk {
            plan: self,
            moment,
            todo: self.roots(moment).rev().map(|id| (0, id)).collect(),
        }
    }

    /// The tree under one node, this node first, with depths counted from it.
    pub fn walk_from<'a>(&'a self, id: &'a SubjectId, moment: Moment) -> Walk<'a> {
        Walk {
            plan: self,
            moment,
            todo: vec![(0, id)],
        }
    }

    pub(crate) fn fold(&mut self, noted: &Noted<'_>, payload: &Payload) {
        let node = match payload {
            Payload::StrategyAdopted(fields) => Node {
                title: fields.title.clone(),
                level: fields.kind.clone(),
                parent: fields.parent.clone(),
                owner: fields
                    .owner
                    .as_ref()
                    .or(fields.led_by.as_ref())
                    .map(SubjectId::to_string),
                horizon: fields.horizon.clone(),
                state: fields.status.clone(),
                ..Node::default()
            },
            Payload::AimSet(fields) => Node {
                title: fields.title.clone(),
                level: Some(fields.level.clone()),
                parent: fields.parent.as_ref().or(fields.strategy.as_ref()).cloned(),
                owner: fields.owner.clone(),
                horizon: fields.due.clone(),
                ..Node::default()
            },
            Payload::ObjectiveSet(fields) => Node {
                title: fields.title.clone(),
                level: Some(fields.level.clone()),
                parent: [&fields.parent, &fields.aim, &fields.strategy]
                    .into_iter()
                    .find_map(Clone::clone),
                owner: fields.owner.clone(),
                horizon: fields.due.as_ref().or(fields.period.as_ref()).cloned(),
                state: fields.state.clone(),
                intent: fields.intent.clone(),
                ..Node::default()
            },
            Payload::MilestoneSet(fields) => Node {
                title: fields.title.clone(),
                level: fields.level.clone(),
                parent: fields.parent.as_ref().or(fields.strategy.as_ref()).cloned(),
                owner: fields.owner.clone(),
                state: fields.state.clone(),
                intent: fields.intent.clone(),
                ..Node::default()
            },
            Payload::StrategyRefreshed(fields) => {
                return self.nodes.change(noted, |node| {
                    if let Some(title) = &fields.title {
                        node.title.clone_from(title);
                    }
                    if fields.horizon.is_some() {
                        node.horizon.clone_from(&fields.horizon);
                    }
                    node.refreshed_at = Some(noted.position);
                });
            }
            Payload::ObjectiveWithdrawn(_) | Payload::MilestoneWithdrawn(_) => {
                return self.nodes.change(noted, |node| {
                    node.withdrawn_at.get_or_insert(noted.position);
                });
            }
            _ => return,
        };
        let set_at = noted.position;
        self.add(noted, &Node { set_at, ..node });
    }

    fn add(&mut self, noted: &Noted<'_>, node: &Node) {
        if self.nodes.get(noted.id).is_none() {
            self.order.push(noted.id.clone());
            if let Some(parent) = &node.parent {
                self.named_under
                    .edit(parent, |nodes| nodes.push_back(noted.id.clone()));
            }
        }
        self.nodes.begin(noted, || node.clone());
    }
}

/// A step of a walk: a node, its id, and how deep it stands.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// How many nodes stand above it in this walk.
    pub depth: usize,
    /// Its id.
    pub id: &'a SubjectId,
    /// The node.
    pub node: &'a Node,
}

/// A walk through the tree, each node before its children.
#[derive(Debug, Clone)]
pub struct Walk<'a> {
    plan: &'a Plan,
    moment: Moment,
    todo: Vec<(usize, &'a SubjectId)>,
}

impl<'a> Iterator for Walk<'a> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        let (depth, id) = self.todo.pop()?;
        let node = self.plan.nodes.at(id, self.moment)?;
        let children = self.plan.children(id, self.moment).rev();
        self.todo.extend(children.map(|child| (depth + 1, child)));
        Some(Step { depth, id, node })
    }
}
