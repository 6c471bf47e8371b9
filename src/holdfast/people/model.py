"""Who people are and how they are reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from holdfast.kernel.actor import Role
from holdfast.kernel.errors import Conflict, NotFound
from holdfast.sdk import Urgency
from holdfast.timeline.event import Event

METHODS_MAX = 20
RUNGS_MAX = 20
EMAIL_CHARS_MAX = 320
ADDRESS_CHARS_MAX = 1000


@dataclass(frozen=True, slots=True)
class Method:
    """One way to reach a person. `id` is the person's own word for it, such as phone."""

    id: str
    kind: str  # a notifier's name
    address: str
    verified_at: datetime | None = None
    trouble: str | None = None  # why the last message was refused, until one goes through


@dataclass(frozen=True, slots=True)
class Rung:
    """One line of a notification rule: this method, so long after the page began."""

    after: timedelta
    method: str


Rules = Mapping[Urgency, tuple[Rung, ...]]


@dataclass(frozen=True, slots=True)
class User:
    id: str
    name: str
    email: str | None
    time_zone: str
    role: Role
    methods: tuple[Method, ...] = ()
    rules: Rules = field(default_factory=dict)
    disabled_at: datetime | None = None
    has_password: bool = False

    def method(self, name: str) -> Method | None:
        return next((method for method in self.methods if method.id == name), None)

    def ladder(self, urgency: Urgency) -> tuple[Rung, ...]:
        """The rungs for that urgency; without a rule, all methods at once for high, one for low."""
        known = {method.id for method in self.methods}
        rungs = tuple(rung for rung in self.rules.get(urgency, ()) if rung.method in known)
        if rungs:
            return tuple(sorted(rungs, key=lambda rung: rung.after))
        everything = tuple(Rung(timedelta(), method.id) for method in self.methods)
        return everything if urgency is Urgency.HIGH else everything[:1]

    @property
    def reachable(self) -> bool:
        return bool(self.methods) and self.disabled_at is None


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    name: str
    lead: str | None = None
    members: tuple[str, ...] = ()


class NoSuchUser(NotFound):
    """There is no user by that id."""


class NoSuchTeam(NotFound):
    """There is no team by that id."""


class NoSuchMethod(NotFound):
    """This person has no contact method by that id."""


class EmailTaken(Conflict):
    """Another user has this e-mail address."""


@dataclass(frozen=True, slots=True)
class UserSaved(Event):
    kind = "user.saved"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UserDisabled(Event):
    kind = "user.disabled"


@dataclass(frozen=True, slots=True)
class MethodVerified(Event):
    """A test page on this contact method was answered."""

    kind = "method.verified"
    method: str = ""


@dataclass(frozen=True, slots=True)
class MethodRefused(Event):
    """The other side will not take messages for this contact method."""

    kind = "method.refused"
    method: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class TeamSaved(Event):
    kind = "team.saved"
    fields: tuple[str, ...] = ()
