"""A browser, a company that is on call, and people who are signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.browser import WIDE, Heard, Size, Theme, chromium, new_context
from tests.journeys.company import company
from tests.support.instance import Instance, Sink, sink

Enter = Callable[..., Page]


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with chromium(chromium_path) as opened:
        yield opened


@pytest.fixture
def heard() -> Iterator[Heard]:
    """What any page of the test complained about; at its end that must be nothing."""
    ears = Heard()
    yield ears
    assert not ears.complaints, "\n".join(ears.complaints)


@pytest.fixture(scope="module")
def pager() -> Iterator[Sink]:
    """Where pages arrive."""
    with sink() as made:
        yield made


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, pager: Sink) -> Iterator[Instance]:
    """A Holdfast with a company in it."""
    data: Path = tmp_path_factory.mktemp("house")
    with Instance(data) as instance:
        instance.apply(company(pager.url))
        yield instance


@pytest.fixture
def enter(browser: Browser, heard: Heard, house: Instance) -> Iterator[Enter]:
    """Opens a page as a person who is signed in: `enter("ana", size=PHONE)`."""
    contexts: list[BrowserContext] = []

    def entered(user: str = "ana", *, size: Size = WIDE, theme: Theme = "dark") -> Page:
        context = new_context(browser, heard, size=size, theme=theme)
        contexts.append(context)
        page = context.new_page()
        link = house.run("sign-in-link", "--user", user).stdout.strip().splitlines()[0]
        # A command that is told of the database alone does not know at which address it is served.
        page.goto(f"{house.url}{urlsplit(link).path}")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{house.url}/")
        return page

    yield entered
    for context in contexts:
        context.close()
