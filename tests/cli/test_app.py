"""The commands from end to end: against files opened here, and against a running server."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from holdfast.cli import words
from holdfast.cli.app import COMMANDS, main
from tests.configuration.build import EXAMPLE, PEOPLE

RUN = "import sys; from holdfast.cli.app import main; sys.exit(main())"
START_S = 60
HELP_LINES_MAX = 40  # of a terminal that is tall enough to work in


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    def runs(*arguments: object) -> Said:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        said = capfd.readouterr()
        return Said(code, said.out, said.err)

    return runs


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which nothing else is configured."""
    for name in ("DATA", "DATABASE", "SERVER", "TOKEN"):
        monkeypatch.delenv(f"HOLDFAST_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "instance"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    (tmp_path / "config.yaml").write_text(EXAMPLE)
    (tmp_path / "people.yaml").write_text(PEOPLE)
    return [tmp_path / "config.yaml", tmp_path / "people.yaml"]


def test_help_fits_one_screen_and_names_every_command(run: Run) -> None:
    said = run("--help")
    assert said.code == 0
    assert len(said.out.splitlines()) <= HELP_LINES_MAX
    assert all(name in said.out for name in COMMANDS)
    assert set(words.HELP) == set(COMMANDS)


def test_help_loads_neither_the_web_nor_the_database() -> None:
    code = (
        "import sys; from holdfast.cli.app import main; main(['--help']);"
        "heavy = {'fastapi', 'sqlalchemy', 'pydantic', 'holdfast.main'} & set(sys.modules);"
        "sys.exit(bool(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["tokn"], "Did you mean"),
        (["token", "create"], "--name"),
        (["token", "create", "--name", "x", "--role", "boss"], "viewer"),
        (["plan"], "requires an argument"),
        (["oncall", "--att", "x"], "--att"),
    ],
)
def test_wrong_usage_says_what_is_wrong_and_exits_with_2(
    run: Run, arguments: list[str], says: str
) -> None:
    said = run(*arguments)
    assert said.code == 2
    assert says in said.err
    assert said.out == ""


def test_the_story_of_a_folder_that_no_server_holds(
    run: Run, data: Path, files: list[Path], tmp_path: Path
) -> None:
    here = ("--data", data)
    said = run("plan", *files, *here)
    assert (said.code, said.out.splitlines()[0]) == (0, f"+ create user ana  ({files[0]}:4)")
    assert "There was no Holdfast" in said.err
    assert "Nothing was changed yet: 12 to create, 1 to change. Next: holdfast apply" in said.err

    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("userz: []\n")
    said = run("apply", wrong, *here)
    assert (said.code, said.out) == (1, "")
    assert said.err.splitlines() == [
        f"{wrong}:1: the file has no field “userz”. Did you mean users?",
        "Nothing was changed.",
    ]

    assert "12 created, 1 changed" in run("apply", *files, *here).err
    assert run("apply", *files, *here).err.strip() == words.NOTHING_TO_CHANGE

    said = run("oncall", "payments-primary", *here, "--json")
    assert json.loads(said.out)["items"][0]["schedule"] == "payments-primary"
    said = run("oncall", "nights", *here)
    assert (said.code, said.out) == (4, "")
    assert "There are: payments-primary." in said.err

    said = run("rehearse", "--service", "checkout", *here)
    assert "step 1 of policy payments" in said.out
    assert "No gap. Nothing was sent." in said.err

    code = run("page", "checkout", "Disk full", "--severity", "critical", *here).out.strip()
    said = run("ack", *here)
    assert said.out == f"{code}  acknowledged  Disk full\n"
    assert f"holdfast unack {code}" in said.err
    assert run("alerts", "list", "--status", "triggered", *here).out == ""
    assert "Disk full" in run("alerts", "show", code, *here).out
    said = run("alerts", "show", "nope-11", *here)
    assert (said.code, said.out) == (4, "")

    said = run("export", *here)
    export = tmp_path / "export.yaml"
    export.write_text(said.out)
    assert run("apply", export, "--prune", *here).err.strip() == words.NOTHING_TO_CHANGE


