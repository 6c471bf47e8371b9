"""./dev chaos: what is too long for ./dev test: thousands of kills and seeds, long oracles."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

HOME = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Ordeal:
    """One long run: a command, and what is different from the short one."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def ordeals(seeds: str, kills: int) -> tuple[Ordeal, ...]:
    pytest = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout=0")
    return (
        Ordeal(
            "kill -9, parts and whole",
            (*pytest, "tests/faults"),
            {"HOLDFAST_KILLS": str(kills), "HOLDFAST_WHOLE_KILLS": str(max(20, kills // 20))},
        ),
        Ordeal("seeds", (sys.executable, "-m", "holdfast.simulation", "--seeds", seeds)),
        Ordeal(
            "schedules against the oracle", (*pytest, "tests/schedules"), {"HOLDFAST_LONG": "1"}
        ),
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="1-2000", help="which seeds, such as 1-2000")
    parser.add_argument("--kills", type=int, default=4000, help="how many kills of the parts")
    parser.add_argument("--only", default="", help="only the ordeals whose name holds this")
    chosen = parser.parse_args()
    failed = []
    for ordeal in ordeals(chosen.seeds, chosen.kills):
        if chosen.only not in ordeal.name:
            continue
        print(f"{ordeal.name} …", flush=True)
        began = time.monotonic()
        done = subprocess.run(
            ordeal.command, cwd=HOME, env={**os.environ, **ordeal.environment}, check=False
        )
        print(f"{ordeal.name}: {'held' if done.returncode == 0 else 'FAILED'}"
              f" after {time.monotonic() - began:.0f} s", flush=True)  # fmt: skip
        if done.returncode:
            failed.append(ordeal.name)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
