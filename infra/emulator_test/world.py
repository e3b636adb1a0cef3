"""The emulated AWS, and the deployed bot as seen from outside."""

import hashlib
import hmac
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import common
from .checks import Failed, check
from .fake_owncast import FakeOwncast

NAME = "ownchatbot-test"
REGION = "eu-central-1"
# The environment of all programs started here: it selects the emulator, and has no credentials of the user.
KEYS = {
    "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION, "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}  # fmt: skip


def environment(**more: str) -> dict[str, str]:
    # The user's secrets of Owncast are removed too.
    own = ("AWS_", "OWNCAST_")
    return {k: v for k, v in os.environ.items() if not k.startswith(own)} | KEYS | more


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Emulator:
    """The emulated AWS. `AUTH` makes it refuse calls that a role does not permit."""

    def __init__(self, folder: Path):
        self.url = f"http://127.0.0.1:{free_port()}"
        self.permissions = folder / "permissions.jsonl"
        self.log = folder / "emulator.log"
        state = folder / "emulator"
        state.mkdir()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "emulator_test.emulated_aws"], cwd=common.INFRA,
            env=environment(
                GATEWAY_PORT=self.url.rsplit(":", 1)[1], BIND_HOST="127.0.0.1", MINISTACK_REGION=REGION,
                AWS_ENDPOINT_URL=self.url, AUTH="true", PERMISSIONS_FILE=str(self.permissions),
                TMPDIR=str(state), STATE_DIR=str(state), LOG_LEVEL="INFO",
            ),
            stdout=self.log.open("w"), stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def wait(self) -> None:
        for _ in range(300):
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=1).close()
                return
            except OSError:
                time.sleep(0.2)
        raise Failed(f"the emulator did not start; {self.log} says why")

    def stop(self) -> None:
        # The functions are processes of their own in its process group.
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)


class KeepMethod(urllib.request.HTTPRedirectHandler):
    """Does not follow redirects, so that they can be checked."""

    def redirect_request(self, *_):
        return None


