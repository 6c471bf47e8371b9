"""What the practice says in words: who is called, how long each clock runs, what a limit means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from holdfast.practice.calendar import WEEKDAYS
from holdfast.practice.model import Audience, Calendar, Duty, Hours, Need, Pack, Postmortem, RoleKey
from holdfast.web.layout.words import count, length, listing, sentence_case

TITLE = "Practice"
NONE = "none"
INTRO = (
    "This is what a severity brings about here: who is called, by when, and who is told."
    " An incident keeps the practice that it was declared under."
)
OFF = "No practice is in force"
OFF_DETAIL = "Until an admin chooses one, nobody can declare an incident."
CHOSEN = "{title} is in force. Incidents that are open keep theirs."
SWITCHED_OFF = "No practice is in force any more. Nobody can declare an incident."
SAVED = "{name} was saved. Choose it to work by it."
REMOVED = "{name} is gone."
CHOOSE_ONE = "Choose one of the packs."
PASTE = "Paste a pack, or choose its file."
RELAXED = "Separates less than the house does"
CLOCKS = (
    ("ack", "Acknowledged"), ("engage", "Worked on"), ("war_room", "War room"),
    ("restore", "Restored"),
)  # fmt: skip
AUDIENCES: Mapping[Audience, str] = {
    Audience.INTERNAL: "Inside every",
    Audience.LEADERS: "Leaders every",
    Audience.CUSTOMERS: "Customers every",
}
DUTIES: Mapping[Duty, str] = {
    Duty.COORDINATE: "coordinates",
    Duty.DECIDE: "decides",
    Duty.COMMUNICATE_INTERNAL: "tells everybody inside",
    Duty.COMMUNICATE_PUBLIC: "tells customers",
    Duty.BRIEF_LEADERS: "briefs leaders",
    Duty.DOCUMENT: "keeps the record",
    Duty.EXECUTE: "carries out the work",
}
LIMITS: Mapping[str, str] = {
    "command_silent_after": "A commander who does nothing is asked after",
    "update_grace": "An update that is late is told to the deputy after",
    "escalation_answer_within": "A request to escalate happens by itself after",
    "no_mitigation_after": "Without a mitigation, escalating is proposed after",
    "solo_after": "Somebody who is alone on a severe incident gets company after",
    "role_missing_after": "A role that is empty is filled by a page after",
    "scribe_prompt_after": "The scribe is asked about silence in the record after",
    "fixation_after": "A hypothesis without a test is questioned after",
    "mark_every": "The deputy calls the time every",
    "task_overdue_grace": "A task counts as late after its time by",
    "impact_unknown_ask_after": "Impact that is not known is asked for again after",
    "reopen_within": "An incident is opened again, rather than a new one, within",
    "break_glass_for": "Broken glass stands open for",
}
_GROUPS: Mapping[str, str] = {
    "owners": "the teams that own the services",
    "on_call": "whoever is on call for the services",
    "roles": "whoever is on call for each role",
    "leadership": "leadership",
    "senior": "senior engineers",
    "all_hands": "all hands",
}
_HOURS: Mapping[Hours, str] = {
    Hours.ALWAYS: "at any hour",
    Hours.BUSINESS: "in business hours",
    Hours.NEVER: "nobody is paged",
}
_WAR_ROOM: Mapping[Need, str] = {
    Need.REQUIRED: "a war room is opened",
    Need.OPTIONAL: "a war room if it helps",
    Need.NONE: "no war room",
}


def span(found: timedelta | None) -> str | None:
    """`15 min`, `at once`; None where there is none."""
    if found is None:
        return None
    return length(found) if found else "at once"


def whom(pack: Pack, targets: Iterable[str]) -> str:
    """`the teams that own the services and leadership`; empty for nobody."""
    return listing([_target(pack, target) for target in targets])


def role(pack: Pack, key: RoleKey) -> str:
    """The role as this pack calls it."""
    found = pack.role(key.value)
    return found.label if found is not None else key.value.replace("_", " ")


def roles(pack: Pack, keys: Iterable[RoleKey]) -> str:
    return listing([role(pack, key) for key in keys])


def hours(found: Hours) -> str:
    return _HOURS[found]


def war_room(found: Need) -> str:
    return _WAR_ROOM[found]


def owed(after: timedelta | None, days: int | None) -> str | None:
    """When something is due: `within 3 days`, `by the end of the next business day`."""
    if days == 1:
        return "by the end of the next business day"
    if days is not None:
        return f"within {days} business days"
    return None if after is None else f"within {length(after)}"


def postmortem(found: Postmortem, when: str | None) -> str:
    said = "always" if found is Postmortem.REQUIRED else "when a trigger asks for it"
    return f"{said}, {when}" if when else said


def calendar(found: Calendar) -> str:
    days = listing([sentence_case(WEEKDAYS[day]) for day in found.weekdays])
    holidays = count(len(found.holidays), "holiday", "holidays") if found.holidays else ""
    but = f", but for {holidays}" if holidays else ""
    return f"{days}, {found.opens:%H:%M} to {found.closes:%H:%M} in {found.time_zone}{but}"


def _target(pack: Pack, target: str) -> str:
    kind, _, name = target.partition(":")
    if kind == "role":
        return f"the {role(pack, RoleKey(name))} on call"
    return _GROUPS.get(target) or f"{kind} {name}"
