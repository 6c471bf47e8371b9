"""One alert as one line of a list: the same line on every screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from holdfast.alerts.model import Alert, AlertStatus, Hold, HoldKind
from holdfast.catalog import queries as catalog
from holdfast.escalation import machine
from holdfast.escalation import queries as escalation
from holdfast.escalation.machine import Climbed
from holdfast.escalation.model import Escalation, EscalationState
from holdfast.kernel.tx import Tx
from holdfast.paging import queries as pages
from holdfast.paging.model import OPEN_PAGES_MAX, PageKind, PageState
from holdfast.people import permissions
from holdfast.web.alerts import words
from holdfast.web.alerts.views import Held, NextStep, Row
from holdfast.web.context import Context
from holdfast.web.faces import Faces, faces_of, link_of, rank_of

_SNOOZED_BY = "snoozed by "
_MERGED_INTO = "merged into "


@dataclass(frozen=True, slots=True)
class Known:
    """What the lines of one screen need besides the alerts, read once."""

    faces: Faces
    services: Mapping[str, str]
    next_steps: Mapping[str, NextStep]
    mine: frozenset[str]
    may_answer: bool


def rows_of(tx: Tx, context: Context, alerts: Sequence[Alert]) -> tuple[Row, ...]:
    """The lines of these alerts, in their order."""
    if not alerts:
        return ()
    known = known_of(tx, context, alerts)
    return tuple(row_of(alert, known) for alert in alerts)


def known_of(tx: Tx, context: Context, alerts: Sequence[Alert]) -> Known:
    """A few queries for all of them, however many there are."""
    waiting = [
        alert.id for alert in alerts
        if alert.status is AlertStatus.TRIGGERED and alert.hold is None
    ]  # fmt: skip
    faces = faces_of(tx, context)
    climbs = escalation.climbs(tx, waiting)
    steps = {name: next_step_of(tx, climb, faces) for name, climb in climbs.items()}
    return Known(
        faces=faces,
        services={service.id: service.name for service in catalog.services(tx).values()},
        next_steps={name: step for name, step in steps.items() if step is not None},
        mine=frozenset() if context.user is None else _paged_for(tx, context.user.id),
        may_answer=permissions.allowed(context.actor, "alerts.answer"),
    )


def row_of(alert: Alert, known: Known) -> Row:
    """One line."""
    return Row(
        id=alert.id,
        code=alert.code,
        title=alert.title,
        status=alert.status.value,
        severity=alert.severity.value,
        rank=rank_of(alert.severity),
        urgency=alert.urgency.value,
        service=link_of("services", alert.service, known.services),
        count=alert.count,
        triggered_at=alert.triggered_at,
        last_at=alert.last_signal_at or alert.triggered_at,
        acknowledged_by=known.faces.of_actor(alert.acknowledged_by),
        acknowledged_at=alert.acknowledged_at,
        resolved_at=alert.resolved_at,
        held=None if alert.hold is None or not alert.open else held_of(alert.hold, known.faces),
        next_step=known.next_steps.get(alert.id),
        mine=alert.id in known.mine,
        may_answer=known.may_answer,
    )


def held_of(hold: Hold, faces: Faces) -> Held:
    """Why it wakes nobody, with people by their names."""
    reason = hold.reason
    if hold.kind is HoldKind.SNOOZE and reason.startswith(_SNOOZED_BY):
        by = faces.of_actor(reason.removeprefix(_SNOOZED_BY))
        reason = "" if by is None else words.snoozed_by(by.name)
    elif hold.kind is HoldKind.MERGED:
        reason = words.merged_into(reason.removeprefix(_MERGED_INTO))
    return Held(hold.kind.value, reason, hold.until)


def next_step_of(tx: Tx, climb: Escalation, faces: Faces) -> NextStep | None:
    """Whom the climb pages next by itself, as things stand now."""
    at = climb.look_again_at
    if climb.state is not EscalationState.CLIMBING or at is None:
        return None
    move = machine.climb(climb, at)
    targets = move.step.page if isinstance(move, Climbed) else climb.plan.last_resort
    names = [faces.of(name).name for name in escalation.reachable_people(tx, targets, at)]
    if isinstance(move, Climbed):
        return NextStep(words.step_pages(names, [str(target) for target in targets]), at)
    return NextStep(words.last_resort_pages(names), at)


def _paged_for(tx: Tx, user: str) -> frozenset[str]:
    """The alerts that wait for this person's answer."""
    mine = pages.latest(tx, user=user, state=PageState.OPEN, limit=OPEN_PAGES_MAX)
    return frozenset(page.subject for page in mine if page.kind is PageKind.PAGE)
