"""What is known of an incident: its impact, the three fields of what we know, systems, checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

from holdfast.catalog import queries as catalog
from holdfast.incidents import queries, store, words
from holdfast.incidents.access import named
from holdfast.incidents.actions import severity
from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.events import (
    IncidentAccessChanged,
    IncidentBriefChanged,
    IncidentChecked,
    IncidentImpactChanged,
)
from holdfast.incidents.model import (
    ACCESS_MAX,
    BRIEF_CHARS_MAX,
    CHECKS_MAX,
    REASON_CHARS_MAX,
    SCOPE_MAX,
    SERVICES_MAX,
    TITLE_CHARS_MAX,
    Brief,
    Check,
    Ended,
    Escalate,
    Impact,
    Incident,
)
from holdfast.incidents.responders import actions as asking
from holdfast.incidents.responders import queries as responders
from holdfast.incidents.roles import queries as roles
from holdfast.kernel.errors import Conflict, Invalid
from holdfast.kernel.quote import quoted
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.sdk import clean_line, clean_text

PERCENT_MAX = 100.0
MINUTES_MAX = 60 * 24 * 365


class TooManyChecks(Conflict):
    """An incident keeps at most 200 checks."""


def set_impact(tx: Tx, name: str, impact: Impact, *, seen: int | None = None) -> Incident:
    """Who is hurt, as it is known now. Said differently, the severity is looked at again (S0-04).

    Raises NoSuchIncident, Moved, Ended, Invalid.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = _taken(tx, name, seen)
    said = cleaned(impact)
    changed = tuple(
        each.name
        for each in fields(Impact)
        if getattr(said, each.name) != getattr(incident.impact, each.name)
    )
    if not changed:
        return incident
    first = incident.impact == Impact()
    again = replace(incident.severity, reevaluate=incident.severity.reevaluate or not first)
    saved = store.save(tx, replace(incident, impact=said, severity=again))
    tx.record(IncidentImpactChanged(incident.id, changed))
    _ask_for_impact(tx, saved)
    if not first:
        severity.ask_again(tx, saved, "the impact changed")
    return saved


def set_brief(tx: Tx, name: str, said: Brief, *, seen: int | None = None) -> Incident:
    """What we know, in at most 280 characters a field. Raises NoSuchIncident, Moved, Ended."""
    permissions.require(tx.actor, "incidents.respond")
    incident = _taken(tx, name, seen)
    words = {
        each: clean_text(getattr(said, each), BRIEF_CHARS_MAX)[0]
        for each in ("impact", "cause", "doing")
    }
    changed = tuple(each for each, text in words.items() if text != getattr(incident.brief, each))
    if not changed:
        return incident
    brief = Brief(words["impact"], words["cause"], words["doing"], tx.now, named(tx.actor))
    saved = store.save(tx, replace(incident, brief=brief))
    tx.record(IncidentBriefChanged(incident.id, changed))
    return saved


def answer_escalation(tx: Tx, name: str, answer: Escalate) -> Incident:
    """Triage's last question: is somebody else needed, and whom (S2-06)? Yes pages them at once,
    or asks command to. Raises Invalid, CannotBeAsked."""
    permissions.require(tx.actor, "incidents.respond")
    incident = _taken(tx, name, None)
    to = clean_line(answer.to, TITLE_CHARS_MAX)[0]
    if answer.needed and not to:
        raise Invalid("Say whom.", fields={"to": "name a person, a team or a schedule"})
    said = Escalate(answer.needed, to)
    if said == incident.escalate:
        return incident
    store.save(tx, replace(incident, escalate=said))
    call_for(tx, incident.id, said)
    return store.take(tx, incident.id)


def call_for(tx: Tx, name: str, answer: Escalate) -> None:
    """Whoever triage says is needed is paged: an answer that calls nobody would not be true."""
    if answer.needed:
        asking.ask_escalation(tx, name, words.NEEDED_IN_TRIAGE, target=answer.to)


