"""Finds the instance that a command is for, and the way to it.

A server that was named is called with its token; one that holds the data folder through its socket;
and where none runs, the files are opened here. From then on everything is the same call.
"""

from __future__ import annotations

import importlib
import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, cast

import httpx2  # noqa: TID251 - the command line is a client, not a part of the engine
from cyclopts import Parameter

from holdfast.cli import words
from holdfast.cli.caller import CONNECT_S, Caller
from holdfast.cli.exits import NOT_SIGNED_IN, Failed

LOCALHOST = "http://localhost"
SOCKET_NAME = "holdfast.sock"
TOML_FILE = "holdfast.toml"
DATA_DEFAULT = "data"
# The web application is heavy; only a command that has to open the files itself loads it.
HERE = "holdfast.cli.here"

AsJson = Annotated[bool, Parameter(name="--json", negative="", help="The answer as JSON.")]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Where:
    """Which instance a command is for; every field is also HOLDFAST_..., or in holdfast.toml."""

    data: Annotated[Path | None, Parameter(help="The data folder of an instance here.")] = None
    database: Annotated[
        str | None, Parameter(help="postgresql://... of an instance on PostgreSQL.")
    ] = None
    server: Annotated[str | None, Parameter(help="The address of a running server.")] = None
    token: Annotated[str | None, Parameter(help="The token to call that server with.")] = None


@dataclass(frozen=True, slots=True)
class Remote:
    """A server, reached over the network."""

    url: str
    token: str


@dataclass(frozen=True, slots=True)
class Local:
    """An instance on this machine: `given` are the flags to open it with."""

    data: Path
    database: str | None
    given: Mapping[str, object]


def choose(
    where: Where | None, environment: Mapping[str, str], in_file: Mapping[str, object]
) -> Remote | Local:
    """A flag wins over the environment, and the environment over the file. Raises Failed."""
    flags = where or Where()

    def found(name: str) -> str | None:
        value = getattr(flags, name) or environment.get(f"HOLDFAST_{name.upper()}")
        value = value or in_file.get(name)
        return str(value) if value else None

    # `--data` on the command line means the folder, whatever server the environment names.
    server = flags.server if flags.data or flags.database else found("server")
    if server:
        token = found("token")
        if token is None:
            raise Failed(words.NO_TOKEN, code=NOT_SIGNED_IN, remedy=words.NO_TOKEN_REMEDY)
        return Remote(server.rstrip("/"), token)
    given = {
        name: value for name in ("data", "database") if (value := getattr(flags, name)) is not None
    }
    return Local(Path(found("data") or DATA_DEFAULT), found("database"), given)


@contextmanager
def reach(where: Where | None) -> Iterator[Caller]:
    """The API of the instance that is meant. Raises Failed where it cannot be reached."""
    target = choose(where, os.environ, _in_file(Path(TOML_FILE)))
    if isinstance(target, Remote):
        with closing(Caller(httpx2.HTTPTransport(), target.url, token=target.token)) as caller:
            yield caller
        return
    socket = target.data / SOCKET_NAME
    if target.database is None and _answers(socket):
        with closing(Caller(_by_socket(socket), LOCALHOST)) as caller:
            yield caller
        return
    here = importlib.import_module(HERE)
    # With PostgreSQL other nodes may be running; a data folder has one process or none.
    pages = target.database is not None
    with (
        here.opened(target.given) as transport,
        closing(Caller(transport, LOCALHOST, pages=pages)) as caller,
    ):
        yield caller


def local(where: Where | None) -> Local | None:
    """The instance on this machine that is meant; None where a server was named."""
    target = choose(where, os.environ, _in_file(Path(TOML_FILE)))
    return target if isinstance(target, Local) else None


def holds(data: Path) -> bool:
    """True while a server holds that folder."""
    return _answers(data / SOCKET_NAME)


def _by_socket(socket: Path) -> httpx2.HTTPTransport:
    return httpx2.HTTPTransport(uds=str(socket))


def _answers(socket: Path) -> bool:
    """A file that a dead server left behind answers nobody."""
    if not socket.is_socket():
        return False
    try:
        with httpx2.Client(transport=_by_socket(socket), timeout=CONNECT_S) as client:
            client.get(f"{LOCALHOST}/healthz")
    except httpx2.ConnectError:
        return False
    except httpx2.HTTPError:
        return True  # it is there, and slow
    return True


def _in_file(path: Path) -> Mapping[str, object]:
    try:
        return cast(Mapping[str, object], tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Failed(f"{path} cannot be read: {error}", remedy="Correct it.") from error
