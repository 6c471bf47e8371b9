"""What every page is told besides its own view: who looks, when, and what is going on."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

HUES = 8  # the p0 .. p7 of tools/tokens.py


class Theme(StrEnum):
    """Chosen by the cookie `theme`; without one the system's own preference decides."""

    DARK = "dark"
    LIGHT = "light"
    NIGHT = "night"


class Mode(StrEnum):
    """What every screen says in a strip at its top when the instance is not simply at work."""

    NORMAL = "normal"
    REHEARSAL = "rehearsal"
    DEMO = "demo"
    ON_HOLD = "on_hold"


@dataclass(frozen=True, slots=True)
class Face:
    """A person wherever one is named. `me` is the reader.

    `tone` is a hue of its own for this page, 0 to 7: a schedule gives its people different ones.
    """

    id: str
    name: str
    me: bool = False
    tone: int | None = None

    @property
    def initials(self) -> str:
        words = [word for word in self.name.split() if word[0].isalnum()] or [self.name or "?"]
        last = words[-1][0] if len(words) > 1 else words[0][1:2]
        return (words[0][0] + last).upper()

    @property
    def first(self) -> str:
        return self.name.split()[0] if self.name.split() else self.name

    @property
    def hue(self) -> int:
        """Without a `tone` the same for a person for ever, on every machine."""
        if self.tone is not None:
            return self.tone % HUES
        return zlib.crc32(self.id.encode()) % HUES


@dataclass(frozen=True, slots=True)
class Link:
    """Something with a name and an address of ours. `href` is None where the reader may not go."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select or a set of radio buttons."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """What the reader is on call for, shown at the foot of the rail. Absent when off call."""

    schedules: tuple[str, ...]
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What just happened, shown once after a redirect. `remedy` is the next thing to do."""

    kind: Literal["ok", "warn", "bad"]
    text: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A place the palette goes to: a schedule, service or person. `extra` is found, not shown."""

    group: str
    text: str
    href: str
    icon: str
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of one answer. Every template gets it as `shell`, beside its own `view`.

    `zone` is an IANA name; all instants are shown in it. `csrf` goes into every form that changes
    something. `alerts_count` is how many alerts want an answer, `pages_count` how many open pages
    the reader has, `incidents_count` how many incidents are open. `may` holds the permissions the
    reader has, such as `settings.write`.
    """

    now: datetime
    zone: str
    path: str
    csrf: str = ""
    theme: Theme | None = None
    viewer: Face | None = None
    duty: Duty | None = None
    alerts_count: int = 0
    pages_count: int = 0
    incidents_count: int = 0
    mode: Mode = Mode.NORMAL
    may: frozenset[str] = frozenset()
    notice: Notice | None = None
    commands: tuple[Command, ...] = ()
    single_keys: bool = True


@dataclass(frozen=True, slots=True)
class Fields:
    """What a form was sent with and what was wrong with it, so that nobody types twice.

    `values` holds what the person typed, by field name; `errors` one sentence per field, with the
    remedy in it; `problem` says what is wrong with the form as a whole, and `help_href` leads to
    the rule where a guardrail refused it; `breakable`: the same with a reason in `break_glass`
    passes.
    """

    values: tuple[tuple[str, str], ...] = ()
    errors: tuple[tuple[str, str], ...] = ()
    problem: str | None = None
    help_href: str | None = None
    breakable: bool = False

    def value(self, name: str, default: str = "") -> str:
        return dict(self.values).get(name, default)

    def error(self, name: str) -> str | None:
        return dict(self.errors).get(name)


@dataclass(frozen=True, slots=True)
class ErrorView:
    """errors/error.html. All three sentences answer: what happened, what still works, what to do.

    `code` and `help_href` are a guardrail's, `reference` a number to give to whoever runs this.
    """

    status: int
    title: str
    detail: str
    still_works: str
    remedy: str
    code: str | None = None
    help_href: str | None = None
    reference: str | None = None
