"""Fetches from Debian what the tests can use and no Python package holds, where that is possible.

Chromium is installed (by root alone). Prometheus and Alertmanager are only unpacked into
.cache/debian, so that no daemon of theirs ever starts. Whatever does not work is said and left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PLACE = Path(__file__).parents[1] / ".cache/debian"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
UNPACKED = ("prometheus", "prometheus-alertmanager")
STEP_S = 600


def main() -> None:
    if shutil.which("apt-get") is None:
        return
    if not os.environ.get("CHROMIUM") and not any(map(shutil.which, BROWSERS)):
        install_chromium()
    missing = [name for name in UNPACKED if not (PLACE / "usr/bin" / name).exists()]
    if missing and shutil.which("dpkg-deb"):
        unpack(missing)


def install_chromium() -> None:
    if os.geteuid() != 0:
        say("Chromium is missing and only root may install it: the browser tests are left out.")
        return
    say("Installing Chromium from Debian ...")
    update()
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    if not succeeds(install):
        say("Chromium could not be installed: the browser tests are left out.")


def unpack(names: list[str]) -> None:
    say(f"Fetching {' and '.join(names)} from Debian ...")
    downloads = PLACE / "downloads"
    shutil.rmtree(downloads, ignore_errors=True)
    downloads.mkdir(parents=True)
    download = ["apt-get", "download", "-qq", *names]
    if not succeeds(download, downloads):
        update()
        if not succeeds(download, downloads):
            say("They could not be fetched: the tests that need them are left out.")
            return
    for package in sorted(downloads.glob("*.deb")):
        if not succeeds(["dpkg-deb", "-x", str(package), str(PLACE)]):
            say(f"{package.name} could not be unpacked: the tests that need it are left out.")
    shutil.rmtree(downloads)


def update() -> None:
    if os.geteuid() == 0:
        succeeds(["apt-get", "update", "-qq"])


def succeeds(command: list[str], place: Path | None = None) -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, cwd=place, env=quiet, capture_output=True, check=False, timeout=STEP_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
