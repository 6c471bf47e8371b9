"""The simulator finds what it is for: each planted bug is found within its seeds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.simulation.mutant import Mutant
from tests.simulation.mutants import MUTANTS
from tests.support.source import SRC

NOT_NEEDED = shutil.ignore_patterns("web", "cli")
NAMES = [mutant.name for mutant in MUTANTS]


def planted(mutant: Mutant, place: Path) -> Path:
    """A copy of the product with that bug in it; returns the folder to import from."""
    shutil.copytree(SRC, place / "holdfast", ignore=NOT_NEEDED)
    for edit in mutant.edits:
        file = place / "holdfast" / edit.file
        file.write_text(file.read_text("utf-8").replace(edit.old, edit.new), "utf-8")
    return place


def simulate(source: Path, seeds: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "holdfast.simulation", *seeds],
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("mutant", MUTANTS, ids=NAMES)
def test_a_planted_bug_still_finds_the_text_it_changes(mutant: Mutant) -> None:
    for edit in mutant.edits:
        found = (SRC / edit.file).read_text("utf-8").count(edit.old)
        assert found == 1, f"{edit.file} holds the old text {found} times: follow the source"
        assert edit.new != edit.old


def test_no_two_planted_bugs_are_called_the_same() -> None:
    assert max(Counter(NAMES).values()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=NAMES)
def test_a_planted_bug_is_found_within_its_seeds(mutant: Mutant, tmp_path: Path) -> None:
    done = simulate(planted(mutant, tmp_path), [str(seed) for seed in mutant.seeds])
    assert done.returncode == 1, f"survived {len(mutant.seeds)} seeds: {done.stdout}"
    assert "broken at" in done.stdout, done.stderr
