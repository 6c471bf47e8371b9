"""Screens of a whole Holdfast in memory: a company, a browser that is signed in, and its words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2

from holdfast.alerts import queries as alerts
from holdfast.alerts.model import Alert
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.paging import queries as pages
from holdfast.paging.model import Page
from holdfast.people import queries as people
from holdfast.people.model import User
from holdfast.web.answers import answer_url
from holdfast.web.program import Program
from tests.support.program import Browser, add_user, client, make_program
from tests.support.story import Story

_TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL)


@dataclass
class Screens:
    """`browser` is Ada's, who may do everything; `story` moves the clock and fires signals."""

    program: Program
    story: Story
    browser: Browser

    def as_(self, user: str) -> Browser:
        """Somebody else's browser."""
        return client(self.program, self.user(user), app=self.browser.app)

    def stranger(self) -> Browser:
        """A browser without any cookie."""
        return client(self.program, app=self.browser.app)

    def user(self, name: str) -> User:
        with self.program.database.read(SYSTEM) as tx:
            return people.user(tx, name)

    def fires(self, key: str = "k", **changed: object) -> Alert:
        """An alert whose pages have left."""
        receipt = self.story.fires(key, **changed)
        self.story.drain()
        return self.alert(receipt.alert or "")

    def alert(self, alert_id: str) -> Alert:
        with self.program.database.read(SYSTEM) as tx:
            return alerts.alert(tx, alert_id)

    def page_of(self, alert: Alert, user: str) -> Page:
        """The newest page of that person about the alert."""
        with self.program.database.read(SYSTEM) as tx:
            about = pages.about(tx, [alert.id])
        return [page for page in about if page.user == user][-1]

    def link(self, page: Page) -> str:
        """Its one-tap address."""
        return answer_url(self.program, page.id)


@contextmanager
def screens() -> Iterator[Screens]:
    """The story's company, with Ada as its administrator; the clock stands."""
    program = make_program()
    try:
        story = Story(program.database).company()
        ada = add_user(program, "Ada", Role.ADMIN, time_zone="Europe/Lisbon")
        with client(program, ada) as browser:
            yield Screens(program, story, browser)
    finally:
        program.database.close()


def words_of(answer: httpx2.Response) -> str:
    """What a person reads on a page, on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", answer.text)).split())
