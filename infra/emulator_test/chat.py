"""A stream with viewers: from the webhook through the table, its stream and dispatch to the chat line."""

import secrets
import time

import common
from . import rows
from .checks import check, eventually
from .owncast_events import Viewer, chat, joined, renamed, stream_started, stream_stopped
from .world import NAME, REGION, Bot

# The welcome of a new viewer, by default.
WELCOME = 100

ada = Viewer("Ada", 1)
mod = Viewer("Mo", 2, moderator=True)


def settings(bot: Bot) -> None:
    """Writes the rows of the streamer's settings, because there is no panel for them yet."""
    rows.put_reward(bot, "hydrate", 50)
    rows.put_reward(bot, "sip", 1)


def answers(bot: Bot) -> None:
    owncast = bot.owncast
    bot.takes(stream_started("Test"))
    check(rows.is_live(bot), "the stream is live")

    began = time.monotonic()
    bot.takes(chat(ada, "!points"))
    eventually(lambda: owncast.whispered, "an answer arrives through stream and dispatch", 20)
    common.say(f"      after {time.monotonic() - began:.1f} s: {owncast.whispered[-1]}")
    check(owncast.whispered == [(1, "Ada, you have 100 points")], "whispered to whom it concerns", owncast.whispered)

    event = secrets.token_hex(8)
    for _ in range(3):
        bot.takes(chat(ada, "!hydrate", event))
    eventually(lambda: "Ada redeemed hydrate." in owncast.said, "a redeem is announced to everybody", 20)
    # Time for a second announcement that must not come.
    time.sleep(2)
    check(owncast.said == ["Ada redeemed hydrate."], "a webhook that comes three times is announced once", owncast.said)
    books = rows.viewer(bot, ada.id)
    check(books["balance"] == WELCOME - 50, "and charged once", books)
    check(books["ledger"] == [("gift", WELCOME), ("redeem", -50)], "its ledger says so", books["ledger"])
    check(rows.waiting(bot) == ["hydrate"], "it waits in the queue", rows.waiting(bot))
    eventually(lambda: rows.outbox(bot, event) == ["done"], "its delivery is noted", 5)


def other_events(bot: Bot) -> None:
    """Sends the other kinds of events, so that every permission of the function is used (see permissions.fit)."""
    whispers = lambda text: [line for _, line in bot.owncast.whispered if text in line]
    bot.takes(joined(mod))
    check(rows.viewer(bot, mod.id)["balance"] == WELCOME, "a viewer who joins is registered")
    bot.takes(chat(ada, "!queue"))
    eventually(lambda: whispers("Your hydrate is number 1."), "the queue can be asked for", 20)
    bot.takes(chat(mod, "!addpoints Ada 25 for the test"))
    eventually(lambda: rows.viewer(bot, ada.id)["balance"] == WELCOME - 25, "a moderator adds points", 5)
    bot.takes(renamed(ada, "Ada Lovelace"))
    found = (rows.names_of(bot, "Ada"), rows.names_of(bot, "Ada Lovelace"))
    check(found == ([], [ada.id]), "a viewer is found by the new name only", found)
    bot.takes(stream_stopped())
    check(not rows.is_live(bot), "the stream is over")
    bot.takes(stream_started("Test again"))
    check(rows.is_live(bot), "and live again")
    check(rows.books_that_do_not_balance(bot) == [], "every balance is the sum of its ledger")


def unwritable_rows_come_again(bot: Bot) -> None:
    """The stream delivers a record again while dispatch may not write the table."""
    failures = lambda: bot.emulator.log.read_text().count("failed processing DynamoDB stream batch")
    before, said = failures(), len(bot.owncast.whispered)
    event = secrets.token_hex(8)
    with bot.refused("dispatch", "dynamodb:UpdateItem"):
        bot.takes(chat(ada, "!points", event))
        eventually(lambda: failures() >= before + 2, "a record that is reported as failed comes again", 30)
        check(rows.outbox(bot, event) == ["pending"], "and nothing is lost of it")
        check(len(bot.owncast.whispered) == said, "nor said")
    eventually(lambda: len(bot.owncast.whispered) > said, "until the table takes it", 30)
    eventually(lambda: rows.outbox(bot, event) == ["done"], "and it is done", 10)
    check(len(bot.owncast.whispered) == said + 1, "once")


def late_rows_look_for_earlier_ones(bot: Bot) -> None:
    """A batch may contain a row without the earlier ones; the stream itself does that at random."""
    event, said = secrets.token_hex(8), len(bot.owncast.whispered)
    bot.takes(chat(ada, "!points", event))
    eventually(lambda: rows.outbox(bot, event) == ["done"], "a line is said", 20)
    keys = {"pk": {"S": f"OUTBOX#owncast:{event}"}, "sk": {"S": "chat#001"}}
    bot.invoke("dispatch", {"Records": [{
        "eventID": "1", "eventName": "INSERT", "eventSource": "aws:dynamodb", "eventVersion": "1.1", "awsRegion": REGION,
        "dynamodb": {"ApproximateCreationDateTime": int(time.time()), "Keys": keys, "NewImage": keys,
                     "SequenceNumber": "1", "SizeBytes": 1, "StreamViewType": "NEW_IMAGE"},
    }]})  # fmt: skip
    check(len(bot.owncast.whispered) == said + 1, "and not again for a row that comes without it")


def every_balance_is_right(bot: Bot) -> None:
    odd = rows.books_that_do_not_balance(bot)
    check(odd == [], "every balance is still the sum of its ledger", odd)
    table = bot.aws("dynamodb").describe_table(TableName=NAME)["Table"]
    common.say(f"      in {table['ItemCount']} rows")
