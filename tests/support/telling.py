"""Stories of telling: an incident whose audiences are owed something, and what they heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from holdfast.incidents import queries as incidents
from holdfast.incidents.model import Brief, Incident
from holdfast.incidents.roles import actions as roles
from holdfast.incidents.roles import queries as holding
from holdfast.incidents.store import save, take
from holdfast.incidents.telling import actions as telling
from holdfast.incidents.telling import queries
from holdfast.incidents.telling.model import Composed, Next, Template, Thread, Update
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.people import actions as people
from holdfast.people.model import Team
from holdfast.practice.model import Audience, RoleKey
from tests.support.incidents import declares
from tests.support.story import Story, person, user

MINUTE = timedelta(minutes=1)
CREW = ("dee", "eli", "fay", "gus")


def told_company(story: Story) -> Story:
    """The company, a crew for every role, and Lea, who leads it all."""
    with story.database.begin(SYSTEM) as tx:
        for name in CREW:
            people.save_user(tx, user(name))
        people.save_user(tx, user("lea", role=Role.VIEWER))
        people.save_user(tx, user("root", role=Role.ADMIN))
        people.save_team(tx, Team("leadership", "Leadership", "lea", ("lea",)))
    return story


def commanded(story: Story, severity: str = "SEV1", **asked: Any) -> Incident:
    """Ana has declared and commands; Bo has operations; what is known has been written down."""
    found = declares(story, severity=severity, title="Card payments fail", **asked)
    with story.database.begin(SYSTEM) as tx:
        for role, name in ((RoleKey.COMMAND, "ana"), (RoleKey.OPERATIONS, "bo")):
            if holding.holder(tx, found.id, role) != name:
                roles.assign(tx, found.id, role, name)
        brief = Brief(impact="one in three payments fails", doing="undoing a change")
        save(tx, replace(take(tx, found.id), brief=brief))
        telling.start_cadence(tx, incidents.incident(tx, found.id))
        return incidents.incident(tx, found.id)


def changes(story: Story, incident: Incident, **changed: Any) -> Incident:
    """What the incident's own verbs would have done."""
    with story.database.begin(SYSTEM) as tx:
        return save(tx, replace(take(tx, incident.id), **changed))


def gives(story: Story, incident: Incident, role: RoleKey, name: str) -> None:
    with story.database.begin(SYSTEM) as tx:
        roles.assign(tx, incident.id, role, name)


def posts(
    story: Story,
    incident: Incident,
    *audiences: Audience,
    who: str = "ana",
    template: Template = Template.UPDATE,
    next_update: datetime | Next | None = Next.CADENCE,
    break_glass: str = "",
    **said: Any,
) -> list[Update]:
    """That person posts; the next update by cadence unless something else is said."""
    own, corrects = said.pop("own", {}), said.pop("corrects", None)
    composed = Composed(
        template, said, audiences, own, next_update, corrects, seen=said.pop("seen", None)
    )
    with story.database.begin(person(who)) as tx:
        return telling.post(tx, incident.id, composed, break_glass=break_glass)


def thread(story: Story, incident: Incident, audience: Audience = Audience.INTERNAL) -> Thread:
    with story.database.read(SYSTEM) as tx:
        return queries.thread(tx, incident.id, audience)


def titles(story: Story, name: str) -> list[str]:
    """What that person was told, oldest first."""
    story.drain()
    mail = f"{name}@mail"
    return [heard.message.title for heard in story.heard if heard.address == mail]
