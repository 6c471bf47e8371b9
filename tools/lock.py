"""Writes the locks anew: `.venv/bin/python tools/lock.py [--upgrade]`. Needs uv and npm on PATH.

Locks hold versions and hashes and never an address: where packages come from is the business of the
machine that installs them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).parents[1]
COMPILE = (
    *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate"),
)


def main(options: list[str]) -> None:
    run = ("-o", "requirements/run.lock")
    subprocess.run([*COMPILE, *options, "pyproject.toml", *run], cwd=HOME, check=True)
    # What the tests run on is what is shipped, and more: the same versions of the same packages.
    test = ("--group", "test", "-c", "requirements/run.lock", "-o", "requirements/test.lock")
    subprocess.run([*COMPILE, *options, "pyproject.toml", *test], cwd=HOME, check=True)
    assets = ("--group", "assets", "-o", "requirements/assets.lock")
    subprocess.run([*COMPILE, *options, *assets], cwd=HOME, check=True)
    subprocess.run(
        ["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=HOME,
        check=True,
    )
    strip_addresses(HOME / "package-lock.json")


def strip_addresses(lock: Path) -> None:
    """Takes out what npm writes besides versions and hashes: funding pages and the like."""
    content = json.loads(lock.read_text("utf-8"))
    for package in content["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    lock.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