class Bot:
    """The deployed bot, seen from outside."""

    def __init__(self, emulator: Emulator, owncast: FakeOwncast, code: Path, folder: Path):
        self.emulator, self.owncast, self.code, self.folder = emulator, owncast, code, folder
        self.webhook_secret = secrets.token_urlsafe(24)
        self.address = self.hook = self.admin_token = ""
        # The whole output of the scripts.
        self.transcript = ""
        # Codes, links and sessions of viewers, which no log may contain.
        self.sign_ins: list[str] = []

    def script(self, name: str, *words: str, succeeds=True, code: Path | None = None) -> str:
        """Runs infra/deploy or infra/remove as a streamer would, in the emulated AWS."""
        command = [str(common.INFRA / name), "--name", NAME, "--region", REGION, "--yes", *words]
        if name == "deploy":
            command += ["--no-build", "--code", str(code or self.code), "--edge", self.emulator.url]
        began = time.monotonic()
        done = subprocess.run(
            command, env=environment(AWS_ENDPOINT_URL=self.emulator.url, OWNCHATBOT_POLL_SECONDS="0.5"),
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        output = done.stdout + done.stderr
        self.transcript += output
        with (self.folder / "scripts.log").open("a") as log:
            log.write(f"$ {' '.join([name, *words])}\n{output}\n")
        if (done.returncode == 0) != succeeds:
            raise Failed(f"infra/{name} {' '.join(words)} ended with {done.returncode}:\n{output}")
        common.say(f"      infra/{name} took {time.monotonic() - began:.0f} s")
        return output

    def request(self, method: str, url: str, body: bytes | None = None, headers: dict | None = None, https=True):
        """The status, headers and body of a response of the edge or a function, chosen by the name in `url`."""
        host, path = url.split("/", 3)[2:4]
        headers = {"Host": host, **({"X-Forwarded-Proto": "https"} if https else {}), **(headers or {})}
        asked = urllib.request.Request(f"{self.emulator.url}/{path}", data=body, headers=headers, method=method)
        try:
            with urllib.request.build_opener(KeepMethod).open(asked, timeout=20) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers, answer.read()

    def webhook(self, event: dict, url: str | None = None, signature: str | None = None, https=True, **headers):
        """Sends an event like Owncast, signed unless `signature` overrides that."""
        body = json.dumps(event).encode()
        now = str(int(time.time()))
        sign = hmac.new(self.webhook_secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
        sent = {"Content-Type": "application/json", "owncast-signature": signature or f"t={now}.s={sign}"}
        return self.request("POST", url or self.hook, body, {**sent, **headers}, https)

    def takes(self, event: dict) -> None:
        """Sends an event that must be acknowledged. The fake Owncast's status changes too, for the watchdog."""
        if event["type"] in ("STREAM_STARTED", "STREAM_STOPPED"):
            self.owncast.streams(event["type"] == "STREAM_STARTED", event["eventData"]["timestamp"])
        status, _, body = self.webhook(event)
        if status != 200:
            raise Failed(f"{event['type']} is acknowledged\n       seen: {status} {body!r}")

    def invoke(self, function: str, event: dict) -> None:
        """Invokes a function like a schedule, but now, and waits until it has ended."""
        name = f"{NAME}-{function}"
        answer = self.aws("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
        if "FunctionError" in answer:
            raise Failed(f"{function} takes {event}\n       seen: {answer['Payload'].read()!r}")

    @contextmanager
    def refused(self, function: str, action: str):
        """Removes a permission of a function for a while. permissions.PROVOKED lists them."""
        iam, role = self.aws("iam"), self.function(function)["Role"].rsplit("/", 1)[1]
        refusal = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": action, "Resource": "*"}]}
        iam.put_role_policy(RoleName=role, PolicyName="refusal", PolicyDocument=json.dumps(refusal))
        try:
            yield
        finally:
            iam.delete_role_policy(RoleName=role, PolicyName="refusal")

    def aws(self, service: str):
        import boto3

        return boto3.client(
            service, region_name=REGION, endpoint_url=self.emulator.url,
            aws_access_key_id="test", aws_secret_access_key="test",
        )  # fmt: skip

    def schedule(self, name: str) -> dict:
        """One of the bot's schedules; empty if it does not exist."""
        from botocore.exceptions import ClientError

        try:
            return self.aws("scheduler").get_schedule(Name=name, GroupName=NAME)
        except ClientError as error:
            if common.code(error) != "ResourceNotFoundException":
                raise
            return {}

    def rows(self, pk: str) -> list[dict]:
        """The rows of one partition, in order."""
        pages = self.aws("dynamodb").get_paginator("query").paginate(
            TableName=NAME, KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": pk}}
        )
        return [row for page in pages for row in page["Items"]]

    def function(self, name: str) -> dict:
        return self.aws("lambda").get_function_configuration(FunctionName=f"{NAME}-{name}")

    def direct(self, function: str = "owncast-hook") -> str:
        """A function's own URL, which bypasses CloudFront."""
        return self.aws("lambda").get_function_url_config(FunctionName=f"{NAME}-{function}")["FunctionUrl"].rstrip("/")

    def stack(self):
        """The stack, or None."""
        from botocore.exceptions import ClientError

        try:
            return self.aws("cloudformation").describe_stacks(StackName=NAME)["Stacks"][0]
        except ClientError:
            return None

    def deploy_from_scratch(self) -> str:
        """The first deployment, with every answer given as an option."""
        architecture = common.host_architecture()
        output = self.script(
            "deploy", "--owncast-url", self.owncast.url, "--owncast-token", self.owncast.token,
            f"--webhook-secret={self.webhook_secret}", "--architecture", architecture,
        )  # fmt: skip
        shown = dict(re.findall(r"^  (address|webhook|admin token) +(\S+)$", output, re.M))
        check(len(shown) == 3, "address, webhook and admin token are shown", output)
        self.address, self.hook, self.admin_token = shown["address"], shown["webhook"], shown["admin token"]
        return output
