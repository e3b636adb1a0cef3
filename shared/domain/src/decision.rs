//! What a decision consists of: changes of state and effects on the outside, written together or not at all.

use crate::reward::Guard;
use crate::text::Text;
use crate::timer::Timer;
use crate::{
    Action, Alert, Cause, ClientId, Delta, EventId, KeyedHash, Person, PhraseId, Points, Profile, Redemption,
    RewardId, Schedule, Status, StreamId, Task, Timestamp, ViewerId,
};

/// What a command or an event leads to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decision {
    /// What changes here.
    pub changes: Vec<Change>,
    /// What is to be done outside once it has changed; delivered from the outbox, in this order within a lane.
    pub effects: Vec<Effect>,
}

impl Decision {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.effects.is_empty()
    }
}

/// A change of state. Each is relative and carries its own condition, so that racing events commute, or one of
/// them is decided again; none writes a balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A viewer is met for the first time. Holds only if nobody else has met them.
    Arrive {
        /// Who.
        person: Person,
        /// What they start with.
        welcome: Points,
    },
    /// A viewer has another name, or other rights.
    Refresh {
        /// The name we knew.
        known_as: String,
        /// Who it is now.
        person: Person,
    },
    /// A viewer was here.
    Seen {
        /// Who.
        viewer: ViewerId,
    },
    /// Points move. Holds only if the balance stays between 0 and [`Points::MAX`].
    Move {
        /// Whose.
        viewer: ViewerId,
        /// How many, and in which direction.
        delta: Delta,
        /// Why.
        cause: Cause,
    },
    /// A reward is used. Holds only under both conditions.
    Use {
        /// Which.
        reward: RewardId,
        /// By whom.
        viewer: ViewerId,
        /// For how many points.
        points: Points,
        /// In which stream it counts.
        stream: StreamId,
        /// The condition on everybody's use of it.
        everybody: Guard,
        /// The condition on this viewer's.
        own: Guard,
    },
    /// A use is taken back: counts, limits, stock and cooldown.
    RevertUse {
        /// The redemption that is taken back.
        redemption: Redemption,
        /// What to mend in everybody's use.
        everybody: UsageRollback,
        /// What to mend in the viewer's.
        own: UsageRollback,
    },
    /// Something is paid for. It waits in the queue, or counts as fulfilled at once.
    Enqueue(Redemption),
    /// Something paid for is fulfilled or refunded. Holds only if it still stands where it stood.
    Close {
        /// As it stood.
        redemption: Redemption,
        /// What becomes of it.
        to: Status,
    },
    /// A stream begins. Holds only if nothing newer is known.
    StartStream {
        /// Its id.
        stream: StreamId,
        /// Its title, unless a later one is known already.
        title: Option<String>,
    },
    /// The stream ends. Holds only if nothing newer is known.
    StopStream {
        /// Which; `None` when its beginning is not known.
        stream: Option<StreamId>,
    },
    /// A broadcast goes on with the newest stream. Holds only if nothing newer is known.
    ResumeStream {
        /// Which.
        stream: StreamId,
        /// Its title, unless a later one is known already.
        title: Option<String>,
    },
    /// The stream has lasted long enough to count for watch streaks. Holds only while it is the newest.
    CountStream {
        /// Which.
        stream: StreamId,
        /// All that count, this one included.
        counted: Vec<StreamId>,
    },
    /// A tick has paid. Holds only for a slot later than the last, and, where it says so, only for a new peak.
    RecordTick {
        /// The stream.
        stream: StreamId,
        /// The tick's planned time.
        slot: Timestamp,
        /// Viewers in chat.
        present: u64,
        /// What all of them got.
        paid: Points,
        /// Whether more are in chat than ever before in this stream.
        peak: bool,
    },
    /// What was spent in a stream, as counted now.
    SumUp {
        /// Which.
        stream: StreamId,
        /// Points.
        spent: Points,
        /// Uses of rewards.
        redeems: u64,
    },
    /// The bot says one of its lines. Holds only if no other has been said since.
    Announce {
        /// How many had been said before.
        said: u64,
    },
    /// The bot answers a phrase. Holds only if it has rested.
    AnswerPhrase {
        /// Which.
        phrase: PhraseId,
        /// The last answer is not later than this.
        rested_since: Timestamp,
    },
    /// Timers are set, cancelled, or end. Holds only if nobody else has changed them.
    SetTimers {
        /// The version that was read.
        version: u64,
        /// Those that run from now on, the first to end first.
        running: Vec<Timer>,
    },
    /// The end of a vote or a goal has been announced. Holds only if it was not.
    EndReward {
        /// Which.
        reward: RewardId,
        /// The end.
        ends: Timestamp,
    },
    /// Contributions go back to their givers. Holds only while they are what was read. The points move by
    /// [`Change::Move`].
    GiveBack {
        /// The goal.
        reward: RewardId,
        /// The givers and what each had given.
        givers: Vec<Contribution>,
    },
    /// A viewer gives points to another. Holds only if the giver has them and stays within the day's limit.
    Give {
        /// Who gives.
        from: ViewerId,
        /// Who gets.
        to: ViewerId,
        /// How many.
        points: Points,
        /// The day, counted from 1970 in UTC.
        day: i64,
        /// Whether the giver had given something on this day already, as read.
        same_day: bool,
        /// At most this much may have been given on this day before; nothing for no limit.
        given_at_most: Option<Points>,
    },
    /// A viewer leaves the boards, or comes back.
    HideFromBoards {
        /// Who.
        viewer: ViewerId,
        /// Whether they are not shown any more.
        hidden: bool,
    },
    /// The note of a redemption is hidden, or shown again.
    HideNote {
        /// Which redemption, as it stood.
        redemption: Redemption,
        /// Whether it is hidden from now on.
        hidden: bool,
    },
    /// The stream has another title. Holds only if no newer one is known.
    Retitle {
        /// The new title.
        title: String,
    },
    /// A viewer is let into the panel, by whoever knows what one of the proof_hashes is the hash of. Each door opens once.
    OfferSignIn {
        /// Who.
        viewer: ViewerId,
        /// The epoch of their sessions. It lets nobody in once that is another.
        epoch: u64,
        /// The hashes.
        proof_hashes: Vec<KeyedHash>,
        /// Until when.
        until: Timestamp,
    },
    /// The panel that waits behind a door is a viewer's. Holds only while it waits.
    Link {
        /// The hash of the code that it shows.
        proof: KeyedHash,
        /// Whose it is.
        viewer: ViewerId,
        /// The epoch of their sessions. It lets nobody in once that is another.
        epoch: u64,
    },
    /// Every session of a viewer ends.
    EndSessions {
        /// Who.
        viewer: ViewerId,
    },
    /// A viewer is to be forgotten: profile, name and balance go at once, and nothing of theirs can be used or paid until
    /// the rest is gone. Holds only while they are who was read.
    BeginErasure {
        /// Who.
        profile: Profile,
    },
    /// Nothing changes. Holds only while the viewer is being forgotten, as began then.
    ErasureInProgress {
        /// Who.
        viewer: ViewerId,
        /// When it began.
        since: Timestamp,
    },
    /// Somebody on the Fediverse follows; counted once however often they come back.
    Follow {
        /// Their handle.
        handle: String,
        /// Their name.
        name: String,
    },
}

