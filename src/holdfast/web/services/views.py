"""What the service screens are told. Filled by web/services/pages.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.web.alerts.views import Row
from holdfast.web.layout.views import Choice, Face, Fields, Link


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service in the list. `paged_now` is who a page would reach first at this moment."""

    id: str
    name: str
    team: str
    tier: int
    open_alerts: int
    worst_rank: int | None
    paged_now: tuple[Face, ...]
    connections: int
    last_signal_at: datetime | None
    problem: str | None = None

    @property
    def href(self) -> str:
        return f"/services/{self.id}"


@dataclass(frozen=True, slots=True)
class ServiceList:
    """services/list.html at GET /services?q="""

    rows: tuple[ServiceRow, ...]
    query: str = ""
    may_edit: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the policy as a sentence with names, for this moment.

    `after` is when it begins (`at once`, `after 5 min`); `people` whom it reaches now, none when
    the schedule has a gap: then `problem` says so and the step is skipped.
    """

    after: str
    target: str
    people: tuple[Face, ...]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Snippet:
    """Text to copy: what goes where, with this connection's real address."""

    title: str
    text: str
    hint: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it may be shown: its beginning."""

    prefix: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection of this service.

    `snippets` hold the whole key only right after it was made (`new_key`), else a placeholder.
    `silent` is a heartbeat that has not been heard from in time.
    """

    id: str
    kind: str
    kind_title: str
    keys: tuple[Key, ...]
    snippets: tuple[Snippet, ...]
    last_signal_at: datetime | None
    new_key: str | None = None
    heartbeat: str | None = None
    silent: bool = False
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class ServicePage:
    """services/show.html at GET /services/{id}

    Posts: /services/{id}/test (a test alert that pages like a real one), /services/{id}/connections
    {kind, every, grace}, /services/{id}/connections/{connection}/key (makes a new key; the older
    one stays good), /services/{id}/connections/{connection}/remove.
    `test_sentence` says before the click whom the test alert will page.
    """

    id: str
    name: str
    description: str
    team: Link
    lead: Face | None
    tier: int
    policy: Link
    rungs: tuple[Rung, ...]
    last_resort: str
    alerts: tuple[Row, ...]
    connections: tuple[Connection, ...]
    depends_on: tuple[Link, ...]
    needed_by: tuple[Link, ...]
    kinds: tuple[Choice, ...]
    test_sentence: str
    may_edit: bool = False
    may_connect: bool = False
    may_test: bool = False
    fields: Fields | None = None


@dataclass(frozen=True, slots=True)
class ServiceEdit:
    """services/edit.html at GET and POST /services/{id}/edit and /services/new.

    Controls: `name`, `description`, `team`, `policy`, `tier`, `depends_on` (repeated); buttons `do`
    = save or delete. `keeps` says why it cannot be deleted, None where it can.
    """

    id: str | None
    action: str
    name: str
    description: str
    teams: tuple[Choice, ...]
    policies: tuple[Choice, ...]
    tiers: tuple[Choice, ...]
    depends_on: tuple[Choice, ...]
    keeps: str | None = None
    may_delete: bool = False
    fields: Fields | None = None
