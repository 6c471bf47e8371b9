"""The quick look before every push: `./dev check`. Independent steps run two at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).parents[1]
PYTHON = sys.executable
LANES = 2
SEEDS = [str(seed) for seed in range(1, 21)]
LINT_IMPORTS = (
    "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"
)


@dataclass(frozen=True, slots=True)
class Step:
    """A name for the reader and the words of a command."""

    name: str
    command: list[str]


@dataclass(frozen=True, slots=True)
class Result:
    """What a step said, kept back unless it failed."""

    step: Step
    status: int
    output: str
    took_s: float


# The longest first, so that the two lanes end together.
STEPS = (
    Step(
        "house and unit tests",
        [PYTHON, "-m", "pytest", "-q", "-m", "not slow and not browser and not postgres"],
    ),
    Step("types", [PYTHON, "-m", "mypy"]),
    Step("20 seeds", [PYTHON, "-m", "holdfast.simulation", *SEEDS]),
    Step(
        "import contracts",
        [PYTHON, "-c", LINT_IMPORTS, "--no-logo", "--cache-dir", ".cache/import-linter"],
    ),
    Step("lint", [PYTHON, "-m", "ruff", "check"]),
    Step("format", [PYTHON, "-m", "ruff", "format", "--check"]),
)


def main() -> int:
    """0 when every step passed. What failed is printed in full, at the end."""
    started = time.monotonic()
    print(f"checking: {', '.join(step.name for step in STEPS)}", flush=True)
    failed = []
    with ThreadPoolExecutor(LANES) as lanes:
        for future in as_completed([lanes.submit(run, step) for step in STEPS]):
            result = future.result()
            verdict = "FAILED" if result.status else "ok"
            print(f"{verdict:6}  {result.step.name:22} {result.took_s:6.1f} s", flush=True)
            if result.status:
                failed.append(result)
    for result in failed:
        print(f"\n{result.step.name} failed: {' '.join(result.step.command)}\n{result.output}")
    took = time.monotonic() - started
    print(f"{'FAILED' if failed else 'all good'} after {took:.0f} s")
    return 1 if failed else 0


def run(step: Step) -> Result:
    started = time.monotonic()
    done = subprocess.run(
        step.command,
        cwd=HOME,
        env={**os.environ, "PYTHONPATH": str(HOME / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Result(step, done.returncode, done.stdout, time.monotonic() - started)


if __name__ == "__main__":
    sys.exit(main())
