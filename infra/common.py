"""Shared by infra/deploy, infra/remove and infra/test: the virtual environment, calls to AWS, builds and output."""

import hashlib
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

INFRA = Path(__file__).resolve().parent
ROOT = INFRA.parent
VENV = INFRA / ".venv"

# The bot's name is also the name of the stack, the table and the schedule group, and a part of a bucket's name, whose rules
# are the strictest.
NAME_PATTERN = r"[a-z][a-z0-9-]{2,29}"


class Stop(Exception):
    """Ends the command with a message for the streamer instead of a traceback."""


def in_environment(*requirements: str) -> None:
    """Runs this command again inside infra/.venv, which is created and filled if necessary.

    System Pythons refuse `pip install`, and a streamer should not have to know what a virtual environment is.
    """
    if sys.version_info < (3, 10):
        sys.exit("This needs Python 3.10 or newer.")
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = VENV / "installed"
    wanted = "".join((INFRA / name).read_text() for name in requirements)
    installed = stamp.read_text() if stamp.exists() else ""
    if wanted not in installed:
        say("Preparing the tools (once) …")
        try:
            if not python.exists():
                venv.create(VENV, with_pip=True)
            for name in requirements:
                subprocess.run(
                    [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", INFRA / name],
                    check=True,
                )
        except (subprocess.CalledProcessError, OSError) as error:
            sys.exit(
                f"The tools could not be installed into {VENV}: {error}\n"
                "On Debian and Ubuntu, `sudo apt install python3-venv` may help; otherwise check the network."
            )
        stamp.write_text(installed + wanted)
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(python, [str(python), *sys.argv])


def say(text: str = "") -> None:
    """Prints a line without buffering, also into a pipe."""
    print(text, flush=True)


def functions(template: str) -> list[str]:
    """The names of the functions in the template, taken from the paths of their code."""
    return re.findall(r"CodeUri: \.\./target/lambda/([a-z-]+)/bootstrap\.zip", template)


def host_architecture() -> str:
    """The architecture of this computer, for functions that must run on it."""
    return "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"


def build(names: list[str], architecture: str, profile: str, folder: Path, *more: str) -> None:
    """Builds functions into <folder>/<function>/bootstrap.zip."""
    if shutil.which("cargo") is None:
        raise Stop("Building the bot needs Rust. Install it from https://rustup.rs, then run this again.")
    say("Building the functions (some minutes the first time) …")
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
    packages = [word for name in names for word in ("--package", name)]
    target = "--arm64" if architecture == "arm64" else "--x86-64"
    # Only the functions' packages are built, because features are unified: the local server's would be built into them.
    command = ["cargo", "lambda", "build", "--locked", "--profile", profile, target, "--output-format", "zip",
               "--lambda-dir", str(folder), *packages, *more]  # fmt: skip
    if subprocess.run(command, cwd=ROOT, env={**os.environ, "PATH": path}, check=False).returncode != 0:
        raise Stop("The build failed. The errors of the compiler are above.")


def package(names: list[str], folder: Path) -> dict[str, tuple[str, bytes]]:
    """The S3 key and the zip of each function. The key is a hash, so that unchanged code does not change the stack."""
    packages = {}
    for name in names:
        made = folder / name / "bootstrap.zip"
        if not made.exists():
            raise Stop(f"{made} is missing. Run this without --no-build to build it.")
        binary = zipfile.ZipFile(made).read("bootstrap")
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bundle:
            # A fixed date, so that the same code gives the same zip.
            entry = zipfile.ZipInfo("bootstrap", (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o755 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(entry, binary)
        packages[name] = (f"{name}/{hashlib.sha256(binary).hexdigest()}.zip", out.getvalue())
    return packages


def unpack(names: list[str], code: Path, folder: Path) -> Path:
    """Unpacks the executables of the zips to <folder>/<function>/bootstrap."""
    for name in names:
        (folder / name).mkdir(parents=True)
        executable = folder / name / "bootstrap"
        executable.write_bytes(zipfile.ZipFile(code / name / "bootstrap.zip").read("bootstrap"))
        executable.chmod(0o755)
    return folder


def client(service: str, region: str):
    """A client of one AWS service."""
    import boto3
    from botocore.config import Config

    return boto3.client(service, region_name=region, config=Config(retries={"mode": "standard", "max_attempts": 8}))


def account(region: str) -> str:
    """The id of the AWS account of the current credentials. Stops with advice if there are none."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return client("sts", region).get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        raise Stop(
            f"AWS does not know who you are: {error}\n"
            "Sign in first. With the AWS CLI that is `aws login` or `aws configure`; docs/deploy.md shows it step by step."
        ) from error


def code(error) -> str:
    """The code of an error that AWS returned."""
    return error.response["Error"]["Code"]


def stack(name: str, region: str):
    """CloudFormation's description of the stack, or None if it does not exist."""
    from botocore.exceptions import ClientError

    try:
        return client("cloudformation", region).describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise


def table(name: str, region: str):
    """DynamoDB's description of the table, or None if it does not exist."""
    from botocore.exceptions import ClientError

    try:
        return client("dynamodb", region).describe_table(TableName=name)["Table"]
    except ClientError as error:
        if code(error) == "ResourceNotFoundException":
            return None
        raise


def parameters(described) -> dict:
    """The parameters of a stack. The values of NoEcho parameters are asterisks."""
    return {p["ParameterKey"]: p["ParameterValue"] for p in described.get("Parameters", [])}


def bucket_name(name: str, account_id: str, region: str) -> str:
    """The name of the bucket for the functions' code. Bucket names are globally unique."""
    return f"{name}-{account_id}-{region}"


def follow(stack_id: str, region: str, done: str):
    """Prints the events of the stack until its operation has ended. Returns its description then."""
    import time

    cloudformation = client("cloudformation", region)
    printed, reasons, first = set(), [], True
    while True:
        # The status is read before the events, so that the last events are not missed.
        described = cloudformation.describe_stacks(StackName=stack_id)["Stacks"][0]
        status = described["StackStatus"]
        pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack_id)
        events = [event for page in pages for event in page["StackEvents"]]
        since = last_start(events)
        for event in reversed(events[: since + 1]):
            if event["EventId"] in printed:
                continue
            printed.add(event["EventId"])
            happened = event["ResourceStatus"]
            # Resources that are cancelled because another one failed would only hide the reason.
            if happened.endswith("_FAILED") and "cancelled" not in event.get("ResourceStatusReason", ""):
                reasons.append(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', happened)}")
            if happened.endswith(("_COMPLETE", "_FAILED", "_SKIPPED")) and event["PhysicalResourceId"] != stack_id:
                say(f"  {happened.lower().replace('_', ' '):<18} {event['LogicalResourceId']}")
        if not status.endswith("_IN_PROGRESS"):
            if status != done:
                raise Stop("AWS reported errors:\n  " + "\n  ".join(reasons or [status]))
            return described
        if first:
            say("  (this takes minutes: CloudFront distributes a new configuration worldwide)")
            first = False
        time.sleep(float(os.environ.get("OWNCHATBOT_POLL_SECONDS", "5")))


def last_start(events: list) -> int:
    """The index of the event that started the newest operation, in a list with the newest event first."""
    for index, event in enumerate(events):
        own = event["PhysicalResourceId"] == event["StackId"]
        if own and event["ResourceStatus"] in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"):
            return index
    return len(events) - 1


def run(main) -> None:
    """Runs a command, and turns expected errors into messages."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        main()
    except Stop as stop:
        sys.exit(f"\n{stop}")
    except ClientError as error:
        hint = ""
        if code(error) in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation"):
            hint = "\nYour AWS user lacks a permission. docs/deploy.md lists those that it needs."
        sys.exit(f"\nAWS refused: {error}{hint}")
    except BotoCoreError as error:
        sys.exit(f"\nAWS could not be reached: {error}")
    except (KeyboardInterrupt, EOFError):
        sys.exit("\nStopped. Run it again to continue.")
