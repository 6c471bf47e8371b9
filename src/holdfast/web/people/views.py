"""What the people screens are told. Filled by web/people/pages.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from holdfast.web.layout.views import Choice, Face, Fields, Link


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person in the list. `reach` says how they are reached in words, or that they are not."""

    who: Face
    role: str
    teams: tuple[str, ...]
    reach: str
    reachable: bool
    on_call: tuple[Link, ...] = ()
    invited: bool = False
    disabled: bool = False

    @property
    def href(self) -> str:
        return f"/people/{self.who.id}"


@dataclass(frozen=True, slots=True)
class TeamRow:
    id: str
    name: str
    lead: Face | None
    members: tuple[Face, ...]

    @property
    def href(self) -> str:
        return f"/teams/{self.id}"


@dataclass(frozen=True, slots=True)
class OneTimeLink:
    """A link that is shown once, for somebody else: an invitation or a way back in."""

    who: str
    url: str
    until: datetime


@dataclass(frozen=True, slots=True)
class PeopleList:
    """people/list.html at GET /people

    Posts: /people/invite {name, email, role, team, time_zone}; the answer is this page with `link`.
    """

    people: tuple[PersonRow, ...]
    teams: tuple[TeamRow, ...]
    roles: tuple[Choice, ...] = ()
    team_choices: tuple[Choice, ...] = ()
    zones: tuple[str, ...] = ()
    zone: str = "UTC"
    may_invite: bool = False
    may_edit_teams: bool = False
    link: OneTimeLink | None = None
    fields: Fields | None = None


@dataclass(frozen=True, slots=True)
class MethodLine:
    """One way to reach somebody. `address` is shown in full only to its owner.

    `state`: verified (at `verified_at`), untested, waiting (a test page is out since `tested_at`),
    failed (`trouble` is why).
    """

    id: str
    kind_title: str
    icon: str
    address: str
    state: Literal["verified", "untested", "waiting", "failed"]
    verified_at: datetime | None = None
    tested_at: datetime | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class RungLine:
    """One line of a rule in words: `at once`, `after 2 min`, and the method."""

    after: str
    method: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """How one person is reached at one urgency."""

    urgency: Literal["high", "low"]
    rungs: tuple[RungLine, ...]
    by_default: bool = False


@dataclass(frozen=True, slots=True)
class ComingShift:
    schedule: Link
    start: datetime
    end: datetime | None
    now: bool = False


@dataclass(frozen=True, slots=True)
class PersonPage:
    """people/show.html at GET /people/{id}; for oneself, GET /me is the richer page.

    Posts, where allowed: /people/{id}/link (a one-time link to get back in, shown once),
    /people/{id}/disable, /people/{id}/enable.
    """

    who: Face
    role: str
    email: str | None
    zone: str
    local_time: str
    teams: tuple[Link, ...]
    methods: tuple[MethodLine, ...]
    ladders: tuple[Ladder, ...]
    shifts: tuple[ComingShift, ...]
    disabled: bool = False
    may_edit: bool = False
    link: OneTimeLink | None = None


@dataclass(frozen=True, slots=True)
class PersonEdit:
    """people/edit.html at GET and POST /people/{id}/edit: `name`, `email`, `time_zone`, `role`.

    `roles` is empty where the reader may not change the role.
    """

    who: Face
    name: str
    email: str
    zone: str
    zones: tuple[str, ...]
    roles: tuple[Choice, ...] = ()
    fields: Fields | None = None


@dataclass(frozen=True, slots=True)
class TeamEdit:
    """people/team.html at GET and POST /teams/{id} and /teams/new: `name`, `lead`, `members`.

    `members` are Choices of everybody; buttons `do` = save or delete. Read only without `may_edit`.
    """

    id: str | None
    action: str
    name: str
    leads: tuple[Choice, ...]
    members: tuple[Choice, ...]
    owns: tuple[Link, ...] = ()
    may_edit: bool = False
    keeps: str | None = None
    fields: Fields | None = None


@dataclass(frozen=True, slots=True)
class MethodKind:
    """A kind that can be added here; `ready` false says in `missing` what it needs first."""

    kind: str
    label: str
    address_label: str
    placeholder: str
    hint: str
    input_type: Literal["text", "email", "url", "tel"] = "text"
    ready: bool = True
    missing: str | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class RungForm:
    """One rung as controls `{urgency}.after` and `{urgency}.method`, both repeated in order."""

    after: str
    methods: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class RuleForm:
    urgency: Literal["high", "low"]
    rungs: tuple[RungForm, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """One place where the reader is signed in. `name` is the browser and system in words."""

    id: str
    name: str
    address: str
    began_at: datetime
    seen_at: datetime
    current: bool = False


@dataclass(frozen=True, slots=True)
class Me:
    """people/me.html at GET /me

    Posts: /me/methods {kind, address}, /me/methods/{id}/test, /me/methods/{id}/remove, /me/rules
    (`do`: save, add-rung:high, remove-rung:high:k, ...), /me/looks {theme, single_keys,
    time_zone, name}, /me/sessions/{id}/end, /me/sessions/end-others, /sign-out. GET /password
    changes the password.
    """

    who: Face
    login: str
    zone: str
    zones: tuple[str, ...]
    theme: Literal["system", "dark", "light", "night"]
    single_keys: bool
    methods: tuple[MethodLine, ...]
    kinds: tuple[MethodKind, ...]
    rules: tuple[RuleForm, ...]
    shifts: tuple[ComingShift, ...]
    sessions: tuple[Session, ...]
    has_password: bool = True
    warnings: tuple[str, ...] = ()
    method_fields: Fields | None = None
    rule_fields: Fields | None = None
    looks_fields: Fields | None = None
