"""infra/deploy and infra/remove: what they change, and what they keep."""

import json
import re

from . import owncast_events, panel, rows
from .checks import check, eventually
from .template import FUNCTIONS
from .world import NAME, Bot


def deploys(bot: Bot) -> None:
    output = bot.deploy_from_scratch()
    check(re.fullmatch(r"https://[a-z0-9]+\.cloudfront\.net", bot.address), "the address is CloudFront's", bot.address)
    check(output.count("  ok  ") == 7, "the deployment tried itself out")
    check(f"  viewer panel   {bot.address}/userpanel\n" in output, "the viewers' panel has an address", output)
    check("Integrations > External Actions" in output, "and a step that leads to it")
    setting = rows.public_address(bot)
    expected = {"pk": {"S": "CONFIG"}, "sk": {"S": "SETTINGS#address"}, "kind": {"S": "settings"}, "v": {"N": "1"},
                "public_url": {"S": bot.address}}  # fmt: skip
    check(setting == expected, "the public address is in the settings", setting)


def table_is_as_designed(bot: Bot) -> None:
    dynamodb = bot.aws("dynamodb")
    table = dynamodb.describe_table(TableName=NAME)["Table"]
    keys = {key["AttributeName"]: key["KeyType"] for key in table["KeySchema"]}
    check(keys == {"pk": "HASH", "sk": "RANGE"}, "keys pk and sk", keys)
    check(table["StreamSpecification"]["StreamViewType"] == "NEW_IMAGE", "stream of new images")
    check(table["DeletionProtectionEnabled"], "deletion protection")
    check(table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST", "on demand")
    ttl = dynamodb.describe_time_to_live(TableName=NAME)["TimeToLiveDescription"]
    check((ttl["TimeToLiveStatus"], ttl["AttributeName"]) == ("ENABLED", "ttl"), "rows expire by ttl", ttl)
    backups = dynamodb.describe_continuous_backups(TableName=NAME)["ContinuousBackupsDescription"]
    status = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    check(status == "ENABLED", "point-in-time recovery", status)


def second_deployment_changes_nothing(bot: Bot) -> None:
    cloudformation = bot.aws("cloudformation")
    newest = lambda: cloudformation.describe_stack_events(StackName=NAME)["StackEvents"][0]["EventId"]
    before, config = newest(), bot.rows("CONFIG")
    output = bot.script("deploy")
    check("already up to date" in output, "a second deployment changes nothing", output)
    check((newest(), bot.rows("CONFIG")) == (before, config), "neither in the stack nor in the table")
    check("admin token" not in output and "webhook  " not in output, "no secret is shown again")
    check("Next steps" not in output, "and there are no next steps")
    status, _, _ = bot.webhook(owncast_events.event("UNKNOWN"))
    check(status == 200, "the secrets are the same", status)


def admin_token_can_be_replaced(bot: Bot) -> None:
    output = bot.script("deploy", "--new-admin-token")
    token = re.search(r"^  admin token +(\S+)$", output, re.M)[1]
    check(token != bot.admin_token, "--new-admin-token makes another one")
    check("webhook  " not in output, "and shows nothing else")


def own_domain(bot: Bot) -> None:
    certificate = "arn:aws:acm:us-east-1:000000000000:certificate/12345678-1234-1234-1234-123456789012"
    output = bot.script("deploy", "--domain", "bot.example.org", "--certificate", certificate)
    check("CNAME for bot.example.org" in output, "an own domain comes with the step for its DNS entry")
    check("https://bot.example.org/userpanel" in output and "External Actions" in output, "and with the one for the panel")
    cloudfront = bot.aws("cloudfront")
    identifier = cloudfront.list_distributions()["DistributionList"]["Items"][0]["Id"]
    config = cloudfront.get_distribution_config(Id=identifier)["DistributionConfig"]
    check(config["Aliases"]["Items"] == ["bot.example.org"], "CloudFront knows it", config["Aliases"])
    check(config["ViewerCertificate"]["ACMCertificateArn"] == certificate, "with its certificate", config["ViewerCertificate"])
    address = lambda: rows.public_address(bot)["public_url"]["S"]
    check(address() == "https://bot.example.org", "the settings have the new address", address())
    bot.script("deploy", "--domain", "")
    check(address() == bot.address, "and CloudFront's own again without it", address())


def owncast_at_another_address(bot: Bot) -> None:
    """Viewers may open Owncast at another URL than the bot."""
    public = "https://live.example.org"
    framed = lambda: panel.frames(bot.request("GET", bot.address + panel.PANEL)[1])
    before = rows.public_address(bot)
    bot.script("deploy", "--owncast-public-url", f"{public}/")
    setting = rows.public_address(bot)
    changed = {"owncast_url": {"S": public}, "v": {"N": str(rows.number(before["v"]) + 1)}}
    check(setting == before | changed, "another address of Owncast is in the settings, beside the bot's own", setting)
    eventually(lambda: framed() == {public}, "and only that one may frame the panel", 20)
    bot.script("deploy", "--owncast-public-url", f"{public}/")
    check(rows.public_address(bot) == setting, "the same again changes nothing", rows.public_address(bot))
    bot.script("deploy", "--owncast-public-url", "")
    check("owncast_url" not in rows.public_address(bot), "an empty one takes it back", rows.public_address(bot))
    eventually(lambda: framed() == {bot.owncast.url}, "and the first may frame it again", 20)


def no_secret_leaks(bot: Bot) -> None:
    variables = bot.function("owncast-hook")["Environment"]["Variables"]
    shown = json.dumps(bot.stack(), default=str)
    for name in ("ORIGIN_SECRET", "HOOK_TOKEN", "OWNCAST_WEBHOOK_SECRET"):
        check(variables[name] not in shown, f"{name} is not in the stack's description")
    check(variables["ORIGIN_SECRET"] not in bot.transcript, "no script printed the origin secret")
    check(bot.transcript.count(variables["HOOK_TOKEN"]) == 1, "the hook token was printed once")
    check(bot.transcript.count(bot.admin_token) == 1, "so was the admin token")
    key = bot.function("overlays")["Environment"]["Variables"]["SIGNING_KEY"]
    check(key not in shown and key not in bot.transcript, "the signing key is shown nowhere")
    check(bot.sign_ins and not any(secret in bot.transcript for secret in bot.sign_ins), "no viewer's way in was printed")
    secrets = [bot.webhook_secret, bot.owncast.token, key, *bot.sign_ins,
               *(variables[name] for name in ("ORIGIN_SECRET", "HOOK_TOKEN"))]
    logs = bot.aws("logs")
    for name in FUNCTIONS:
        group = f"/aws/lambda/{NAME}-{name}"
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        lines = "\n".join(event["message"] for page in pages for event in page["events"])
        check(lines and not any(secret in lines for secret in secrets), f"the log of {name} holds none")


def removal_keeps_the_table(bot: Bot) -> None:
    count = len(bot.rows("CONFIG"))
    bot.script("remove")
    check(bot.stack() is None, "the stack is gone")
    check(len(bot.rows("CONFIG")) == count, "the table is kept with what is in it")
    check(not bot.aws("s3").list_buckets()["Buckets"], "the code's bucket is gone")
    groups = [group["Name"] for group in bot.aws("scheduler").list_schedule_groups()["ScheduleGroups"]]
    check(NAME not in groups, "so are the schedules", groups)

    output = bot.deploy_from_scratch()
    check("used again" in output, "deploying again uses the kept table")
    setting = rows.public_address(bot)
    check(setting["public_url"]["S"] == bot.address, "the setting has the new address", setting)
    before = len(bot.owncast.whispered)
    bot.takes(owncast_events.chat(owncast_events.Viewer("Zoe", 90), "!points"))
    eventually(lambda: len(bot.owncast.whispered) > before, "the bot answers from the table it took back", 20)

    bot.script("remove", "--delete-data", succeeds=False)
    check(bot.stack(), "--delete-data alone removes nothing")
    bot.script("remove", "--delete-data", "--confirm", "another-name", succeeds=False)
    check(bot.stack(), "nor does it with another name")
    bot.script("remove", "--delete-data", "--confirm", NAME)
    tables = bot.aws("dynamodb").list_tables()["TableNames"]
    check(not tables, "with a confirmation it deletes the table", tables)
