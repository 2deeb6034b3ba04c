//! The plan as a tree: strategies, aims, objectives and milestones, each under what it belongs to.
//!
//! Roots and children stand in the order in which they were recorded. A node whose parent is no part
//! of the plan, or was not there before it, is a root.

use std::sync::Arc;

use minutebook_events::{Payload, SubjectId};
use serde::{Deserialize, Serialize};

use crate::stated::At;
use crate::table::{Moment, Table};
use crate::tape::Tape;
use crate::under::Under;
use crate::{Id, Noted, Text, When};

/// A strategy, aim, objective or milestone. Its kind is that of its id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// The title in short own words.
    pub title: Text,
    /// The document's own word for it, such as `theme`, `outcome` or `deliverable`; a strategy's
    /// kind.
    pub level: Option<Text>,
    /// What it stands under, in the plan or not.
    pub parent: Option<Id>,
    /// The post, organisation or body that owns it.
    pub owner: Option<Text>,
    /// By when it is to be achieved, or what it covers. Absent for a milestone, whose dates are in
    /// [`crate::milestones`].
    pub horizon: Option<When>,
    /// The state in the document's own words.
    pub state: Option<Text>,
    /// How strongly it is meant, such as `explore`.
    pub intent: Option<Text>,
    /// The entry that set it.
    pub set_at: At,
    /// The newest entry that refreshed it.
    pub refreshed_at: Option<At>,
    /// The entry that withdrew it.
    pub withdrawn_at: Option<At>,
}

/// The whole plan.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Plan {
    /// The nodes.
    pub nodes: Table<Node>,
    /// Every node in order of record.
    order: Tape<SubjectId>,
    /// The nodes that name one as their parent, in order of record.
    named_under: Under,
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
        self.named_under.of(id).filter(move |child| {
            let node = self.nodes.at(child, moment);
            node.is_some_and(|node| self.parent_of(node, moment).is_some())
        })
    }

    /// What a node stands under, where that was part of the plan before it: so there is no cycle.
    pub fn parent_of<'a>(&'a self, node: &'a Node, moment: Moment) -> Option<&'a SubjectId> {
        let parent = node.parent.as_deref()?;
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

    /// Whether a walk comes by a node. Costs a look at those beside it and beside each above it.
    pub fn is_walked(&self, id: &SubjectId, moment: Moment) -> bool {
        let mut at = id;
        // Each step goes to an older node, so that there is an end.
        loop {
            let Some(node) = self.nodes.at(at, moment) else {
                return false;
            };
            let Some(parent) = self.parent_of(node, moment) else {
                return true;
            };
            if !self.named_under.of(parent).any(|child| child == at) {
                // To this reader it began otherwise than to those who know of an earlier beginning.
                return self.walk(moment).any(|step| step.id == id);
            }
            at = parent;
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
        let text = |text: &Option<String>| text.as_deref().map(Arc::from);
        let node = |title: &str, parent: Option<&SubjectId>| Node {
            title: title.into(),
            level: None,
            parent: parent.cloned().map(Arc::new),
            owner: None,
            horizon: None,
            state: None,
            intent: None,
            set_at: noted.at(),
            refreshed_at: None,
            withdrawn_at: None,
        };
        let node = match payload {
            Payload::StrategyAdopted(fields) => Node {
                level: text(&fields.kind),
                owner: [&fields.owner, &fields.led_by]
                    .into_iter()
                    .find_map(Option::as_ref)
                    .map(|owner| owner.to_string().into()),
                horizon: fields.horizon.clone().map(Arc::new),
                state: text(&fields.status),
                ..node(&fields.title, fields.parent.as_ref())
            },
            Payload::AimSet(fields) => Node {
                level: Some(fields.level.as_str().into()),
                owner: text(&fields.owner),
                horizon: fields.due.clone().map(Arc::new),
                ..node(
                    &fields.title,
                    fields.parent.as_ref().or(fields.strategy.as_ref()),
                )
            },
            Payload::ObjectiveSet(fields) => {
                let parents = [&fields.parent, &fields.aim, &fields.strategy];
                let horizon = fields.due.as_ref().or(fields.period.as_ref());
                Node {
                    level: Some(fields.level.as_str().into()),
                    owner: text(&fields.owner),
                    horizon: horizon.cloned().map(Arc::new),
                    state: text(&fields.state),
                    intent: text(&fields.intent),
                    ..node(&fields.title, parents.into_iter().find_map(Option::as_ref))
                }
            }
            Payload::MilestoneSet(fields) => Node {
                level: text(&fields.level),
                owner: text(&fields.owner),
                state: text(&fields.state),
                intent: text(&fields.intent),
                ..node(
                    &fields.title,
                    fields.parent.as_ref().or(fields.strategy.as_ref()),
                )
            },
            Payload::StrategyRefreshed(fields) => {
                let title = text(&fields.title);
                let horizon = fields.horizon.clone().map(Arc::new);
                return self.nodes.change(noted, |node| {
                    if let Some(title) = &title {
                        node.title = title.clone();
                    }
                    if horizon.is_some() {
                        node.horizon.clone_from(&horizon);
                    }
                    node.refreshed_at = Some(noted.at());
                });
            }
            Payload::ObjectiveWithdrawn(_) | Payload::MilestoneWithdrawn(_) => {
                return self.nodes.change(noted, |node| {
                    node.withdrawn_at.get_or_insert(noted.at());
                });
            }
            _ => return,
        };
        self.add(noted, &node);
    }

    fn add(&mut self, noted: &Noted<'_>, node: &Node) {
        if self.nodes.get(noted.id).is_none() {
            self.order.push(noted.id.clone());
            if let Some(parent) = &node.parent {
                self.named_under.add(parent, noted.id);
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
