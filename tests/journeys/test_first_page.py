"""From an empty machine to an answered page: what a newcomer does, and how long it takes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import PHONE, Hands, Heard, new_context
from tests.support.instance import Instance, Sink

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST_PAGE_S_MAX = 120.0
ACTIONS_MAX = 8  # signing in and opening the product are not counted
PASSWORD = "seven geese in a blue boat"


@pytest.fixture
def empty(tmp_path: Path) -> Instance:
    return Instance(tmp_path / "data")


def test_a_newcomer_gets_and_answers_a_first_page_within_two_minutes(
    empty: Instance, browser: Browser, heard: Heard, pager: Sink
) -> None:
    began_s = time.monotonic()
    with empty:
        desk = new_context(browser, heard)
        page = desk.new_page()
        sign_in_for_the_first_time(page, empty)
        hands = Hands(page)
        say_how_to_be_reached(hands, f"{pager.url}/ana")
        hands.click("Send one for me")
        told = pager.wait_for(1)[0]
        answer_on_a_phone(browser, heard, hands, told)
        expect(page.get_by_role("heading", name="You got your first page")).to_be_visible()
        expect(page.locator(".trace")).to_contain_text("Delivered by Webhook")
        expect(page.locator(".trace")).to_contain_text("You answered")
        passed_s = time.monotonic() - began_s
        desk.close()
    assert hands.actions <= ACTIONS_MAX
    assert passed_s <= FIRST_PAGE_S_MAX


def sign_in_for_the_first_time(page: Page, house: Instance) -> None:
    page.goto(house.link())
    page.get_by_role("button", name="Enter and set up Holdfast").click()
    page.get_by_label("Your name").fill("Ana Lima")
    page.get_by_label("Your e-mail").fill("ana@example.com")
    page.get_by_label("Your time zone").fill("Europe/Lisbon")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{house.url}/setup")


def say_how_to_be_reached(hands: Hands, address: str) -> None:
    hands.open("A webhook of mine")
    form = hands.page.locator("details[open]").filter(has_text="A webhook of mine")
    form.get_by_label("Address").fill(address)
    hands.actions += 1
    form.get_by_role("button", name="Use this").click()
    hands.actions += 1
    expect(hands.page.get_by_text("Waiting for the first signal")).to_be_visible()
    expect(hands.page.get_by_text("/in/").first).to_be_visible()


def answer_on_a_phone(
    browser: Browser, heard: Heard, hands: Hands, told: dict[str, object]
) -> None:
    """Another device, without any session: the link is enough, and looking answers nothing."""
    details = told["page"]
    assert isinstance(details, dict)
    phone = new_context(browser, heard, size=PHONE, has_touch=True, is_mobile=True)
    page = phone.new_page()
    page.goto(details["answer_url"])
    page.reload()
    button = page.get_by_role("button", name="I’ve got it")
    expect(button).to_be_visible()
    button.click()
    hands.actions += 1
    expect(page.get_by_role("heading", name="You have it")).to_be_visible()
    phone.close()
