"""What a notification is: information for one person, which wants no answer and wakes nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from holdfast.kernel.errors import NotFound
from holdfast.timeline.event import Event

NOTIFICATION = "notification"  # the kind of its deliveries, and of the timer that ends a wait
TITLE_CHARS_MAX = 200
TEXT_CHARS_MAX = 8000
# Interruptions cost attention (ledger B16): what is more than this waits, and is not lost.
BURST_MAX = 6
BURST_WINDOW = timedelta(minutes=5)


class NotificationState(StrEnum):
    """`waiting`: this person was told enough for the moment; it goes out when the window ends."""

    WAITING = "waiting"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody is to be told.

    `subject` is what it is about (an incident's id), `cause` what made it (an update's id), `code`
    the short name that people say, `link` a path of this site. `pressing` never waits: a reminder
    that comes late is none.
    """

    subject: str
    title: str
    text: str
    code: str = ""
    link: str = ""
    cause: str = ""
    pressing: bool = False


@dataclass(frozen=True, slots=True)
class Notification:
    """One notice to one person. `method` is the contact method in use; None: they have none."""

    id: str
    user: str
    notice: Notice
    state: NotificationState
    made_at: datetime
    method: str | None = None
    ended_at: datetime | None = None
    why: str = ""  # why it failed, or waits


class NoSuchNotification(NotFound):
    """There is no notification by that id."""


@dataclass(frozen=True, slots=True)
class NotificationFailed(Event):
    """Nobody could carry this to the person. `about` is what it was about."""

    kind = "notification.failed"
    about: str = ""
    user: str = ""
    method: str = ""
    why: str = ""
