"""What the first screen is told. Filled by web/now/pages.py, shown by show.html."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.web.alerts.views import Row
from holdfast.web.incidents.views import Row as Incident
from holdfast.web.layout.views import Face, Link


@dataclass(frozen=True, slots=True)
class MyDuty:
    """One schedule the reader is on call for now; `until` None where it does not end in sight."""

    schedule: Link
    until: datetime | None


@dataclass(frozen=True, slots=True)
class NextDuty:
    """The reader's next shift."""

    schedule: Link
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class MyPage:
    """A page that wants the reader's answer. Posts go to /alerts/{row.id}/acknowledge."""

    row: Row
    paged_at: datetime
    because: str


@dataclass(frozen=True, slots=True)
class MyCall:
    """A page that asks the reader into an incident. Posts go to {href}/join and {href}/decline."""

    row: Incident
    paged_at: datetime
    because: str

    @property
    def href(self) -> str:
        return self.row.href


@dataclass(frozen=True, slots=True)
class OnCallNow:
    """One schedule: who now, until when, who next. `now` None is a gap, `next` None nobody."""

    schedule: Link
    now: Face | None
    until: datetime | None
    next: Face | None
    override: bool = False
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Something ahead that will leave a page unanswered, with where to mend it."""

    kind: str
    text: str
    detail: str
    href: str
    action: str


@dataclass(frozen=True, slots=True)
class NowPage:
    """now/show.html at GET /

    `needs_setup` is true until somebody has received a page here: then the page teaches. A reader
    without any verified way to be reached gets that said first (`reachable`). `incidents` are
    those that people work on, the reader's own first.
    """

    duties: tuple[MyDuty, ...]
    next_duty: NextDuty | None
    pages: tuple[MyPage, ...]
    alerts: tuple[Row, ...]
    alerts_more: int
    on_call: tuple[OnCallNow, ...]
    problems: tuple[Problem, ...]
    needs_setup: bool
    reachable: bool = True
    last_page_at: datetime | None = None
    incidents: tuple[Incident, ...] = ()
    calls: tuple[MyCall, ...] = ()
    may_declare: bool = False
