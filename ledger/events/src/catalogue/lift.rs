//! Old versions of events, lifted to today's fields when they are read. What was recorded is never
//! rewritten.

use ciborium::Value;

use super::EventType;

/// One step from a version to the next.
pub struct Lift {
    /// The type it lifts.
    pub event: EventType,
    /// The version it lifts from; the result is one higher.
    pub from: u64,
    /// Changes the fields, which are a map.
    pub step: fn(&mut Vec<(Value, Value)>),
}

/// Every step there is. Version 1 of each event is the first.
pub const LIFTS: &[Lift] = &[];

/// Lifts the fields of `event` from `version` to the newest, one step after another.
pub(crate) fn lift(lifts: &[Lift], event: EventType, version: u64, mut fields: Value) -> Value {
    if let Value::Map(pairs) = &mut fields {
        for from in version.. {
            match lifts
                .iter()
                .find(|lift| lift.event == event && lift.from == from)
            {
                Some(lift) => (lift.step)(pairs),
                None => break,
            }
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_taken_one_after_another_from_the_version_found() {
        fn rename(pairs: &mut [(Value, Value)], from: &str, to: &str) {
            for (key, _) in pairs {
                if *key == Value::Text(from.into()) {
                    *key = Value::Text(to.into());
                }
            }
        }
        let lifts = [
            Lift {
                event: EventType::MilestoneSet,
                from: 2,
                step: |p| rename(p, "b", "c"),
            },
            Lift {
                event: EventType::MilestoneSet,
                from: 1,
                step: |p| rename(p, "a", "b"),
            },
        ];
        let map = |key: &str| Value::Map(vec![(Value::Text(key.into()), Value::Null)]);
        let lifted = |version, key| lift(&lifts, EventType::MilestoneSet, version, map(key));
        assert_eq!(lifted(1, "a"), map("c"));
        assert_eq!(lifted(2, "b"), map("c"));
        assert_eq!(lifted(3, "c"), map("c"));
        assert_eq!(
            lift(&lifts, EventType::MilestoneSlipped, 1, map("a")),
            map("a")
        );
    }
}
