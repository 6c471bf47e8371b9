"""Turns a view into HTML: the one place that knows where templates lie and what they may use."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Protocol
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from holdfast.kernel.zone import named_zone
from holdfast.web.layout import words
from holdfast.web.layout.views import Link, Shell

WEB = Path(__file__).resolve().parent
_DAY = timedelta(days=1)
KEPT_MAX = 5_000  # lines of timelines that are kept as they were rendered


class Addresses(Protocol):
    """Knows the address of each file that a page asks for (assets.py)."""

    def url(self, name: str) -> str: ...


class Templates:
    """Every page of the face. Built once, used by all threads."""

    def __init__(self, assets: Addresses) -> None:
        self._environment = make_environment(assets)

    def render(self, name: str, **context: object) -> str:
        """The template of that path below web/, such as `alerts/list.html`.

        Each template begins with a comment that says what it wants; it is always `shell` and,
        for all but a few, `view`. What is missing raises, it never renders as nothing.
        """
        return self._environment.get_template(name).render(**context)


def make_environment(assets: Addresses) -> Environment:
    """Templates lie beside the functions that fill them; everything they print is escaped."""
    environment = Environment(
        loader=FileSystemLoader(WEB),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        asset=assets.url,
        words=_rooms_words(),
        json_block=_json_block,
        link=Link,
        kept=_kept(environment),
    )
    environment.filters.update(
        when=_when,
        when_text=_when_text,
        ago=_ago,
        day=_day,
        long_day=_long_day,
        clock=_clock,
        clock_seconds=_clock_seconds,
        local_input=_local_input,
        seconds_until=_seconds_until,
        seconds_since=_seconds_since,
        hms=_hms,
        duration=words.length,
        counted=words.count,
        listing=words.listing,
        sentence_case=words.sentence_case,
    )
    return environment


def _kept(environment: Environment) -> Callable[[Context, str, Hashable], Markup]:
    """`kept("x/_line.html", value)`: a part that says the same to everybody of one zone on one day
    is rendered once. The template sees `value`, and of the shell only the time and the zone."""

    @lru_cache(maxsize=KEPT_MAX)
    def rendered(name: str, value: Hashable, zone: str, day: date) -> Markup:
        noon = datetime.combine(day, time(12), named_zone(zone))
        text = environment.get_template(name).render(shell=Shell(noon, zone, ""), value=value)
        return Markup(text)  # noqa: S704 - a template of ours has escaped it

    @pass_context
    def kept(context: Context, name: str, value: Hashable) -> Markup:
        shell, zone = _shell(context)
        return rendered(name, value, shell.zone, shell.now.astimezone(zone).date())

    return kept


def _rooms_words() -> SimpleNamespace:
    """`words.alerts` is web/alerts/words.py, and so on for each room that has one."""
    rooms: dict[str, ModuleType] = {}
    for path in sorted(WEB.glob("*/words.py")):
        rooms[path.parent.name] = importlib.import_module(f"holdfast.web.{path.parent.name}.words")
    return SimpleNamespace(**rooms)


def _json_block(value: Mapping[str, object] | list[object] | tuple[object, ...]) -> Markup:
    """For a script element that holds data. `<` is spelt so that no text can end the element."""
    return Markup(json.dumps(value, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704 - `<` is escaped


@pass_context
def _when(context: Context, at: datetime) -> Markup:
    """An instant as a `time` element: short text, with the whole date, zone and UTC on hover."""
    shell, zone = _shell(context)
    text = words.moment(at, shell.now, zone)
    return _time_element(at, zone, text)


@pass_context
def _when_text(context: Context, at: datetime) -> str:
    shell, zone = _shell(context)
    return words.moment(at, shell.now, zone)


@pass_context
def _ago(context: Context, at: datetime) -> Markup:
    """An age that keeps itself up to date below a day, then the date."""
    shell, zone = _shell(context)
    passed = shell.now - at
    if passed >= _DAY:
        return _time_element(at, zone, words.moment(at, shell.now, zone))
    seconds = max(0, int(passed.total_seconds()))
    return _time_element(at, zone, words.age(seconds), seconds)


@pass_context
def _day(context: Context, at: datetime) -> str:
    return words.day(at, _shell(context)[1])


@pass_context
def _long_day(context: Context, at: datetime) -> str:
    return words.long_day(at, _shell(context)[1])


@pass_context
def _clock(context: Context, at: datetime) -> str:
    return words.clock_time(at, _shell(context)[1])


@pass_context
def _clock_seconds(context: Context, at: datetime) -> Markup:
    """For a list of moments close together, where the seconds matter."""
    zone = _shell(context)[1]
    return _time_element(at, zone, f"{at.astimezone(zone):%H:%M:%S}")


@pass_context
def _local_input(context: Context, at: datetime) -> str:
    """For `<input type=datetime-local>`: wall time in the reader's zone."""
    return f"{at.astimezone(_shell(context)[1]):%Y-%m-%dT%H:%M}"


@pass_context
def _seconds_until(context: Context, at: datetime) -> int:
    return int((at - _shell(context)[0].now).total_seconds())


@pass_context
def _seconds_since(context: Context, at: datetime) -> int:
    return int((_shell(context)[0].now - at).total_seconds())


def _hms(value: float | timedelta) -> str:
    return words.stopwatch(value.total_seconds() if isinstance(value, timedelta) else value)


def _shell(context: Context) -> tuple[Shell, ZoneInfo]:
    shell = context.resolve("shell")
    assert isinstance(shell, Shell), "every template is rendered with a shell"
    return shell, named_zone(shell.zone)


def _time_element(at: datetime, zone: ZoneInfo, text: str, age: int | None = None) -> Markup:
    machine = f"{at.astimezone(ZoneInfo('UTC')):%Y-%m-%dT%H:%M:%SZ}"
    title = words.full_moment(at, zone)
    if age is None:
        return Markup('<time datetime="{}" title="{}">{}</time>').format(machine, title, text)
    ticking = Markup('<time datetime="{}" title="{}" data-ago="{}">{}</time>')
    return ticking.format(machine, title, age, text)