def test_a_token_is_printed_alone_and_can_be_revoked(run: Run, data: Path) -> None:
    here = ("--data", data)
    said = run("token", "create", "--name", "ci", "--role", "viewer", *here)
    assert said.code == 0
    assert said.out.startswith("hf_")
    assert len(said.out.split()) == 1
    (listed,) = json.loads(run("token", "list", *here, "--json").out)["items"]
    assert run("token", "revoke", listed["id"], *here).code == 0
    assert run("token", "revoke", "tk_none", *here).code == 4
    said = run("token", "create", "--name", "x", "--user", "nobody", *here)
    assert (said.code, said.out) == (4, "")
    link = run("sign-in-link", *here).out.strip()
    assert "/sign-in/" in link


def test_a_backup_is_restored_on_hold_and_waits_for_a_person(
    run: Run, data: Path, files: list[Path], tmp_path: Path
) -> None:
    here, other, file = ("--data", data), tmp_path / "other", tmp_path / "b.db"
    run("apply", *files, *here)
    assert run("backup", file, *here).code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    said = run("backup", file, *here)
    assert said.code == 5
    assert "--force" in said.err

    said = run("restore", file, "--data", other)
    assert said.code == 0
    assert "on hold" in said.err
    assert sorted(path.name for path in other.iterdir() if "restoring" in path.name) == []
    said = run("restore", file, "--data", other)
    assert said.code == 5
    assert run("oncall", "--data", other).out == run("oncall", *here).out
    assert run("verify", "--data", other).code == 0
    assert run("release", "--data", other).code == 0

    said = run("restore", file, "--data", other, "--force")
    assert said.code == 0
    assert (other / "holdfast.db.before-restore").exists()
    nonsense = tmp_path / "nonsense.db"
    nonsense.write_bytes(b"nonsense" * 1000)
    for wrong in (nonsense, tmp_path / "absent.db"):
        assert run("restore", wrong, "--data", tmp_path / "third").code == 2
    assert run("restore", file, "--database", "postgresql://x/y").code == 2


def test_settings_are_listed_and_secrets_are_not_shown(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLDFAST_EMAIL_PASSWORD", "hunter2")
    said = run("settings", "--data", data)
    assert "hunter2" not in said.out
    lines = {line.split()[0]: line.split()[1:3] for line in said.out.splitlines()}
    assert lines["HOLDFAST_EMAIL_PASSWORD"] == ["set", "environment"]
    assert lines["HOLDFAST_DATA"] == [str(data), "flag"]


def test_files_that_cannot_be_read_are_wrong_usage(run: Run, data: Path, tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"users: \xff")
    said = run("plan", tmp_path / "latin.yaml", "--data", data)
    assert (said.code, said.err.splitlines()[1]) == (2, "Save it as UTF-8.")
    assert run("plan", tmp_path / "absent.yaml", "--data", data).code == 2
    assert not data.exists(), "nothing is opened for files that cannot be read"


@pytest.fixture
def server(data: Path) -> Iterator[subprocess.Popen[str]]:
    """A real server on a free port, with `data` in its hands."""
    command = [sys.executable, "-c", RUN, "up", "--data", str(data), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    yield process
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(START_S)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


@pytest.mark.slow
def test_commands_reach_a_running_server_by_its_socket_and_by_its_address(
    run: Run, data: Path, files: list[Path], server: subprocess.Popen[str], tmp_path: Path
) -> None:
    assert server.stdout is not None
    address = server.stdout.readline().strip().removeprefix("Holdfast is up at ")
    assert address.startswith("http://127.0.0.1:")
    here = ("--data", data)
    assert run("apply", *files, *here).code == 0
    said = run("page", "checkout", "Disk full", *here)
    assert "whoever is on call is paged" in said.err

    token = run("token", "create", "--name", "ci", "--role", "responder", *here).out.strip()
    there = ("--server", address, "--token", token)
    assert "Disk full" in run("alerts", "list", *there).out
    assert run("ack", *there).code == 0
    said = run("token", "list", *there)
    assert (said.code, said.out) == (3, "")
    assert run("alerts", "list", "--server", address, "--token", "wrong").code == 3

    assert run("backup", tmp_path / "b.db", *here).code == 0
    said = run("restore", tmp_path / "b.db", *here, "--force")
    assert said.code == 5
    assert "holds" in said.err


def test_a_server_that_is_not_there_is_unreachable(run: Run, data: Path) -> None:
    said = run("alerts", "list", "--server", "http://127.0.0.1:1", "--token", "x")
    assert (said.code, said.out) == (6, "")
    assert words.UNREACHABLE_REMEDY in said.err
