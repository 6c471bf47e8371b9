"""Telling and asking from the command line, against files opened here."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from holdfast.cli.app import main
from holdfast.cli.reach import Where, reach
from tests.configuration.build import EXAMPLE, PEOPLE


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """Commands in a folder that has an instance, people, and one declared incident."""
    for name in ("DATA", "DATABASE", "SERVER", "TOKEN"):
        monkeypatch.delenv(f"HOLDFAST_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(EXAMPLE)
    (tmp_path / "people.yaml").write_text(PEOPLE)
    assert main(["apply", "config.yaml", "people.yaml"]) == 0
    with reach(Where()) as caller:
        declared = caller.post(
            "incidents",
            {
                "title": "Card payments fail",
                "severity": "SEV1",
                "detection_source": "teammate",
                "services": ["checkout"],
            },
        )
        brief = {"impact": "One in three payments fails", "cause": "", "doing": "undoing a change"}
        caller.post(f"incidents/{declared['number']}/brief", brief)

    def runs(*arguments: str) -> Said:
        capfd.readouterr()
        code = main([arguments[0], str(declared["number"]), *arguments[1:]])
        said = capfd.readouterr()
        return Said(code, said.out, said.err)

    return runs


@pytest.mark.ledger("S4-128")
def test_an_update_is_posted_and_the_promise_is_shown_back(run: Callable[..., Said]) -> None:
    said = run("update", "We undo the change.", "--to", "internal", "--to", "customers")
    assert said.code == 0, said.err
    assert "Update: We undo the change." in said.out
    assert "customers: We undo the change." in said.out
    assert "no status page yet" in said.err
    assert "The next update is promised by" in said.err


def test_what_is_refused_says_its_code_and_what_to_do(run: Callable[..., Said]) -> None:
    said = run("update", "We look.", "--next", "45m")
    assert said.code != 0
    assert "later than the cadence" in said.err
    assert run("update", "--final").code != 0


def test_a_dry_run_shows_the_text_and_what_is_wrong_with_it(run: Callable[..., Said]) -> None:
    said = run("update", "It is probably the network.", "--to", "customers", "--dry-run")
    assert said.code == 0, said.err
    assert "UPDATE_WORDS" in said.err
    assert "Nothing was sent" in said.err


def test_a_brief_for_leaders_takes_its_fields_by_name(run: Callable[..., Said]) -> None:
    said = run(
        "update", "-t", "leaders", "--set", "risk=more shops", "--set", "decision=none", "--json"
    )
    assert said.code == 0, said.err
    (item,) = json.loads(said.out)["items"]
    assert "Decision needed: none" in item["text"]


def test_a_question_goes_to_command_and_a_strange_incident_is_not_there(
    run: Callable[..., Said],
) -> None:
    said = run("ask", "When is it over?")
    assert said.code == 0, said.err
    assert said.out.startswith("qu_")
    assert main(["ask", "INC-2020-999", "Why?"]) != 0
