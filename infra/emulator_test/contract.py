"""The contract of the schedules (shared/schedules/tests/contract.rs), run against the emulated EventBridge Scheduler.

A schedule knows nothing shorter than a minute, so it runs beside the other parts of the test.
"""

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler

import common
from .checks import Failed, check
from .fake_owncast import Quiet
from .world import Bot, environment

# Of the whole workspace, so that cargo compiles nothing again after `cargo test --workspace`: features are unified over the
# packages of a build.
TEST = ["cargo", "test", "--workspace", "--locked", "--test", "contract"]
GROUP = "contract"
# The test itself takes two minutes.
PATIENCE = 400


def build() -> str:
    """Compiles the test. Returns its executable."""
    command = [*TEST, "--no-run", "--message-format=json-render-diagnostics"]
    done = subprocess.run(command, cwd=common.ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise common.Stop("The contract's test does not compile; what the compiler says is above.")
    made = (json.loads(line) for line in done.stdout.splitlines())
    return next(one["executable"] for one in made if one.get("executable") and "test" in one["target"]["kind"])


class Contract:
    """The running test."""

    def __init__(self, bot: Bot, executable: str):
        self.scheduler = bot.aws("scheduler")
        self.scheduler.create_schedule_group(Name=GROUP)
        sqs = bot.aws("sqs")
        arn = lambda url: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self.sqs = sqs
        self.queues = [sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("contract-fired", "contract-dead")]
        self.page = page_of(sqs, self.queues[0])
        self.log = bot.folder / "contract.log"
        self.process = subprocess.Popen(
            [executable, "in_the_cloud", "--exact", "--nocapture"], cwd=common.ROOT,
            env=environment(
                SCHEDULER_ENDPOINT=bot.emulator.url, SCHEDULER_GROUP=GROUP,
                # This role does not exist; the emulator does not check it.
                SCHEDULER_ROLE_ARN="arn:aws:iam::000000000000:role/contract",
                SCHEDULER_TARGET_ARN=arn(self.queues[0]), SCHEDULER_DEAD_LETTERS_ARN=arn(self.queues[1]),
                SCHEDULER_FIRED_URL=f"http://127.0.0.1:{self.page.server_port}/",
            ),
            stdout=self.log.open("w"), stderr=subprocess.STDOUT,
        )  # fmt: skip

    def holds(self) -> None:
        """Waits until the test has ended, and checks its result."""
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Failed(f"the contract's test ends in time; {self.log} says how far it came") from None
        finally:
            self.page.shutdown()
        check(code == 0, "the contract of the schedules holds", self.log.read_text()[-3000:] if code else None)
        # Without a scheduler the test passes and does nothing.
        check(self.page.inputs, "with schedules that really fire", len(self.page.inputs))
        left = self.scheduler.list_schedules(GroupName=GROUP)["Schedules"]
        check(not [one for one in left if one["GroupName"] == GROUP], "it leaves nothing behind", left)
        self.scheduler.delete_schedule_group(Name=GROUP)
        for url in self.queues:
            self.sqs.delete_queue(QueueUrl=url)


def page_of(sqs, queue: str) -> Quiet:
    """A page that lists all messages that arrived in the queue."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
                for message in messages:
                    self.server.inputs.append(json.loads(message["Body"]))
                    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            body = json.dumps(self.server.inputs).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    server.inputs = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
