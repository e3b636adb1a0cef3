"""Schedules: points for watching, announcements, timers, goals, and the watchdog."""

import secrets
import time
from datetime import datetime, timezone

from . import rows
from .chat import ada, mod
from .checks import check, eventually
from .owncast_events import Viewer, chat, now, stream_started, stream_stopped
from .world import NAME, Bot

# A schedule fires each minute and is checked every two seconds, and the function may have a cold start.
A_MINUTE = 80
# The cache TTL of settings in a warm function, in seconds.
SETTINGS_AGE = 6

# The age at which the watchdog takes a message of Owncast's history for a lost one, in seconds.
ON_ITS_WAY = 22

# The goal in the text is read for each announcement.
LINE = "Drink some water. {goal}"

bob = Viewer("Bob", 3)


def state(bot: Bot, name: str) -> tuple:
    """Whether a schedule is enabled, and its interval."""
    schedule = bot.schedule(name)
    return schedule.get("State"), schedule.get("ScheduleExpression")


def minute() -> str:
    """The planned time of the watchdog's run in this minute."""
    return rows.slot_time(int(time.time() // 60 * 60_000))


def follow_the_stream(bot: Bot) -> None:
    """Going live and offline enables and disables the recurring schedules, through the outbox."""
    eventually(lambda: state(bot, "points-tick") == ("ENABLED", "rate(10 minutes)"), "the ticks of a live stream are on", 20)
    ahead = bot.schedule("points-tick")["StartDate"] - datetime.now(timezone.utc)
    check(570 < ahead.total_seconds() < 602, "the first is one interval ahead", ahead)
    check(state(bot, "announcements")[0] != "ENABLED", "with nothing to announce, nothing is announced", state(bot, "announcements"))

    rows.put_goal(bot, "candle", 1000)
    rows.put_points(bot, 60)
    rows.put_announcements(bot, 60, LINE)
    time.sleep(SETTINGS_AGE)
    bot.takes(stream_stopped())
    off = lambda: [state(bot, name)[0] for name in ("points-tick", "announcements")] == ["DISABLED", "DISABLED"]
    eventually(off, "a stream that ends switches ticks and announcements off", 20)
    bot.takes(stream_started("Test once more"))
    on = ("ENABLED", "rate(1 minute)")
    both = lambda: (state(bot, "points-tick"), state(bot, "announcements")) == (on, on)
    eventually(both, "the next one switches both on, as the settings say now", 20)
    target = bot.schedule("points-tick")["Target"]
    check(target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 300, "MaximumRetryAttempts": 2}, "no tick pays for yesterday", target)
    check("ScheduleDeadLetters" in target["DeadLetterConfig"]["Arn"], "what fails to the end is kept", target)


def timers(bot: Bot) -> int:
    """The number of timers with a schedule."""
    listed = bot.aws("scheduler").list_schedules(GroupName=NAME)["Schedules"]
    return sum(1 for one in listed if one["GroupName"] == NAME and one["Name"].startswith("timer-"))


def set_and_cancel(bot: Bot) -> None:
    """Cancels timers. The last one's schedule is kept, so that the watchdog must delete it."""
    bot.takes(chat(mod, "!timer 1h bread"))
    eventually(lambda: timers(bot) == 1, "a timer has a schedule of its own", 20)
    bot.takes(chat(mod, "!timer cancel bread"))
    eventually(lambda: timers(bot) == 0, "which goes when it is cancelled", 20)
    bot.takes(chat(mod, "!timer 1h cake"))
    eventually(lambda: timers(bot) == 1, "another one has one too", 20)
    with bot.refused("dispatch", "scheduler:DeleteSchedule"):
        bot.takes(chat(mod, "!timer cancel cake"))
        eventually(lambda: rows.due(bot) > 0, "a schedule that cannot be taken away is due again", 20)


def fire(bot: Bot) -> None:
    """Checks the schedules that take a minute at the same time."""
    owncast = bot.owncast
    before = rows.viewer(bot, ada.id)
    owncast.watching = [ada.user(), ada.user(), bob.user()]
    bot.takes(chat(mod, "!candle 5"))
    set_and_cancel(bot)
    bot.takes(chat(mod, "!timer 20s tea"))
    eventually(lambda: timers(bot) == 2, "a timer that is to end is set", 20)

    event = secrets.token_hex(8)
    owncast.down = True
    bot.takes(chat(ada, "!sip", event))
    eventually(lambda: rows.due(bot) > 1, "a line that Owncast does not take is due again", 20)
    check(rows.outbox(bot, event) == ["pending"], "and stays in the outbox", rows.outbox(bot, event))
    owncast.down = False
    redeemed = "Ada Lovelace redeemed sip."
    eventually(lambda: redeemed in owncast.said, "the watchdog delivers it, once Owncast is back", A_MINUTE)
    eventually(lambda: rows.due(bot) == 0 and rows.outbox(bot, event) == ["done"], "nothing is due any more", 10)

    eventually(lambda: "Time is up: tea" in owncast.said, "the timer ends", A_MINUTE)
    eventually(lambda: timers(bot) == 0, "and no schedule of a timer is left", A_MINUTE)
    eventually(lambda: rows.viewer(bot, ada.id)["last_tick"] > 0, "a tick is fired by a real schedule", A_MINUTE)
    # One tick is enough.
    owncast.watching = []
    announced = lambda: [line for line in owncast.said if line.startswith("Drink some water. candle: 5 of 1")]
    eventually(announced, "so is an announcement", A_MINUTE)
    counts = [owncast.said.count(line) for line in (redeemed, "Time is up: tea")]
    check(counts == [1, 1], "everything is said once", owncast.said)

    paid = rows.viewer(bot, ada.id)
    slot = paid["last_tick"]
    start = int(bot.schedule("points-tick")["StartDate"].timestamp() * 1000)
    check(slot >= start and (slot - start) % 60_000 == 0, "it carries its planned time", rows.slot_time(slot))
    check(paid["balance"] == before["balance"] - 1 + 10, "a viewer with two windows is paid once", (before, paid))
    check(rows.viewer(bot, bob.id)["balance"] == 110, "a viewer who has never written is registered and paid")

    # The same run again, as a retried schedule sends it; then a later one.
    owncast.watching = [ada.user(), bob.user()]
    bot.invoke("points-tick", {"slot": rows.slot_time(slot)})
    check(rows.viewer(bot, ada.id)["balance"] == paid["balance"], "the same tick again pays no viewer")
    bot.invoke("points-tick", {"slot": rows.slot_time(slot + 60_000)})
    balances = [rows.viewer(bot, viewer.id)["balance"] for viewer in (ada, bob)]
    check(balances == [paid["balance"] + 10, 120], "the next one pays again", balances)
    owncast.watching = []
    check(rows.books_that_do_not_balance(bot) == [], "every balance is the sum of its ledger and its open row")


def end(bot: Bot) -> None:
    """The end of a goal, invoked as its schedule would do it. No panel can set an end yet."""
    balance = rows.viewer(bot, mod.id)["balance"]
    ended = int(time.time()) - 1
    rows.put_goal(bot, "candle", 1000, ended)
    for _ in range(2):
        bot.invoke("deadlines", {"task": "deadline:candle", "slot": rows.slot_time(ended * 1000)})
    missed = lambda: [line for line in bot.owncast.said if line.startswith("The time for candle has run out")]
    eventually(missed, "a missed goal has ended", 20)
    eventually(lambda: rows.viewer(bot, mod.id)["balance"] == balance + 5, "who gave to it has it back", 20)
    # Time for a second line that must not come.
    time.sleep(2)
    check(len(missed()) == 1, "once", missed())
    check(rows.viewer(bot, mod.id)["balance"] == balance + 5, "and once")


def mend(bot: Bot) -> None:
    """Webhooks that are lost, and schedules that were changed by others."""
    owncast = bot.owncast
    bot.takes(stream_stopped())
    eventually(lambda: state(bot, "points-tick")[0] == "DISABLED", "the stream is off", 20)
    owncast.streams(True, now())
    # The watchdog calls Owncast every fifth minute, which is too long for a test.
    bot.invoke("watchdog", {"slot": "2026-01-01T00:05:00Z"})
    check(rows.is_live(bot), "the watchdog mends a STREAM_STARTED that was lost")
    eventually(lambda: state(bot, "points-tick")[0] == "ENABLED", "and the ticks are on", 20)
    bot.aws("scheduler").delete_schedule(Name="points-tick", GroupName=NAME)
    bot.invoke("watchdog", {"slot": minute()})
    check(state(bot, "points-tick") == ("ENABLED", "rate(1 minute)"), "a schedule that somebody took away is back")

    owncast.history = [chat(bob, "!points")["eventData"] | {"type": "CHAT"}]
    # The webhook of a newer message may still arrive.
    time.sleep(ON_ITS_WAY)
    bot.invoke("watchdog", {"slot": minute()})
    eventually(lambda: any("Bob, you have" in line for line in owncast.said), "a command whose webhook was lost is answered", 20)
    owncast.history = []
    owncast.streams(False, now())
    bot.invoke("watchdog", {"slot": minute()})
    check(not rows.is_live(bot), "a STREAM_STOPPED that was lost is mended too")
    eventually(lambda: state(bot, "points-tick")[0] == "DISABLED", "and the ticks are off", 20)
