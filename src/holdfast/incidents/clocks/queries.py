"""Ask about the clocks of incidents."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.incidents.clocks import store
from holdfast.incidents.clocks.model import Clock
from holdfast.kernel.tx import Tx


def running(tx: Tx, incident_id: str) -> list[Clock]:
    """Those that nobody has stopped, what is due first first; some may have run out."""
    return [clock for clock in all_of(tx, incident_id) if clock.running]


def all_of(tx: Tx, incident_id: str) -> list[Clock]:
    """Every clock that ever ran, with when it ran out."""
    return store.of(tx, [incident_id])


def clock(tx: Tx, incident_id: str, name: str) -> Clock | None:
    """One of them by its name; None where it never ran."""
    return next((each for each in all_of(tx, incident_id) if each.name == name), None)


def of_many(tx: Tx, incidents: Sequence[str]) -> dict[str, list[Clock]]:
    """The clocks of each of these incidents."""
    found: dict[str, list[Clock]] = {name: [] for name in incidents}
    for each in store.of(tx, incidents) if incidents else []:
        found[each.incident].append(each)
    return found
