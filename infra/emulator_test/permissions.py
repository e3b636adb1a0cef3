"""Compares the permissions that the functions used with those in the template and in the docs."""

import json
import re

import common
from .checks import Failed, check
from .template import FUNCTIONS
from .world import Bot, Emulator

# Used by AWS itself with the function's role: logs, dead letters and the stream.
OF_THE_SERVICE = {
    "logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage",
    "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams",
}  # fmt: skip
# Permissions that a part of the test removes for a while: chat.unwritable_rows_come_again and schedules.set_and_cancel.
PROVOKED = {("dispatch", "dynamodb:UpdateItem"), ("dispatch", "scheduler:DeleteSchedule")}


def recorded(emulator: Emulator) -> list[dict]:
    """The calls that each role made to the emulator, and whether they were allowed."""
    log = emulator.permissions
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def refused(emulator: Emulator) -> list[str]:
    """The permissions that a role lacked, which explain most other failures."""
    return [f"{entry['role']} may not {entry['action']} on {entry['resource']}"
            for entry in recorded(emulator) if not entry["allowed"]]  # fmt: skip


def fit(bot: Bot) -> None:
    roles = {bot.function(name)["Role"].rsplit("/", 1)[1]: name for name in FUNCTIONS}
    used: dict[str, set] = {name: set() for name in FUNCTIONS}
    for entry in recorded(bot.emulator):
        name = roles.get(entry["role"])
        if not entry["allowed"] and (name, entry["action"]) not in PROVOKED:
            raise Failed(f"not granted: {entry['role']} may {entry['action']} on {entry['resource']}")
        if name:
            used[name].add(entry["action"])
    documented = of_the_docs()
    for role, name in roles.items():
        granted = of_the_template(bot, role)
        names = ", ".join(sorted(action.split(":")[1] for action in used[name]))
        idle = sorted(granted - OF_THE_SERVICE - used[name])
        check(used[name] and not idle, f"{name} used all that it is granted: {names}", idle)
        check(documented[name] == granted, "and docs/deploy.md says so", sorted(documented[name] ^ granted))


def of_the_template(bot: Bot, role: str) -> set[str]:
    iam, granted = bot.aws("iam"), set()
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        for statement in iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]["Statement"]:
            actions = statement["Action"]
            granted |= {actions} if isinstance(actions, str) else set(actions)
    return granted


def of_the_docs() -> dict[str, set]:
    """The table under "Permissions": a row names actions of one service, and marks the functions that have them."""
    text = (common.ROOT / "docs" / "deploy.md").read_text()
    lines = text[text.index("### Permissions") :].splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    columns = [cell.strip("`") for cell in table[0]]
    found: dict[str, set] = {name: set() for name in FUNCTIONS}
    for row in table[2:]:
        actions = re.findall(r"`([^`]+)`", row[0])
        if not actions:
            break
        service = actions[0].split(":")[0]
        for name, mark in zip(columns, row):
            if name in found and mark == "●":
                found[name] |= {action if ":" in action else f"{service}:{action}" for action in actions}
    return found
