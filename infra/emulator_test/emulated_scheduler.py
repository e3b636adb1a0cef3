"""The behaviour of EventBridge Scheduler where the emulator differs from AWS. Part of emulated_aws.py."""

import json
import math
import time
from datetime import datetime, timezone

from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import (
    get_account_id, get_region, new_uuid, set_request_account_id, set_request_region,
)  # fmt: skip
from ministack.core.router import extract_access_key_id
from ministack.services import eventbridge, scheduler

# AWS fires within a minute of the planned time, which is too long for a test.
LOOK_EVERY = 2
# "The StartDate you specify cannot be earlier than 5 minutes ago."
OLDEST_START = 300


def put_in() -> None:
    fire_by_planned_times()
    refuse_what_aws_refuses()
    name_schedules_by_their_group()


def planned_time(schedule: dict, now: float):
    """The latest planned time of a schedule up to now, in seconds; None if there is none."""
    expression = schedule["ScheduleExpression"]
    at = scheduler._at_time_epoch(expression)
    if at is not None:
        return at if at <= now else None
    interval = eventbridge._parse_rate_seconds(expression)
    if interval is None:
        raise ValueError(f"the emulator does not know {expression}")
    # Planned times count from the start date, or from the creation of the schedule if it has none.
    start = math.floor(scheduler._to_epoch(schedule.get("StartDate")) or schedule["CreationDate"])
    if now < start:
        return None
    planned = start + (now - start) // interval * interval
    # Runs that were planned before a change of the schedule, or while it was disabled, are not caught up.
    return planned if planned >= math.floor(schedule["LastModificationDate"]) else None


def fill_in(text: str, planned: float, arn: str) -> str:
    """Replaces <aws.scheduler.…> in the input; the emulator sends them as they are."""
    values = {
        "<aws.scheduler.scheduled-time>": datetime.fromtimestamp(planned, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "<aws.scheduler.schedule-arn>": arn,
        "<aws.scheduler.execution-id>": new_uuid(),
        "<aws.scheduler.attempt-number>": "1",
    }
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def fire_by_planned_times() -> None:
    """Schedules fire at their start date and every interval after it; the emulator counts from their creation."""
    fired: dict[tuple, float] = {}

    def tick() -> None:
        now = time.time()
        previous = (get_account_id(), get_region())
        try:
            for key, schedule in list(scheduler._schedules._data.items()):
                if schedule["State"] != "ENABLED":
                    continue
                planned = planned_time(schedule, now)
                # A one-time schedule that is changed fires again.
                which = (key, schedule["ScheduleExpression"] if "at(" in schedule["ScheduleExpression"] else "")
                if planned is None or planned <= fired.get(which, 0):
                    continue
                fired[which] = planned
                set_request_account_id(key[0])
                set_request_region(key[1])
                fire(schedule, planned)
                if which[1] and schedule["ActionAfterCompletion"] == "DELETE":
                    # Unless it was created again at the same moment.
                    if scheduler._schedules._data.get(key) is schedule:
                        del scheduler._schedules._data[key]
        finally:
            set_request_account_id(previous[0])
            set_request_region(previous[1])

    scheduler._tick_schedules = tick
    scheduler._SCHEDULE_TICK_INTERVAL = LOOK_EVERY


def fire(schedule: dict, planned: float) -> None:
    arn = schedule["Arn"]
    target = dict(schedule["Target"])
    if "Input" in target:
        target["Input"] = fill_in(target["Input"], planned, arn)
    event = {
        "EventId": new_uuid(), "Source": "aws.scheduler", "DetailType": "Scheduled Event", "Detail": "{}",
        "Time": planned, "Resources": [arn], "Account": get_account_id(), "Region": get_region(),
    }  # fmt: skip
    eventbridge._invoke_target(target, event, schedule)


def refuse_what_aws_refuses() -> None:
    """Times in the past are refused, and so is a role that the caller may not pass; the emulator accepts both."""
    handle = scheduler.handle_request

    async def handled(method, path, headers, body, query_params):
        if method in ("POST", "PUT") and path.startswith("/schedules/"):
            asked = json.loads(body or b"{}")
            if problem := out_of_time(asked):
                return scheduler._error(400, "ValidationException", problem)
            role = asked.get("Target", {}).get("RoleArn", "")
            denied = iam_evaluator.enforce(
                extract_access_key_id(headers, query_params), "iam:PassRole", "iam", get_region(), resource_arn=role,
                service_context={"iam:PassedToService": "scheduler.amazonaws.com"},
            )  # fmt: skip
            if denied is not None:
                return scheduler._error(403, "AccessDeniedException", f"not authorized to perform iam:PassRole on {role}")
        return await handle(method, path, headers, body, query_params)

    scheduler.handle_request = handled


def out_of_time(asked: dict):
    at = scheduler._at_time_epoch(asked.get("ScheduleExpression", ""))
    if at is not None:
        return f"Invalid Schedule Expression {asked['ScheduleExpression']}." if at < time.time() else None
    start = scheduler._to_epoch(asked.get("StartDate"))
    if start is not None and start < time.time() - OLDEST_START:
        return "The StartDate you specify cannot be earlier than 5 minutes ago."
    return None


def name_schedules_by_their_group() -> None:
    """A permission on a schedule names its group; the emulator checks every schedule as one of the group "default"."""
    extract = iam_actions.extract_resource_arn

    def extracted(service, method, path, headers, body, query_params, region, account_id):
        if service == "scheduler" and path.startswith("/schedules/"):
            asked = json.loads(body) if body else {}
            group = asked.get("GroupName") or query_params.get("groupName", "default")
            group = group[0] if isinstance(group, list) else group
            return f"arn:aws:scheduler:{region}:{account_id}:schedule/{group}/{path.split('/')[2]}"
        return extract(service, method, path, headers, body, query_params, region, account_id)

    iam_actions.extract_resource_arn = extracted
