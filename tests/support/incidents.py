"""Incidents for stories: declare one, answer its questions, and walk it along its way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from holdfast.incidents import actions, queries
from holdfast.incidents.actions import Declaration, Gate, Move
from holdfast.incidents.clocks import queries as clocks
from holdfast.incidents.clocks.model import Clock
from holdfast.incidents.model import (
    Check,
    Detection,
    Escalate,
    Impact,
    Incident,
    Phase,
    Remediation,
)
from holdfast.incidents.roles import actions as roles
from holdfast.incidents.roles import queries as role_queries
from holdfast.incidents.telling import actions as telling
from holdfast.incidents.telling.model import Composed, Next, Template, Update
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.kernel.tx import Tx
from holdfast.people import actions as people
from holdfast.practice import actions as practice
from holdfast.practice.model import Audience
from tests.support.story import Story, person, user

# Enough people for every role of the top levels, besides Ana, Bo and Cy.
CREW = ("dee", "eli", "fay")
LINK = "https://tracker.example.com/1"
WAIVED = {Gate.POSTMORTEM: LINK, Gate.RUNBOOK_REVIEW: "still correct"}
RESOLVED = Move(
    remediation=Remediation.FULL, followup="none because it is a test", cause_fixed="yes"
)


def crewed(story: Story) -> Story:
    """The company with people enough to fill every role."""
    with story.database.begin(SYSTEM) as tx:
        for name in CREW:
            people.save_user(tx, user(name))
    return story


def practises(story: Story, pack: str) -> Story:
    """The company works by that pack."""
    with story.database.begin(SYSTEM) as tx:
        practice.choose(tx, pack)
    return story


def declares(story: Story, name: str = "ana", **asked: Any) -> Incident:
    """That person declares an incident by hand: a SEV2 that a teammate noticed, unless changed."""
    ask = {"title": "Checkout is down", "severity": "SEV2", "detection": Detection.TEAMMATE,
           "services": ("checkout",)}  # fmt: skip
    left_out = {"unsure": ("severity",), "alert": ("title", "detection", "services")}
    for left in {each for word in left_out if word in asked for each in left_out[word]}:
        ask.pop(left)
    with story.database.begin(person(name)) as tx:
        return actions.declare(tx, Declaration(**{**ask, **asked}))


def incident(story: Story, name: str) -> Incident:
    """As it stands now."""
    with story.database.read(SYSTEM) as tx:
        return queries.incident(tx, name)


def clock(story: Story, incident_id: str, name: str) -> Clock | None:
    """One of its clocks; None where it never ran."""
    with story.database.read(SYSTEM) as tx:
        return clocks.clock(tx, incident_id, name)


def moves(story: Story, who: str, name: str, to: Phase, ask: Move | None = None) -> Incident:
    """That person moves it on."""
    with story.database.begin(person(who)) as tx:
        return actions.move(tx, name, to, ask=ask)


def triaged(story: Story, found: Incident, who: str = "ana", **impact: Any) -> Incident:
    """In triage, with its questions answered, and with command and operations held apart."""
    said = Impact(**{"users_affected": 10.0, **impact})
    with story.database.begin(person(who)) as tx:
        actions.move(tx, found.id, Phase.TRIAGE)
        actions.set_impact(tx, found.id, said)
        actions.answer_escalation(tx, found.id, Escalate(needed=False))
        actions.confirm_severity(tx, found.id, reason="it is what it looks like")
        fill(tx, queries.incident(tx, found.id))
        tells(tx, found.id)
        return queries.incident(tx, found.id)


def tells(
    tx: Tx, name: str, *audiences: Audience, template: Template = Template.UPDATE
) -> list[Update]:
    """Internal, or those named, hear how it stands, and when they hear more."""
    said = {
        Template.UPDATE: {"update": "We look for what changed.", "eta": "not known"},
        Template.RESOLUTION: {"cause": "a change that was undone", "follow_ups": LINK},
    }
    wanted = audiences or (Audience.INTERNAL,)
    coming = None if template is Template.RESOLUTION else Next.CADENCE
    return telling.post(tx, name, Composed(template, said[template], wanted, next_update=coming))


def finishes(story: Story, name: str, who: str = "ana") -> None:
    """Everybody who heard of it hears that it is over."""
    with story.database.begin(person(who)) as tx:
        untold = telling.final_missing(tx, queries.incident(tx, name))
        if untold:
            tells(tx, name, *untold, template=Template.RESOLUTION)


def resolved(story: Story, found: Incident, who: str = "ana") -> Incident:
    """All the way from declared to resolved; the clock stands at the end of the window."""
    triaged(story, found, who)
    moves(story, who, found.id, Phase.MITIGATING)
    moves(story, who, found.id, Phase.MONITORING, Move(mitigation="the change was undone"))
    story.clock.jump_to(story.clock.now() + found.level.verify_window)
    checks(story, found.id, who)
    finishes(story, found.id, who)
    return moves(story, who, found.id, Phase.RESOLVED, RESOLVED)


def fill(tx: Tx, found: Incident) -> None:
    """Gives every role that the level asks for and nobody holds to somebody else each."""
    held = {each.user for each in role_queries.holders(tx, found.id)}
    for role in role_queries.missing(tx, found):
        free = next(name for name in ("ana", "bo", "cy", *CREW) if name not in held)
        held.add(free)
        roles.assign(tx, found.id, role, free)


def checks(story: Story, name: str, who: str = "ana", **changed: Any) -> Incident:
    """That person has looked: error rate 0.1 %, on the dashboard, and it is good."""
    with story.database.begin(person(who)) as tx:
        made = Check("error rate", "0.1 %", "dashboard", True, tx.now, who)
        return actions.check(tx, name, replace(made, **changed))


def admin(name: str = "root") -> Any:
    """An actor who may do everything."""
    return person(name, Role.ADMIN)
