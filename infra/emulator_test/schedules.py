"""EventBridge Scheduler: points for watching, and what could not be delivered at once."""

import secrets

from . import rows
from .chat import ada
from .checks import check, eventually
from .owncast_events import Viewer, chat
from .world import NAME, Bot

# Fired each minute and looked at every ten seconds, and the function may have to start.
A_MINUTE = 100
INTERVAL = 10 * 60 * 1000

bob = Viewer("Bob", 3)


def fire(bot: Bot) -> None:
    """Both schedules, side by side because each makes the test wait for a minute."""
    owncast, scheduler = bot.owncast, bot.aws("scheduler")
    schedule = scheduler.get_schedule(Name="points-tick", GroupName=NAME)
    check(schedule["ScheduleExpression"] == "rate(10 minutes)", "a tick every ten minutes")
    before = rows.viewer(bot, ada.id)
    owncast.watching = [ada.user(), ada.user(), bob.user()]
    # Nobody waits ten minutes for a test. All fields are sent, as the functions will do it.
    fields = {key: schedule[key] for key in ("Name", "GroupName", "FlexibleTimeWindow", "Target", "State")}
    scheduler.update_schedule(**fields, ScheduleExpression="rate(1 minute)")

    event = secrets.token_hex(8)
    owncast.down = True
    said = len(owncast.said)
    bot.takes(chat(ada, "!sip", event))
    eventually(lambda: rows.due(bot) > 0, "a line that Owncast does not take is due again", 20)
    check(rows.outbox(bot, event) == ["pending"], "and stays in the outbox", rows.outbox(bot, event))
    owncast.down = False
    eventually(lambda: len(owncast.said) > said, "the watchdog delivers it, once Owncast is back", A_MINUTE)
    check(owncast.said[said:] == ["Ada Lovelace redeemed sip."], "as it was", owncast.said[said:])
    eventually(lambda: rows.due(bot) == 0 and rows.outbox(bot, event) == ["done"], "nothing is due any more", 10)

    eventually(lambda: rows.viewer(bot, ada.id)["last_tick"] > 0, "a tick is fired by a real schedule", A_MINUTE)
    # Back, or the second deployment would rightly find something to mend.
    scheduler.update_schedule(**fields, ScheduleExpression=schedule["ScheduleExpression"])
    paid = rows.viewer(bot, ada.id)
    slot = paid["last_tick"]
    check(slot % 60_000 == 0, "it carries its planned time", rows.slot_time(slot))
    check(paid["balance"] == before["balance"] - 1 + 10, "whoever watches in two windows is paid once", (before, paid))
    check(rows.viewer(bot, bob.id)["balance"] == 110, "whoever has never said a word is met and paid")

    # The same again, as a schedule that is tried twice sends it; then the next one.
    bot.invoke("points-tick", {"slot": rows.slot_time(slot)})
    check(rows.viewer(bot, ada.id) == paid, "the same tick again pays nobody")
    bot.invoke("points-tick", {"slot": rows.slot_time(slot + INTERVAL)})
    balances = [rows.viewer(bot, viewer.id)["balance"] for viewer in (ada, bob)]
    check(balances == [paid["balance"] + 10, 120], "the next one pays again", balances)
    check(rows.books_that_do_not_balance(bot) == [], "every balance is the sum of its ledger and its open row")
