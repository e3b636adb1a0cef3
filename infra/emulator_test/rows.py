"""The rows of the table, as shared/store writes them. No other part of this test knows them."""

import json
import time
from decimal import Decimal

from .world import NAME, Bot


def put_reward(bot: Bot, identifier: str, price: int) -> None:
    """A redeem, as it is saved (shared/store/src/rows/config.rs, commit/configuration.rs)."""
    dynamodb = bot.aws("dynamodb")
    dynamodb.put_item(TableName=NAME, Item={
        "pk": {"S": "CONFIG"}, "sk": {"S": f"REWARD#{identifier}"}, "kind": {"S": "reward"}, "v": {"N": "1"},
        "command": {"S": identifier}, "price": {"N": str(price)}, "description": {"S": ""}, "categories": {"L": []},
        "enabled": {"BOOL": True}, "only_live": {"BOOL": False}, "access": {"S": "everybody"}, "note": {"S": "none"},
        "type": {"S": "redeem"}, "skip_queue": {"BOOL": False},
    })  # fmt: skip
    dynamodb.put_item(TableName=NAME, Item={
        "pk": {"S": f"COMMAND#{identifier}"}, "sk": {"S": "REWARD"}, "kind": {"S": "command"}, "reward": {"S": identifier},
    })  # fmt: skip


def put_goal(bot: Bot, identifier: str, target: int, ends: int | None = None) -> None:
    """A goal that refunds its contributions when it is missed. `ends` is in seconds since 1970."""
    put_reward(bot, identifier, 1)
    bot.aws("dynamodb").update_item(
        TableName=NAME, Key={"pk": {"S": "CONFIG"}, "sk": {"S": f"REWARD#{identifier}"}},
        UpdateExpression="SET #type = :goal, target = :target, milestones = :none, gives_back = :yes"
        + (", ends = :ends" if ends else ""),
        ExpressionAttributeNames={"#type": "type"},
        ExpressionAttributeValues={
            ":goal": {"S": "goal"}, ":target": {"N": str(target)}, ":none": {"L": []}, ":yes": {"BOOL": True},
        } | ({":ends": {"N": str(ends * 1000)}} if ends else {}),
    )  # fmt: skip


def put_points(bot: Bot, interval: int) -> None:
    """The interval of points for watching in seconds; other settings are defaults (shared/store/src/rows/settings.rs)."""
    bot.aws("dynamodb").put_item(TableName=NAME, Item={
        "pk": {"S": "CONFIG"}, "sk": {"S": "SETTINGS#points"}, "kind": {"S": "settings"}, "v": {"N": "1"},
        "name": {"S": "points"}, "welcome": {"N": "100"}, "per_tick": {"N": "10"},
        "interval_ms": {"N": str(interval * 1000)},
    })  # fmt: skip


def put_announcements(bot: Bot, interval: int, *lines: str) -> None:
    """Announcements and their interval in seconds, without a minimum of chat messages."""
    bot.aws("dynamodb").put_item(TableName=NAME, Item={
        "pk": {"S": "CONFIG"}, "sk": {"S": "SETTINGS#announcements"}, "kind": {"S": "settings"}, "v": {"N": "1"},
        "on": {"BOOL": True}, "order": {"S": "in_order"}, "messages": {"N": "0"},
        "interval_ms": {"N": str(interval * 1000)}, "lines": {"L": [{"S": line} for line in lines]},
    })  # fmt: skip


def viewer(bot: Bot, identifier: str) -> dict:
    """Balance, slot of the last tick and ledger of one viewer; an empty one for an unknown viewer."""
    rows = {row["sk"]["S"]: row for row in bot.rows(f"VIEWER#{identifier}")}
    balance = rows.get("BALANCE")
    if balance is None:
        return {}
    ledger = [(row["cause"]["S"], number(row["delta"])) for sk, row in rows.items() if sk.startswith("LEDGER#")]
    return {
        "balance": number(balance["balance"]), "ledger": ledger, "name": rows["PROFILE"]["name"]["S"],
        "last_tick": number(balance.get("last_tick", {"N": "0"})), "open": number(balance.get("open_points", {"N": "0"})),
    }  # fmt: skip


def number(value: dict) -> int:
    return int(Decimal(value["N"]))


def books_that_do_not_balance(bot: Bot) -> list:
    """The viewers whose balance is not the sum of their ledger."""
    identifiers = {row["pk"]["S"].removeprefix("VIEWER#") for row in everything(bot) if row["pk"]["S"].startswith("VIEWER#")}
    viewers = {identifier: viewer(bot, identifier) for identifier in identifiers}
    return [(identifier, books) for identifier, books in viewers.items()
            if books["balance"] < 0 or books["balance"] != books["open"] + sum(delta for _, delta in books["ledger"])]  # fmt: skip


def everything(bot: Bot) -> list[dict]:
    pages = bot.aws("dynamodb").get_paginator("scan").paginate(TableName=NAME)
    return [row for page in pages for row in page["Items"]]


def hold(bot: Bot, secrets: list[str]) -> list[str]:
    """Those of the given secrets that are stored in the clear anywhere in the table."""
    text = json.dumps(everything(bot), default=str)
    return [secret for secret in secrets if secret in text]


def wrong_codes(bot: Bot) -> dict[str, int]:
    """The number of wrong codes that was counted for each key."""
    found: dict[str, int] = {}
    for row in everything(bot):
        if (pk := row["pk"]["S"]).startswith("WRONG#"):
            found[pk] = found.get(pk, 0) + number(row["count"])
    return found


def is_live(bot: Bot) -> bool:
    return any(row["sk"]["S"] == "STATE" and row["live"]["BOOL"] for row in bot.rows("STREAM"))


def public_address(bot: Bot) -> dict:
    return next((row for row in bot.rows("CONFIG") if row["sk"]["S"] == "SETTINGS#address"), {})


def waiting(bot: Bot) -> list[str]:
    """The rewards in the queue, the oldest first."""
    return [row["reward"]["S"] for row in bot.rows("QUEUE#OPEN")]


def outbox(bot: Bot, event_id: str) -> list[str]:
    """The states of the outbox rows of one chat message."""
    return [row["state"]["S"] for row in bot.rows(f"OUTBOX#owncast:{event_id}")]


def due(bot: Bot) -> int:
    """The number of deliveries that are due to be retried."""
    return len(bot.rows("DUE"))


def names_of(bot: Bot, name: str) -> list[str]:
    """The viewers who are found under a name."""
    return [row["viewer"]["S"] for row in bot.rows(f"NAME#{name.lower()}")]


def slot_time(milliseconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(milliseconds / 1000))
