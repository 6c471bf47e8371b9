"""A real browser for stories: it counts what a person does and keeps every complaint it hears."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 700}
Size = dict[str, int]
Theme = Literal["dark", "light"]
# A 4xx that a story provokes on purpose is no complaint of the page.
_EXPECTED = ("Failed to load resource: the server responded with a status of 4",)


@dataclass
class Heard:
    """What the browser complained about in all pages of a run: errors, and broken policies."""

    complaints: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        said = message.text
        is_policy = "Content Security Policy" in said or "Content-Security-Policy" in said
        if is_policy or (message.type == "error" and not said.startswith(_EXPECTED)):
            self.complaints.append(said)


class Hands:
    """Acts as a person does, and counts: a click, a field filled or a key is one action."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0

    def click(self, name: str, role: Any = "button") -> None:
        self.actions += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()

    def open(self, words: str) -> None:
        """One of the lists that fold open."""
        self.actions += 1
        self.page.locator("summary", has_text=words).first.click()

    def fill(self, label: str, text: str) -> None:
        self.actions += 1
        self.page.locator("details[open], form").get_by_label(label).first.fill(text)


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """One browser for many stories."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def new_context(
    browser: Browser, heard: Heard, *, size: Size = WIDE, theme: Theme = "dark", **more: Any
) -> BrowserContext:
    """A browser profile of its own, without any cookie."""
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]  # a dict of two numbers is what it takes
        color_scheme=theme,
        reduced_motion="reduce",
        **more,
    )
    context.set_default_timeout(15_000)
    context.on("page", heard.listen)
    return context
