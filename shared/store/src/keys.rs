//! Every key of the table, with the access pattern that reads it.
//!
//! | Item | pk | sk | Read by |
//! |---|---|---|---|
//! | Balance: the part of a viewer that changes with every tick | `VIEWER#<id>` | `BALANCE` | command, tick (batch get) |
//! | Tombstone: replaces the balance of a viewer who is being erased | `VIEWER#<id>` | `BALANCE` | wherever a balance is read |
//! | Profile: the rest of a viewer | `VIEWER#<id>` | `PROFILE` | command (batch get) |
//! | Ledger row | `VIEWER#<id>` | `LEDGER#<ms>#<event>` | statement, the newest first (query) |
//! | Erasure record, with its progress | `FORGET` | `<viewer>` | watchdog (query) |
//! | Name pointer | `NAME#<folded name>` | `VIEWER#<id>` | "who is Ann?" (query) |
//! | Settings, category, reward | `CONFIG` | `SETTINGS#<section>`, `CATEGORY#<id>`, `REWARD#<id>` | every process, each 5 s (one query) |
//! | Command pointer: keeps commands unique | `COMMAND#<name>` | `REWARD` | condition on saving |
//! | Usage of a reward by all viewers | `REWARD#<id>` | `STATE` | use of a reward (batch get) |
//! | Usage of a reward by one viewer, or by all erased viewers together | `REWARD#<id>` | `USE#<viewer>` | use of a reward (batch get); who gave to a goal (query) |
//! | A phrase's cooldown | `PHRASE#<id>` | `STATE` | condition on answering |
//! | Waiting redemption | `QUEUE#OPEN` | `<ms>#<event>` | queue, the oldest first (query) |
//! | Finished redemption | `QUEUE#DONE#<yyyy-mm>` | `<ms>#<event>` | history of a month, the newest first (query) |
//! | Audit log | `AUDIT#<yyyy-mm>` | `<ms>#<event>` | what was changed in a month, the newest first (query) |
//! | Stream state | `STREAM` | `STATE` | command, tick |
//! | Stream record | `STREAM` | `RECORD#<id>` | list of streams (query) |
//! | Running timers, at most 10 | `TIMERS` | `STATE` | timer commands, overlays, watchdog |
//! | Progress of the announcements | `ANNOUNCEMENTS` | `STATE` | announcements |
//! | The leaderboard, as of the last tick | `BOARD` | `STATE` | `!top`, overlays |
//! | Alert of an overlay | `ALERTS` | `<ms>#<event>#<n>` | overlays, those of the last minute (query) |
//! | State of the watchdog, and since when Owncast has not responded | `HEALTH` | `WATCHDOG` | watchdog, health page |
//! | Follower | `FOLLOWER#<handle>` | `FOLLOWER` | is this follower known? (condition on following) |
//! | Outbox row; `chat#000` is also the event's receipt | `OUTBOX#<event>` | `<lane>#<nnn>` | dispatch, one lane (query) |
//! | A lane whose delivery is due | `DUE` | `<ms>#<lane>#<event>` | re-driver, the longest due first (query) |
//! | Counters of dropped and parked deliveries | `HEALTH` | `OUTBOX` | health page |
//! | Sign-in offer: a code or link that was whispered | `SIGNIN#<hash>` | `OFFER` | signing in |
//! | Link request: a panel that shows a code to type in chat | `SIGNIN#<hash>` | `LINK` | `!link`, and that panel |
//! | Session | `SESSION#<hash>` | `SESSION` | every personal page |
//! | Wrong codes from one network, or from all | `WRONG#<hash>` | `<ms>`, when counting began | signing in by code |
//! | Position in a shard of the table's stream | `LOCAL` | `STREAM#<shard>` | the local stream poller (query) |

use ownchatbot_domain::viewer::fold_name;
use ownchatbot_domain::{
    CategoryId, EventId, KeyedHash, PhraseId, Redemption, RedemptionKey, RewardId, Status, StreamId,
    Timestamp, ViewerId,
};

use crate::{Due, Lane, LaneId};

/// The prefix of a record's sort key.
pub(crate) const RECORD: &str = "RECORD#";
/// Name of the partition key.
pub const PK: &str = "pk";
/// Name of the sort key.
pub const SK: &str = "sk";
/// Name of the time-to-live attribute: when DynamoDB may delete the item, in seconds since 1970.
pub const TTL: &str = "ttl";

/// The key of one item.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

fn key(pk: impl Into<String>, sk: impl Into<String>) -> Key {
    Key { pk: pk.into(), sk: sk.into() }
}

pub(crate) fn viewer(id: &ViewerId) -> String {
    format!("VIEWER#{id}")
}

pub(crate) fn balance(id: &ViewerId) -> Key {
    key(viewer(id), "BALANCE")
}

pub(crate) fn profile(id: &ViewerId) -> Key {
    key(viewer(id), "PROFILE")
}

pub(crate) fn erasure(id: &ViewerId) -> Key {
    key(FORGET, id.as_str())
}

pub(crate) fn ledger(id: &ViewerId, at: Timestamp, event: &EventId) -> Key {
    key(viewer(id), format!("{LEDGER}{}#{event}", at.sortable()))
}

