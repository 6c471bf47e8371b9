"""Renders every screen with sample views and looks at it: pictures, overflow, CSP, axe.

    python -m tools.gallery OUT                       pages only
    python -m tools.gallery OUT --shots [NAME...]     pictures as well, wide and phone, both lights
    python -m tools.gallery OUT --axe axe.min.js      axe-core over each; exits 1 on a violation

Pictures need Chromium. axe-core is not part of the project: hand over the path of its axe.min.js.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

from playwright.sync_api import Browser, Page, sync_playwright

from holdfast.web.assets import PREFIX, Assets
from holdfast.web.layout.views import Theme
from holdfast.web.templates import Templates
from tests.web.samples.company import Sample
from tests.web.samples.every import EVERY

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'; worker-src 'self'"
)
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--headless=new", "--disable-gpu", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--force-color-profile=srgb",
]  # fmt: skip
WIDE, PHONE, NARROW = (1440, 900), (390, 844), (320, 640)
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BEAT_S = 15


def write_pages(out: Path, assets: Assets) -> None:
    templates = Templates(assets)
    for sample in EVERY:
        for theme in Theme:
            shell = replace(sample.shell, theme=theme)
            context = {"view": sample.view} if sample.view is not None else {}
            html = templates.render(sample.template, shell=shell, **context)
            (out / f"{sample.name}.{theme}.html").write_text(html, encoding="utf-8")


class Site(BaseHTTPRequestHandler):
    """The written pages on the loopback, with the headers they get in real life."""

    folder: ClassVar[Path]
    assets: ClassVar[Assets]

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        asset = self.assets.find(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None
        page = self.folder / path.lstrip("/")
        if path == "/live":
            self._stream()
        elif asset:
            self._send(asset.content, asset.content_type)
        elif page.is_file():
            self._send(page.read_bytes(), "text/html; charset=utf-8")
        else:
            self.send_error(404)

    def _send(self, body: bytes, content_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Security-Policy", CSP)
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        quiet = threading.Event()
        with suppress(OSError):  # the page was closed
            while True:
                self.wfile.write(b"event: beat\ndata: 1\n\n")
                self.wfile.flush()
                quiet.wait(BEAT_S)

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def served(out: Path, assets: Assets) -> Iterator[str]:
    """The address of a server for the pages in that folder."""
    site = type("SiteOf", (Site,), {"folder": out, "assets": assets})
    server = ThreadingHTTPServer(("127.0.0.1", 0), site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


@contextmanager
def opened(
    browser: Browser, size: tuple[int, int], errors: list[str], *, bypass_csp: bool = False
) -> Iterator[Page]:
    phone = size[0] < 800
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=2 if phone else 1,
        is_mobile=phone,
        has_touch=phone,
        bypass_csp=bypass_csp,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/Berlin",
    )
    page = context.new_page()
    page.on("console", lambda m: errors.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()


def show(page: Page, base: str, sample: Sample, theme: Theme) -> None:
    page.goto(f"{base}/{sample.name}.{theme}.html", wait_until="load")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(250)
    if sample.press:
        page.keyboard.press(sample.press)
    if sample.click:
        page.locator(sample.click).first.click()
    page.wait_for_timeout(150)


def grow(page: Page, size: tuple[int, int]) -> None:
    """Makes the window as tall as the page: what is fixed to its foot then stands at its foot."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size[0], "height": max(size[1], height)})
    page.wait_for_timeout(100)


def take_pictures(browser: Browser, base: str, out: Path, names: list[str]) -> list[str]:
    """Pictures of the samples whose name begins with one of `names`; returns what went wrong."""
    problems: list[str] = []
    for sample in EVERY:
        if names and not any(sample.name.startswith(name) for name in names):
            continue
        for size, device in ((WIDE, "wide"), (PHONE, "phone")):
            for theme in (Theme.DARK, Theme.LIGHT):
                errors: list[str] = []
                with opened(browser, size, errors) as page:
                    show(page, base, sample, theme)
                    grow(page, size)
                    page.screenshot(path=out / f"{sample.name}-{device}-{theme}.png")
                problems += [f"{sample.name} {device} {theme}: {error}" for error in errors]
        with opened(browser, NARROW, []) as page:
            show(page, base, sample, Theme.LIGHT)
            # Not innerWidth: a phone zooms out until what is too wide fits.
            over = page.evaluate("document.documentElement.scrollWidth") - NARROW[0]
        if over > 0:
            problems.append(f"{sample.name}: {over} px too wide at {NARROW[0]} px")
    return problems


def run_axe(browser: Browser, base: str, axe: Path, names: list[str]) -> list[str]:
    source, problems, runs = axe.read_text(encoding="utf-8"), [], 0
    for sample in EVERY:
        if names and not any(sample.name.startswith(name) for name in names):
            continue
        for size in (WIDE, PHONE):
            for theme in Theme:
                with opened(browser, size, [], bypass_csp=True) as page:
                    show(page, base, sample, theme)
                    page.evaluate(source)
                    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", AXE_TAGS)
                runs += 1
                for each in found["violations"]:
                    node = each["nodes"][0]
                    problems.append(
                        f"{sample.name} {size[0]} {theme}: {each['id']} x {len(each['nodes'])}: "
                        f"{node['html'][:160]} || {node['failureSummary'][:300]}"
                    )
    sys.stdout.write(f"axe: {runs} runs, {len(problems)} violations\n")
    return problems


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("out", type=Path)
    parser.add_argument("names", nargs="*", help="only samples whose name begins so")
    parser.add_argument("--shots", action="store_true")
    parser.add_argument("--axe", type=Path)
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    assets = Assets()
    write_pages(options.out, assets)
    sys.stdout.write(json.dumps({"pages": len(EVERY) * len(Theme)}) + "\n")
    if not (options.shots or options.axe):
        return 0
    problems: list[str] = []
    with served(options.out, assets) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        if options.shots:
            problems += take_pictures(browser, base, options.out, options.names)
        if options.axe:
            problems += run_axe(browser, base, options.axe, options.names)
        browser.close()
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
