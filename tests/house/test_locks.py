"""Dependencies stay dependencies: locked by hash, without addresses, and never committed."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.source import HOME, own_files, report, short

LOCKS = sorted((HOME / "requirements").glob("*.lock"))
VENDOR = HOME / "src/holdfast/web/static/vendor"
# Hosts of package registries, spelt in two parts so that this file does not hold them.
REGISTRIES = (
    *("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com"),
    *("yarn" + "pkg.com", "un" + "pkg.com", "js" + "delivr.net", "cdn" + "js.com"),
    *("fonts.google" + "apis.com", "proxy." + "golang.org", "crates" + ".io"),
)
THIRD_PARTY = (".woff", ".woff2", ".ttf", ".otf", ".eot", ".min.js", ".min.css", ".whl", ".tgz")


@cache
def locked(lock: Path) -> dict[str, str]:
    """Package -> version, of a Python lock."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock.read_text("utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


@cache
def declared(group: str) -> list[Requirement]:
    project = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))
    run: list[str] = project["project"]["dependencies"]
    return [Requirement(line) for line in project["dependency-groups"].get(group, run)]


@pytest.mark.parametrize(
    "lock", [*LOCKS, HOME / "package-lock.json", HOME / "package.json"], ids=lambda lock: lock.name
)
def test_no_lock_holds_an_address(lock: Path) -> None:
    assert "://" not in lock.read_text("utf-8")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_a_hash(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text("utf-8").strip())
    bare = [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry]
    assert not bare, report(bare)


@pytest.mark.parametrize("group", ["run", "test", "assets"])
def test_the_lock_answers_everything_that_is_declared(group: str) -> None:
    versions = locked(HOME / f"requirements/{group}.lock")
    stale = [
        f"{requirement}: run tools/lock.py"
        for requirement in declared(group)
        if not requirement.specifier.contains(
            versions.get(canonicalize_name(requirement.name), "0"), prereleases=True
        )
    ]
    assert not stale, report(stale)


def test_the_tests_run_on_the_versions_that_are_shipped() -> None:
    run, test = (locked(HOME / f"requirements/{name}.lock") for name in ("run", "test"))
    assert {name: test.get(name) for name in run} == run


def test_front_end_packages_are_exact_and_have_integrity_hashes() -> None:
    manifest = json.loads((HOME / "package.json").read_text("utf-8"))
    packages = json.loads((HOME / "package-lock.json").read_text("utf-8"))["packages"]
    for name, version in {**manifest["dependencies"], **manifest["devDependencies"]}.items():
        entry = packages[f"node_modules/{name}"]
        assert entry["version"] == version, f"{name}: exact versions only, and the lock follows"
        assert entry["integrity"].startswith("sha512-")
        assert "resolved" not in entry, f"{name}: run tools/lock.py, which strips addresses"


def test_no_file_of_ours_names_a_package_registry() -> None:
    found = []
    for path in own_files():
        text = path.read_bytes().decode("utf-8", errors="replace").lower()
        found += [f"{short(path)}: {host}" for host in REGISTRIES if host in text]
    assert not found, report(found)


def test_no_third_party_file_is_committed() -> None:
    foreign = [
        f"{short(path)}: name it in package.json or pyproject.toml instead"
        for path in own_files()
        if path.name.endswith(THIRD_PARTY) or "node_modules" in path.parts
    ]
    assert not foreign, report(foreign)


def test_git_ignores_the_fetched_front_end_files() -> None:
    if not (HOME / ".git").exists():
        pytest.skip("this copy is no git clone")
    ignored = subprocess.run(
        ["git", "check-ignore", "-q", f"{VENDOR}/htmx.min.js"], cwd=HOME, check=False
    )
    assert ignored.returncode == 0
