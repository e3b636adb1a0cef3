"""The code of every function is replaced while events arrive."""

import io
import secrets
import threading
import time
import zipfile
from pathlib import Path

import common
from . import rows
from .checks import check, eventually
from .owncast_events import Viewer, chat
from .template import FUNCTIONS
from .world import Bot

SENDERS = 3


def another_build(code: Path, folder: Path) -> Path:
    """The same functions as another build: bytes after the end of an executable are ignored."""
    for name in FUNCTIONS:
        binary = zipfile.ZipFile(code / name / "bootstrap.zip").read("bootstrap")
        (folder / name).mkdir(parents=True)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
            bundle.writestr("bootstrap", binary + b"\0")
        (folder / name / "bootstrap.zip").write_bytes(out.getvalue())
    return folder


def replaces(bot: Bot, folder: Path) -> None:
    """Each sender alternates between !points and a redeem; each acknowledged event must be answered and charged once."""
    code = another_build(bot.code, folder)
    viewers = [Viewer(f"Fan {number}", 10 + number) for number in range(SENDERS)]
    owncast, refused, sips = bot.owncast, [], [0] * SENDERS
    said, whispered = len(owncast.said), len(owncast.whispered)
    asked = [0] * SENDERS
    stop = threading.Event()

    def events(number: int) -> None:
        while not stop.is_set():
            for text, count in (("!points", asked), ("!sip", sips)):
                status, _, body = bot.webhook(chat(viewers[number], text, secrets.token_hex(8)))
                if status == 200:
                    count[number] += 1
                else:
                    refused.append((text, status, body))
            time.sleep(0.1)

    before = {name: bot.function(name)["CodeSha256"] for name in FUNCTIONS}
    senders = [threading.Thread(target=events, args=(number,)) for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    time.sleep(1)
    bot.script("deploy", code=code)
    time.sleep(1)
    stop.set()
    for sender in senders:
        sender.join()
    after = {name: bot.function(name)["CodeSha256"] for name in FUNCTIONS}
    check(all(before[name] != after[name] for name in FUNCTIONS), "every function has the new code")
    check(not refused, "no event was turned away", refused)
    common.say(f"      {sum(asked) + sum(sips)} events while the code was replaced")

    answered = lambda: (len(owncast.whispered) - whispered, len(owncast.said) - said)
    eventually(lambda: sum(answered()) >= sum(asked) + sum(sips), "every acknowledged event is answered", 60)
    # Time for a second answer that must not come.
    time.sleep(2)
    check(answered() == (sum(asked), sum(sips)), "and none twice", (answered(), sum(asked), sum(sips)))
    balances = [rows.viewer(bot, viewer.id)["balance"] for viewer in viewers]
    check(balances == [100 - n for n in sips], "each redeem is charged, once", (balances, sips))
