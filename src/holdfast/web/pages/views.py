"""What the answer page is told. Filled by web/pages/pages.py for whoever holds the link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Outcome = Literal[
    "acknowledged", "taken", "over", "declined", "escalated", "test_received"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """One line below the sentence. `icon` is a name of the icon sprite; `href` may lead outside."""

    icon: str
    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """What happens by itself if nobody answers, such as `Next try by e-mail`, and when."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """pages/show.html at GET /p/{token}: an open page. Asking for it changes nothing.

    Posts go to the same address with `answer`: acknowledge, escalate or decline. There is no
    session and no csrf field here: the token is what entitles. `kind` test is the page of
    "Send me a test page"; it has one button. `who` is the person paged, `team` who for.
    `next_person` is whom an escalation reaches, None where that is not known in advance.
    """

    title: str
    severity: str
    rank: int
    service: str
    who: str
    paged_at: datetime
    code: str
    sentence: str | None = None
    team: str | None = None
    kind: Literal["page", "test"] = "page"
    facts: tuple[Fact, ...] = ()
    next_try: Ahead | None = None
    next_step: Ahead | None = None
    next_person: str | None = None


@dataclass(frozen=True, slots=True)
class AnsweredPage:
    """pages/done.html, after a POST to /p/{token} or when the page needs no answer any more.

    `by` and `at` say who has it since when (taken), or when it ended (over); `after_s` is how long
    the answer took. `alert_href` leads to the alert or incident for somebody who is signed in.
    `woken` is how many others were paged before the answer came.
    """

    outcome: Outcome
    title: str
    code: str
    by: str | None = None
    at: datetime | None = None
    next_person: str | None = None
    woken: int = 0
    alert_href: str | None = None
    about: Literal["alert", "incident"] = "alert"


@dataclass(frozen=True, slots=True)
class GonePage:
    """pages/gone.html, status 404 or 410: the link is wrong, cut short, or too old to answer."""

    why: Literal["unknown", "expired"]
