"""Fetches the third-party front-end files with npm and lays the few that are used into web/static.

Names, versions and hashes stand in package.json and package-lock.json; nothing of it is committed.
Run by ./dev. Writes src/holdfast/web/static/vendor/ and, for the tests, .cache/axe/axe.min.js.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import brotli

HOME = Path(__file__).parents[1]
VENDOR = HOME / "src/holdfast/web/static/vendor"
WORKSHOP = HOME / ".cache/npm"
FOR_TESTS = HOME / ".cache/axe"
FETCH_S = 300
PRECOMPRESSED = (".js", ".svg")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file of an npm package and the name that it gets here."""

    package: str
    path: str
    name: str


WANTED = (
    Wanted("htmx.org", "dist/htmx.min.js", "htmx.min.js"),
    Wanted("htmx.org", "dist/ext/hx-sse.min.js", "hx-sse.min.js"),
    Wanted("@fontsource-variable/inter", "files/inter-latin-wght-normal.woff2", "inter.woff2"),
)
ICONS = "lucide-static"


def main() -> int:
    """0 when every file lies in place, 1 when npm could not fetch them."""
    try:
        packages = fetch()
    except (OSError, subprocess.SubprocessError) as error:
        print(f"npm could not fetch the front-end files: {error}", file=sys.stderr)
        return 1
    staging = VENDOR.with_name(f"vendor.{os.getpid()}")
    staging.mkdir(parents=True)
    for wanted in WANTED:
        shutil.copyfile(packages / wanted.package / wanted.path, staging / wanted.name)
    (staging / "icons.svg").write_text(sprite(packages / ICONS / "icons", icon_names()), "utf-8")
    (staging / "manifest.json").write_text(manifest(packages, staging), "utf-8")
    for path in [path for path in staging.iterdir() if path.suffix in PRECOMPRESSED]:
        path.with_name(path.name + ".br").write_bytes(brotli.compress(path.read_bytes()))
    shutil.rmtree(VENDOR, ignore_errors=True)
    staging.rename(VENDOR)
    FOR_TESTS.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(packages / "axe-core/axe.min.js", FOR_TESTS / "axe.min.js")
    shutil.rmtree(WORKSHOP)  # 70 MB of icons that nobody asked for
    return 0


def fetch() -> Path:
    """The folder with the packages, exactly as locked. Raises what npm's failure raises."""
    shutil.rmtree(WORKSHOP, ignore_errors=True)
    WORKSHOP.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(HOME / name, WORKSHOP / name)
    # Where the machine has no npm, ./dev has put one beside this Python.
    path = f"{os.environ.get('PATH', '')}{os.pathsep}{Path(sys.executable).parent}"
    npm = shutil.which("npm", path=path)
    if npm is None:
        raise FileNotFoundError("there is no npm on this machine")
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=WORKSHOP,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=FETCH_S,
        check=False,
    )
    if done.returncode:
        raise OSError(done.stderr.strip()[-500:])
    return WORKSHOP / "node_modules"


def icon_names() -> list[str]:
    return (HOME / "tools/icons.txt").read_text("utf-8").split()


def sprite(icons: Path, names: list[str]) -> str:
    """One SVG with a symbol for each name; `<use href="icons.svg#bell">` draws one."""
    symbols = []
    for name in names:
        drawing = (icons / f"{name}.svg").read_text("utf-8")
        match = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
        assert match is not None, f"{name} is not an SVG"
        inner = " ".join(match[1].split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def manifest(packages: Path, staging: Path) -> str:
    """What is shipped, from which package, under which licence, with which SHA-256."""
    origin = {wanted.name: wanted.package for wanted in WANTED} | {"icons.svg": ICONS}
    entries = []
    for name, package in sorted(origin.items()):
        about = json.loads((packages / package / "package.json").read_text("utf-8"))
        licence = next((packages / package).glob("LICENSE*"))
        entries.append(
            {
                "file": name,
                "package": package,
                "version": about["version"],
                "licence": about["license"],
                "licence_text": licence.read_text("utf-8"),
                "sha256": hashlib.sha256((staging / name).read_bytes()).hexdigest(),
            }
        )
    return json.dumps(entries, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main())
