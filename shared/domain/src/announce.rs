//! The order of the announcements.

use crate::line::Line;
use crate::settings::{AnnouncementSettings, Order};

/// The line to announce after `announced` others; `None` when there are no lines.
#[must_use]
pub fn line_at(settings: &AnnouncementSettings, announced: u64) -> Option<&Line> {
    let count = u64::try_from(settings.lines.len()).ok().filter(|count| *count > 0)?;
    let (round, place) = (announced / count, announced % count);
    let index = match settings.order {
        Order::InOrder => place,
        Order::Shuffled => *shuffled(count, round).get(usize::try_from(place).ok()?)?,
    };
    settings.lines.get(usize::try_from(index).ok()?)
}

/// The order of the lines in a round. It depends only on the number of the round, so every process computes
/// the same one. The last line of a round is not the first of the next.
fn shuffled(count: u64, round: u64) -> Vec<u64> {
    if count < 3 {
        return (0..count).collect();
    }
    let mut order = mixed(count, round);
    let before = round.checked_sub(1).and_then(|round| mixed(count, round).last().copied());
    if before == order.first().copied() {
        // With three or more lines the second is not the last, so the swap never changes a round's last line.
        order.swap(0, 1);
    }
    order
}

fn mixed(count: u64, round: u64) -> Vec<u64> {
    let mut order: Vec<u64> = (0..count).collect();
    order.sort_by_key(|line| scatter(round.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(*line)));
    order
}

/// Mixes the bits of `n` to a number that looks random (the finalizer of SplitMix64).
const fn scatter(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    n ^ (n >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn announced(order: Order, lines: &[&str], count: u64) -> Vec<String> {
        let lines = lines.iter().map(|line| Line::new(line).unwrap()).collect();
        let settings = AnnouncementSettings { order, lines, ..AnnouncementSettings::default() };
        (0..count).filter_map(|n| line_at(&settings, n)).map(ToString::to_string).collect()
    }

    #[test]
    fn lines_are_announced_in_order() {
        assert_eq!(announced(Order::InOrder, &["a", "b"], 5), ["a", "b", "a", "b", "a"]);
        assert_eq!(announced(Order::InOrder, &[], 5), [""; 0]);
    }

    #[test]
    fn shuffled_round_has_each_line_once_and_none_twice_in_a_row() {
        for lines in [&["a"][..], &["a", "b"], &["a", "b", "c", "d", "e"]] {
            let all = announced(Order::Shuffled, lines, 200);
            for round in all.chunks(lines.len()) {
                assert_eq!(round.iter().collect::<BTreeSet<_>>().len(), lines.len(), "{round:?}");
            }
            let twice = all.windows(2).find(|pair| pair[0] == pair[1]);
            assert!(lines.len() == 1 || twice.is_none(), "{twice:?}");
        }
        let rounds: BTreeSet<Vec<String>> =
            announced(Order::Shuffled, &["a", "b", "c", "d"], 80).chunks(4).map(<[_]>::to_vec).collect();
        assert!(rounds.len() > 5, "{rounds:?}");
    }
}
