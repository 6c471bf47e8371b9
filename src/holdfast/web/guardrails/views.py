"""What the screens of guardrails are told. Filled by web/guardrails/pages.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from holdfast.web.layout.views import Choice, Fields

StrengthWord = Literal["must", "should", "may"]


@dataclass(frozen=True, slots=True)
class Change:
    """The strength that was chosen here. `weaker` is False where the rule was made stricter."""

    declared: StrengthWord
    weaker: bool
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Guardrail:
    """One rule. `ever` and `lately` are its figures in words, `last_at` when it last fired.

    `strengths` are the choices of the form, `fields` what came back of it.
    """

    code: str
    title: str
    strength: StrengthWord
    guards: str
    package: str
    cites: tuple[str, ...]
    ever: str
    lately: str
    last_at: datetime | None = None
    breakable: bool = False
    for_review: bool = False
    change: Change | None = None
    strengths: tuple[Choice, ...] = ()
    fields: Fields | None = None

    @property
    def href(self) -> str:
        return f"/help/guardrails/{self.code}"


@dataclass(frozen=True, slots=True)
class Filter:
    """One of the ways to look at the list."""

    label: str
    href: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class GuardrailList:
    """guardrails/list.html at GET /settings/guardrails?show=&package=

    Posts: /settings/guardrails/{code}/strength {strength, reason}.
    """

    guardrails: tuple[Guardrail, ...]
    filters: tuple[Filter, ...]
    packages: tuple[Choice, ...]
    show: str = "all"
    may_edit: bool = False
