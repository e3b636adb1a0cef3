//! Moderators set, list and cancel timers.

use super::CommandContext;
use crate::command::TimerCommand;
use crate::message::{self, Arg, Message};
use crate::timer::{LONGEST, LONGEST_NAME, MAX_TIMERS, SHORTEST, Timer, Timers};
use crate::{Change, Decision, Effect, Schedule, Span, StreamChange, Task, Timing};

pub(super) fn decide(context: &CommandContext<'_>, command: &TimerCommand, timers: &Timers) -> Decision {
    if !context.asker.moderator {
        return context.answer(message::moderators_command(context.name(), context.prefix(), "timer"));
    }
    let outcome = match command {
        TimerCommand::List if timers.running.is_empty() => Err(message::timer_none(context.prefix())),
        TimerCommand::List => Err(message::timer_list(list(context, timers))),
        TimerCommand::Set { length, name } => set(context, *length, name, timers),
        TimerCommand::Cancel { which } => cancel(context, which, timers),
    };
    outcome.unwrap_or_else(|answer| context.answer(answer))
}

fn set(context: &CommandContext<'_>, length: Span, name: &str, timers: &Timers) -> Result<Decision, Message> {
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Err(message::timer_length(Arg::About(SHORTEST), Arg::About(LONGEST)));
    }
    let characters = name.chars().count();
    if characters > LONGEST_NAME {
        return Err(message::timer_name_too_long(characters, LONGEST_NAME));
    }
    if timers.running.len() >= MAX_TIMERS {
        return Err(message::timer_too_many(MAX_TIMERS, list(context, timers)));
    }
    let timer = Timer {
        id: context.event.clone(),
        name: name.to_owned(),
        set_at: context.now,
        ends: context.now.saturating_add(length),
    };
    let wake = Timing::Once { at: timer.wake_at(context.now) };
    let schedule = Schedule { task: Task::Timer(timer.id.clone()), timing: wake };
    let message = match name {
        "" => message::timer_set_unnamed(Arg::Countdown(length)),
        name => message::timer_set(name, Arg::Countdown(length)),
    };
    let mut running = timers.running.clone();
    running.push(timer);
    running.sort_by(|a, b| (a.ends, &a.id).cmp(&(b.ends, &b.id)));
    Ok(Decision {
        changes: vec![Change::Stream(StreamChange::SetTimers { version: timers.version, running })],
        effects: vec![Effect::Say(message), Effect::Schedule(schedule)],
    })
}

/// Cancels the timer with the name or number `which`; if `which` is empty, the only running timer.
fn cancel(context: &CommandContext<'_>, which: &str, timers: &Timers) -> Result<Decision, Message> {
    if timers.running.is_empty() {
        return Err(message::timer_none(context.prefix()));
    }
    let wanted = which.to_lowercase();
    let called: Vec<&Timer> = timers
        .running
        .iter()
        .filter(|timer| which.is_empty() || timer.name.to_lowercase() == wanted)
        .collect();
    let timer = match called.as_slice() {
        [one] => *one,
        [] => numbered(which, timers).ok_or_else(|| message::timer_unknown(which, list(context, timers)))?,
        _ => return Err(message::timer_ambiguous(context.prefix(), list(context, timers))),
    };
    let message = match timer.name.as_str() {
        "" => message::timer_cancelled_unnamed(),
        name => message::timer_cancelled(name),
    };
    let running = timers.running.iter().filter(|other| other.id != timer.id).cloned().collect();
    Ok(Decision {
        changes: vec![Change::Stream(StreamChange::SetTimers { version: timers.version, running })],
        effects: vec![Effect::Say(message), Effect::Unschedule(Task::Timer(timer.id.clone()))],
    })
}

/// The timer with this number in the list, counted from 1.
fn numbered<'a>(text: &str, timers: &'a Timers) -> Option<&'a Timer> {
    let place = text.parse::<usize>().ok()?.checked_sub(1)?;
    timers.running.get(place)
}

fn list(context: &CommandContext<'_>, timers: &Timers) -> Vec<Message> {
    let item = |(timer, number): (&Timer, usize)| {
        let left = Arg::Countdown(timer.ends.since(context.now));
        match timer.name.as_str() {
            "" => message::timer_item_unnamed(number, left),
            name => message::timer_item(number, name, left),
        }
    };
    timers.running.iter().zip(1..).map(item).collect()
}

#[cfg(test)]
mod tests;
