"""Everything that the page of one alert shows."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.alerts import queries as alerts
from holdfast.alerts.ahead import now_of
from holdfast.alerts.model import Alert, AlertStatus, HoldKind
from holdfast.alerts.queries import Filter
from holdfast.alerts.why import BY_HAND, Entry, path
from holdfast.catalog import queries as catalog
from holdfast.escalation import queries as escalation
from holdfast.escalation.model import Target, TargetKind
from holdfast.incidents import queries as incidents
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.schedules import queries as schedules
from holdfast.sdk import SignalStatus
from holdfast.storage import inbox
from holdfast.web.alerts import words
from holdfast.web.alerts.facts import facts_of
from holdfast.web.alerts.rows import known_of, row_of
from holdfast.web.alerts.views import AlertPage, RawSignal, WhyStep
from holdfast.web.context import Context
from holdfast.web.faces import Faces, link_of
from holdfast.web.layout.views import Choice, Fields, Link
from holdfast.web.pages.state import safe_link
from holdfast.web.sentence import sentence_of

RAW_CHARS_MAX = 20_000
OTHERS_MAX = 50
_OPEN = (AlertStatus.TRIGGERED, AlertStatus.ACKNOWLEDGED)


def alert_page(tx: Tx, ctx: Context, alert: Alert, fields: Fields | None = None) -> AlertPage:
    """All of it at one instant. `fields` is what a form of the page was refused for."""
    earlier = alerts.same_trouble(tx, alert)
    known = known_of(tx, ctx, [alert, *earlier])
    may_answer = permissions.allowed(ctx.actor, "alerts.answer") and alert.open
    return AlertPage(
        alert=row_of(alert, known),
        sentence=sentence_of(alert),
        source=_source(tx, ctx, alert),
        source_href=safe_link(alert.link),
        connection=_connection(tx, alert),
        policy=_policy(tx, alert),
        team=_team(tx, alert),
        labels=tuple(sorted(alert.labels.items())),
        dedup_key=alert.dedup_key,
        why=_why(tx, alert),
        signals=_signals(tx, ctx, alert),
        previous=tuple(row_of(other, known) for other in earlier),
        snoozes=tuple(Choice(value, label) for value, label in words.SNOOZES),
        assignees=tuple(_assignees(tx, known.faces)) if may_answer else (),
        others=_others(tx, alert) if may_answer else (),
        may_answer=may_answer,
        merged_into=_merged_into(tx, alert),
        fields=fields,
        incidents=_incidents(tx, alert),
        may_declare=permissions.allowed(ctx.actor, "incidents.declare") and alert.open,
    )


def _incidents(tx: Tx, alert: Alert) -> tuple[Link, ...]:
    found = incidents.incidents_of_alert(tx, alert.id)
    return tuple(Link(f"{each.number} {each.title}", f"/incidents/{each.number}") for each in found)


def _source(tx: Tx, ctx: Context, alert: Alert) -> Link:
    connection = catalog.connections(tx).get(alert.connection)
    if connection is None:
        return Link(words.BY_HAND if alert.connection == BY_HAND else alert.connection)
    source = ctx.program.integrations.sources.get(connection.kind)
    return Link(connection.kind if source is None else source.title)


def _connection(tx: Tx, alert: Alert) -> Link | None:
    connection = catalog.connections(tx).get(alert.connection)
    if connection is None:
        return None
    return Link(connection.id, f"/services/{connection.service}#c-{connection.id}")


def _policy(tx: Tx, alert: Alert) -> Link | None:
    """The one that the alert climbs: the plan was frozen when it began."""
    climb = escalation.climbs(tx, [alert.id]).get(alert.id)
    if climb is None or not climb.plan.policy:
        return None
    titles = {policy.id: policy.title for policy in escalation.policies(tx).values()}
    return link_of("policies", climb.plan.policy, titles)


def _team(tx: Tx, alert: Alert) -> Link | None:
    service = catalog.find_service(tx, alert.service)
    if service is None:
        return None
    return link_of("teams", service.team, {t.id: t.name for t in people.teams(tx).values()})


def _why(tx: Tx, alert: Alert) -> tuple[WhyStep, ...]:
    """What was decided, then what comes by itself."""
    facts = facts_of(tx, alert)
    return tuple(_why_step(entry) for entry in (*path(facts), *now_of(facts).ahead))


def _why_step(entry: Entry) -> WhyStep:
    return WhyStep(
        kind=entry.stage.value,
        text=entry.what,
        reason=entry.why,
        at=entry.at,
        state=entry.state.value,
        href=entry.link,
        depth=entry.depth,
    )


def _signals(tx: Tx, ctx: Context, alert: Alert) -> tuple[RawSignal, ...]:
    """The request that opened the alert; those that repeat it are only counted."""
    raw = None if alert.letter is None else inbox.raw_of(tx, alert.letter)
    if raw is None:
        return ()
    text = raw.decode("utf-8", "replace")
    signal = RawSignal(
        at=alert.triggered_at,
        source=_source(tx, ctx, alert).text,
        status=SignalStatus.FIRING.value,
        text=text[:RAW_CHARS_MAX],
        shortened=len(text) > RAW_CHARS_MAX,
        marks=alert.marks,
    )
    return (signal,)


def _assignees(tx: Tx, faces: Faces) -> Iterator[Choice]:
    """People who can be reached, then teams, then whoever is on call somewhere."""
    for user in faces.users.values():
        if user.reachable:
            yield Choice(str(Target(TargetKind.USER, user.id)), user.name)
    for team in people.teams(tx).values():
        yield Choice(str(Target(TargetKind.TEAM, team.id)), words.TARGET_GROUPS["team"] + team.name)
    for schedule in schedules.schedules(tx).values():
        label = words.TARGET_GROUPS["schedule"] + schedule.name
        yield Choice(str(Target(TargetKind.SCHEDULE, schedule.id)), label)


def _others(tx: Tx, alert: Alert) -> tuple[Choice, ...]:
    """Open alerts that this one may be merged into."""
    found = alerts.newest(tx, Filter(statuses=_OPEN), limit=OTHERS_MAX)
    return tuple(
        Choice(other.id, f"{other.code} {other.title}")
        for other in found
        if other.id != alert.id and (other.hold is None or other.hold.kind is not HoldKind.MERGED)
    )


def _merged_into(tx: Tx, alert: Alert) -> Link | None:
    lead = None if alert.hold is None else alert.hold.lead
    if lead is None or not alert.open:
        return None
    found = alerts.alerts_by_id(tx, [lead]).get(lead)
    return None if found is None else Link(f"{found.code} {found.title}", f"/alerts/{found.id}")
