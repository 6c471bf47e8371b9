"""What is ahead that would leave a page unanswered, worst first."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.alerts import queries as alerts
from holdfast.alerts.model import AlertStatus
from holdfast.alerts.queries import Filter
from holdfast.catalog import queries as catalog
from holdfast.catalog.model import HEARTBEAT
from holdfast.escalation import queries as escalation
from holdfast.kernel.tx import Tx
from holdfast.schedules import queries as schedules
from holdfast.schedules.coverage import look_ahead
from holdfast.schedules.model import ProblemKind
from holdfast.web.faces import Faces
from holdfast.web.now import words
from holdfast.web.now.views import Problem

PROBLEMS_MAX = 8
GAP_DAYS = 14
_OPEN = (AlertStatus.TRIGGERED, AlertStatus.ACKNOWLEDGED)


def problems_ahead(tx: Tx, faces: Faces) -> tuple[Problem, ...]:
    """At most PROBLEMS_MAX of them."""
    found = [*_gaps(tx), *_silent(tx), *_people(tx, faces), *_services(tx)]
    return tuple(found[:PROBLEMS_MAX])


def _gaps(tx: Tx) -> Iterator[Problem]:
    """The first gap of each schedule."""
    for schedule in schedules.schedules(tx).values():
        for problem in look_ahead(schedule, tx.now, GAP_DAYS):
            if problem.kind is not ProblemKind.CLOCK_CHANGE:
                title, href = words.gap_title(schedule.name), f"/schedules/{schedule.id}"
                yield _problem("gap", title, problem.words, href)
                break


def _people(tx: Tx, faces: Faces) -> Iterator[Problem]:
    """Whoever is on call now and could not be reached; the reader is told apart from these."""
    seen = {faces.reader}
    for schedule in schedules.schedules(tx).values():
        shift = schedules.on_call(tx, schedule.id, tx.now)
        user = None if shift is None else faces.users.get(shift.user or "")
        if user is None or user.id in seen:
            continue
        seen.add(user.id)
        href = f"/people/{user.id}"
        if not user.reachable:
            title, detail = words.unreachable_title, words.unreachable_detail
            yield _problem("unreachable", title(user.name), detail(schedule.name), href)
        elif not any(method.verified_at for method in user.methods):
            title, detail = words.unverified_title, words.unverified_detail
            yield _problem("unverified", title(user.name), detail(schedule.name), href)


def _services(tx: Tx) -> Iterator[Problem]:
    policies = escalation.policies(tx)
    for service in catalog.services(tx).values():
        if service.policy not in policies:
            title = words.no_policy_title(service.name)
            href = f"/services/{service.id}/edit"
            yield _problem("no_policy", title, words.NO_POLICY_DETAIL, href)


def _silent(tx: Tx) -> Iterator[Problem]:
    beats = [c for c in catalog.connections(tx).values() if c.kind == HEARTBEAT]
    if not beats:
        return
    for connection in beats:
        wanted = Filter(statuses=_OPEN, service=connection.service)
        if any(alert.connection == connection.id for alert in alerts.newest(tx, wanted)):
            service = catalog.find_service(tx, connection.service)
            name = connection.service if service is None else service.name
            href = f"/services/{connection.service}#c-{connection.id}"
            title = words.silent_title(connection.id)
            yield _problem("heartbeat", title, words.silent_detail(name), href)


def _problem(kind: str, text: str, detail: str, href: str) -> Problem:
    return Problem(kind, text, detail, href, words.ACTIONS[kind])
