"""Writing into an incident's timeline from the command line, against files opened here."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from holdfast.cli.app import main
from holdfast.cli.commands.note import TRIES_MAX
from holdfast.cli.exits import FAILED, UNREACHABLE, WRONG_USAGE
from holdfast.cli.reach import Where, reach
from tests.configuration.build import EXAMPLE, PEOPLE

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """`holdfast note` in a folder that has an instance and one declared incident."""
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
                "severity": "SEV2",
                "detection_source": "teammate",
                "services": ["checkout"],
            },
        )

    def runs(*arguments: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = main(["note", str(declared["number"]), *arguments])
        heard = capfd.readouterr()
        return code, heard.out, heard.err

    return runs


def timeline() -> list[dict[str, object]]:
    with reach(Where()) as caller:
        number = caller.items("incidents")[0]["number"]
        return [each for each in caller.items(f"incidents/{number}/timeline") if not each["event"]]


@pytest.mark.ledger("S4-27")
def test_one_line_writes_one_row_with_its_author_and_its_time(run: Run) -> None:
    code, out, err = run("restarted api")
    assert code == 0
    (entry,) = [each for each in timeline() if each["text"] == "restarted api"]
    assert out.strip() == entry["id"]
    assert str(entry["author"]) in err


def test_a_fact_takes_links_values_and_ones_own_eyes(run: Run) -> None:
    given = ("--evidence", "metric=https://g.test/1", "--evidence", "log=pool exhausted", "--seen")
    code, out, _ = run("The pool is full", "--kind", "fact", *given, "--json")
    assert code == 0
    pieces = json.loads(out)["evidence"]
    assert [(each["kind"], each["link"] or each["value"]) for each in pieces] == [
        ("metric", "https://g.test/1"), ("log", "pool exhausted"), ("seen", ""),
    ]  # fmt: skip


def test_a_refused_fact_says_what_to_do(run: Run) -> None:
    code, _, err = run("The pool is full", "--kind", "fact")
    assert code == FAILED
    assert "I saw it" in err
    assert "/help/guardrails/EVIDENCE_REQUIRED" in err


def test_evidence_that_says_nothing_is_wrong_usage(run: Run) -> None:
    code, _, err = run("x", "--evidence", "metric")
    assert code == WRONG_USAGE
    assert "metric=https://" in err


@pytest.mark.ledger("S4-27")
def test_a_server_that_does_not_answer_is_asked_once_more(run: Run) -> None:
    code, _, err = run("x", "--server", "http://127.0.0.1:9", "--token", "t")
    assert code == UNREACHABLE
    assert err.count("sent once more") == TRIES_MAX - 1
