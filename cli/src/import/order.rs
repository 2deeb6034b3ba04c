//! The order of records: what a record refers to comes before it.

use super::file::Record;

/// The indices of `records` in the order of their sections and, within one, of the file; but what a
/// record needs always comes first, whatever its section.
///
/// # Errors
/// The index of a record that needs itself, directly or through others.
pub fn order(records: &[Record], needs: &[Vec<usize>]) -> Result<Vec<usize>, usize> {
    let mut wanted: Vec<usize> = (0..records.len()).collect();
    wanted.sort_by_key(|&index| (records[index].section, index));
    order_by(&wanted, needs)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Unseen,
    Open,
    Done,
}

/// Depth first, with a stack of its own: a long chain of parents must not overflow the program's.
fn order_by(wanted: &[usize], needs: &[Vec<usize>]) -> Result<Vec<usize>, usize> {
    let mut marks = vec![Mark::Unseen; needs.len()];
    let mut ordered = Vec::with_capacity(needs.len());
    for &root in wanted {
        let mut stack = vec![(root, 0)];
        while let Some((index, next)) = stack.pop() {
            if next == 0 {
                if marks[index] == Mark::Done {
                    continue;
                }
                marks[index] = Mark::Open;
            }
            match needs[index].get(next) {
                Some(&needed) => {
                    stack.push((index, next + 1));
                    match marks[needed] {
                        Mark::Unseen => stack.push((needed, 0)),
                        Mark::Open => return Err(index),
                        Mark::Done => {}
                    }
                }
                None => {
                    marks[index] = Mark::Done;
                    ordered.push(index);
                }
            }
        }
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_come_first_and_the_rest_keeps_its_place() {
        let needs = [vec![2], vec![], vec![3], vec![], vec![0, 1]];
        assert_eq!(order_by(&[0, 1, 2, 3, 4], &needs), Ok(vec![3, 2, 0, 1, 4]));
        assert_eq!(order_by(&[4, 3, 2, 1, 0], &needs), Ok(vec![3, 2, 0, 1, 4]));
    }

    #[test]
    fn circles_are_found() {
        assert!(order_by(&[0, 1, 2], &[vec![1], vec![2], vec![0]]).is_err());
        let chain: Vec<Vec<usize>> = (1..=50_000)
            .map(|next| vec![next])
            .chain([vec![]])
            .collect();
        assert!(order_by(&[0], &chain).is_ok_and(|ordered| ordered.len() == 50_001));
    }
}
