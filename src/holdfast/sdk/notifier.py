"""A notifier: a generator that yields calls, receives replies and returns an outcome."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from holdfast.sdk.call import Call, Reply
from holdfast.sdk.signal import Urgency


class MessageKind(StrEnum):
    PAGE = "page"  # a demand on one person that wants an answer
    NOTIFICATION = "notification"  # information that wants no answer
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Message:
    """What one person is told.

    `id` stays the same over all tries: receivers can drop repeats. `payload` is the JSON of
    contract.md's webhook message; `answer_url` opens the one-tap page and, by POST, answers.
    """

    id: str
    kind: MessageKind
    title: str
    text: str
    urgency: Urgency
    at: datetime
    payload: Mapping[str, object] = field(default_factory=dict)
    code: str | None = None
    answer_url: str | None = None
    attempt: int = 1
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class Destination:
    """Where one person wants to be reached by one notifier."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side took it. `ref` is its own name for the message."""

    ref: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """It will never work this way: not retried, shown to the person."""

    why: str


@dataclass(frozen=True, slots=True)
class Retry:
    """It may work later. `after` is the least wait the other side asked for."""

    why: str
    after: timedelta | None = None


Outcome = Sent | Rejected | Retry
Delivering = Generator[Call, Reply, Outcome]


def _any_address(address: str) -> str | None:
    return None if address.strip() else "This needs an address."


@dataclass(frozen=True, slots=True)
class Notifier:
    """One way of reaching people.

    `deliver(message, to, settings)` gets the values of `settings`, a frozen dataclass type whose
    fields are read from HOLDFAST_<NAME>_<FIELD>. `check` says what is wrong with an address, or
    None. `answers` is true where a person can answer inside the message itself.
    """

    name: str
    title: str
    deliver: Callable[[Message, Destination, object], Delivering]
    docs: str
    settings: type
    check: Callable[[str], str | None] = _any_address
    placeholder: str = ""
    answers: bool = False
