"""Roles, hand-offs and asking for help from the command line, against files opened here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from holdfast.cli import words
from holdfast.cli.app import main
from holdfast.cli.reach import Where, reach
from tests.configuration.build import EXAMPLE, PEOPLE


@pytest.fixture
def number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder that has an instance, people, and one declared incident."""
    for name in ("DATA", "DATABASE", "SERVER", "TOKEN"):
        monkeypatch.delenv(f"HOLDFAST_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(EXAMPLE)
    (tmp_path / "people.yaml").write_text(PEOPLE)
    assert main(["apply", "config.yaml", "people.yaml"]) == 0
    asked = {
        "title": "Card payments fail", "severity": "SEV1", "detection_source": "teammate",
        "services": ["checkout"], "roles": {"command": "ana"},
    }  # fmt: skip
    with reach(Where()) as caller:
        return str(caller.post("incidents", asked)["number"])


def test_roles_are_listed_with_who_is_asked_and_what_is_missing(
    number: str, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    assert main(["role", "list", number]) == 0
    said = capfd.readouterr().out
    assert "command" in said
    assert "ana" in said
    assert "MISSING" in said


def test_a_role_is_given_and_the_handoff_is_offered_and_taken_back(
    number: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["role", "assign", number, "scribe", "bo"]) == 0
    assert words.ROLE_TAKEN in capfd.readouterr().err
    assert main(["handoff", "offer", number, "command", "cy", "--briefing", "cards fail"]) == 0
    assert words.HANDOFF_OFFERED in capfd.readouterr().err
    assert main(["role", "list", number, "--json"]) == 0
    seats = {seat["role"]: seat for seat in json.loads(capfd.readouterr().out)["items"]}
    assert seats["command"]["user"] == "ana"
    assert seats["command"]["handoff_to"] == "cy"
    assert seats["scribe"]["user"] == "bo"


def test_somebody_is_summoned_with_a_reason_and_a_time(
    number: str, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    assert main(["summon", number, "user:cy", "locks", "--minutes", "7", "--json"]) == 0
    asked = json.loads(capfd.readouterr().out)
    assert (asked["target"], asked["reason"], asked["state"]) == ("user:cy", "locks", "asked")
