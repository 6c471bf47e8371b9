"""What the rows say that rules rest on: the ledger, where it lies beside the program."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

# In a clone the ledger stands in docs/; an installed package has it only where it was packed.
_PLACES = (
    Path(__file__).resolve().parents[2] / "ledger.csv",
    Path(__file__).resolve().parents[4] / "docs/reference/ledger.csv",
)


def statement(row_id: str) -> str | None:
    """What a row says, such as of `S1-34`; None where there is no such row, or no ledger here."""
    return _statements().get(row_id)


@cache
def _statements() -> Mapping[str, str]:
    return next((read(path) for path in _PLACES if path.is_file()), {})


def read(path: Path) -> Mapping[str, str]:
    """The statements of a ledger's rows, by their ids."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["statement"] for row in csv.DictReader(file)}
