//! Moderators set timers.

use super::Scene;
use crate::command::TimerCommand;
use crate::placeholders::spoken;
use crate::text::{self, Text};
use crate::timer::{LONGEST, LONGEST_NAME, MOST_TIMERS, SHORTEST, Timer, Timers};
use crate::{Change, Decision, Effect, Schedule, Span, Task, Timing};

pub(super) fn decide(scene: &Scene<'_>, command: &TimerCommand, timers: &Timers) -> Decision {
    if !scene.asker.moderator {
        return scene.answer(&text::moderators_command(scene.name(), scene.prefix(), "timer"));
    }
    let outcome = match command {
        TimerCommand::HowTo => Err(text::timer_howto(scene.prefix())),
        TimerCommand::List if timers.running.is_empty() => Err(text::timer_none(scene.prefix())),
        TimerCommand::List => Err(text::timer_list(list(scene, timers))),
        TimerCommand::Set { length, name } => set(scene, *length, name, timers),
        TimerCommand::Cancel { which } => cancel(scene, which, timers),
    };
    outcome.unwrap_or_else(|answer| scene.answer(&answer))
}

fn set(scene: &Scene<'_>, length: Span, name: &str, timers: &Timers) -> Result<Decision, Text> {
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Err(text::timer_length(spoken(SHORTEST), spoken(LONGEST)));
    }
    let characters = name.chars().count();
    if characters > LONGEST_NAME {
        return Err(text::timer_name_too_long(characters, LONGEST_NAME));
    }
    if timers.running.len() >= MOST_TIMERS {
        return Err(text::timer_too_many(MOST_TIMERS, list(scene, timers)));
    }
    let timer = Timer {
        id: scene.event.clone(),
        name: name.to_owned(),
        set_at: scene.now,
        ends: scene.now.plus(length),
    };
    let wake = Timing::Once { at: timer.wake_at(scene.now) };
    let schedule = Schedule { task: Task::Timer(timer.id.clone()), timing: wake };
    let said = match name {
        "" => text::timer_set_unnamed(length),
        name => text::timer_set(name, length),
    };
    let mut running = timers.running.clone();
    running.push(timer);
    running.sort_by(|a, b| (a.ends, &a.id).cmp(&(b.ends, &b.id)));
    Ok(Decision {
        changes: vec![Change::SetTimers { version: timers.version, running }],
        effects: vec![Effect::Say(said.chat()), Effect::Schedule(schedule)],
    })
}

/// Cancels the timer that is called or numbered `which`; without anything the only one that runs.
fn cancel(scene: &Scene<'_>, which: &str, timers: &Timers) -> Result<Decision, Text> {
    if timers.running.is_empty() {
        return Err(text::timer_none(scene.prefix()));
    }
    let wanted = which.to_lowercase();
    let called: Vec<&Timer> = timers
        .running
        .iter()
        .filter(|timer| which.is_empty() || timer.name.to_lowercase() == wanted)
        .collect();
    let timer = match called.as_slice() {
        [one] => *one,
        [] => numbered(which, timers).ok_or_else(|| text::timer_unknown(which, list(scene, timers)))?,
        _ => return Err(text::timer_ambiguous(scene.prefix(), list(scene, timers))),
    };
    let said = match timer.name.as_str() {
        "" => text::timer_cancelled_unnamed(),
        name => text::timer_cancelled(name),
    };
    let running = timers.running.iter().filter(|other| other.id != timer.id).cloned().collect();
    Ok(Decision {
        changes: vec![Change::SetTimers { version: timers.version, running }],
        effects: vec![Effect::Say(said.chat()), Effect::Unschedule(Task::Timer(timer.id.clone()))],
    })
}

/// The timer with this number in the list, counted from 1.
fn numbered<'a>(text: &str, timers: &'a Timers) -> Option<&'a Timer> {
    let place = text.parse::<usize>().ok()?.checked_sub(1)?;
    timers.running.get(place)
}

fn list(scene: &Scene<'_>, timers: &Timers) -> String {
    let line = |(timer, number): (&Timer, usize)| {
        let left = timer.ends.since(scene.now);
        match timer.name.as_str() {
            "" => format!("{number}: in {left}"),
            name => format!("{number}: {name} in {left}"),
        }
    };
    timers.running.iter().zip(1..).map(line).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
