"""Ask about incidents: one, the active ones, the newest ones, and which alerts belong to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from holdfast.incidents import store, words
from holdfast.incidents.access import may_see, named
from holdfast.incidents.model import ACTIVE, OPEN_MAX, Incident, Kind, Moved, NoSuchIncident, Phase
from holdfast.incidents.store import Filter, Linked
from holdfast.kernel.actor import ActorKind, Role
from holdfast.kernel.tx import Tx
from holdfast.timeline import queries as timeline

LIST_MAX = 500
TOLD_MAX = 50  # events that are looked through for what somebody else did a moment ago
ID_PREFIX = "in_"
NUMBER_PREFIX = "INC-"

__all__ = [
    "Filter",
    "Linked",
    "active",
    "active_links",
    "alerts_of",
    "false_alarm_count",
    "hidden",
    "hidden_among",
    "incident",
    "incidents_of_alert",
    "latest",
    "newest",
    "same_trouble",
    "take",
]


def incident(tx: Tx, name: str) -> Incident:
    """By id or number. Raises NoSuchIncident, also for a private one that is not the actor's."""
    name_id = _id(tx, name)
    found = store.find(tx, [name_id]).get(name_id)
    if found is None or not may_see(found, tx.actor):
        raise NoSuchIncident
    return found


def take(tx: Tx, name: str, *, seen: int | None = None) -> Incident:
    """The incident, locked. `seen` is the version that the actor looked at.

    Raises NoSuchIncident; Moved where somebody changed it since, saying who and what.
    """
    found = store.take(tx, incident(tx, name).id)
    if seen is not None and seen != found.version:
        raise Moved(_what_moved(tx, found), remedy=words.LOOK_AGAIN)
    return found


def active(tx: Tx) -> list[Incident]:
    """Those that people respond to and that the actor may see, newest first."""
    return newest(tx, Filter(phases=ACTIVE), limit=OPEN_MAX)


def latest(
    tx: Tx,
    *,
    phases: Sequence[Phase] | None = None,
    before: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[Incident]:
    """Newest first, of these phases or of all; `before` continues after the last one seen."""
    wanted = Filter(phases=None if phases is None else tuple(phases))
    return newest(tx, wanted, before=before, limit=limit)


def newest(
    tx: Tx, wanted: Filter, *, before: tuple[datetime, str] | None = None, limit: int = 50
) -> list[Incident]:
    """What the filter asks for and the actor may see, newest first."""
    seen_by = None if _sees_all(tx) else named(tx.actor)
    asked = Filter(wanted.phases, wanted.kind, wanted.ranks, seen_by)
    return store.newest(tx, asked, before=before, limit=min(limit, LIST_MAX + 1))


def hidden_among(tx: Tx, ids: Sequence[str]) -> set[str]:
    """Those of these ids that are private incidents which the actor may not see: for lists of
    events, which hold reasons that people gave."""
    found = store.find(tx, ids) if ids else {}
    return {name for name, each in found.items() if not may_see(each, tx.actor)}


def alerts_of(tx: Tx, incident_id: str) -> list[str]:
    """Ids of the alerts that belong to it, in the order in which they were linked."""
    return [linked.alert for linked in store.links_of(tx, incident_id)]


def incidents_of_alert(tx: Tx, alert_id: str) -> list[Incident]:
    """The incidents that this alert belongs to and that the actor may see."""
    ids = store.ids_of_alert(tx, alert_id)
    found = store.find(tx, ids) if ids else {}
    return [found[name] for name in ids if name in found and may_see(found[name], tx.actor)]


def hidden(tx: Tx, ids: Collection[str]) -> set[str]:
    """Those of these ids that are incidents which the actor may not see."""
    ours = sorted(name for name in ids if name.startswith(ID_PREFIX))
    found = store.find(tx, ours) if ours and not _sees_all(tx) else {}
    return {name for name, each in found.items() if not may_see(each, tx.actor)}


def active_links(tx: Tx) -> list[Linked]:
    """Every alert of every active incident: read once in a transaction, for a storm of alerts."""
    return tx.remember("incidents.active_links", lambda: store.links_of_active(tx))


def false_alarm_count(tx: Tx, connection: str, dedup_key: str) -> int:
    """How often an alert of this key led to an incident that was none (ledger S1-04)."""
    return store.false_alarms(tx, connection, dedup_key)


def same_trouble(tx: Tx, key: str, since: datetime) -> list[Incident]:
    """Real incidents with this recurrence key that were declared since then, newest first."""
    if not key:
        return []
    return [found for found in store.with_key(tx, key, since) if found.kind is Kind.REAL]


def _id(tx: Tx, name: str) -> str:
    if not name.upper().startswith(NUMBER_PREFIX):
        return name
    return store.id_of(tx, name.upper()) or name


def _sees_all(tx: Tx) -> bool:
    return tx.actor.kind is ActorKind.SYSTEM or tx.actor.role is Role.ADMIN


def _what_moved(tx: Tx, found: Incident) -> str:
    events = timeline.about(tx, [found.id], limit=TOLD_MAX)
    said = [event for event in events if words.is_said(event.kind)]
    last = next(reversed(said or events), None)
    return words.moved(found, None if last is None else (last.kind, last.data))
