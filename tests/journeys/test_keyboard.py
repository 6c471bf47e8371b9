"""What a person does at three in the morning, without touching a mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.sending import fire, page_about, status_of
from tests.support.instance import Instance, Sink

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TABS_MAX = 80


def test_an_alert_is_acknowledged_and_resolved_by_keys_alone(
    enter: Callable[..., Page], house: Instance, pager: Sink
) -> None:
    fire(house, "Keys: the disk is full", "keys")
    page_about(pager, "keys")
    page = enter()
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/alerts")
    page.keyboard.press("/")
    page.keyboard.type("Keys: the disk")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=Keys**")
    page.locator("h1").first.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/alerts/al_*")
    page.keyboard.press("a")
    expect(page.get_by_text("You have it").first).to_be_visible()
    assert status_of(house, "keys") == "acknowledged"
    page.keyboard.press("r")
    expect(page.locator(".tag.ok", has_text="Resolved")).to_be_visible()
    assert status_of(house, "keys") == "resolved"


def test_an_override_is_made_and_removed_by_keys_alone(
    enter: Callable[..., Page], house: Instance
) -> None:
    page = enter()
    page.goto(f"{house.url}/schedules/primary")
    page.keyboard.press("o")
    expect(page.get_by_role("dialog")).to_be_visible()
    tab_to(page, "select[name=member]")
    page.keyboard.type("Bo")
    tab_to(page, "#override form button.primary")
    page.keyboard.press("Enter")
    expect(page.get_by_text("They are on call for that time.")).to_be_visible()
    tab_to(page, "form[action$='/remove'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Removed.", exact=False).first).to_be_visible()


def test_a_service_is_made_by_keys_alone(enter: Callable[..., Page], house: Instance) -> None:
    page = enter()
    page.keyboard.press("g")
    page.keyboard.press("v")
    page.wait_for_url("**/services")
    tab_to(page, "a[href='/services/new']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/new")
    tab_to(page, "input[name=name]")
    page.keyboard.type("Made by keys")
    tab_to(page, "button[value=save]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/made-by-keys")
    expect(page.get_by_role("heading", name="Made by keys")).to_be_visible()


def test_the_palette_goes_to_a_person_by_a_few_letters(enter: Callable[..., Page]) -> None:
    page = enter()
    page.keyboard.press("Control+k")
    page.keyboard.type("bo dahl")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/bo")


def tab_to(page: Page, selector: str) -> None:
    """Tab after tab, as somebody without a mouse; what is never reached cannot be used."""
    for _ in range(TABS_MAX):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached within {TABS_MAX} tabs")
