//! What stands open at the later moment: dates that went by, and signatures that are missing. No
//! entry need say anything of it.

use jiff::civil::Date;
use minutebook_events::{Kind, SubjectId};

use super::item::{self, Told};
use super::{Between, Group, Item, Sorted};

/// Everything that stands open.
pub(super) fn standing(between: &Between<'_>) -> Vec<Sorted> {
    let mut found = Vec::new();
    for id in subjects(between) {
        let Some(today) = between.question.until.day else {
            continue;
        };
        let sorted = match id.kind() {
            Kind::Milestone => milestone(between, id, today),
            Kind::Action => action(between, id, today),
            Kind::SignOff => waiting(between, id, today),
            _ => None,
        };
        found.extend(sorted);
    }
    found
}

/// The milestones, actions and sign-offs that may stand open.
fn subjects<'a>(between: &'a Between<'_>) -> Vec<&'a SubjectId> {
    let now = between.now;
    let views = now.views;
    match &between.question.body {
        None => {
            let milestones = now.all(&views.milestones).map(|(id, _)| id);
            let actions = now.all(&views.actions).map(|(id, _)| id);
            let sign_offs = now.all(&views.signoffs).map(|(id, _)| id);
            milestones.chain(actions).chain(sign_offs).collect()
        }
        Some(body) => {
            let bodies = now.body_and_below(body).into_iter();
            bodies
                .flat_map(|body| views.belonging.subjects_of(body, now.moment))
                .collect()
        }
    }
}

/// Whether something was overdue already when the earlier moment was.
fn was_overdue(between: &Between<'_>, overdue: impl Fn(Date) -> bool) -> bool {
    between.question.since.day.is_some_and(overdue)
}

fn milestone(between: &Between<'_>, id: &SubjectId, today: Date) -> Option<Sorted> {
    let milestone = between.now.get(&between.now.views.milestones, id)?;
    if !milestone.is_overdue(today) {
        return None;
    }
    let before = between.then.get(&between.then.views.milestones, id);
    let still = before.is_some_and(|before| was_overdue(between, |day| before.is_overdue(day)));
    let group = match still {
        true => Group::MilestonesStillOverdue,
        false => Group::MilestonesFellOverdue,
    };
    let told = Told {
        after: milestone.due().map(|due| format!("was due {due}")),
        in_all: item::moved_in_all(milestone, None),
        ..Told::default()
    };
    Some((group, told.item(between, id, None)))
}

fn action(between: &Between<'_>, id: &SubjectId, today: Date) -> Option<Sorted> {
    let action = between.now.get(&between.now.views.actions, id)?;
    if !action.is_overdue(today) {
        return None;
    }
    let before = between.then.get(&between.then.views.actions, id);
    let still = before.is_some_and(|before| was_overdue(between, |day| before.is_overdue(day)));
    let group = match still {
        true => Group::ActionsStillOverdue,
        false => Group::ActionsFellOverdue,
    };
    let told = Told {
        after: action.due().map(|due| format!("was due {due}")),
        notes: vec![format!("owner: {}", action.assigned.owner)],
        ..Told::default()
    };
    Some((group, told.item(between, id, None)))
}

fn waiting(between: &Between<'_>, id: &SubjectId, today: Date) -> Option<Sorted> {
    use crate::signoffs::SignOffState;

    let sign_off = between.now.get(&between.now.views.signoffs, id)?;
    if sign_off.state() != SignOffState::Waiting {
        return None;
    }
    let mut notes = Vec::new();
    if let Some(deadline) = sign_off.request().and_then(|one| one.deadline.as_ref()) {
        notes.push(match sign_off.is_overdue(today) {
            true => format!("overdue: was asked for by {}", item::without_by(deadline)),
            false => format!("asked for by {}", item::without_by(deadline)),
        });
    }
    let declined = item::declined(between.now, sign_off);
    if !declined.is_empty() {
        notes.push(format!("declined so far: {}", declined.join(", ")));
    }
    let told = Told {
        after: Some(item::signed_so_far(sign_off)),
        notes,
        missing: item::missing(sign_off),
        ..Told::default()
    };
    Some((Group::SignOffsWaiting, told.item(between, id, None)))
}

impl Told {
    /// The item about `id` that this tells.
    pub(super) fn item(
        self,
        between: &Between<'_>,
        id: &SubjectId,
        behind: Option<super::Behind>,
    ) -> Item {
        let title = self
            .title
            .or_else(|| crate::title::title(between.now, id))
            .unwrap_or_else(|| id.to_string());
        Item {
            subject: id.clone(),
            title,
            body: between.now.body_of(id).cloned(),
            before: self.before,
            after: self.after,
            moved: self.moved,
            in_all: self.in_all,
            reason: self.reason,
            notes: self.notes,
            missing: self.missing,
            behind,
        }
    }
}
