"""Screens that keep themselves up to date, and those that work without any script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import PHONE, Heard, new_context
from tests.journeys.sending import alert_about, fire, page_about, status_of
from tests.support.instance import Instance, Sink

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_new_alert_shows_up_without_loading_the_page_again(
    enter: Callable[..., Page], house: Instance
) -> None:
    page = enter()
    page.goto(f"{house.url}/alerts")
    expect(page.locator("live-dot")).to_have_text("Live")
    page.evaluate("window.untouched = true")
    page.mouse.move(0, 0)  # under the pointer nothing moves: there a change waits to be asked for
    fire(house, "Live: queue is stuck", "live")
    row = page.locator("#alerts [data-row]", has_text="Live: queue is stuck")
    expect(row).to_be_visible()
    fire(house, "Live: queue is stuck", "live", status="resolved")
    expect(row).to_have_count(0)
    assert page.evaluate("window.untouched") is True


def test_an_acknowledgement_elsewhere_shows_on_the_open_alert(
    enter: Callable[..., Page], house: Instance, pager: Sink
) -> None:
    fire(house, "Shared: latency", "shared")
    alert = alert_about(pager, "shared")
    page = enter()
    page.goto(f"{house.url}/alerts/{alert}")
    expect(page.locator("live-dot")).to_have_text("Live")
    with house.client() as api:
        assert api.post(f"/alerts/{alert}/acknowledge").status_code == 200
    expect(page.locator("#alert-head")).not_to_contain_text("Wants an answer")


def test_a_page_is_acknowledged_without_any_script(
    browser: Browser, heard: Heard, house: Instance, pager: Sink
) -> None:
    fire(house, "No script: checkout down", "no-script")
    told = page_about(pager, "no-script")
    context = new_context(browser, heard, size=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(str(told["answer_url"]))
    assert status_of(house, "no-script") == "triggered"
    page.get_by_role("button", name="I’ve got it").click()
    expect(page.get_by_role("heading", name="You have it")).to_be_visible()
    assert status_of(house, "no-script") == "acknowledged"
    context.close()


def test_an_alert_is_acknowledged_in_the_list_without_any_script(
    browser: Browser, heard: Heard, house: Instance, pager: Sink
) -> None:
    fire(house, "No script: orders stuck", "no-script-list")
    page_about(pager, "no-script-list")
    context = new_context(browser, heard, java_script_enabled=False)
    page = context.new_page()
    page.goto(house.run("sign-in-link", "--user", "ana").stdout.strip().splitlines()[0])
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{house.url}/alerts?q=orders+stuck")
    page.get_by_role("button", name="Acknowledge").first.click()
    expect(page.get_by_text("You have it").first).to_be_visible()
    assert status_of(house, "no-script-list") == "acknowledged"
    context.close()


def test_a_link_that_was_fetched_by_a_scanner_has_answered_nothing(
    browser: Browser, heard: Heard, house: Instance, pager: Sink
) -> None:
    fire(house, "Scanner: gateway", "scanner")
    address = str(page_about(pager, "scanner")["answer_url"])
    context = new_context(browser, heard)
    for method in ("GET", "HEAD", "OPTIONS"):
        context.request.fetch(address, method=method, fail_on_status_code=False)
    assert status_of(house, "scanner") == "triggered"
    context.close()
