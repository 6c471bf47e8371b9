"""What each kind of message must say, what is filled in by itself, and how it reads. Pure.

Nothing that Holdfast can compute is typed: not the duration, not the time, not the commander.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from holdfast.incidents.model import Incident, Phase
from holdfast.incidents.telling.model import Template
from holdfast.practice.model import Audience, RoleKey

ETA_UNKNOWN = "not known"
NO_PROMISE = "when there is something new"
UNDER_INVESTIGATION = "under investigation"
NOT_NEEDED = "nobody: this severity needs none"
INVESTIGATING = "We are looking into it; who is affected is not known yet."

STATUS: Mapping[Phase, str] = {
    Phase.DECLARED: "Investigating",
    Phase.TRIAGE: "Investigating",
    Phase.MITIGATING: "Fixing",
    Phase.MONITORING: "Monitoring",
    Phase.RESOLVED: "Resolved",
    Phase.POST_INCIDENT: "Resolved",
    Phase.CLOSED: "Resolved",
    Phase.FALSE_ALARM: "False alarm",
    Phase.MERGED: "Continued in another incident",
    Phase.CANCELLED: "Cancelled",
}

# In the order in which they are read. Each must be filled (ledger S4-37, S4-38, S4-39, S4-36).
FIELDS: Mapping[Template, tuple[str, ...]] = {
    Template.INITIAL: ("incident", "severity", "status", "impact", "commander", "updates"),
    Template.UPDATE: ("incident", "status", "update", "next_update", "eta"),
    Template.RESOLUTION: ("incident", "resolved", "duration", "cause", "follow_ups"),
    Template.LEADERS: (
        "incident", "severity", "status", "impact", "doing", "risk", "decision", "next_update",
    ),
    Template.UPSTREAM: ("incident", "status", "provider", "says", "impact", "link", "next_update"),
}  # fmt: skip
# Computed or read from the incident: whoever types one is told so.
COMPUTED = frozenset(
    {"incident", "severity", "commander", "updates", "next_update", "resolved", "duration"}
)
# Holdfast's own words, not the writer's: they are not judged.
NOT_PROSE = COMPUTED | {"status", "eta", "follow_ups", "link"}
LABELS: Mapping[str, str] = {
    "incident": "Incident",
    "severity": "Severity",
    "status": "Status",
    "impact": "Impact",
    "commander": "Commander",
    "updates": "Updates",
    "update": "Update",
    "next_update": "Next update",
    "eta": "ETA",
    "resolved": "Resolved",
    "duration": "Duration",
    "cause": "Contributing factors, in brief",
    "follow_ups": "Follow-ups",
    "doing": "What we do",
    "risk": "Risk",
    "decision": "Decision needed",
    "provider": "Provider",
    "says": "What they say",
    "link": "Their status",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known without asking anybody. `commander` is a name, empty where there is none."""

    incident: Incident
    commander: str
    every: timedelta | None  # the cadence in force for this audience
    next_update_at: datetime | None
    follow_ups: str  # the address where the owed work stands
    now: datetime


def filled(template: Template, facts: Facts, said: Mapping[str, str]) -> dict[str, str]:
    """Every field of the template: as said, else from what is known; blank where nobody knows."""
    known = _known(template, facts)
    result = {}
    for name in FIELDS[template]:
        own = "" if name in COMPUTED else said.get(name, "").strip()
        result[name] = own or known.get(name, "")
    return result


