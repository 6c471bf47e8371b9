"""Every template, with every sample: it renders, holds no script, and does nothing on a GET."""

from __future__ import annotations

import dataclasses
import importlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest
from jinja2 import UndefinedError

from holdfast.web.assets import PREFIX
from holdfast.web.layout.views import Theme
from holdfast.web.templates import WEB, Templates, make_environment
from tests.web.samples.alerts import CARDS, CARDS_PAGE
from tests.web.samples.company import NOW, Sample, shell
from tests.web.samples.every import EVERY

ICONS = Path(__file__).parents[2] / "tools/icons.txt"
# Parts and frames are shown by the pages that use them.
PARTS = re.compile(r"(^|/)(_[a-z]+|base|plain|parts|frame)\.html$")
TOPICS = {"alerts", "incidents", "pages", "schedules", "people", "services"}  # web/live.py
PLACES = (
    "/alerts", "/help", "/incidents", "/me", "/password", "/people", "/policies", "/practice",
    "/schedules", "/services", "/settings", "/setup", "/sign-in", "/sign-out", "/static", "/teams",
)  # fmt: skip


class Plain:
    """Addresses without files: templates are tested where nothing was fetched."""

    def url(self, name: str) -> str:
        return PREFIX + name


class Page(HTMLParser):
    """The elements of a page, in order: name, attributes, and the form each stands in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.forms: list[dict[str, str]] = []
        self.fields: list[list[dict[str, str]]] = []
        self._in_form = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        if tag == "form":
            assert not self._in_form, "a form inside a form"
            self._in_form = True
            self.forms.append(found)
            self.fields.append([])
        elif self._in_form and tag in {"input", "select", "textarea", "button"}:
            self.fields[-1].append(found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False

    def all(self, attribute: str) -> Iterator[str]:
        return (found[attribute] for _, found in self.elements if attribute in found)


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates(Plain())


def rendered(templates: Templates, sample: Sample, theme: Theme | None = None) -> str:
    frame = replace(sample.shell, theme=theme)
    return templates.render(sample.template, shell=frame, view=sample.view)


samples = pytest.mark.parametrize("sample", EVERY, ids=[sample.name for sample in EVERY])


@samples
def test_a_page_holds_no_inline_script_and_no_inline_style_sheet(
    templates: Templates, sample: Sample
) -> None:
    page = Page(rendered(templates, sample))
    for tag, found in page.elements:
        assert tag != "style"
        assert tag != "script" or "src" in found or found["type"] == "application/json"
        assert not [name for name in found if name.startswith("on") or name == "hx-on"]
    assert not [href for href in page.all("href") if href.lower().startswith("javascript:")]
    assert not [style for style in page.all("style") if not style.startswith("--")]


@samples
def test_a_form_that_changes_something_is_a_post_with_the_csrf_token(
    templates: Templates, sample: Sample
) -> None:
    page = Page(rendered(templates, sample))
    for form, fields in zip(page.forms, page.fields, strict=True):
        if form.get("method") == "get":
            assert form["role"] == "search", "only a search is asked for by GET"
        elif form.get("method") == "post" and not sample.template.startswith("pages/"):
            assert {"type": "hidden", "name": "csrf", "value": "c5rf"} in fields
        else:
            assert form.get("method") in {"dialog", "post"}


@samples
def test_every_id_of_a_page_is_there_once_and_every_live_region_has_one(
    templates: Templates, sample: Sample
) -> None:
    page = Page(rendered(templates, sample))
    ids = list(page.all("id"))
    assert len(ids) == len(set(ids))
    for _, found in page.elements:
        if "data-live" in found:
            assert found["id"], "a region is found again by its id"
            hints = set(found["data-live"].split())
            assert hints <= TOPICS, "the server says nothing else"
        for name in ("aria-labelledby", "aria-describedby", "aria-controls"):
            assert set(found.get(name, "").split()) <= set(ids)


@samples
def test_a_link_leads_to_a_place_that_exists(templates: Templates, sample: Sample) -> None:
    page = Page(rendered(templates, sample))
    for href in page.all("href"):
        own = href.startswith("/") and href != "/"
        assert not own or href.startswith(PLACES), href
        if href.startswith("#") and len(href) > 1:
            assert href[1:] in set(page.all("id")), f"{href} leads nowhere on its page"


@pytest.mark.parametrize("theme", [None, *Theme])
def test_the_theme_is_in_the_answer_so_that_nothing_flashes(
    templates: Templates, theme: Theme | None
) -> None:
    html = rendered(templates, EVERY[0], theme)
    assert (f'data-theme="{theme}"' in html) == (theme is not None)


def test_every_template_says_what_it_wants_and_is_shown_by_a_sample() -> None:
    shown = {sample.template for sample in EVERY}
    for path in WEB.rglob("*.html"):
        name = path.relative_to(WEB).as_posix()
        text = path.read_text(encoding="utf-8")
        assert text.startswith("{# "), f"{name} does not say what it wants"
        if not PARTS.search(name):
            assert name in shown, f"{name} has no sample in tests/web/samples"
            assert "shell: layout.views.Shell" in text.partition("#}")[0]


def test_every_template_names_only_icons_that_are_fetched() -> None:
    known = set(ICONS.read_text(encoding="utf-8").split())
    named = set()
    for path in WEB.rglob("*.html"):
        for call in re.findall(r"icon\(([^),]*)", path.read_text(encoding="utf-8")):
            named |= set(re.findall(r'(?<!== )"([a-z0-9-]+)"', call))
    for path in WEB.glob("*/words.py"):
        text = path.read_text(encoding="utf-8")
        for table in re.findall(r"[A-Z_]*ICONS\b[^{]*\{([^}]*)\}", text):
            named |= set(re.findall(r': "([a-z0-9-]+)"', table))
    assert len(named) > 30
    assert named <= known, f"tools/icons.txt lacks {sorted(named - known)}"


def test_what_is_missing_raises_and_never_renders_as_nothing(templates: Templates) -> None:
    with pytest.raises(UndefinedError):
        templates.render("alerts/show.html", shell=shell("/alerts/al_1"))


def test_what_a_source_sends_is_text_and_never_markup(templates: Templates) -> None:
    nasty = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    alert = replace(CARDS, title=nasty, service=replace(CARDS.service, text=nasty))
    view = replace(
        CARDS_PAGE, alert=alert, sentence=nasty, labels=((nasty, nasty),), dedup_key=nasty
    )
    html = templates.render("alerts/show.html", shell=shell("/alerts/al_1"), view=view)
    assert "<script>alert" not in html
    assert "<img" not in html
    assert html.count("&lt;script&gt;alert(1)") >= 5


def test_a_name_cannot_end_the_data_of_the_palette(templates: Templates) -> None:
    frame = shell("/")
    command = replace(frame.commands[0], text="</script><script>alert(1)</script>")
    html = templates.render(
        EVERY[0].template, shell=replace(frame, commands=(command,)), view=EVERY[0].view
    )
    assert "</script><script>alert" not in html
    assert "\\u003c/script>" in html


def test_the_answer_page_offers_its_three_answers_and_asks_by_post_only(
    templates: Templates,
) -> None:
    sample = next(sample for sample in EVERY if sample.name == "answer")
    page = Page(rendered(templates, sample))
    fields = [field for form in page.fields for field in form]
    answers = [field["value"] for field in fields if field.get("name") == "answer"]
    assert answers == ["acknowledge", "escalate", "decline"]
    assert {form["method"] for form in page.forms} == {"post"}
    scripts = [found["src"] for tag, found in page.elements if tag == "script"]
    assert scripts == [PREFIX + "answer.js"], "nothing else is fetched at three in the morning"


def test_an_instant_is_as_short_as_it_can_be_and_names_its_zone_on_hover() -> None:
    environment = make_environment(Plain())
    template = environment.from_string("{{ at|when }}")
    today = template.render(shell=shell("/"), at=NOW - timedelta(hours=1))
    assert ">02:02</time>" in today
    assert 'datetime="2026-10-22T00:02:00Z"' in today
    assert "02:02:00 Europe/Berlin · 00:02:00 UTC" in today
    assert ">Sun 25 Oct 03:02</time>" in template.render(
        shell=shell("/"), at=NOW + timedelta(days=3, hours=1)
    )


def test_an_age_counts_on_below_a_day_and_is_a_date_beyond() -> None:
    template = make_environment(Plain()).from_string("{{ at|ago }}")
    assert 'data-ago="240">4 min ago<' in template.render(
        shell=shell("/"), at=NOW - timedelta(minutes=4)
    )
    old = template.render(shell=shell("/"), at=NOW - timedelta(days=1))
    assert "data-ago" not in old
    assert ">Wed 21 Oct 03:02<" in old


def _views() -> list[ModuleType]:
    rooms = sorted(path.parent.name for path in WEB.glob("*/views.py"))
    return [importlib.import_module(f"holdfast.web.{room}.views") for room in rooms]


@pytest.mark.parametrize("module", _views(), ids=lambda module: module.__name__)
def test_a_view_is_frozen_and_has_slots(module: ModuleType) -> None:
    for value in vars(module).values():
        if isinstance(value, type) and dataclasses.is_dataclass(value):
            assert vars(value)["__dataclass_params__"].frozen, value
            assert "__slots__" in vars(value) or value.__module__ != module.__name__, value