pub(crate) fn own_use(id: &ViewerId, reward: &RewardId) -> Key {
    key(uses(reward), format!("{USE}{id}"))
}

/// The partition of all usage counts of a reward.
pub(crate) fn uses(reward: &RewardId) -> String {
    format!("{REWARD}{reward}")
}

pub(crate) fn name(name: &str) -> String {
    format!("NAME#{}", fold_name(name))
}

pub(crate) fn name_pointer(text: &str, id: &ViewerId) -> Key {
    key(name(text), viewer(id))
}

pub(crate) const CONFIG: &str = "CONFIG";
pub(crate) const SETTINGS: &str = "SETTINGS#";
pub(crate) const CATEGORY: &str = "CATEGORY#";
pub(crate) const REWARD: &str = "REWARD#";
pub(crate) const LEDGER: &str = "LEDGER#";
pub(crate) const USE: &str = "USE#";
pub(crate) const STATE: &str = "STATE";
pub(crate) const STREAM: &str = "STREAM";
pub(crate) const VIEWER: &str = "VIEWER#";
pub(crate) const QUEUE_OPEN: &str = "QUEUE#OPEN";
pub(crate) const FORGET: &str = "FORGET";
pub(crate) const DUE: &str = "DUE";
pub(crate) const OUTBOX: &str = "OUTBOX#";

pub(crate) fn settings(section: &str) -> Key {
    key(CONFIG, format!("{SETTINGS}{section}"))
}

pub(crate) fn category(id: &CategoryId) -> Key {
    key(CONFIG, format!("{CATEGORY}{id}"))
}

pub(crate) fn reward(id: &RewardId) -> Key {
    key(CONFIG, format!("{REWARD}{id}"))
}

pub(crate) fn command(name: &str) -> Key {
    key(format!("COMMAND#{name}"), "REWARD")
}

pub(crate) fn reward_state(id: &RewardId) -> Key {
    key(uses(id), STATE)
}

/// The time at the beginning of a sort key; `None` where there is none.
pub(crate) fn time_of(sk: &str) -> Option<Timestamp> {
    sk.split('#').next()?.parse().ok().map(Timestamp::from_ms)
}

fn date(at: Timestamp) -> jiff::civil::Date {
    jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::from_millisecond(at.ms()).unwrap_or_default()).date()
}

fn month(prefix: &str, day: jiff::civil::Date) -> String {
    format!("{prefix}{:04}-{:02}", day.year(), day.month())
}

/// The partition of the finished redemptions that were paid for in the month of `at`.
pub(crate) fn queue_done(at: Timestamp) -> String {
    month("QUEUE#DONE#", date(at))
}

/// The partition of the finished redemptions that were paid for in the month before that of `at`.
pub(crate) fn queue_done_before(at: Timestamp) -> String {
    month("QUEUE#DONE#", date(at).first_of_month().saturating_sub(jiff::Span::new().days(1)))
}

/// The partition of the audit log's month that `at` is in.
pub(crate) fn audit_month(at: Timestamp) -> String {
    month("AUDIT#", date(at))
}

/// The audit log's row of the configuration change that `event` made at `at`.
pub(crate) fn audit(at: Timestamp, event: &EventId) -> Key {
    key(audit_month(at), format!("{}#{event}", at.sortable()))
}

/// The start of the month after that of `at`, in UTC.
pub(crate) fn month_after(at: Timestamp) -> Timestamp {
    let first = date(at).last_of_month().saturating_add(jiff::Span::new().days(1));
    let first = jiff::tz::Offset::UTC.to_timestamp(first.into()).unwrap_or(jiff::Timestamp::MAX);
    Timestamp::from_ms(first.as_millisecond())
}

pub(crate) fn queue_entry(entry: &RedemptionKey, status: Status) -> Key {
    let sk = format!("{}#{}", entry.at.sortable(), entry.event);
    match status {
        Status::Waiting => key(QUEUE_OPEN, sk),
        Status::Fulfilled | Status::Refunded => key(queue_done(entry.at), sk),
    }
}

pub(crate) fn redemption(entry: &Redemption) -> Key {
    queue_entry(&entry.key(), entry.status)
}

pub(crate) fn stream_state() -> Key {
    key(STREAM, STATE)
}

pub(crate) fn stream_record(id: &StreamId) -> Key {
    key(STREAM, format!("{RECORD}{id}"))
}

pub(crate) fn phrase_state(id: &PhraseId) -> Key {
    key(format!("PHRASE#{id}"), STATE)
}

pub(crate) fn timers() -> Key {
    key("TIMERS", STATE)
}

pub(crate) fn announcements() -> Key {
    key("ANNOUNCEMENTS", STATE)
}

pub(crate) fn board() -> Key {
    key("BOARD", STATE)
}

pub(crate) fn follower(handle: &str) -> Key {
    key(format!("FOLLOWER#{handle}"), "FOLLOWER")
}

pub(crate) fn outbox(event: &EventId) -> String {
    format!("{OUTBOX}{event}")
}

