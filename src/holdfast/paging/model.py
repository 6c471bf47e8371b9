"""What a page is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from holdfast.kernel.errors import Conflict, NotFound
from holdfast.people.model import Rung
from holdfast.sdk import Urgency
from holdfast.timeline.event import Event

PAGE = "page"  # the kind of its timer and of its deliveries
OPEN_PAGES_MAX = 500


class PageKind(StrEnum):
    PAGE = "page"
    TEST = "test"


class PageState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class PageAnswer(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    ESCALATE = "escalate"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Page:
    """A demand on one person that wants an answer.

    `subject` is the alert (for a test, the person). `rungs` is the person's ladder as it was when
    the page began; `rung` is the next one to use.
    """

    id: str
    kind: PageKind
    subject: str
    user: str
    urgency: Urgency
    because: str
    attempt: int
    opened_at: datetime
    rungs: tuple[Rung, ...]
    rung: int = 0
    state: PageState = PageState.OPEN
    step: int | None = None
    round: int = 0
    answer: PageAnswer | None = None
    ended_at: datetime | None = None
    ended_because: str | None = None


class NoSuchPage(NotFound):
    """There is no page by that id."""


class PageOver(Conflict):
    """This page is over: nobody needs an answer any more."""


class NotReachable(Conflict):
    """This person has no contact method."""


@dataclass(frozen=True, slots=True)
class PageOpened(Event):
    kind = "page.opened"
    about: str = ""
    user: str = ""
    urgency: str = ""
    because: str = ""
    attempt: int = 1
    methods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageRungReached(Event):
    """One more of the person's contact methods is used now."""

    kind = "page.rung_reached"
    about: str = ""
    user: str = ""
    method: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class PageSent(Event):
    """The other side took the message. That is not an answer (promises R69)."""

    kind = "page.sent"
    about: str = ""
    user: str = ""
    method: str = ""
    tries: int = 1


@dataclass(frozen=True, slots=True)
class PageFailed(Event):
    """One contact method did not work; `again` says whether it will be tried again."""

    kind = "page.failed"
    about: str = ""
    user: str = ""
    method: str = ""
    why: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class PageUnreachable(Event):
    """Every contact method of this person refused the page."""

    kind = "page.unreachable"
    about: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class PageAnswered(Event):
    kind = "page.answered"
    about: str = ""
    user: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class PageClosed(Event):
    kind = "page.closed"
    about: str = ""
    user: str = ""
    why: str = ""
