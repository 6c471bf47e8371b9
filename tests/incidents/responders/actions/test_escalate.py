"""A responder asks for more people: command decides, or it happens by itself."""

from __future__ import annotations

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents.model import Incident
from holdfast.incidents.responders import actions as responders
from holdfast.incidents.responders import queries
from holdfast.incidents.responders.model import AlreadyAnswered, Request, RequestState
from holdfast.kernel.actor import SYSTEM
from tests.support.incidents import crewed, declares
from tests.support.story import MINUTE, Story


def wants(story: Story, who: str, found: Incident) -> Request:
    made: list[Request] = []
    story.act(
        who,
        lambda tx: made.append(
            responders.ask_escalation(tx, found.id, "we are stuck", target="user:dee")
        ),
    )
    return made[0]


def state(story: Story, asked: Request) -> RequestState:
    with story.database.read(SYSTEM) as tx:
        return queries.request(tx, asked.id).state


def paged(story: Story, asked: Request) -> list[str]:
    return [page.user for page in story.pages_about(asked.id)]


@pytest.mark.ledger("S4-19")
def test_command_that_does_not_answer_within_its_time_has_escalated(story: Story) -> None:
    found = declares(crewed(story), "ana", severity="SEV2")
    asked = wants(story, "bo", found)
    within = found.pack.limits.escalation_answer_within
    story.pass_time(within - MINUTE / 2)
    assert (state(story, asked), paged(story, asked)) == (RequestState.PENDING, [])
    story.pass_time(MINUTE / 2)
    assert (state(story, asked), paged(story, asked)) == (RequestState.ASKED, ["dee"])


@pytest.mark.ledger("S4-19")
def test_command_says_yes_or_no_and_nobody_else_does(story: Story) -> None:
    found = declares(crewed(story), "ana", severity="SEV2")
    asked = wants(story, "bo", found)
    with pytest.raises(Refused):
        story.act("cy", lambda tx: responders.grant(tx, found.id, asked.id))
    story.act("ana", lambda tx: responders.grant(tx, found.id, asked.id))
    assert paged(story, asked) == ["dee"]
    with pytest.raises(AlreadyAnswered):
        story.act("ana", lambda tx: responders.refuse(tx, found.id, asked.id))


def test_an_escalation_that_command_refuses_pages_nobody_ever(story: Story) -> None:
    found = declares(crewed(story), "ana", severity="SEV2")
    asked = wants(story, "bo", found)
    story.act("ana", lambda tx: responders.refuse(tx, found.id, asked.id))
    story.pass_time(10 * MINUTE)
    assert (state(story, asked), paged(story, asked)) == (RequestState.DECLINED, [])


def test_command_itself_pages_at_once(story: Story) -> None:
    found = declares(crewed(story), "ana", severity="SEV2")
    asked = wants(story, "ana", found)
    assert (state(story, asked), paged(story, asked)) == (RequestState.ASKED, ["dee"])
