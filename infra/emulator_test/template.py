"""Checks of the template that need no deployment."""

import re
import subprocess
import sys
from pathlib import Path

import common
from .checks import check

FUNCTIONS = ["owncast-hook", "overlays", "viewer-panel", "dispatch", "points-tick", "announcements", "deadlines", "watchdog"]


def is_sound() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), common.INFRA / "template.yaml"], capture_output=True, text=True, check=False
    )
    check(done.returncode == 0 and not done.stdout, "cfn-lint has nothing to say", done.stdout)
    text = (common.INFRA / "template.yaml").read_text()
    crates = sorted(folder.parent.name for folder in (common.ROOT / "functions").glob("*/Cargo.toml"))
    deployed = sorted(common.functions(text))
    check(crates == deployed == sorted(FUNCTIONS), "every crate in functions/ is deployed and tested", (crates, deployed))
    declared = re.findall(r"^  (\w+):\n    Type: (?:String|Number)$", text, re.M)
    deploy = (common.INFRA / "deploy").read_text()
    known = re.findall(r'"(\w+)"', deploy[deploy.index("PARAMETERS = [") : deploy.index("]  # fmt: skip")])
    check(declared == known, "infra/deploy knows every parameter of the template", (declared, known))
    reserved = sum(int(n) for n in re.findall(r"ReservesConcurrency, (\d+),", text))
    check(f"RESERVED = {reserved}\n" in deploy, "infra/deploy knows how much concurrency is reserved", reserved)
