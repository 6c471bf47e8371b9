"""Fills the frame of a page: who looks, when, and what is going on."""

from __future__ import annotations

from datetime import datetime

from holdfast.alerts import queries as alerts
from holdfast.alerts.model import AlertStatus
from holdfast.alerts.queries import Filter
from holdfast.incidents import queries as incidents
from holdfast.kernel.tx import Tx
from holdfast.paging import queries as paging
from holdfast.paging.model import PageKind, PageState
from holdfast.people import permissions
from holdfast.schedules import queries as schedules
from holdfast.storage.hold import instance_hold
from holdfast.web.commands import commands_of
from holdfast.web.context import Context
from holdfast.web.layout.views import Duty, Face, Mode, Notice, Shell, Theme

DUTIES_SHOWN_MAX = 3
PAGES_COUNTED_MAX = 99
KEYS_COOKIE, KEYS_OFF = "keys", "off"  # single-key shortcuts, as this browser wants them
_WANTS_ANSWER = Filter(statuses=(AlertStatus.TRIGGERED,), held=False)


def full_shell(tx: Tx, context: Context, notice: Notice | None = None) -> Shell:
    """For somebody who is signed in."""
    user = context.user
    mine = (
        []
        if user is None
        else paging.latest(tx, user=user.id, state=PageState.OPEN, limit=PAGES_COUNTED_MAX)
    )
    return Shell(
        now=tx.now,
        zone="UTC" if user is None else user.time_zone,
        path=context.request.url.path,
        csrf=context.csrf,
        theme=theme_of(context.theme),
        viewer=None if user is None else Face(user.id, user.name, me=True),
        duty=None if user is None else _duty(tx, user.id),
        alerts_count=alerts.count(tx, _WANTS_ANSWER),
        pages_count=sum(page.kind is PageKind.PAGE for page in mine),
        incidents_count=len(incidents.active(tx)),
        mode=_mode(tx, context),
        may=_may(context),
        notice=notice,
        commands=commands_of(tx),
        single_keys=context.request.cookies.get(KEYS_COOKIE) != KEYS_OFF,
    )


def brief_shell(tx: Tx, context: Context) -> Shell:
    """For a part of a page that is open already: what its frame says does not change."""
    user = context.user
    return Shell(
        now=tx.now,
        zone="UTC" if user is None else user.time_zone,
        path=context.request.url.path,
        csrf=context.csrf,
        viewer=None if user is None else Face(user.id, user.name, me=True),
        may=_may(context),
    )


def plain_shell(
    now: datetime,
    path: str,
    *,
    theme: str,
    csrf: str = "",
    viewer: Face | None = None,
    rehearsal: bool = False,
) -> Shell:
    """For whoever is not signed in, and for errors: it asks the database nothing."""
    return Shell(
        now=now,
        zone="UTC",
        path=path,
        csrf=csrf,
        theme=theme_of(theme),
        viewer=viewer,
        mode=Mode.REHEARSAL if rehearsal else Mode.NORMAL,
    )


def theme_of(chosen: str) -> Theme | None:
    """None where the system's own preference decides."""
    return Theme(chosen) if chosen in set(Theme) else None


def _may(context: Context) -> frozenset[str]:
    return frozenset(p for p in permissions.NEEDS if permissions.allowed(context.actor, p))


def _duty(tx: Tx, user: str) -> Duty | None:
    """What the person is on call for now; `until` is the first of these turns to end."""
    names, ends = [], []
    for name, schedule in schedules.schedules(tx).items():
        shift = schedules.on_call(tx, name, tx.now)
        if shift is not None and shift.user == user:
            names.append(schedule.name)
            ends.append(shift.span.end)
    if not names:
        return None
    return Duty(schedules=tuple(names[:DUTIES_SHOWN_MAX]), until=min(ends))


def _mode(tx: Tx, context: Context) -> Mode:
    if context.program.settings.rehearsal:
        return Mode.REHEARSAL
    return Mode.NORMAL if instance_hold(tx) is None else Mode.ON_HOLD
