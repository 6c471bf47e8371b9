"""Ask about mitigations: options, attempts, what is still in place, what helped before."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.incidents import queries as incidents
from holdfast.incidents.hypotheses import queries as hypotheses
from holdfast.incidents.mitigations import options, store
from holdfast.incidents.mitigations.model import (
    ATTEMPTED,
    OPTIONS,
    Mitigation,
    MitigationKind,
    MitigationState,
    NoSuchMitigation,
)
from holdfast.incidents.model import Incident, NoSuchIncident
from holdfast.incidents.record.model import Certainty
from holdfast.kernel.tx import Tx

WORKAROUNDS_SEARCHED = 200
WORKAROUNDS_MAX = 10
PRACTISED_SEARCHED = 200


@dataclass(frozen=True, slots=True)
class Share:
    """Of what was carried out, how much knew the cause (ledger S2-19)."""

    with_cause: int
    without_cause: int


@dataclass(frozen=True, slots=True)
class Workaround:
    """Something that helped in an earlier incident, and in which."""

    mitigation: Mitigation
    incident: Incident


def mitigations(tx: Tx, incident_id: str) -> list[Mitigation]:
    """All of one incident, oldest first."""
    return store.of(tx, incident_id)


def mitigation(tx: Tx, incident_id: str, mitigation_id: str) -> Mitigation:
    """Raises NoSuchMitigation, also for one of another incident."""
    for each in store.of(tx, incident_id):
        if each.id == mitigation_id:
            return each
    raise NoSuchMitigation


def open_options(tx: Tx, incident_id: str) -> list[Mitigation]:
    """What could still be done, lowest risk first, then what is quickest (ledger S0-38)."""
    return options.ordered(each for each in store.of(tx, incident_id) if each.state in OPTIONS)


def attempts(tx: Tx, incident_id: str) -> list[Mitigation]:
    """What was begun, in that order, whatever came of it."""
    return options.attempts(store.of(tx, incident_id))


def running(tx: Tx, incident_id: str) -> list[Mitigation]:
    """What is being done right now."""
    return [each for each in store.of(tx, incident_id) if each.executing]


def executed_count(tx: Tx, incident_id: str) -> int:
    """How many were carried out and not undone: what MITIGATION_MISSING asks for."""
    done = (MitigationState.EXECUTING, MitigationState.VERIFIED)
    return sum(each.state in done for each in store.of(tx, incident_id))


def in_place(tx: Tx, incident_id: str) -> list[Mitigation]:
    """Flags that are off and pages that say maintenance: to be undone one day (ledger S1-41)."""
    return [each for each in store.of(tx, incident_id) if stays(each)]


def stays(mitigation: Mitigation) -> bool:
    """True for what was switched for the incident only, and is still so."""
    return (
        mitigation.kind in (MitigationKind.FLAG, MitigationKind.MAINTENANCE)
        and mitigation.state is MitigationState.VERIFIED
    )


def cause_share(tx: Tx, incident_id: str) -> Share:
    """How many attempts followed a confirmed hypothesis, and how many did not (ledger S2-19)."""
    tried = attempts(tx, incident_id)
    blind = sum(each.plan.without_cause for each in tried)
    return Share(len(tried) - blind, blind)


def cause_known(tx: Tx, incident_id: str, hypothesis_id: str) -> bool:
    """True where that hypothesis is confirmed by evidence."""
    if not hypothesis_id:
        return False
    return hypotheses.hypothesis(tx, incident_id, hypothesis_id).certainty is Certainty.CONFIRMED


def known_workarounds(tx: Tx, incident: Incident) -> list[Workaround]:
    """What helped in earlier incidents like this one, newest first (ledger S4-90).

    Like this one: the same recurrence key, else a service in common.
    """
    found = []
    candidates = store.newest(
        tx, MitigationKind.WORKAROUND, [MitigationState.VERIFIED], WORKAROUNDS_SEARCHED
    )
    for each in candidates:
        if each.incident == incident.id:
            continue
        try:
            other = incidents.incident(tx, each.incident)
        except NoSuchIncident:
            continue  # a private one, which this person may not see
        if _alike(incident, other):
            found.append(Workaround(each, other))
    return found[:WORKAROUNDS_MAX]


def practised(tx: Tx, kind: MitigationKind) -> list[str]:
    """Who has carried out one of this kind, whatever came of it; the latest first."""
    done = store.newest(tx, kind, list(ATTEMPTED), PRACTISED_SEARCHED)
    people = [each.run.executor for each in done if each.run is not None]
    return list(dict.fromkeys(people))


def _alike(one: Incident, other: Incident) -> bool:
    if one.recurrence_key and one.recurrence_key == other.recurrence_key:
        return True
    return bool(set(one.services) & set(other.services))
