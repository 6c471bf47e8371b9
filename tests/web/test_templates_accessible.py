"""Every screen for everybody: axe finds nothing, nothing is cut off, nothing complains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from holdfast.web.assets import FETCHED, Assets
from holdfast.web.layout.views import Theme
from holdfast.web.templates import Templates
from tests.web.samples.company import Sample
from tests.web.samples.every import EVERY
from tests.web.stage import Stage, staged
from tools.gallery import ARGUMENTS, AXE_TAGS, NARROW, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ASSETS = Assets()
TEMPLATES = Templates(ASSETS)
TARGET_PX = 44
THEMES = list(Theme)
samples = pytest.mark.parametrize(
    ("number", "sample"), list(enumerate(EVERY)), ids=[sample.name for sample in EVERY]
)


@dataclass
class Device:
    """One page of a browser, used again and again, and what it complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged(ASSETS) as made:
        yield made


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    if ASSETS.find(f"{FETCHED}htmx.min.js") is None:
        pytest.skip("the front-end files were not fetched (./dev up does it)")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Device:
    return device(browser, WIDE, touch=False)


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Device:
    return device(browser, NARROW, touch=True)


def device(browser: Browser, size: tuple[int, int], *, touch: bool) -> Device:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        is_mobile=touch,
        has_touch=touch,
        reduced_motion="reduce",
    )
    made = Device(context.new_page())
    made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
    made.page.on("console", lambda m: made.complaints.append(m.text) if m.type == "error" else None)
    return made


def show(device: Device, stage: Stage, sample: Sample, theme: Theme) -> Page:
    frame = replace(sample.shell, theme=theme)
    stage.pages["/"] = TEMPLATES.render(sample.template, shell=frame, view=sample.view)
    device.complaints.clear()
    device.page.goto(f"{stage.url}/", wait_until="load")
    device.page.evaluate("document.fonts.ready.then(() => true)")
    if sample.press and not device.page.evaluate("navigator.maxTouchPoints"):
        device.page.keyboard.press(sample.press)
        device.page.locator("dialog[open]").wait_for()
    return device.page


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", AXE_TAGS)
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]


@samples
def test_axe_finds_nothing_at_a_desk(
    desk: Device, stage: Stage, axe_script: str, number: int, sample: Sample
) -> None:
    page = show(desk, stage, sample, THEMES[number % 3])
    assert violations(page, axe_script) == []
    assert desk.complaints == []


@samples
def test_axe_finds_nothing_on_a_small_phone_and_nothing_is_too_wide(
    phone: Device, stage: Stage, axe_script: str, number: int, sample: Sample
) -> None:
    page = show(phone, stage, sample, THEMES[(number + 1) % 3])
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    assert violations(page, axe_script) == []
    assert phone.complaints == []


@samples
def test_what_a_thumb_presses_is_large_enough(
    phone: Device, stage: Stage, number: int, sample: Sample
) -> None:
    page = show(phone, stage, sample, THEMES[(number + 1) % 3])
    small = page.evaluate(
        """least => [...document.querySelectorAll('button, .btn, summary, .tabbar a')]
          .map(each => [each.outerHTML.slice(0, 120), each.getBoundingClientRect()])
          .filter(([, box]) => box.width > 1 && box.height > 0 && box.height < least)
          .map(([html, box]) => `${Math.round(box.height)} px: ${html}`)""",
        TARGET_PX,
    )
    assert small == []
