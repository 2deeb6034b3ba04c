//! The plan as a tree: strategies, aims, objectives and milestones, each under what it belongs to.
//!
//! Roots and children stand in the order in which they were recorded. A node whose parent is no part
//! of the plan, or is not known here, is a root. Parents are there before their children and never
//! change, so that the tree has no cycles.

use std::sync::Arc;

use imbl::{OrdMap, Vector};
use minutebook_events::{Payload, Period, SubjectId};
use serde::{Deserialize, Serialize};

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
    /// By when it is to be achieved, or what it covers, as it was first set. For a milestone see
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
    nodes: OrdMap<Id, Arc<Node>>,
    roots: Vector<Id>,
    children: OrdMap<SubjectId, Vector<Id>>,
}

impl Plan {
    /// A node.
    pub fn get(&self, id: &SubjectId) -> Option<&Node> {
        self.nodes.get(id).map(Arc::as_ref)
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// True where there is no plan.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The nodes that stand under no other, in order of record.
    pub fn roots(&self) -> impl Iterator<Item = &SubjectId> {
        self.roots.iter().map(Arc::as_ref)
    }

    /// The nodes that stand directly under this one, in order of record.
    pub fn children(&self, id: &SubjectId) -> impl Iterator<Item = &SubjectId> {
        self.children.get(id).into_iter().flatten().map(Arc::as_ref)
    }

    /// The whole tree, each node before its children, with its depth counted from 0.
    pub fn walk(&self) -> Walk<'_> {
        Walk {
            plan: self,
            todo: self.roots.iter().rev().map(|id| (0, id.as_ref())).collect(),
        }
    }

    /// The tree under one node, this node first, with depths counted from it.
    pub fn walk_from<'a>(&'a self, id: &'a SubjectId) -> Walk<'a> {
        Walk {
            plan: self,
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
                horizon: fields.due.clone(),
                state: fields.state.clone(),
                intent: fields.intent.clone(),
                ..Node::default()
            },
            Payload::StrategyRefreshed(fields) => {
                return self.update(noted.id, |node| {
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
                return self.update(noted.id, |node| {
                    node.withdrawn_at.get_or_insert(noted.position);
                });
            }
            _ => return,
        };
        self.add(
            noted.id,
            Node {
                set_at: noted.position,
                ..node
            },
        );
    }

    fn add(&mut self, id: &Id, node: Node) {
        if self.nodes.contains_key(id) {
            return;
        }
        match node
            .parent
            .as_ref()
            .filter(|parent| self.nodes.contains_key(*parent))
        {
            Some(parent) => match self.children.get_mut(parent) {
                Some(children) => children.push_back(id.clone()),
                None => {
                    self.children
                        .insert(parent.clone(), Vector::unit(id.clone()));
                }
            },
            None => self.roots.push_back(id.clone()),
        }
        self.nodes.insert(id.clone(), Arc::new(node));
    }

    fn update(&mut self, id: &Id, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(id) {
            change(Arc::make_mut(node));
        }
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
    todo: Vec<(usize, &'a SubjectId)>,
}

impl<'a> Iterator for Walk<'a> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        let (depth, id) = self.todo.pop()?;
        let node = self.plan.get(id)?;
        let children = self.plan.children.get(id).into_iter().flatten().rev();
        self.todo
            .extend(children.map(|child| (depth + 1, child.as_ref())));
        Some(Step { depth, id, node })
    }
}
