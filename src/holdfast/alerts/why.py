"""Why somebody was woken, or nobody: every decision from the signal to the phone, and what comes.

Composed only of what was written down: the timeline's events, the pages and their deliveries.
Nothing is guessed from how things are configured now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from holdfast.alerts import words
from holdfast.alerts.model import Alert
from holdfast.catalog.model import HEARTBEAT
from holdfast.escalation.model import Escalation
from holdfast.paging.model import Page
from holdfast.timeline.event import Recorded

BY_HAND = "by-hand"  # the connection of alerts that a person opened


class Stage(StrEnum):
    """What kind of decision it was."""

    SIGNAL = "signal"
    DEDUP = "dedup"
    SERVICE = "service"
    RULE = "rule"
    HOLD = "hold"
    POLICY = "policy"
    STEP = "step"
    LAST_RESORT = "last_resort"
    PERSON = "person"
    RUNG = "rung"
    DELIVERY = "delivery"
    ANSWER = "answer"
    RESOLVED = "resolved"


class State(StrEnum):
    """How it turned out."""

    PLAIN = "plain"
    OK = "ok"
    PENDING = "pending"
    SKIPPED = "skipped"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision. `what` was decided and `why`, in words; `link` is a path of this site.

    `depth` is 0 for what was decided about the alert, 1 for a person, 2 for one of that person's
    contact methods. `at` is None where no instant is known.
    """

    at: datetime | None
    stage: Stage
    what: str
    why: str | None = None
    link: str | None = None
    state: State = State.PLAIN
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Carried:
    """One delivery of a page: `state` is queued, leased, sent, failed or cancelled."""

    page: str
    method: str
    state: str
    tries: int
    created_at: datetime
    due: datetime | None = None
    ended_at: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What was written down about one alert.

    `events` are those about the alert and about its pages. `names` are people's names by id,
    `codes` the codes of other alerts by id, `kind` that of the alert's connection.
    """

    alert: Alert
    events: Sequence[Recorded] = ()
    pages: Sequence[Page] = ()
    deliveries: Sequence[Carried] = ()
    climb: Escalation | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    kind: str | None = None
    service: str | None = None


def path(facts: Facts) -> tuple[Entry, ...]:
    """Everything that was decided so far, in the order in which it happened."""
    in_order = sorted(facts.events, key=lambda event: (event.at, event.seq))
    told = [entry for event in in_order for entry in _told(facts, event)]
    counted = [*_repeats(facts), *_never_sent(facts)]
    return tuple(sorted([*told, *counted], key=lambda entry: entry.at or facts.alert.triggered_at))


def _told(facts: Facts, event: Recorded) -> Iterator[Entry]:
    teller = _TELLERS.get(event.kind)
    if teller is not None:
        yield from teller(facts, event)


def _triggered(facts: Facts, event: Recorded) -> Iterator[Entry]:
    alert = facts.alert
    connection = _text(event, "connection")
    severity, urgency = _text(event, "severity"), _text(event, "urgency")
    service = facts.service or alert.service
    raw = None if alert.letter is None else f"/api/v1/alerts/{alert.id}/raw"
    if connection == BY_HAND:
        opener = words.who(event.actor, facts.names)
        yield Entry(event.at, Stage.SIGNAL, words.by_hand(opener))
        yield Entry(event.at, Stage.DEDUP, words.alert_began(alert.code))
        why_service = None
    else:
        if facts.kind == HEARTBEAT:
            yield Entry(event.at, Stage.SIGNAL, words.heartbeat_missed(connection))
        else:
            kind = None if facts.kind is None else words.read_as(facts.kind)
            yield Entry(event.at, Stage.SIGNAL, words.signal_came(connection), kind, raw)
        yield Entry(event.at, Stage.DEDUP, words.alert_began(alert.code), _text(event, "why"))
        why_service = words.SERVICE_IS_SET
    previous = event.data.get("previous")
    if isinstance(previous, str):
        earlier = words.follows(facts.codes.get(previous, previous))
        yield Entry(event.at, Stage.DEDUP, earlier, None, f"/alerts/{previous}")
    home = f"/services/{alert.service}"
    yield Entry(event.at, Stage.SERVICE, words.belongs_to(service), why_service, home)
    yield Entry(event.at, Stage.RULE, words.urgency_is(urgency), words.from_severity(severity))


def _raised(facts: Facts, event: Recorded) -> Iterator[Entry]:
    said = words.raised(_text(event, "severity"))
    yield Entry(event.at, Stage.RULE, said, words.SOURCE_SAYS_WORSE)


def _ignored(facts: Facts, event: Recorded) -> Iterator[Entry]:
    said = words.ignored(_text(event, "connection"))
    yield Entry(event.at, Stage.SIGNAL, said, _text(event, "why"), state=State.SKIPPED)


def _started(facts: Facts, event: Recorded) -> Iterator[Entry]:
    policy, steps = _text(event, "policy"), event.data.get("steps")
    said = words.policy_chosen(policy, steps if isinstance(steps, int) else 0)
    if policy:
        yield Entry(event.at, Stage.POLICY, said, words.POLICY_IS_SET, f"/policies/{policy}")
    else:
        why = words.no_policy(", ".join(_list(event, "last_resort")))
        yield Entry(event.at, Stage.POLICY, said, why)


def _step_reached(facts: Facts, event: Recorded) -> Iterator[Entry]:
    whom = words.people(_list(event, "people"), facts.names)
    said, why = words.step_paged(_number(event, "step"), whom), _text(event, "because")
    yield Entry(event.at, Stage.STEP, said, why, _link(event), State.OK)


def _step_skipped(facts: Facts, event: Recorded) -> Iterator[Entry]:
    said = words.step_skipped(_number(event, "step"))
    yield Entry(event.at, Stage.STEP, said, _text(event, "why"), _link(event), State.SKIPPED)


def _last_resort(facts: Facts, event: Recorded) -> Iterator[Entry]:
    reached, why = _list(event, "people"), _text(event, "why")
    if reached:
        said = words.last_resort_paged(words.people(reached, facts.names))
        yield Entry(event.at, Stage.LAST_RESORT, said, why, _link(event), State.OK)
    else:
        said = words.last_resort_empty(", ".join(_list(event, "targets")))
        yield Entry(event.at, Stage.LAST_RESORT, said, why, _link(event), State.BAD)


def _exhausted(facts: Facts, event: Recorded) -> Iterator[Entry]:
    said = words.exhausted(_number(event, "rounds"))
    yield Entry(event.at, Stage.STEP, said, words.WENT_ON, state=State.BAD)


def _stopped(facts: Facts, event: Recorded) -> Iterator[Entry]:
    yield Entry(event.at, Stage.STEP, words.STOPPED, _text(event, "why"))


def _paged(facts: Facts, event: Recorded) -> Iterator[Entry]:
    user = _text(event, "user")
    said = words.paged(words.person(user, facts.names), _number(event, "attempt"))
    because = _text(event, "because")
    yield Entry(event.at, Stage.PERSON, said, because, f"/people/{user}", depth=1)


def _rung(facts: Facts, event: Recorded) -> Iterator[Entry]:
    said = words.rung_used(_text(event, "method"))
    yield Entry(event.at, Stage.RUNG, said, _text(event, "why"), depth=2)


def _sent(facts: Facts, event: Recorded) -> Iterator[Entry]:
    said = words.sent(_text(event, "method"), _number(event, "tries"))
    why = words.SENT_IS_NO_ANSWER
    yield Entry(event.at, Stage.DELIVERY, said, why, state=State.OK, depth=2)


def _failed(facts: Facts, event: Recorded) -> Iterator[Entry]:
    said = words.failed(_text(event, "method"), again=event.data.get("again") is True)
    yield Entry(event.at, Stage.DELIVERY, said, _text(event, "why"), state=State.BAD, depth=2)


def _unreachable(facts: Facts, event: Recorded) -> Iterator[Entry]:
    said = words.unreachable(words.person(_text(event, "user"), facts.names))
    yield Entry(event.at, Stage.PERSON, said, state=State.BAD, depth=1)


def _answered(facts: Facts, event: Recorded) -> Iterator[Entry]:
    whom, answer = words.person(_text(event, "user"), facts.names), _text(event, "answer")
    state = State.OK if answer == "acknowledge" else State.SKIPPED
    yield Entry(event.at, Stage.ANSWER, words.answered(whom, answer), state=state, depth=1)


def _closed(facts: Facts, event: Recorded) -> Iterator[Entry]:
    said = words.closed(words.person(_text(event, "user"), facts.names))
    yield Entry(event.at, Stage.PERSON, said, _text(event, "why"), state=State.SKIPPED, depth=1)


def _acknowledged(facts: Facts, event: Recorded) -> Iterator[Entry]:
    said = words.acknowledged(_whom(facts, event))
    yield Entry(event.at, Stage.ANSWER, said, _reason(event), state=State.OK)


def _unacknowledged(facts: Facts, event: Recorded) -> Iterator[Entry]:
    said = words.unacknowledged(_whom(facts, event))
    yield Entry(event.at, Stage.ANSWER, said)


def _escalated(facts: Facts, event: Recorded) -> Iterator[Entry]:
    yield Entry(event.at, Stage.ANSWER, words.escalated(_whom(facts, event)))


def _reassigned(facts: Facts, event: Recorded) -> Iterator[Entry]:
    said = words.reassigned(words.who(event.actor, facts.names), _text(event, "to"))
    yield Entry(event.at, Stage.ANSWER, said)


def _held(facts: Facts, event: Recorded) -> Iterator[Entry]:
    yield Entry(event.at, Stage.HOLD, words.held(), _text(event, "reason"), state=State.SKIPPED)


def _merged(facts: Facts, event: Recorded) -> Iterator[Entry]:
    lead = _text(event, "lead")
    said = words.merged(facts.codes.get(lead, lead))
    yield Entry(event.at, Stage.HOLD, said, None, f"/alerts/{lead}", State.SKIPPED)


def _released(facts: Facts, event: Recorded) -> Iterator[Entry]:
    yield Entry(event.at, Stage.HOLD, words.released(), _text(event, "why"))


def _resolved(facts: Facts, event: Recorded) -> Iterator[Entry]:
    said = words.resolved(_whom(facts, event))
    yield Entry(event.at, Stage.RESOLVED, said, _reason(event), state=State.OK)


Teller = Callable[[Facts, Recorded], Iterator[Entry]]
_TELLERS: Mapping[str, Teller] = {
    "alert.triggered": _triggered,
    "alert.raised": _raised,
    "alert.signal_ignored": _ignored,
    "alert.acknowledged": _acknowledged,
    "alert.unacknowledged": _unacknowledged,
    "alert.escalated": _escalated,
    "alert.reassigned": _reassigned,
    "alert.held": _held,
    "alert.merged": _merged,
    "alert.released": _released,
    "alert.resolved": _resolved,
    "escalation.started": _started,
    "escalation.step_reached": _step_reached,
    "escalation.step_skipped": _step_skipped,
    "escalation.last_resort_paged": _last_resort,
    "escalation.exhausted": _exhausted,
    "escalation.stopped": _stopped,
    "page.opened": _paged,
    "page.rung_reached": _rung,
    "page.sent": _sent,
    "page.failed": _failed,
    "page.unreachable": _unreachable,
    "page.answered": _answered,
    "page.closed": _closed,
}


def _repeats(facts: Facts) -> Iterator[Entry]:
    """Signals that only repeat are counted, not written down one by one (house 6a)."""
    alert = facts.alert
    if alert.count > 1 and alert.last_signal_at is not None:
        said = words.joined(alert.count - 1)
        yield Entry(alert.last_signal_at, Stage.DEDUP, said, words.SAME_KEY)


def _never_sent(facts: Facts) -> Iterator[Entry]:
    for each in facts.deliveries:
        if each.state == "cancelled":
            said, at = words.not_sent(each.method), each.ended_at or each.created_at
            yield Entry(at, Stage.DELIVERY, said, each.outcome, state=State.SKIPPED, depth=2)


def _whom(facts: Facts, event: Recorded) -> str:
    """The person, also where a token acted as them; else whoever acted."""
    user = _text(event, "user")
    return words.person(user, facts.names) if user else words.who(event.actor, facts.names)


def _reason(event: Recorded) -> str | None:
    """The event's own reason; `by user:ana` says nothing that the sentence does not."""
    why = _text(event, "why")
    return None if not why or why == f"by {event.actor}" else why


def _link(event: Recorded) -> str | None:
    """Where a step's only target is explained."""
    targets = _list(event, "targets")
    kind, _, name = targets[0].partition(":") if len(targets) == 1 else ("", "", "")
    place = {"schedule": "schedules", "user": "people"}.get(kind)
    return f"/{place}/{name}" if place else None


def _text(event: Recorded, name: str) -> str:
    value = event.data.get(name)
    return value if isinstance(value, str) else ""


def _number(event: Recorded, name: str) -> int:
    value = event.data.get(name)
    return value if isinstance(value, int) else 0


def _list(event: Recorded, name: str) -> list[str]:
    value = event.data.get(name)
    return [str(item) for item in value] if isinstance(value, list) else []
