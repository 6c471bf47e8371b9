"""The form that declares an incident: filled in from the alert and from who is on call."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.alerts import queries as alerts
from holdfast.alerts.model import Alert, NoSuchAlert
from holdfast.catalog import queries as catalog
from holdfast.incidents import actions
from holdfast.incidents import queries as incidents
from holdfast.incidents.actions.model import Declaration
from holdfast.incidents.model import Detection, Incident, Kind
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.practice import queries as practice
from holdfast.practice.model import Pack, Role, RoleKey
from holdfast.schedules import queries as schedules
from holdfast.web.context import Context
from holdfast.web.faces import Faces, faces_of
from holdfast.web.incidents import words
from holdfast.web.incidents.levels import levels_of
from holdfast.web.incidents.rows import rows_of
from holdfast.web.incidents.typed import Typed
from holdfast.web.incidents.views import Candidate, DeclarePage
from holdfast.web.layout.views import Choice, Fields, Link

UNSURE = "unsure"
DUPLICATES_MAX = 3
RANK_CHOSEN = 2  # in the middle of the ladder: whoever is in a hurry changes it with one key


def declare_page(
    tx: Tx, ctx: Context, alert_name: str, kind: str, fields: Fields | None = None
) -> DeclarePage:
    """The form, with everything in it that is known at this instant."""
    alert = _alert(tx, alert_name)
    pack = practice.in_force(tx)
    faces = faces_of(tx, ctx)
    chosen = {alert.service} if alert else set()
    return DeclarePage(
        title=alert.title if alert else "",
        alert=Link(alert.code, f"/alerts/{alert.id}") if alert else None,
        alert_id=alert.id if alert else "",
        levels=() if pack is None else levels_of(pack, RANK_CHOSEN),
        practice="none" if pack is None else pack.name,
        detections=tuple(
            Choice(each.value, words.DETECTIONS[each.value], chosen=each is _noticed(alert))
            for each in Detection
        ),
        services=tuple(
            Choice(each.id, each.name, chosen=each.id in chosen)
            for each in catalog.services(tx).values()
        ),
        kinds=tuple(
            Choice(each.value, words.KINDS[each.value], chosen=each.value == (kind or "real"))
            for each in Kind
        ),
        candidates=() if pack is None else tuple(_candidates(tx, ctx, pack, faces)),
        duplicates=rows_of(tx, ctx, _duplicates(tx, alert)),
        fields=fields,
    )


def declare(tx: Tx, typed: Typed) -> Incident:
    """What the form says, declared."""
    return actions.declare(tx, _declaration(typed))


def _declaration(typed: Typed) -> Declaration:
    severity = typed.text("severity")
    is_unsure = severity == UNSURE
    ranks = [typed.whole(name) for name in ("unsure_from", "unsure_to")] if is_unsure else []
    return Declaration(
        title=typed.text("title"),
        alert=typed.text("alert") or None,
        severity=None if is_unsure or not severity else severity,
        unsure=tuple(rank for rank in ranks if rank is not None),
        detection=typed.one_of("detection", Detection) if typed.text("detection") else None,
        services=typed.all("services"),
        private=typed.yes("private"),
        kind=typed.one_of("kind", Kind) if typed.text("kind") else Kind.REAL,
        break_glass=typed.glass,
    )


def _alert(tx: Tx, name: str) -> Alert | None:
    try:
        return alerts.alert(tx, name) if name else None
    except NoSuchAlert:
        raise Invalid("There is no such alert.", remedy="Declare it by hand.") from None


def _noticed(alert: Alert | None) -> Detection:
    return Detection.ALERT if alert else Detection.TEAMMATE


def _duplicates(tx: Tx, alert: Alert | None) -> list[Incident]:
    """What is open and has this alert, or hits the same service: join it instead."""
    if alert is None:
        return []
    active = incidents.active(tx)
    linked = {each.id for each in incidents.incidents_of_alert(tx, alert.id)}
    same = [each for each in active if each.id in linked or alert.service in each.services]
    return same[:DUPLICATES_MAX]


def _candidates(tx: Tx, ctx: Context, pack: Pack, faces: Faces) -> Iterator[Candidate]:
    """Whoever declares commands; for the other roles, who is on call for them."""
    for role in pack.roles:
        needed = [level.label for level in pack.levels if role.key in level.roles_required]
        if not needed:
            continue
        user = ctx.actor.user_id if role.key is RoleKey.COMMAND else _on_call(tx, role)
        yield Candidate(role.label, faces.maybe(user), f"at {needed[-1]} and worse")


def _on_call(tx: Tx, role: Role) -> str | None:
    shift = None if role.schedule is None else schedules.on_call(tx, role.schedule, tx.now)
    return None if shift is None else shift.user
