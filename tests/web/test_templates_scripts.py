"""The scripts of the face in a real browser, under the real content security policy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from holdfast.web.alerts.views import Row
from holdfast.web.assets import FETCHED, Assets
from holdfast.web.now.views import NowPage
from holdfast.web.templates import Templates
from tests.web.samples.alerts import CARDS, FULL, LAG, PDFS
from tests.web.samples.company import Sample, shell
from tests.web.samples.every import EVERY
from tests.web.samples.outside import HAVE_IT
from tests.web.stage import Stage, staged
from tools.gallery import ARGUMENTS

pytestmark = pytest.mark.browser

ASSETS = Assets()
TEMPLATES = Templates(ASSETS)
ROWS = "#alerts [data-row]"


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    if ASSETS.find(f"{FETCHED}htmx.min.js") is None:
        pytest.skip("the front-end files were not fetched (./dev up does it)")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with staged(ASSETS) as made:
        yield made


@contextmanager
def visit(browser: Browser, url: str, *, scripts: bool = True) -> Iterator[Page]:
    """A page; whatever the browser complains about fails the test."""
    context = browser.new_context(java_script_enabled=scripts, locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if "Security Policy" in m.text else None)
    page.goto(url)
    yield page
    context.close()
    assert complaints == []


def sample(name: str) -> Sample:
    return next(each for each in EVERY if each.name == name)


def html(name: str, view: object = None) -> str:
    each = sample(name)
    return TEMPLATES.render(each.template, shell=each.shell, view=view or each.view)


def alert_list(*rows: Row) -> str:
    view = replace(FULL, rows=rows, show="open")
    return TEMPLATES.render("alerts/list.html", shell=shell("/alerts"), view=view)


def test_an_acknowledgement_shows_at_once_and_is_sent_once(browser: Browser, stage: Stage) -> None:
    stage.pages["/alerts"] = alert_list(CARDS, LAG)
    with visit(browser, f"{stage.url}/alerts") as page:
        button = page.get_by_role("button", name="Acknowledge").first
        button.dblclick()
        expect(page.locator("#toast")).to_have_text("Acknowledged. Paging stopped.")
        assert stage.posts.get(timeout=5) == ("/alerts/al_1/acknowledge", {"csrf": "c5rf"})
        assert page.url.endswith("/alerts"), "the page stays where it is"
    assert stage.posts.empty()


def test_a_refusal_is_told_with_its_remedy(browser: Browser, stage: Stage) -> None:
    stage.pages["/alerts"] = alert_list(CARDS)
    problem = '{"detail": "This alert is resolved.", "remedy": "Nothing to do."}'
    stage.answers["/alerts/al_1/acknowledge"] = (409, "application/problem+json", problem)
    with visit(browser, f"{stage.url}/alerts") as page:
        page.get_by_role("button", name="Acknowledge").click()
        expect(page.locator("#toast")).to_have_text("This alert is resolved. Nothing to do.")
        expect(page.locator("[data-answered]")).to_have_count(0)


def test_a_hint_brings_the_new_state_without_loading_the_page(
    browser: Browser, stage: Stage
) -> None:
    stage.pages["/alerts"] = alert_list(CARDS)
    with visit(browser, f"{stage.url}/alerts") as page:
        expect(page.locator("live-dot")).to_have_text("Live")
        page.evaluate("window.still = true")
        stage.pages["/alerts"] = alert_list(LAG, CARDS)
        stage.hint("alerts")
        expect(page.locator(ROWS)).to_have_count(2)
        assert page.evaluate("window.still")


def test_a_storm_of_hints_asks_for_the_page_a_few_times_only(
    browser: Browser, stage: Stage
) -> None:
    stage.pages["/alerts"] = alert_list(CARDS)
    with visit(browser, f"{stage.url}/alerts") as page:
        expect(page.locator("live-dot")).to_have_text("Live")
        stage.asked.clear()
        for _ in range(200):
            stage.hint("alerts")
        page.wait_for_timeout(1500)
        assert 1 <= stage.asked.count("/alerts") <= 3


def test_nothing_moves_under_a_reader(browser: Browser, stage: Stage) -> None:
    stage.pages["/alerts"] = alert_list(CARDS)
    with visit(browser, f"{stage.url}/alerts") as page:
        expect(page.locator("live-dot")).to_have_text("Live")
        page.locator(ROWS).first.hover()
        stage.pages["/alerts"] = alert_list(LAG, CARDS)
        stage.hint("alerts")
        pill = page.get_by_role("button", name="1 change, show it")
        expect(pill).to_be_visible()
        expect(page.locator(ROWS)).to_have_count(1)
        pill.click()
        expect(page.locator(ROWS)).to_have_count(2)


def test_a_row_that_only_changes_its_state_changes_under_the_reader(
    browser: Browser, stage: Stage
) -> None:
    stage.pages["/alerts"] = alert_list(CARDS)
    with visit(browser, f"{stage.url}/alerts") as page:
        expect(page.locator("live-dot")).to_have_text("Live")
        page.locator(ROWS).first.hover()
        taken = replace(PDFS, id=CARDS.id, title=CARDS.title)
        stage.pages["/alerts"] = alert_list(taken)
        stage.hint("alerts")
        expect(page.locator(ROWS)).to_contain_text("Marek Novák has it")


def test_silence_turns_the_dot_amber_and_says_from_when_the_page_is(
    browser: Browser, stage: Stage
) -> None:
    stage.pages["/alerts"] = alert_list(CARDS)
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    page.goto(f"{stage.url}/alerts")
    expect(page.locator("live-dot")).to_have_text("Live")
    page.clock.fast_forward(36_000)
    expect(page.locator("live-dot")).to_contain_text("Not live. This page is from")
    context.close()


def test_keys_act_only_on_the_row_that_has_the_focus(browser: Browser, stage: Stage) -> None:
    stage.pages["/alerts"] = alert_list(CARDS, LAG)
    with visit(browser, f"{stage.url}/alerts") as page:
        page.keyboard.press("a")
        assert stage.posts.empty(), "the first press looks, it does not act"
        page.keyboard.press("j")
        expect(page.get_by_role("link", name=LAG.title)).to_be_focused()
        page.keyboard.press("a")
        assert stage.posts.get(timeout=5)[0] == "/alerts/al_2/acknowledge"


def test_single_keys_never_fire_in_a_field_and_can_be_turned_off(
    browser: Browser, stage: Stage
) -> None:
    stage.pages["/alerts"] = alert_list(CARDS)
    view = replace(FULL, rows=(CARDS,))
    frame = shell("/alerts", single_keys=False)
    stage.pages["/off"] = TEMPLATES.render("alerts/list.html", shell=frame, view=view)
    with visit(browser, f"{stage.url}/alerts") as page:
        page.keyboard.press("/")
        page.keyboard.type("?ga")
        expect(page.get_by_role("searchbox")).to_have_value("?ga")
    with visit(browser, f"{stage.url}/off") as page:
        page.keyboard.press("?")
        expect(page.locator("#help")).not_to_be_visible()
        page.keyboard.press("Control+k")
        expect(page.get_by_role("combobox", name="Find or do")).to_be_focused()


def test_the_palette_finds_a_place_by_its_letters_and_goes_there(
    browser: Browser, stage: Stage
) -> None:
    stage.pages["/"] = html("now")
    stage.pages["/services/checkout"] = html("service")
    with visit(browser, f"{stage.url}/") as page:
        page.keyboard.press("Control+k")
        page.keyboard.type("chkapi")
        expect(page.get_by_role("option", selected=True)).to_contain_text("checkout-api")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{stage.url}/services/checkout")


def test_the_palette_changes_the_theme_and_the_cookie_keeps_it(
    browser: Browser, stage: Stage
) -> None:
    stage.pages["/"] = html("now")
    with visit(browser, f"{stage.url}/") as page:
        page.keyboard.press("Control+k")
        page.keyboard.type("night")
        page.keyboard.press("Enter")
        expect(page.locator("html")).to_have_attribute("data-theme", "night")
        assert "theme=night" in page.evaluate("document.cookie")


def test_the_answer_page_answers_with_the_servers_own_words(browser: Browser, stage: Stage) -> None:
    stage.pages["/p/t"] = html("answer")
    stage.answers["/p/t"] = (200, "text/html", html("answer-done", HAVE_IT))
    with visit(browser, f"{stage.url}/p/t") as page:
        page.get_by_role("button", name="I’ve got it").click()
        expect(page.get_by_role("heading", name="You have it")).to_be_visible()
        expect(page.get_by_text("Paging stopped. Nobody else was woken.")).to_be_visible()
    assert stage.posts.get(timeout=5) == ("/p/t", {"answer": "acknowledge"})


def test_an_answer_without_a_connection_is_kept_and_sent_later(
    browser: Browser, stage: Stage
) -> None:
    stage.pages["/p/t"] = html("answer")
    stage.answers["/p/t"] = (200, "text/html", html("answer-done", HAVE_IT))
    with visit(browser, f"{stage.url}/p/t") as page:
        page.context.set_offline(True)
        page.get_by_role("button", name="I’ve got it").click()
        expect(page.get_by_text("No connection. Still trying.")).to_be_visible()
        page.context.set_offline(False)
        expect(page.get_by_text("Paging stopped. Nobody else was woken.")).to_be_visible()
    assert stage.posts.get(timeout=5) == ("/p/t", {"answer": "acknowledge"})
    assert stage.posts.empty(), "it was sent once"


def test_the_answer_page_says_by_itself_that_somebody_else_has_it(
    browser: Browser, stage: Stage
) -> None:
    stage.pages["/p/t"] = html("answer")
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    page.goto(f"{stage.url}/p/t")
    stage.pages["/p/t"] = html("answer-taken")
    page.clock.fast_forward(15_000)
    expect(page.get_by_role("heading", name="Marek has it")).to_be_visible()
    context.close()
    assert stage.posts.empty(), "looking answers nothing"


def test_without_scripts_the_answer_is_a_plain_form(browser: Browser, stage: Stage) -> None:
    stage.pages["/p/t"] = html("answer")
    stage.answers["/p/t"] = (200, "text/html", html("answer-done", HAVE_IT))
    with visit(browser, f"{stage.url}/p/t", scripts=False) as page:
        page.get_by_role("button", name="I’ve got it").click()
        expect(page.get_by_role("heading", name="You have it")).to_be_visible()
    assert stage.posts.get(timeout=5) == ("/p/t", {"answer": "acknowledge"})


def test_without_scripts_the_override_form_stands_on_the_page(
    browser: Browser, stage: Stage
) -> None:
    stage.pages["/schedules/payments"] = html("schedule")
    url = f"{stage.url}/schedules/payments"
    with visit(browser, url, scripts=False) as page:
        expect(page.get_by_role("button", name="Put them on call")).to_be_visible()
        expect(page.get_by_role("button", name="Find or do")).not_to_be_visible()


def test_a_shift_that_is_chosen_fills_the_override_form(browser: Browser, stage: Stage) -> None:
    stage.pages["/schedules/payments"] = html("schedule")
    with visit(browser, f"{stage.url}/schedules/payments") as page:
        shift = page.locator(".is-final a.seg[data-start='2026-10-24T09:00']")
        shift.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Enter")
        expect(page.get_by_label("From")).to_have_value("2026-10-24T09:00")
        expect(page.get_by_label("Until")).to_have_value("2026-10-24T21:00")


def test_dragging_along_the_row_fills_the_form_in_half_hours(
    browser: Browser, stage: Stage
) -> None:
    stage.pages["/schedules/payments"] = html("schedule")
    with visit(browser, f"{stage.url}/schedules/payments") as page:
        box = page.locator("[data-drag]").bounding_box()
        assert box is not None
        hour = box["width"] / (14 * 24 + 1)
        page.mouse.move(box["x"] + 33 * hour, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(box["x"] + 45 * hour, box["y"] + 20, steps=5)
        page.mouse.up()
        expect(page.get_by_label("From")).to_have_value("2026-10-20T09:00")
        expect(page.get_by_label("Until")).to_have_value("2026-10-20T21:00")


def test_a_small_button_of_an_editor_redraws_the_form_in_place(
    browser: Browser, stage: Stage
) -> None:
    path = "/policies/payments/edit"
    stage.pages[path] = html("policy-edit")
    view = sample("policy-edit").view
    assert view is not None
    longer = replace(view, steps=(*view.steps, view.steps[0]))  # type: ignore[type-var,attr-defined]  # a PolicyEdit
    stage.answers[path] = (200, "text/html", html("policy-edit", longer))
    with visit(browser, f"{stage.url}{path}") as page:
        page.evaluate("window.still = true")
        page.get_by_label("Name", exact=True).fill("Payments, nights")
        page.get_by_role("button", name="Add a step").click()
        expect(page.locator("fieldset[id^=step-]")).to_have_count(3)
        assert page.evaluate("window.still")
        _, sent = stage.posts.get(timeout=5)
        assert sent["do"] == "add-step"
        assert sent["name"] == "Payments, nights"


def test_clocks_count_from_the_servers_seconds(browser: Browser, stage: Stage) -> None:
    view = sample("now").view
    assert isinstance(view, NowPage)
    stage.pages["/"] = html("now")
    context = browser.new_context()
    page = context.new_page()
    page.clock.install(time=0)  # a device whose clock is half a century behind
    page.goto(f"{stage.url}/")
    open_for = page.locator(".my-page live-timer[data-mode=up] .clock-v")
    expect(open_for).to_have_text("0:52")
    page.clock.run_for(10_000)
    expect(open_for).to_have_text("1:02")
    context.close()
