"""What files ask for, what differs from what is here, and what is wrong with the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from holdfast.catalog.model import Connection, Service
from holdfast.escalation.model import Policy
from holdfast.kernel.errors import Invalid
from holdfast.people.model import Team, User
from holdfast.practice.model import Pack
from holdfast.schedules.model import Schedule

VERSION = "1"  # the `holdfast: 1` of the files
FILES_MAX = 200
FILE_CHARS_MAX = 4 * 1024 * 1024
OBJECTS_MAX = 20_000
MISTAKES_MAX = 20
# `disabled: true` in a file: since when, only the transaction that applies it knows.
DISABLED = datetime(1970, 1, 1, tzinfo=UTC)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class File:
    """One file as it was given. `name` is what messages call it."""

    name: str
    text: str = field(repr=False)  # it may hold keys


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file, counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that must be changed before the files can be applied.

    `code` and `help` are a guardrail's, where one refused.
    """

    place: Place
    message: str
    remedy: str
    code: str | None = None
    help: str | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.message} {self.remedy}".rstrip()


class NotApplied(Invalid):
    """The files cannot be applied as they are; nothing was changed.

    Holds at most MISTAKES_MAX mistakes, in the order of the files. `code`, `help` and `remedy` are
    those of the first mistake that a guardrail found, else of the first.
    """

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        assert mistakes, "there is something wrong with them"
        self.mistakes = tuple(mistakes[:MISTAKES_MAX])
        first = next((mistake for mistake in self.mistakes if mistake.code), self.mistakes[0])
        more = len(mistakes) - 1
        also = f" ({more} more {'mistake' if more == 1 else 'mistakes'})" if more else ""
        super().__init__(f"{first.place}: {first.message}{also}", remedy=first.remedy)
        self.code = first.code
        self.help = first.help


class Kind(StrEnum):
    """The kinds of object that a file may hold, in the order in which they are made."""

    USER = "user"
    TEAM = "team"
    SCHEDULE = "schedule"
    OVERRIDE = "override"
    POLICY = "escalation policy"
    SERVICE = "service"
    CONNECTION = "connection"
    PACK = "practice pack"
    PRACTICE = "practice"


class ChangeKind(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field in words; None where there is nothing before or after."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What would become of one object. `place` is None for what no file mentions."""

    kind: ChangeKind
    object: Kind
    id: str
    fields: tuple[FieldChange, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The difference. `made_keys` holds the new keys by connection, once, after an apply."""

    changes: tuple[Change, ...]
    warnings: tuple[str, ...] = ()
    made_keys: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Mentioned(Generic[T]):
    """An object that a file holds.

    `lines` gives the line of every field by its path, such as `steps[1].page[0]`; `given` names
    the fields that are written down at all.
    """

    value: T
    place: Place
    lines: Mapping[str, int]
    given: frozenset[str]

    def at(self, path: str) -> Place:
        """The line of that field, or of what holds it."""
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return Place(self.place.file, self.lines[path]) if path else self.place


@dataclass(frozen=True, slots=True)
class Desired:
    """All that the files mention, by id. `keys` are the connections' keys that they give."""

    users: Mapping[str, Mentioned[User]]
    teams: Mapping[str, Mentioned[Team]]
    schedules: Mapping[str, Mentioned[Schedule]]
    policies: Mapping[str, Mentioned[Policy]]
    services: Mapping[str, Mentioned[Service]]
    connections: Mapping[str, Mentioned[Connection]]
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    practice: Mentioned[str] | None = None  # the name of a pack
    packs: Mapping[str, Mentioned[Pack]] = field(default_factory=dict)
    packs_unread: bool = False  # a pack is there that is none: its name is not known
    speaks_of_users: bool = False  # a `users:` section is there, be it empty

    @property
    def count(self) -> int:
        groups = (self.users, self.teams, self.schedules, self.policies, self.services)
        return sum(len(group) for group in (*groups, self.connections))


@dataclass(frozen=True, slots=True)
class Present:
    """All that is here, by id."""

    users: Mapping[str, User]
    teams: Mapping[str, Team]
    schedules: Mapping[str, Schedule]
    policies: Mapping[str, Policy]
    services: Mapping[str, Service]
    connections: Mapping[str, Connection]
    practice: str | None  # the pack that somebody chose
    packs: Mapping[str, Pack] = field(default_factory=dict)  # of one's own
