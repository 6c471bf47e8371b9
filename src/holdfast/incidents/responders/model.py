"""What asking for help is, and what somebody who was asked is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from holdfast.kernel.errors import Conflict, Invalid, NotFound
from holdfast.practice.model import RoleKey
from holdfast.timeline.event import Event

REASON_CHARS_MAX = 300
ADDRESS_CHARS_MAX = 500
MINUTES_MIN = 1
MINUTES_MAX = 24 * 60
ANSWER_MINUTES = 5  # without a number: so long a request waits before the next one is asked
REQUESTS_MAX = 200  # of one incident
UNJOINED_AFTER = timedelta(minutes=10)  # after which command is told who has not joined (S4-47)
SPAN_MAX = 7  # direct reports that one person can keep in view (ledger B5)


class RequestState(StrEnum):
    PENDING = "pending"  # command is asked first; unanswered, it happens by itself (S4-19)
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNANSWERED = "unanswered"  # everybody was asked
    CANCELLED = "cancelled"


class Reason(StrEnum):
    """Why a request was made."""

    LEVEL = "level"  # the severity says so
    ASKED = "asked"  # a person asked for them
    ROLE = "role"  # a role wants a holder
    SOLO = "solo"  # one person was alone for too long
    SILENT = "silent"  # command is silent
    SHIFT = "shift"  # command is to be handed on
    ESCALATION = "escalation"  # a responder says that more people are needed


class Presence(StrEnum):
    """How somebody who was asked stands; the roll call says it (ledger S4-47)."""

    ASKED = "no_answer"
    COMING = "accepted"
    JOINED = "joined"
    DECLINED = "declined"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody is paged to help. Its id is what the pages are about.

    `target` is `user:ID`, `team:ID`, `schedule:ID` or `service:ID`; `role` what they are asked to
    take. At `answer_by` command is told that nobody has answered.
    """

    id: str
    incident: str
    target: str
    why: Reason
    text: str
    asked_by: str
    asked_at: datetime
    answer_by: datetime
    state: RequestState = RequestState.ASKED
    role: RoleKey | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    eta_minutes: int | None = None

    @property
    def waiting(self) -> bool:
        return self.state is RequestState.ASKED

    @property
    def wanted(self) -> bool:
        """True while somebody may still come: the last resort is rung after all others."""
        return self.state in (RequestState.ASKED, RequestState.UNANSWERED)


@dataclass(frozen=True, slots=True)
class Responder:
    """One person of an incident, with the instants at which they answered, came and went."""

    incident: str
    user: str
    asked_at: datetime
    accepted_at: datetime | None = None
    declined_at: datetime | None = None
    joined_at: datetime | None = None
    released_at: datetime | None = None

    @property
    def presence(self) -> Presence:
        if self.released_at is not None:
            return Presence.RELEASED
        if self.joined_at is not None:
            return Presence.JOINED
        if self.accepted_at is not None:
            return Presence.COMING
        return Presence.DECLINED if self.declined_at is not None else Presence.ASKED

    @property
    def working(self) -> bool:
        """True for somebody who has answered and was not released."""
        return self.presence in (Presence.COMING, Presence.JOINED)


@dataclass(frozen=True, slots=True)
class Room:
    """Where responders meet (ledger S4-46): an address, a number or a place, and another one."""

    incident: str
    address: str
    fallback: str
    recording: str
    opened_by: str
    opened_at: datetime


class NoSuchRequest(NotFound):
    """There is no such request."""


class AlreadyAnswered(Conflict):
    """Somebody has answered this already."""


class NotAResponder(Conflict):
    """This person was not asked to this incident."""


class NoRoom(Invalid):
    """A room needs an address, a number or a place."""


class CannotBeAsked(Invalid):
    """Nobody can be asked by that."""


@dataclass(frozen=True, slots=True)
class IncidentHelpRequested(Event):
    """Somebody is paged to help; `request` is what the pages are about."""

    kind = "incident.help_requested"
    request: str = ""
    target: str = ""
    why: str = ""
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class IncidentHelpAnswered(Event):
    kind = "incident.help_answered"
    request: str = ""
    user: str | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class IncidentResponderJoined(Event):
    kind = "incident.responder_joined"
    user: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True)
class IncidentResponderReleased(Event):
    kind = "incident.responder_released"
    user: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class IncidentRoomOpened(Event):
    kind = "incident.room_opened"
    opened_by: str = ""
