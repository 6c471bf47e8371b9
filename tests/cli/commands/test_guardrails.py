"""The guardrails on the command line: all of them, one of them, and how strictly one stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from holdfast.cli import words
from holdfast.cli.app import main
from holdfast.guardrails import rules

CODE = "NO_FINAL_LEVEL"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `holdfast guardrails ...` on a folder of its own: exit code, output, errors."""
    for name in ("DATA", "DATABASE", "SERVER", "TOKEN"):
        monkeypatch.delenv(f"HOLDFAST_{name}", raising=False)
    monkeypatch.chdir(tmp_path)

    def runs(*arguments: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = main(["guardrails", *arguments, "--data", str(tmp_path / "instance")])
        said = capfd.readouterr()
        return code, said.out, said.err

    return runs


@pytest.mark.ledger("S0-39")
def test_every_rule_is_listed_with_strength_and_figures(run: Run) -> None:
    code, out, _ = run("--json")
    listed = [each["code"] for each in json.loads(out)["items"]]
    assert (code, listed) == (0, sorted(rules.by_code()))
    code, out, _ = run("list", "--package", "escalation")
    assert (code, out.split()[:4]) == (0, [CODE, "must", "0", "0"])
    assert run("--package", "nothing")[2].strip() == words.NO_GUARDRAILS


@pytest.mark.ledger("S0-67")
def test_a_rule_is_made_weaker_with_a_reason_and_says_so(run: Run) -> None:
    code, out, err = run("strength", CODE, "may")
    assert (code, out) == (1, "")
    assert "Say why the rule is made weaker" in err
    code, out, err = run("strength", CODE, "should", "--reason", "we are four people")
    assert (code, out) == (0, "")
    assert err.strip() == f"{CODE} stands as should (was must) from now on."
    _, out, _ = run("show", CODE)
    assert "should (was must)" in out
    assert "changed by system:operator" in out
    assert "we are four people" in out
    assert f"/help/guardrails/{CODE}" in out


def test_a_rule_that_does_not_exist_is_not_found(run: Run) -> None:
    code, out, err = run("show", "NO_SUCH")
    assert (code, out) == (4, "")
    assert "NO_SUCH" in err


def test_what_is_no_strength_is_wrong_usage(run: Run) -> None:
    assert run("strength", CODE, "never")[0] == 2
