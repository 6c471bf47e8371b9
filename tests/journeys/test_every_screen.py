"""Every screen in both themes and both widths: no fault that axe finds, nothing beyond its edge."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.browser import NARROW, PHONE, WIDE, Heard, Size, Theme, new_context
from tests.journeys.sending import alert_about, fire, page_about
from tests.support.instance import Instance, Sink

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async rules => {
  const found = await axe.run(document, {runOnly: rules, resultTypes: ['violations']});
  return found.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 160)).slice(0, 3)]);
}"""
SCREENS = (
    "/", "/alerts", "/alerts?show=all", "/alerts?show=held", "/alerts?q=nothing-like-it",
    "/schedules", "/schedules/primary", "/schedules/gaps?from=2026-10-26&zoom=1",
    "/schedules/new", "/schedules/primary/edit", "/services", "/services/checkout",
    "/services/new", "/services/checkout/edit", "/policies/payments", "/policies/new",
    "/policies/payments/edit", "/people", "/people/bo", "/people/bo/edit", "/me",
    "/teams/payments", "/teams/new", "/settings", "/settings/guardrails", "/settings/tokens",
    "/help/guardrails/NO_FINAL_LEVEL", "/setup", "/password", "/alerts/al_nobody",
)  # fmt: skip


@dataclass(frozen=True)
class Story:
    """Addresses that only exist once something has happened."""

    alerts: tuple[str, ...]
    answers: tuple[str, ...]


@pytest.fixture(scope="module")
def story(house: Instance, pager: Sink) -> Story:
    """One alert that waits, one that is acknowledged, one that is over, and one that is snoozed."""
    ids = []
    for dedup in ("waits", "taken", "over", "asleep"):
        fire(house, f"Checkout {dedup}", dedup, labels={"env": "prod"}, description="41% fail.")
        ids.append(alert_about(pager, dedup))
    with house.client() as api:
        api.post(f"/alerts/{ids[1]}/acknowledge")
        api.post(f"/alerts/{ids[3]}/snooze", json={"for": "1h"})
    fire(house, "Checkout over", "over", status="resolved")
    answers = [str(page_about(pager, dedup)["answer_url"]) for dedup in ("waits", "taken")]
    return Story(tuple(f"/alerts/{name}" for name in ids), (*answers, answers[0] + "x"))


@pytest.fixture(scope="module")
def session(browser: Browser, house: Instance) -> dict[str, object]:
    """Ana's cookies, so that signing in happens once."""
    context = new_context(browser, Heard())
    page = context.new_page()
    page.goto(house.run("sign-in-link", "--user", "ana").stdout.strip().splitlines()[0])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{house.url}/")
    state: dict[str, object] = dict(context.storage_state())
    context.close()
    return state


@pytest.fixture
def screens(
    browser: Browser, heard: Heard, house: Instance, story: Story, session: dict[str, object]
) -> Callable[[Size, Theme], Iterator[Page]]:
    """Goes through all of them, one after the other."""

    def walk(size: Size, theme: Theme) -> Iterator[Page]:
        context = new_context(browser, heard, size=size, theme=theme, storage_state=session)
        page = context.new_page()
        addresses = [house.url + path for path in (*SCREENS, *story.alerts)]
        for address in [*addresses, *story.answers]:
            page.goto(address, wait_until="load")
            yield page
        context.close()
        stranger = new_context(browser, heard, size=size, theme=theme)
        page = stranger.new_page()
        for path in ("/sign-in", "/sign-in/not-a-link", "/help/guardrails/NO_FINAL_LEVEL"):
            page.goto(house.url + path)
            yield page
        stranger.close()

    return walk


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_no_fault_on_any_screen(
    screens: Callable[[Size, Theme], Iterator[Page]], axe_script: str, size: Size, theme: Theme
) -> None:
    faults = []
    for page in screens(size, theme):
        page.evaluate(axe_script)
        found = page.evaluate(RUN, RULES)
        faults += [f"{page.url}: {json.dumps(each)}" for each in found]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("size", [NARROW, PHONE], ids=["320", "390"])
def test_no_screen_is_wider_than_a_narrow_phone(
    screens: Callable[[Size, Theme], Iterator[Page]], size: Size
) -> None:
    wide = []
    for page in screens(size, "light"):
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if beyond > 0:
            wide.append(f"{page.url}: {beyond} px")
    assert not wide, "\n".join(wide)
