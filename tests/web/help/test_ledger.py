"""What a citation says, where the ledger is at hand."""

from __future__ import annotations

from pathlib import Path

from holdfast.web.help import ledger


def test_a_row_of_this_clones_ledger_is_read() -> None:
    said = ledger.statement("S0-02")
    assert said == "Declare severity at incident start"


def test_a_row_that_does_not_exist_says_nothing() -> None:
    assert ledger.statement("S9-99") is None


def test_a_statement_may_hold_commas_quotes_and_lines(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text('id,group,statement\nS1-1,A,"one, ""two""\nthree"\n', encoding="utf-8")
    assert ledger.read(path) == {"S1-1": 'one, "two"\nthree'}