def set_systems(
    tx: Tx, name: str, services: Sequence[str], *, owner: str = "", seen: int | None = None
) -> Incident:
    """Which services are affected; where nobody knows, `owner` finds out (S4-11).

    Raises NoSuchIncident, Moved, Ended, NoSuchUser, Invalid.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = _taken(tx, name, seen)
    names = tuple(dict.fromkeys(services))
    unknown = [each for each in names if catalog.find_service(tx, each) is None]
    if unknown or len(names) > SERVICES_MAX:
        why = f"no service {quoted(unknown[0])}" if unknown else f"at most {SERVICES_MAX}"
        raise Invalid("These services cannot be named.", fields={"services": why})
    if owner:
        people.user(tx, owner)
    outcome = replace(incident.outcome, systems_owner=owner)
    changed = replace(incident, services=names, outcome=outcome)
    if changed == incident:
        return incident
    tx.record(IncidentImpactChanged(incident.id, ("services",)))
    return store.save(tx, changed)


def check(tx: Tx, name: str, made: Check) -> Incident:
    """One look at whether it is well again (S1-56). The instant and the person are the actor's.

    Raises NoSuchIncident, Ended, TooManyChecks, Invalid.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = _taken(tx, name, None)
    if len(incident.checks) >= CHECKS_MAX:
        raise TooManyChecks
    what, reading, source = (
        clean_line(text, TITLE_CHARS_MAX)[0] for text in (made.what, made.reading, made.source)
    )
    said = {"what": what, "reading": reading, "source": source}
    if not all(said.values()):
        raise Invalid(
            "A check says what was read, where, and what it said.",
            fields={key: "say it" for key, text in said.items() if not text},
        )
    kept = Check(what, reading, source, made.good, tx.now, named(tx.actor), made.slo)
    saved = store.save(tx, replace(incident, checks=(*incident.checks, kept)))
    tx.record(IncidentChecked(incident.id, good=made.good, count=len(saved.checks)))
    return saved


def set_private(tx: Tx, name: str, users: Sequence[str], *, private: bool) -> Incident:
    """Who may see it: these, whoever shuts others out, and whoever works on it already.

    Raises NoSuchUser, Invalid.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = queries.take(tx, name)
    for user in users:
        people.user(tx, user)
    own = [named(tx.actor), *_crew(tx, incident)] if private else []
    access = tuple(dict.fromkeys([*users, *own]))
    if len(access) > ACCESS_MAX:
        raise Invalid("That is too many.", fields={"users": f"at most {ACCESS_MAX}"})
    if (private, access) == (incident.private, incident.access):
        return incident
    tx.record(IncidentAccessChanged(incident.id, private, access))
    return store.save(tx, replace(incident, private=private, access=access))


def cleaned(impact: Impact) -> Impact:
    """The impact as it can be kept. Raises Invalid for a share that is none."""
    low, high = impact.users_affected, impact.users_affected_max
    for each in (low, high):
        if each is not None and not 0 <= each <= PERCENT_MAX:
            raise Invalid("A share of users is 0 to 100.", fields={"users_affected": "0 to 100"})
    if low is not None and high is not None and high < low:
        raise Invalid("The range ends before it begins.", fields={"users_affected_max": "more"})
    for minutes in (impact.workaround_minutes, impact.expected_minutes):
        if minutes is not None and not 0 <= minutes <= MINUTES_MAX:
            raise Invalid("That is no length.", fields={"expected_minutes": "minutes, 0 or more"})
    if len(impact.scope) > SCOPE_MAX:
        raise Invalid("That is too much.", fields={"scope": f"at most {SCOPE_MAX}"})
    return replace(
        impact,
        source=clean_line(impact.source, TITLE_CHARS_MAX)[0],
        revenue=clean_line(impact.revenue, TITLE_CHARS_MAX)[0],
        scope=tuple(clean_line(each, REASON_CHARS_MAX)[0] for each in impact.scope),
        unknown=impact.unknown and low is None,
    )


def _crew(tx: Tx, incident: Incident) -> list[str]:
    held = [each.user for each in roles.holders(tx, incident.id)]
    return [*held, *responders.working(tx, incident.id)]


def _ask_for_impact(tx: Tx, incident: Incident) -> None:
    """“Unknown” is an answer that is asked again; a number ends the asking (S1-05)."""
    if incident.impact.users_affected is not None:
        clocks.stop(tx, incident.id, "impact")
        return
    due = tx.now + incident.pack.limits.impact_unknown_ask_after
    clocks.start(tx, incident.id, "impact", due)


def _taken(tx: Tx, name: str, seen: int | None) -> Incident:
    incident = queries.take(tx, name, seen=seen)
    if incident.ended:
        raise Ended
    return incident
