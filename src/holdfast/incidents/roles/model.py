"""What holding a role is, and what passing it on is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from holdfast.kernel.errors import Conflict, Invalid, NotFound
from holdfast.practice.model import RoleKey
from holdfast.timeline.event import Event

READ_BACK_CHARS_MAX = 500
BRIEFING_CHARS_MAX = 1000  # of each of its parts


class HoldingState(StrEnum):
    """`proposed -> held -> handing_off -> released` (ledger 3.3, Role assignment)."""

    PROPOSED = "proposed"
    HELD = "held"
    HANDING_OFF = "handing_off"  # still theirs, until somebody has accepted it
    RELEASED = "released"


CURRENT = (HoldingState.HELD, HoldingState.HANDING_OFF)


class How(StrEnum):
    """How somebody came to a role (ledger S0-13)."""

    DECLARED = "declared"  # whoever declares takes command
    ACKNOWLEDGED = "acknowledged"  # whoever acknowledged the alert has operations
    ON_CALL = "on_call"  # proposed from on call, and accepted
    ASSIGNED = "assigned"
    HANDED_OFF = "handed_off"
    TAKEN_OVER = "taken_over"


class Why(StrEnum):
    """Why a role is handed on."""

    ASKED = "asked"
    SHIFT_END = "shift_end"
    SILENT = "silent"


class OfferState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Holding:
    """One person in one role, from `since` until `until`; a proposal since it was made.

    `primary` tells the one among several holders of operations who answers for it (ledger S0-15).
    """

    id: str
    incident: str
    role: RoleKey
    user: str
    state: HoldingState
    since: datetime
    how: How
    until: datetime | None = None
    primary: bool = False
    by: str | None = None  # who assigned it; None: by itself

    @property
    def current(self) -> bool:
        return self.state in CURRENT


@dataclass(frozen=True, slots=True)
class Briefing:
    """What the next one must know: how ill, what happened, what is open, what may come."""

    severity: str = ""
    summary: str = ""
    actions: str = ""
    contingency: str = ""

    @property
    def empty(self) -> bool:
        return not (self.severity or self.summary or self.actions or self.contingency)


@dataclass(frozen=True, slots=True)
class Handoff:
    """An offer of a role. It changes hands only when it is accepted (ledger S3-13)."""

    id: str
    incident: str
    role: RoleKey
    giver: str
    to: str
    briefing: Briefing
    why: Why
    state: OfferState
    offered_at: datetime
    read_back: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """One role of an incident as the header shows it: a holder, a candidate, or missing."""

    role: RoleKey
    label: str
    required: bool
    holders: tuple[Holding, ...] = ()
    candidate: Holding | None = None
    handoff: Handoff | None = None

    @property
    def missing(self) -> bool:
        """True where it is needed and nobody holds it (ledger S0-01)."""
        return self.required and not self.holders


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who would hold a role, found at the instant of declaring; `user` None: nobody is there."""

    role: RoleKey
    user: str | None
    why: str = ""
    held: How | None = None  # they have it at once, and this is why


@dataclass(frozen=True, slots=True)
class Given:
    """What is known at declaring besides who is on call."""

    roles: dict[RoleKey, str] = field(default_factory=dict)  # named in the declaration
    acknowledged_by: str | None = None  # of the alert it was declared from
    break_glass: str = ""  # why one person holds what the level keeps apart


class NoSuchRole(NotFound):
    """This practice has no role by that name."""


class NoSuchHandoff(NotFound):
    """Nobody offers this role to you."""


class NotTheHolder(Conflict):
    """This person does not hold the role."""


class OfferedAlready(Conflict):
    """This role is being handed on already."""


class CannotRespond(Invalid):
    """Only a person who may respond can hold a role."""


@dataclass(frozen=True, slots=True)
class IncidentRoleProposed(Event):
    """Somebody on call is asked to take this role; `user` None says that nobody is there."""

    kind = "incident.role_proposed"
    role: str = ""
    user: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class IncidentRoleTaken(Event):
    kind = "incident.role_taken"
    role: str = ""
    user: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True)
class IncidentRoleReleased(Event):
    kind = "incident.role_released"
    role: str = ""
    user: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class IncidentHandoffOffered(Event):
    """`giver` keeps the role until `to` has accepted."""

    kind = "incident.handoff_offered"
    role: str = ""
    giver: str = ""
    to: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class IncidentHandoffAccepted(Event):
    kind = "incident.handoff_accepted"
    role: str = ""
    giver: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class IncidentHandoffEnded(Event):
    """Declined or withdrawn: the role stays where it was."""

    kind = "incident.handoff_ended"
    role: str = ""
    giver: str = ""
    to: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class IncidentCommandTakenOver(Event):
    """Command was silent or empty, and somebody has taken it (ledger S3-14)."""

    kind = "incident.command_taken_over"
    before: str | None = None
    user: str = ""
    why: str = ""