def blank(fields: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the fields that are still empty (TEMPLATE_FIELD_EMPTY names the first)."""
    return tuple(name for name, value in fields.items() if not value.strip())


def rendered(template: Template, audience: Audience, fields: Mapping[str, str]) -> str:
    """The message as that audience reads it: a form inside, sentences outside."""
    if audience is Audience.CUSTOMERS:
        return _in_sentences(template, fields)
    return "\n".join(f"{LABELS[name]}: {fields[name]}" for name in FIELDS[template])


def with_promise(own: str, template: Template, fields: Mapping[str, str]) -> str:
    """Somebody's own words, and when the next ones come: every message says so (ledger S0-32)."""
    following = fields.get("next_update") or fields.get("updates", "")
    if template is Template.RESOLUTION or not following or following in own:
        return own
    return f"{own.rstrip()}\n{_next(following)}"


def prose(fields: Mapping[str, str]) -> str:
    """What a person wrote or answers for, without what is filled in by itself."""
    return "\n".join(value for name, value in fields.items() if name not in NOT_PROSE)


def duration(incident: Incident, now: datetime) -> timedelta | None:
    """How long it hurt: from when impact began, else from declaring, until service was restored.

    None while nothing is restored, and for a false alarm.
    """
    instants = incident.instants
    ended = instants.impact_ended_at or instants.restored_at
    if ended is None or incident.phase is Phase.FALSE_ALARM:
        return None
    began = instants.impact_started_at or instants.declared_at
    return max(ended - began, timedelta())


def spoken(length: timedelta) -> str:
    """A length of time in words: `2 h 34 min`."""
    minutes = int(length.total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [(days, "d"), (hours, "h"), (left, "min")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "less than a minute"


def clock_time(at: datetime, now: datetime) -> str:
    """An instant as one says it: the time, and the day where it is another; always in UTC."""
    day = "" if at.date() == now.date() else f"{at:%Y-%m-%d} "
    return f"{day}{at:%H:%M} UTC"


def _known(template: Template, facts: Facts) -> dict[str, str]:
    incident = facts.incident
    brief = incident.brief
    resolved_at = incident.instants.restored_at
    known = {
        "incident": f"{incident.number} {incident.title}",
        "severity": f"{incident.severity.level}{_guess(incident)}",
        "status": STATUS[incident.phase],
        "impact": brief.impact,
        "commander": _commander(facts),
        "updates": _updates(facts),
        "update": brief.doing,
        "next_update": _next_update(facts),
        "eta": ETA_UNKNOWN,
        "resolved": "" if resolved_at is None else clock_time(resolved_at, facts.now),
        "duration": _duration(facts),
        "cause": brief.cause or _postmortem_follows(facts),
        "follow_ups": facts.follow_ups,
        "doing": brief.doing,
    }
    if incident.phase is Phase.FALSE_ALARM and template is Template.RESOLUTION:
        known |= {
            "resolved": clock_time(facts.now, facts.now),
            "duration": "none, it was a false alarm",
            "cause": brief.cause or "a false alarm",
        }
    return known


def _guess(incident: Incident) -> str:
    return " (provisional)" if incident.severity.provisional else ""


def _updates(facts: Facts) -> str:
    """How often they hear, and when next; the level decides whether that may stay open."""
    if facts.every is None and facts.next_update_at is None:
        return _next_update(facts)
    every = "" if facts.every is None else f"every {spoken(facts.every)}"
    following = "" if facts.next_update_at is None else f"next by {_next_update(facts)}"
    return ", ".join(part for part in (every, following) if part)


def _commander(facts: Facts) -> str:
    needed = RoleKey.COMMAND in facts.incident.level.roles_required
    return facts.commander or ("" if needed else NOT_NEEDED)


def _next_update(facts: Facts) -> str:
    if facts.next_update_at is not None:
        return clock_time(facts.next_update_at, facts.now)
    promised = facts.incident.level.promise_next_update or facts.every is not None
    return "" if promised else NO_PROMISE


def _duration(facts: Facts) -> str:
    length = duration(facts.incident, facts.now)
    return "" if length is None else spoken(length)


def _postmortem_follows(facts: Facts) -> str:
    """Nobody must know the cause to say that it is over (ledger C9, S4-39)."""
    level = facts.incident.level
    if level.postmortem_due is not None:
        by = (facts.now + level.postmortem_due).date()
        return f"{UNDER_INVESTIGATION}, see the postmortem by {by:%Y-%m-%d}"
    return UNDER_INVESTIGATION


def _in_sentences(template: Template, fields: Mapping[str, str]) -> str:
    match template:
        case Template.INITIAL:
            said = [_sentence(fields["impact"]), "We are looking into it.",
                    _next(fields["updates"])]  # fmt: skip
        case Template.RESOLUTION:
            said = [f"This is over since {fields['resolved']}.",
                    f"It lasted {fields['duration']}.", _sentence(fields["cause"])]  # fmt: skip
        case Template.UPSTREAM:
            said = [f"{fields['provider']} has trouble: {_sentence(fields['says'])}",
                    _sentence(fields["impact"]), f"Their own status: {fields['link']}",
                    _next(fields["next_update"])]  # fmt: skip
        case Template.LEADERS | Template.UPDATE:
            words = fields.get("update") or fields.get("doing", "")
            said = [_sentence(words), _next(fields["next_update"])]
    return "\n".join(part for part in said if part)


def _next(following: str) -> str:
    if not following:
        return ""
    if following == NO_PROMISE:
        return f"Next update {following}."
    if "next by" in following:
        return f"Next update by {following.partition('next by ')[2]}."
    return (
        f"Updates {following}." if following.startswith("every") else f"Next update by {following}."
    )


def _sentence(text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?…" else f"{text}."
