"""Which instance a command is for: flags before the environment, that before the file."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from holdfast.cli.exits import NOT_SIGNED_IN, Failed
from holdfast.cli.reach import Local, Remote, Where, choose, holds

A = Path("/a")
NOTHING: Mapping[str, str] = {}


def test_without_a_word_it_is_the_folder_data() -> None:
    assert choose(None, NOTHING, NOTHING) == Local(Path("data"), None, {})


@pytest.mark.parametrize(
    ("where", "environment", "in_file", "target"),
    [
        (Where(data=A), {"HOLDFAST_DATA": "/b"}, {}, Local(A, None, {"data": A})),
        (None, {"HOLDFAST_DATA": "/b"}, {"data": "/c"}, Local(Path("/b"), None, {})),
        (None, {}, {"data": "/a", "database": "postgresql://x"}, Local(A, "postgresql://x", {})),
        (Where(server="http://s/", token="t"), {}, {}, Remote("http://s", "t")),
        (None, {"HOLDFAST_SERVER": "http://s", "HOLDFAST_TOKEN": "t"}, {}, Remote("http://s", "t")),
        (
            Where(data=A),
            {"HOLDFAST_SERVER": "http://s", "HOLDFAST_TOKEN": "t"},
            {},
            Local(A, None, {"data": A}),
        ),
    ],
)  # fmt: skip
def test_the_nearest_word_wins(
    where: Where | None,
    environment: Mapping[str, str],
    in_file: Mapping[str, object],
    target: Remote | Local,
) -> None:
    assert choose(where, environment, in_file) == target


def test_a_server_is_not_called_without_a_token() -> None:
    with pytest.raises(Failed) as failed:
        choose(Where(server="http://s"), NOTHING, NOTHING)
    assert failed.value.code == NOT_SIGNED_IN
    assert "--token" in (failed.value.remedy or "")


def test_a_socket_that_a_dead_server_left_behind_is_nobody(tmp_path: Path) -> None:
    assert not holds(tmp_path)
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / "holdfast.sock"))
    left.close()
    assert (tmp_path / "holdfast.sock").is_socket()
    assert not holds(tmp_path)