/// What a viewer has given to a goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// Who.
    pub viewer: ViewerId,
    /// How many points.
    pub points: Points,
    /// In how many contributions.
    pub count: u64,
}

/// What a refund has to mend in a [`crate::Usage`], as it was when read; holds only while that is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UsageRollback {
    /// The count of the stream is still that of the redemption's stream.
    pub same_stream: bool,
    /// The newest use is the one that is taken back, so that its cooldown ends with it.
    pub newest: bool,
}

/// What a page answers to whoever asked there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Whether it happened.
    pub done: bool,
    /// What to tell them, as plain text.
    pub line: String,
}

impl Reply {
    /// What they asked for has happened.
    #[must_use]
    pub fn done(text: &Text) -> Self {
        Self { done: true, line: text.to_reader() }
    }

    /// It has not, and this is why.
    #[must_use]
    pub fn refused(text: &Text) -> Self {
        Self { done: false, line: text.to_reader() }
    }
}

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A line for everybody in chat, in chat markup.
    Say(String),
    /// A line for one connection, in chat markup.
    Whisper {
        /// Which.
        client: ClientId,
        /// What.
        line: String,
    },
    /// The code and the link of the sign-in that the event has offered, for one connection, if it is the viewer's.
    SignIn {
        /// Which.
        client: ClientId,
        /// Whose it must be.
        viewer: ViewerId,
        /// After this it is not sent any more.
        by: Timestamp,
    },
    /// Whoever asked on a page is told. Kept with the event's receipt, so that a repeat is told the same.
    Reply(Reply),
    /// Overlays show it.
    Show(Alert),
    /// Something is to happen by the clock from now on.
    Schedule(Schedule),
    /// Something is no longer to happen by the clock.
    Unschedule(Task),
    /// The action of a special.
    Act {
        /// What the machine does.
        action: Action,
        /// The redemption that paid for it: a stable id for the receiver.
        event: EventId,
        /// The reward's name.
        reward: String,
        /// The viewer's name.
        viewer: String,
        /// What the viewer wrote.
        note: Option<String>,
    },
}