pub(crate) fn outbox_row(lane: &LaneId, n: u32) -> Key {
    key(outbox(&lane.event), format!("{}{n:03}", lane_rows(lane.lane)))
}

/// The receipt of an event: its presence means that the event was handled.
pub(crate) fn receipt(event: &EventId) -> Key {
    outbox_row(&LaneId { event: event.clone(), lane: Lane::Chat }, 0)
}

/// The prefix of the sort keys of a lane's rows.
pub(crate) fn lane_rows(lane: Lane) -> String {
    format!("{}#", lane.name())
}

pub(crate) fn due(due: &Due) -> Key {
    key(DUE, format!("{}#{}#{}", due.at.sortable(), due.lane.lane.name(), due.lane.event))
}

pub(crate) const ALERTS: &str = "ALERTS";

pub(crate) fn alert(at: Timestamp, event: &EventId, place: usize) -> Key {
    key(ALERTS, format!("{}#{event}#{place}", at.sortable()))
}

pub(crate) fn watchdog() -> Key {
    key("HEALTH", "WATCHDOG")
}

pub(crate) fn outbox_health() -> Key {
    key("HEALTH", "OUTBOX")
}

fn sign_in(proof: &KeyedHash) -> String {
    format!("SIGNIN#{proof}")
}

pub(crate) fn offer(proof: &KeyedHash) -> Key {
    key(sign_in(proof), "OFFER")
}

pub(crate) fn link_request(proof: &KeyedHash) -> Key {
    key(sign_in(proof), "LINK")
}

pub(crate) fn session(id: &KeyedHash) -> Key {
    key(format!("SESSION#{id}"), "SESSION")
}

pub(crate) fn wrong_codes(who: &KeyedHash, window: Timestamp) -> Key {
    key(format!("WRONG#{who}"), window.sortable())
}

pub(crate) const LOCAL: &str = "LOCAL";
pub(crate) const STREAM_POSITION: &str = "STREAM#";

pub(crate) fn stream_position(shard: &str) -> Key {
    key(LOCAL, format!("{STREAM_POSITION}{shard}"))
}

/// Parses the key of an outbox row, as it comes in the table's stream. `None` for any other item.
#[must_use]
pub fn parse_outbox_row(pk: &str, sk: &str) -> Option<(LaneId, u32)> {
    let event = EventId::parse(pk.strip_prefix(OUTBOX)?).ok()?;
    let (lane, n) = sk.split_once('#')?;
    Some((LaneId { event, lane: Lane::named(lane)? }, n.parse().ok()?))
}

pub(crate) fn parse_due(sk: &str) -> Option<Due> {
    let mut parts = sk.splitn(3, '#');
    let at = Timestamp::from_ms(parts.next()?.parse().ok()?);
    let lane = Lane::named(parts.next()?)?;
    Some(Due { at, lane: LaneId { event: EventId::parse(parts.next()?).ok()?, lane } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ownchatbot_domain::Source;

    #[test]
    fn outbox_and_due_keys_parse_back() {
        let event = EventId::new(Source::Owncast, "abc:1").unwrap();
        let lane = LaneId { event: event.clone(), lane: Lane::Hook };
        let row = outbox_row(&lane, 2);
        assert_eq!((row.pk.as_str(), row.sk.as_str()), ("OUTBOX#owncast:abc:1", "hook#002"));
        assert_eq!(parse_outbox_row(&row.pk, &row.sk), Some((lane.clone(), 2)));
        assert_eq!(parse_outbox_row("VIEWER#x", "BALANCE"), None);
        let entry = Due { at: Timestamp::from_ms(1_700_000_000_000), lane };
        assert_eq!(parse_due(&due(&entry).sk), Some(entry));
    }

    #[test]
    fn finished_redemptions_are_stored_by_month() {
        let event = EventId::new(Source::Owncast, "e").unwrap();
        let entry = RedemptionKey { at: Timestamp::from_ms(1_790_000_000_000), event };
        assert_eq!(queue_entry(&entry, Status::Refunded).pk, "QUEUE#DONE#2026-09");
        assert_eq!(queue_entry(&entry, Status::Waiting).pk, "QUEUE#OPEN");
        assert_eq!(queue_done_before(entry.at), "QUEUE#DONE#2026-08");
        // The last millisecond of one year, and the first of the next.
        for (ms, month, before) in
            [(1_798_761_599_999, "2026-12", "2026-11"), (1_798_761_600_000, "2027-01", "2026-12")]
        {
            let at = Timestamp::from_ms(ms);
            assert_eq!(queue_done(at), format!("QUEUE#DONE#{month}"));
            assert_eq!(queue_done_before(at), format!("QUEUE#DONE#{before}"));
        }
        for ms in [1_796_083_200_000, 1_798_761_599_999] {
            assert_eq!(month_after(Timestamp::from_ms(ms)).ms(), 1_798_761_600_000, "December 2026");
        }
        assert_eq!(time_of("1798761600000#click:a#0"), Some(Timestamp::from_ms(1_798_761_600_000)));
        assert_eq!(time_of("1798761600000"), Some(Timestamp::from_ms(1_798_761_600_000)));
        assert_eq!(time_of("nonsense"), None);
    }
}
