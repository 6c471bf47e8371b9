"""Incidents from the command line, against files opened here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from holdfast.cli import words
from holdfast.cli.app import main
from tests.configuration.build import EXAMPLE, PEOPLE

Said = pytest.CaptureFixture[str]


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that has an instance and people."""
    for name in ("DATA", "DATABASE", "SERVER", "TOKEN"):
        monkeypatch.delenv(f"HOLDFAST_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(EXAMPLE)
    (tmp_path / "people.yaml").write_text(PEOPLE)
    assert main(["apply", "config.yaml", "people.yaml"]) == 0


DECLARE = ("declare", "Card payments fail", "--severity", "SEV2", "--noticed-by", "customer")


def declared(said: Said, *more: str) -> dict[str, Any]:
    said.readouterr()
    assert main([*DECLARE, "--json", *more]) == 0
    found: dict[str, Any] = json.loads(said.readouterr().out)
    return found


@pytest.mark.usefixtures("company")
def test_one_line_declares_and_shows_roles_and_clocks(capfd: Said) -> None:
    capfd.readouterr()
    assert main([*DECLARE, "--service", "checkout", "--commander", "ana"]) == 0
    said = capfd.readouterr().out
    assert "INC-" in said
    assert "SEV2" in said
    assert "ana" in said
    assert "restore" in said


@pytest.mark.usefixtures("company")
def test_whoever_is_unsure_names_the_ranks(capfd: Said) -> None:
    found = declared(capfd)
    assert found["detection_source"] == "customer"
    line = ["declare", "Slow", "--unsure", "2", "--unsure", "1", "--noticed-by", "teammate"]
    assert main(line) == 0
    assert words.PROVISIONAL in capfd.readouterr().out


@pytest.mark.usefixtures("company")
def test_a_refusal_says_its_code_its_reason_and_what_to_do(capfd: Said) -> None:
    number = declared(capfd)["number"]
    assert main(["incident", "move", number, "mitigating"]) != 0
    said = capfd.readouterr().err
    assert "Triage was left out" in said
    assert "TRIAGE_INCOMPLETE" in said


@pytest.mark.usefixtures("company")
def test_it_is_listed_moved_raised_and_checked(capfd: Said) -> None:
    number = declared(capfd)["number"]
    assert main(["incident", "move", number, "triage"]) == 0
    assert main(["incident", "impact", number, "30"]) == 0
    assert main(["incident", "severity", number, "SEV1", "it is more"]) == 0
    assert main(["incident", "in-doubt", number]) == 0
    assert main(["incident", "check", number, "errors", "40 %", "dashboard", "--bad"]) == 0
    capfd.readouterr()
    assert main(["incident", "show", number, "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert found["phase"] == "triage"
    assert found["severity"]["level"] == "SEV0"
    assert found["impact"]["users_affected"] == 30
    assert found["checks"][0]["good"] is False
    assert main(["incidents", "--phase", "active"]) == 0
    assert number in capfd.readouterr().out


@pytest.mark.usefixtures("company")
def test_a_false_alarm_takes_a_reason_and_leaves_the_active_ones(capfd: Said) -> None:
    number = declared(capfd)["number"]
    assert main(["incident", "move", number, "closed_false_alarm"]) != 0
    assert main(["incident", "move", number, "closed_false_alarm", "--reason", "the probe"]) == 0
    capfd.readouterr()
    assert main(["incidents", "--phase", "active"]) == 0
    assert words.NO_INCIDENTS in capfd.readouterr().err
