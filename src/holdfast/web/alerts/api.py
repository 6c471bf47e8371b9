"""Alerts by API: list, one, why, and every verb of the alert screens."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from holdfast.alerts import actions as alerts
from holdfast.alerts import queries
from holdfast.alerts.ahead import now_of
from holdfast.alerts.model import Alert, AlertStatus
from holdfast.alerts.queries import Filter
from holdfast.alerts.why import path
from holdfast.escalation.model import Target, TargetKind
from holdfast.kernel.duration import parse_duration
from holdfast.kernel.errors import Invalid, NotFound
from holdfast.kernel.tx import Tx
from holdfast.sdk import clean_line
from holdfast.sdk.signal import TITLE_CHARS_MAX
from holdfast.storage import inbox
from holdfast.web.alerts.facts import facts_of
from holdfast.web.alerts.shapes import (
    AlertShape,
    Escalate,
    Merge,
    OpenAlert,
    Reassign,
    Snooze,
    Why,
    alert_shape,
    why_shape,
)
from holdfast.web.context import ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.rest import NamePath, NameQuery, Nothing, act, row

SEARCH_CHARS_MAX = 200


class NoRaw(NotFound):
    """The raw text of this alert is not here: it was opened by hand, or is past its retention."""


def list_alerts(
    ctx: ContextDep,
    asked: AskedDep,
    *,
    status: Annotated[
        list[str] | None, Query(description="triggered, acknowledged, resolved: several allowed")
    ] = None,
    service: NameQuery = None,
    held: bool | None = None,
    q: Annotated[str | None, Query(max_length=SEARCH_CHARS_MAX)] = None,
) -> Listing[AlertShape]:
    """Newest first, of every status unless some are asked for."""
    text = None if q is None else clean_line(q, SEARCH_CHARS_MAX)[0]
    wanted = Filter(_statuses(status or []), held, service, text)
    with ctx.read() as tx:
        rows = queries.newest(tx, wanted, before=asked.place(), limit=asked.one_more)
    shown, following = asked.by_time(rows, lambda alert: (alert.triggered_at, alert.id))
    return Listing(items=[alert_shape(ctx, alert) for alert in shown], next=following)


def show_alert(ctx: ContextDep, alert_id: NamePath) -> AlertShape:
    """One alert, by id or code."""
    with ctx.read() as tx:
        return alert_shape(ctx, queries.alert(tx, alert_id))


def show_why(ctx: ContextDep, alert_id: NamePath) -> Why:
    """The whole path of decisions from signal to phone, each with its reason, and what comes."""
    with ctx.read() as tx:
        facts = facts_of(tx, queries.alert(tx, alert_id))
    return why_shape(ctx, facts, path(facts), now_of(facts))


def show_raw(ctx: ContextDep, alert_id: NamePath) -> str:
    """The request that opened the alert, as it arrived; bytes that are no UTF-8 as U+FFFD."""
    with ctx.read() as tx:
        alert = queries.alert(tx, alert_id)
        raw = None if alert.letter is None else inbox.raw_of(tx, alert.letter)
    if raw is None:
        raise NoRaw
    return raw.decode("utf-8", "replace")


def open_alert(ctx: ContextDep, body: OpenAlert) -> AlertShape:
    """Opens an alert by hand: somebody is paged at once."""
    title, _ = clean_line(body.title, TITLE_CHARS_MAX)
    if not title:
        raise Invalid("An alert needs a title.", fields={"title": "say what is wrong"})
    opened = act(ctx, lambda tx: alerts.open_by_hand(tx, body.service, title, body.severity))
    return alert_shape(ctx, opened)


def acknowledge(ctx: ContextDep, alert_id: NamePath, body: Nothing | None = None) -> AlertShape:
    """Somebody has it: paging stops."""
    return alert_shape(ctx, act(ctx, lambda tx: alerts.acknowledge(tx, _id(tx, alert_id))))


def unacknowledge(ctx: ContextDep, alert_id: NamePath, body: Nothing | None = None) -> AlertShape:
    """Takes the acknowledgement back: somebody is paged again."""
    return alert_shape(ctx, act(ctx, lambda tx: alerts.unacknowledge(tx, _id(tx, alert_id))))


def resolve(ctx: ContextDep, alert_id: NamePath, body: Nothing | None = None) -> AlertShape:
    """It is over; a new firing opens a new alert."""
    return alert_shape(ctx, act(ctx, lambda tx: alerts.resolve(tx, _id(tx, alert_id))))


def release(ctx: ContextDep, alert_id: NamePath, body: Nothing | None = None) -> AlertShape:
    """Ends a hold: it pages again."""
    return alert_shape(ctx, act(ctx, lambda tx: alerts.release(tx, _id(tx, alert_id))))


def escalate(ctx: ContextDep, alert_id: NamePath, body: Escalate | None = None) -> AlertShape:
    """Pages the next step now instead of waiting."""
    step = None if body is None else body.from_step
    changed = act(ctx, lambda tx: alerts.escalate(tx, _id(tx, alert_id), from_step=step))
    return alert_shape(ctx, changed)


def reassign(ctx: ContextDep, alert_id: NamePath, body: Reassign) -> AlertShape:
    """Pages that user, team or schedule first; the policy follows if they are silent."""
    to = Target.parse(body.to if ":" in body.to else f"{TargetKind.USER}:{body.to}")
    return alert_shape(ctx, act(ctx, lambda tx: alerts.reassign(tx, _id(tx, alert_id), to)))


def merge(ctx: ContextDep, alert_id: NamePath, body: Merge) -> AlertShape:
    """The same trouble as another alert: it wakes nobody while that one is open."""

    def merged(tx: Tx) -> Alert:
        alert, lead = queries.alert(tx, alert_id), queries.alert(tx, body.into)
        if alert.hold is not None and alert.hold.lead == lead.id:
            return alert  # said once more: nothing changes
        return alerts.merge(tx, alert.id, lead.id)

    return alert_shape(ctx, act(ctx, merged))


def snooze(ctx: ContextDep, alert_id: NamePath, body: Snooze) -> AlertShape:
    """Wakes nobody for that long; still open then, it pages again."""
    length = parse_duration(body.length)
    return alert_shape(ctx, act(ctx, lambda tx: alerts.snooze(tx, _id(tx, alert_id), length)))


def _id(tx: Tx, name: str) -> str:
    return queries.alert(tx, name).id


def _statuses(written: list[str]) -> tuple[AlertStatus, ...]:
    words = [word.strip() for each in written for word in each.split(",") if word.strip()]
    known = {status.value for status in AlertStatus}
    if not known.issuperset(words):
        choice = ", ".join(AlertStatus)
        raise Invalid("There is no such status.", fields={"status": f"use {choice}"})
    return tuple(AlertStatus(word) for word in words)


_ONE = "alerts/{alert_id}"
ROUTES = (
    row("GET", "alerts", list_alerts, "alerts.read", summary="All alerts"),
    row("POST", "alerts", open_alert, "alerts.open", summary="Open an alert", status=201),
    row("GET", _ONE, show_alert, "alerts.read", summary="One alert"),
    row("GET", f"{_ONE}/why", show_why, "alerts.read", summary="Why somebody was paged"),
    row("GET", f"{_ONE}/raw", show_raw, "alerts.read", summary="The request as it arrived"),
    row("POST", f"{_ONE}/acknowledge", acknowledge, "alerts.answer", summary="Acknowledge"),
    row("POST", f"{_ONE}/unacknowledge", unacknowledge, "alerts.answer", summary="Take it back"),
    row("POST", f"{_ONE}/resolve", resolve, "alerts.answer", summary="Resolve"),
    row("POST", f"{_ONE}/release", release, "alerts.answer", summary="End a hold"),
    row("POST", f"{_ONE}/escalate", escalate, "alerts.answer", summary="Page the next step"),
    row("POST", f"{_ONE}/reassign", reassign, "alerts.answer", summary="Page somebody else"),
    row("POST", f"{_ONE}/merge", merge, "alerts.answer", summary="Merge into another alert"),
    row("POST", f"{_ONE}/snooze", snooze, "alerts.answer", summary="Hold for a while"),
)
