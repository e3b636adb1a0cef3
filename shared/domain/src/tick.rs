//! The points that watching earns.

use crate::settings::PointsSettings;
use crate::{Account, Person, Points, Span, StreamId, Timestamp};

/// The points that one viewer earns in one tick: the base times every factor that applies, rounded down once.
#[must_use]
pub fn award(settings: &PointsSettings, person: &Person, account: &Account, now: Timestamp) -> Points {
    let factors = settings.multipliers;
    let applies = [
        (person.moderator, factors.moderator),
        (person.authenticated, factors.authenticated),
        (account.is_member(now), factors.member),
    ];
    let base = i128::from(settings.per_tick.get());
    let (total, scale) = applies
        .iter()
        .filter(|(applies, _)| *applies)
        .fold((base, 1), |(total, scale), (_, f)| (total.saturating_mul(i128::from(f.get())), scale * 100));
    i64::try_from(total / scale).ok().and_then(Points::new).unwrap_or(Points::MAX)
}

/// How a tick pays one viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentStep {
    /// Not at all: this tick, a later one, or one less than an interval before has paid already.
    Paid,
    /// Into the open row of this stream, which is the cheap case.
    Continue,
    /// As the first tick of this stream, which closes the open row of the stream before.
    Open,
}

/// How much too early a tick may come and still pay: a scheduler that rounds to whole minutes is off by less.
const EARLY: Span = Span::minutes(1);

/// The latest time of the last paid tick at which the tick at `slot` still pays. Two ticks within one
/// interval do not both pay, so that a replaced schedule, or two schedules at once, do not pay anybody twice.
#[must_use]
pub fn last_before(slot: Timestamp, interval: Span) -> Timestamp {
    let gap = Span::from_ms((interval.ms() - EARLY.ms()).max(1));
    slot.saturating_sub(gap)
}

/// How the tick planned at `slot` pays a viewer with `account` in `stream`.
#[must_use]
pub fn payment_step(account: &Account, stream: &StreamId, slot: Timestamp, interval: Span) -> PaymentStep {
    if account.last_tick.is_some_and(|last| last > last_before(slot, interval)) {
        return PaymentStep::Paid;
    }
    match &account.open {
        Some(open) if open.stream == *stream => PaymentStep::Continue,
        _ => PaymentStep::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OpenRow;
    use crate::decide::testing::person;
    use crate::settings::{Multipliers, Percent};

    #[test]
    fn factors_are_multiplied_and_rounded_once() {
        let points = |n| Points::new(n).unwrap();
        let percent = |n| Percent::new(n).unwrap();
        let settings = PointsSettings {
            per_tick: points(11),
            multipliers: Multipliers {
                moderator: percent(150),
                authenticated: percent(150),
                member: percent(200),
            },
            ..PointsSettings::default()
        };
        let now = Timestamp::from_ms(1000);
        let mut ann = person("ann");
        let mut account = Account::default();
        assert_eq!(award(&settings, &ann, &account, now), points(11));
        ann.moderator = true;
        assert_eq!(award(&settings, &ann, &account, now), points(16));
        ann.authenticated = true;
        assert_eq!(award(&settings, &ann, &account, now), points(24));
        account.member_until = Some(now.saturating_add(Span::seconds(1)));
        assert_eq!(award(&settings, &ann, &account, now), points(49));
        account.member_until = Some(now);
        assert_eq!(award(&settings, &ann, &account, now), points(24));
    }

    #[test]
    fn slot_pays_once_and_new_stream_opens_a_row() {
        let (slot, stream) = (Timestamp::from_ms(600_000), StreamId::begun_at(Timestamp::from_ms(1)));
        let interval = Span::minutes(10);
        let mut account = Account::default();
        assert_eq!(payment_step(&account, &stream, slot, interval), PaymentStep::Open);
        account.open = Some(OpenRow { stream: stream.clone(), points: Points::ZERO, seconds: 0 });
        assert_eq!(payment_step(&account, &stream, slot, interval), PaymentStep::Continue);
        account.last_tick = Some(slot);
        assert_eq!(payment_step(&account, &stream, slot, interval), PaymentStep::Paid);
        assert_eq!(
            payment_step(&account, &stream, slot.saturating_add(Span::minutes(9)), interval),
            PaymentStep::Continue
        );
        assert_eq!(
            payment_step(&account, &stream, slot.saturating_add(Span::seconds(539)), interval),
            PaymentStep::Paid
        );
        assert_eq!(
            payment_step(&account, &stream, slot.saturating_add(Span::seconds(1)), Span::seconds(5)),
            PaymentStep::Continue
        );
    }
}
