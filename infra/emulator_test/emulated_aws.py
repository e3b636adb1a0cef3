"""Starts the AWS emulator (MiniStack) for infra/test, and adds the behaviour of AWS that it lacks and the bot relies on.

Each of these is a difference between the emulator and AWS; docs/deploy.md lists them. They live here and not in the
template or the functions, which stay right for AWS.
"""

import json
import os
import re
import threading
import time

from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.services import cloudfront, lambda_svc
from ministack.services.cloudformation import provisioners

from . import emulated_scheduler


def heed_failed_stream_records() -> None:
    """Lambda retries the records of a stream batch that the function reports as failed; the emulator skips them.

    Here the whole batch is repeated, as AWS does with what comes after the first failed record.
    """
    execute = lambda_svc._execute_function

    def executed(func, event, *args, **kwargs):
        result = execute(func, event, *args, **kwargs)
        records = event.get("Records") if isinstance(event, dict) else None
        if records and records[0].get("eventSource") == "aws:dynamodb" and not result.get("error"):
            body = result.get("body")
            if isinstance(body, (str, bytes)):
                try:
                    body = json.loads(body)
                except ValueError:
                    body = None
            if isinstance(body, dict) and body.get("batchItemFailures"):
                result = {**result, "error": True}
        return result

    lambda_svc._execute_function = executed


def name_partiql_permissions() -> None:
    """BatchExecuteStatement needs dynamodb:PartiQLUpdate and so on; the emulator checks a permission that AWS does not have."""
    checks = iam_actions.dynamodb_transaction_checks
    verbs = {"SELECT": "PartiQLSelect", "INSERT": "PartiQLInsert", "UPDATE": "PartiQLUpdate", "DELETE": "PartiQLDelete"}
    operations = {"dynamodb:BatchExecuteStatement", "dynamodb:ExecuteStatement", "dynamodb:ExecuteTransaction"}

    def named(action, body, region, account):
        if action not in operations:
            return checks(action, body, region, account)
        asked = json.loads(body)
        found = []
        for entry in asked.get("Statements") or asked.get("TransactStatements") or [asked]:
            verb, _, rest = entry["Statement"].strip().partition(" ")
            table = re.search(r'"?([A-Za-z0-9_.-]{3,255})"?', re.sub(r"^.*?\bFROM\b|^\s*INTO\b", "", rest, flags=re.I | re.S))
            arn = f"arn:aws:dynamodb:{region}:{account}:table/{table[1] if table else '*'}"
            found.append((f"dynamodb:{verbs.get(verb.upper(), 'PartiQLSelect')}", arn))
        return found

    iam_actions.dynamodb_transaction_checks = named


def complete_tables() -> None:
    """Tables of a template get their TTL and backups; the emulator ignores both."""
    from ministack.services import dynamodb

    create = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]["create"]

    def created(logical_id, props, stack_name):
        name, attributes = create(logical_id, props, stack_name)
        if ttl := props.get("TimeToLiveSpecification"):
            dynamodb._update_ttl({"TableName": name, "TimeToLiveSpecification": ttl})
        if backups := props.get("PointInTimeRecoverySpecification"):
            dynamodb._update_continuous_backups(
                {"TableName": name, "PointInTimeRecoverySpecification": backups}
            )
        return name, attributes

    provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]["create"] = created


def let_running_invocations_end() -> None:
    """When code is replaced, Lambda lets running invocations finish; the emulator kills them at once."""
    kill = lambda_runtime.kill_workers

    def drained(workers):
        def drain():
            deadline = time.monotonic() + 60
            while any(worker.in_use for worker in workers) and time.monotonic() < deadline:
                time.sleep(0.05)
            kill(workers)

        if workers:
            threading.Thread(target=drain, daemon=True).start()

    lambda_runtime.kill_workers = drained


def forward_accept_encoding() -> None:
    """A cache policy for gzip passes the visitor's Accept-Encoding to the origin; the emulator passes nothing."""
    predicates = cloudfront._policy_predicates

    def with_encoding(behavior):
        header_allowed, cookie_allowed, qs_allowed = predicates(behavior)
        params = cloudfront.cache_policy_params(behavior.get("cache_policy_id")) or {}
        forwarded = {"accept-encoding"} if params.get("EnableAcceptEncodingGzip") else set()
        return lambda name: header_allowed(name) or name.lower() in forwarded, cookie_allowed, qs_allowed

    cloudfront._policy_predicates = with_encoding


def record_permissions(path: str) -> None:
    """Records which role used which permission, for the comparison with the template."""
    enforce = iam_evaluator.enforce
    lock = threading.Lock()
    seen = set()

    def recorded(access_key, action, service, region, *args, **kwargs):
        denied = enforce(access_key, action, service, region, *args, **kwargs)
        role = role_of(access_key)
        if role:
            line = json.dumps({"role": role, "action": action, "resource": kwargs.get("resource_arn", ""),
                               "allowed": denied is None})  # fmt: skip
            with lock:
                if line not in seen:
                    seen.add(line)
                    with open(path, "a", encoding="utf-8") as file:
                        file.write(line + "\n")
        return denied

    iam_evaluator.enforce = recorded


def role_of(access_key: str):
    """The role of a function's credentials; None for other credentials."""
    from ministack.services import sts

    session = sts._sessions.get(access_key)
    return session["Arn"].split("/")[1] if session else None


if __name__ == "__main__":
    emulated_scheduler.put_in()
    heed_failed_stream_records()
    name_partiql_permissions()
    complete_tables()
    let_running_invocations_end()
    forward_accept_encoding()
    if "PERMISSIONS_FILE" in os.environ:
        record_permissions(os.environ["PERMISSIONS_FILE"])
    from ministack.app import main

    main()
