"""The simulated world repeats itself exactly, wherever it runs, and says how to repeat it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from holdfast.simulation.world import Summary, World
from tests.support.source import HOME

SEED = 3
DAYS = 0.25


def lived(seed: int, days: float, url: str = "sqlite://") -> Summary:
    world = World(seed, days, url)
    try:
        return world.run()
    finally:
        world.close()


def printed(*words: str, hash_seed: str = "0") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "holdfast.simulation", *words],
        env={**os.environ, "PYTHONPATH": str(HOME / "src"), "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=False,
    )


def without_time(line: str) -> str:
    return line.rpartition(",")[0]


def test_the_same_seed_has_the_same_trace_whatever_the_hash_seed() -> None:
    one = printed(str(SEED), "--days", str(DAYS), hash_seed="1")
    two = printed(str(SEED), "--days", str(DAYS), hash_seed="77")
    assert one.returncode == two.returncode == 0, one.stderr + two.stderr
    assert without_time(one.stdout) == without_time(two.stdout)
    assert "trace" in without_time(one.stdout)


def test_another_seed_has_another_trace() -> None:
    assert lived(SEED, DAYS).trace != lived(SEED + 1, DAYS).trace


@pytest.mark.postgres
@pytest.mark.slow
def test_both_databases_have_the_same_trace(postgres_url: str) -> None:
    assert lived(SEED, DAYS, postgres_url).trace == lived(SEED, DAYS).trace


def test_a_run_does_something_worth_watching() -> None:
    summary = lived(8, 0.5)
    assert summary.alerts > 3
    assert summary.messages > 10
    assert summary.crashes > 0
    assert summary.events > 100


def test_a_line_names_the_seed_and_its_figures() -> None:
    line = str(Summary(7, 2.0, 3, 4, 5, 6, 8, "abc", 0.5))
    assert line == (
        "seed 7: 2 days, 3 alerts, 4 messages, 5 crashes, 6 timers, 8 events, trace abc, 0.50 s"
    )
