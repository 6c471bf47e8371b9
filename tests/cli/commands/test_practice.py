"""Practice packs from the command line, against an instance whose files are opened here."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from holdfast.cli.app import main
from holdfast.practice import shipped
from tests.practice.build import text


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Commands in an empty folder."""
    for name in ("DATA", "DATABASE", "SERVER", "TOKEN"):
        monkeypatch.delenv(f"HOLDFAST_{name}", raising=False)
    monkeypatch.chdir(tmp_path)

    def runs(*arguments: str) -> Said:
        capfd.readouterr()
        code = main(["practice", *arguments])
        said = capfd.readouterr()
        return Said(code, said.out, said.err)

    return runs


def test_a_pack_is_exported_checked_saved_chosen_and_removed(run: Run, tmp_path: Path) -> None:
    assert run("export", "imag-3").out == shipped.text("imag-3")
    (tmp_path / "ours.yaml").write_text(text(name="imag-3"))
    said = run("check", "ours.yaml")
    assert (said.code, "ours.yaml: ours has 3 levels" in said.err) == (0, True)
    assert "SEV1: command+scribe" in said.err
    assert run("save", "ours.yaml").code == 0
    assert run("choose", "ours").code == 0
    line = next(line for line in run().out.splitlines() if line.startswith("ours "))
    assert "in force" in line
    assert line.endswith("(yours)")
    assert run("remove", "ours").code == 5
    assert run("choose", "none").code == 0
    assert json.loads(run("remove", "ours", "--json").out)["active"] == "none"


@pytest.mark.ledger("S3-06")
@pytest.mark.refuses("SEVERITY_WITHOUT_BEHAVIOUR")
def test_a_pack_that_is_wrong_is_told_line_by_line_and_not_saved(run: Run, tmp_path: Path) -> None:
    broken = text(("notify: [owners]", "notify:"), ("hours: business", "hours: sometimes"))
    (tmp_path / "ours.yaml").write_text(broken)
    line = broken.splitlines().index("    notify:") + 1
    for command, code in (("check", 2), ("save", 1)):
        said = run(command, "ours.yaml")
        assert said.code == code
        assert f"ours.yaml:{line}: notify of level SEV0 is blank." in said.err
        assert "hours of level SEV3: “sometimes” is not known. " in said.err
    assert "ours" not in run().out


def test_a_file_that_cannot_be_read_is_said_to_be_so(run: Run, tmp_path: Path) -> None:
    assert "cannot be read" in run("check", "nowhere.yaml").err
    (tmp_path / "latin.yaml").write_bytes(b"pack: \xff")
    assert "not UTF-8" in run("check", "latin.yaml").err
    assert run("export", "onion").code == 4
