"""Which door one package may use to reach another, beyond what the import contracts can say."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache

import grimp

from tests.support.source import HOME, SRC, report

PRIVATE = {"store", "tables"}
# The same names in every domain package; all other files there hold ideas and are pure.
ROLES = {"model", "actions", "queries", "store", "tables", "words"}
DOMAIN = {
    "alerts",
    "catalog",
    "escalation",
    "guardrails",
    "incidents",
    "paging",
    "people",
    "practice",
    "schedules",
    "timeline",
}
FRAMEWORKS = {
    "alembic",
    "asyncio",
    "fastapi",
    "httpx2",
    "psycopg",
    "socket",
    "sqlalchemy",
    "sqlite3",
    "starlette",
    "subprocess",
    "threading",
    "urllib.request",
}
MAY_SPEAK_SQL = {"storage", "kernel.tx"}


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("holdfast", include_external_packages=True, cache_dir=None)


def modules() -> list[str]:
    """Our own modules, without the leading `holdfast.`."""
    ours = (name for name in graph().modules if name.startswith("holdfast."))
    return sorted(name.removeprefix("holdfast.") for name in ours)


def imports(module: str) -> Iterator[str]:
    """What a module imports directly: ours without the leading `holdfast.`, others as they are."""
    for name in sorted(graph().find_modules_directly_imported_by(f"holdfast.{module}")):
        yield name.removeprefix("holdfast.")


def package(module: str) -> str:
    return module.split(".", 1)[0]


def test_nobody_reads_another_packages_store() -> None:
    trespassers = [
        f"holdfast.{module} imports holdfast.{imported}: ask its queries or actions"
        for module in modules()
        for imported in imports(module)
        if PRIVATE.intersection(imported.split(".")[1:])
        and package(imported) in DOMAIN | {"web"}
        and package(imported) != package(module)
    ]
    assert not trespassers, report(trespassers)


def test_ideas_are_pure_and_know_only_ideas_and_models() -> None:
    breaches = []
    for module in modules():
        parts = module.split(".")
        if parts[0] not in DOMAIN or len(parts) == 1 or ROLES.intersection(parts[1:]):
            continue
        for imported in imports(module):
            to = imported.split(".")
            if imported in FRAMEWORKS or imported == "kernel.tx" or to[0] == "storage":
                breaches.append(
                    f"holdfast.{module} imports {imported}: move what acts into actions"
                )
            elif to[0] in DOMAIN and (ROLES - {"model", "words"}).intersection(to[1:]):
                breaches.append(
                    f"holdfast.{module} imports {imported}: take its facts as arguments"
                )
    assert not breaches, report(breaches)


def test_sql_is_spoken_behind_the_doors_only() -> None:
    speakers = [
        f"holdfast.{module} imports sqlalchemy: SQL lives in store.py and queries.py"
        for module in modules()
        if speaks_sql(module)
        and not PRIVATE.union({"queries"}).intersection(module.split("."))
        and not any(f"{module}.".startswith(f"{place}.") for place in MAY_SPEAK_SQL)
    ]
    assert not speakers, report(speakers)


def speaks_sql(module: str) -> bool:
    """Whoever runs transactions may know their errors: that is no SQL."""
    found = graph().get_import_details(importer=f"holdfast.{module}", imported="sqlalchemy")
    return any("sqlalchemy.exc" not in detail["line_contents"] for detail in found)


def test_every_package_has_its_place_on_the_ladder() -> None:
    contracts = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))
    ladder = contracts["tool"]["importlinter"]["contracts"][0]["layers"]
    places = {name.strip("() ") for layer in ladder for name in layer.split("|")}
    packages = {path.stem for path in SRC.iterdir() if not path.name.startswith("__")}
    homeless = {name for name in packages if not (SRC / name).is_dir() or any_python(name)} - places
    assert not homeless, f"name their place in [tool.importlinter]: {', '.join(sorted(homeless))}"
    assert {"sdk", "kernel"} <= places, "the test reads the ladder itself"


def any_python(name: str) -> bool:
    return any((SRC / name).rglob("*.py"))


def test_all_code_is_reached_by_the_import_contracts() -> None:
    """A folder without __init__.py is invisible to them: code there would obey no rule."""
    known = {f"holdfast.{module}" for module in modules()} | {"holdfast"}
    paths = [path for path in SRC.rglob("*.py") if "migrations" not in path.parts]
    unseen = [
        f"{path.relative_to(HOME)}: add an __init__.py that says what the package is for"
        for path in paths
        if ".".join(["holdfast", *path.relative_to(SRC).with_suffix("").parts])
        .removesuffix(".__init__")
        .rstrip(".")
        not in known
    ]
    assert not unseen, report(unseen)
