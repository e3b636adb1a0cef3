"""Checks, which print what holds and stop at what does not."""

import time

from common import say


class Failed(Exception):
    """A check has failed."""


def check(holds, what: str, seen=None) -> None:
    if not holds:
        raise Failed(what if seen is None else f"{what}\n       seen: {seen}")
    say(f"  ok  {what}")


def eventually(probe, what: str, seconds: float):
    """Waits until `probe` returns a true value, and returns that."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := probe():
            say(f"  ok  {what}")
            return found
        time.sleep(0.2)
    raise Failed(f"{what}: not within {seconds} s")
