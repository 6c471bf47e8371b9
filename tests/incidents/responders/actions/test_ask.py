"""People are paged for an incident: those of its level, and those who are asked for."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.incidents.actions import Move
from holdfast.incidents.model import Incident, IncidentCoordinationGap, Phase
from holdfast.incidents.responders import actions as responders
from holdfast.incidents.responders import queries
from holdfast.incidents.responders.model import (
    CannotBeAsked,
    Presence,
    Request,
    RequestState,
    Responder,
)
from holdfast.kernel.actor import SYSTEM
from holdfast.paging import actions as paging
from holdfast.paging.model import PageAnswer, PageState
from holdfast.people import actions as people
from holdfast.people.model import Team
from tests.support.incidents import crewed, declares, moves
from tests.support.story import MINUTE, Story, person, user


def asks(story: Story, who: str, incident: Incident, target: str, **how: Any) -> Request:
    made: list[Request] = []
    story.act(
        who,
        lambda tx: made.append(responders.request(tx, incident.id, target, "locks", **how)),
    )
    return made[0]


def request(story: Story, asked: Request) -> Request:
    with story.database.read(SYSTEM) as tx:
        return queries.request(tx, asked.id)


def roll_call(story: Story, incident: Incident) -> dict[str, Presence]:
    with story.database.read(SYSTEM) as tx:
        found: list[Responder] = queries.responders(tx, incident.id)
    return {each.user: each.presence for each in found}


def gaps(story: Story, incident: Incident) -> list[tuple[object, object]]:
    return [
        (event.data["gap"], event.data["about"])
        for event in story.recorded(incident.id)
        if event.kind == IncidentCoordinationGap.kind
    ]


def with_leaders(story: Story) -> Story:
    crewed(story)
    with story.database.begin(SYSTEM) as tx:
        people.save_team(tx, Team("leadership", "Leadership", members=("fay",)))
    return story


@pytest.mark.ledger("S0-05")
def test_declaring_the_worst_pages_roles_and_leadership_in_the_same_transaction(
    story: Story,
) -> None:
    incident = declares(with_leaders(story), "dee", severity="SEV0")
    with story.database.read(SYSTEM) as tx:
        asked = queries.requests(tx, incident.id)
    paged = {page.user for each in asked for page in story.pages_about(each.id)}
    assert paged >= {"ana", "bo", "cy", "fay"}
    assert "dee" not in paged


@pytest.mark.ledger("S0-06")
def test_a_sev1_pages_the_service_and_not_leadership(story: Story) -> None:
    incident = declares(with_leaders(story), "dee", severity="SEV1")
    assert "ana" in roll_call(story, incident)
    assert "fay" not in roll_call(story, incident)


@pytest.mark.ledger("S2-03", "S3-05")
def test_a_level_that_wakes_nobody_pages_nobody(story: Story) -> None:
    incident = declares(story, "ana", severity="SEV4")
    with story.database.read(SYSTEM) as tx:
        assert queries.requests(tx, incident.id) == []


def test_a_group_without_a_team_is_a_gap_and_no_silence(story: Story) -> None:
    incident = declares(story, "ana", severity="SEV0")
    assert ("group_missing", "leadership") in gaps(story, incident)


def test_whoever_has_the_alert_is_not_paged_again_for_its_incident(story: Story) -> None:
    alert = story.opens()
    story.drain()
    story.answers("ana")
    incident = declares(story, "bo", alert=alert, severity="SEV2")
    story.drain()
    assert roll_call(story, incident)["ana"] is Presence.COMING
    said = [h for h in story.heard if h.address == "ana@phone" and h.message.code != alert]
    assert [h.message.title for h in said if incident.number in h.message.title] == []


@pytest.mark.ledger("S4-16")
def test_an_expert_who_answers_is_on_the_roll_call_and_the_paging_stops(story: Story) -> None:
    crewed(story)
    incident = declares(story, "ana", severity="SEV2")
    story.drain()
    asked = asks(story, "ana", incident, "user:dee", minutes=10)
    story.drain()
    assert roll_call(story, incident)["dee"] is Presence.ASKED
    story.answers("dee")
    answered = request(story, asked)
    assert (answered.state, answered.answered_by) == (RequestState.ACCEPTED, "dee")
    assert roll_call(story, incident)["dee"] is Presence.COMING
    heard = len(story.heard)
    story.pass_time(30 * MINUTE)
    assert [h for h in story.heard[heard:] if "dee" in h.address] == []


@pytest.mark.ledger("S4-16")
def test_an_expert_who_does_not_answer_is_followed_by_their_teams_policy_and_command_is_told(
    story: Story,
) -> None:
    incident = declares(story, "ana", severity="SEV2")
    asked = asks(story, "ana", incident, "user:cy", minutes=10)
    story.pass_time(9 * MINUTE)
    assert {page.user for page in story.pages_about(asked.id)} == {"cy"}
    assert ("request_unanswered", asked.id) not in gaps(story, incident)
    story.pass_time(1 * MINUTE)
    assert {page.user for page in story.pages_about(asked.id)} == {"cy", "ana"}
    assert ("request_unanswered", asked.id) in gaps(story, incident)


def test_when_everybody_was_asked_in_vain_the_request_says_so(story: Story) -> None:
    incident = declares(story, "ana", severity="SEV2")
    asked = asks(story, "ana", incident, "user:cy", minutes=10)
    story.pass_time(60 * MINUTE)
    assert request(story, asked).state is RequestState.UNANSWERED
    assert ("request_exhausted", asked.id) in gaps(story, incident)


def test_the_last_resort_of_a_request_is_rung_and_may_still_come(story: Story) -> None:
    """Everybody else was asked in vain: that is when the last one is needed."""
    incident = declares(story, "ana", severity="SEV2")
    asked = asks(story, "ana", incident, "user:bo", minutes=10)
    story.pass_time(60 * MINUTE)
    assert request(story, asked).state is RequestState.UNANSWERED
    pages = {page.id: page.user for page in story.pages_about(asked.id)}
    last = [page for page in story.pages_about(asked.id) if page.step is None]
    assert [page.user for page in last] == ["cy"]
    rung = [
        h for h in story.heard if h.message.answer_url in {f"http://holdfast.test/p/{last[0].id}"}
    ]
    assert {h.address for h in rung} >= {"cy@phone"}
    with story.database.begin(person("cy")) as tx:
        paging.answer(tx, last[0].id, PageAnswer.ACKNOWLEDGE)
    assert (request(story, asked).state, request(story, asked).answered_by) == (
        RequestState.ACCEPTED,
        "cy",
    )
    assert [p for p in story.pages_about(asked.id) if p.state is PageState.OPEN] == [], pages


def test_the_end_of_an_incident_closes_the_pages_of_those_who_never_answered(
    story: Story,
) -> None:
    incident = declares(story, "ana", severity="SEV2")
    asked = asks(story, "ana", incident, "user:bo", minutes=10)
    story.pass_time(60 * MINUTE)
    move = Move(reason="the probe was wrong")
    moves(story, "ana", incident.id, Phase.FALSE_ALARM, move)
    assert [p for p in story.pages_about(asked.id) if p.state is PageState.OPEN] == []


def test_a_request_that_is_declined_goes_on_at_once(story: Story) -> None:
    incident = declares(story, "ana", severity="SEV2")
    asked = asks(story, "ana", incident, "user:cy", minutes=10)
    story.drain()
    story.answers("cy", PageAnswer.DECLINE)
    story.drain()
    open_pages = [p for p in story.pages_about(asked.id) if p.state is PageState.OPEN]
    assert {page.user for page in open_pages} == {"ana"}
    assert roll_call(story, incident)["cy"] is Presence.DECLINED


def test_asked_for_twice_while_the_first_waits_nobody_is_paged_twice(story: Story) -> None:
    incident = declares(story, "ana", severity="SEV2")
    first = asks(story, "ana", incident, "user:cy")
    assert asks(story, "bo", incident, "user:cy").id == first.id


def test_somebody_who_cannot_be_reached_cannot_be_asked(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        people.save_user(tx, user("mut", methods=(), rules={}))
    incident = declares(story, "ana", severity="SEV2")
    with pytest.raises(CannotBeAsked):
        asks(story, "ana", incident, "user:mut")
    with pytest.raises(CannotBeAsked):
        asks(story, "ana", incident, "user:cy", minutes=0)


@pytest.mark.ledger("S4-14")
@pytest.mark.refuses("SPAN_OF_CONTROL")
def test_more_people_than_one_can_lead_are_noted_and_not_refused(story: Story) -> None:
    names = [f"p{number}" for number in range(9)]
    with story.database.begin(SYSTEM) as tx:
        for name in names:
            people.save_user(tx, user(name))
    incident = declares(story, "ana", severity="SEV2")
    for name in names[:8]:
        story.act(name, lambda tx: responders.accept(tx, incident.id))
    asks(story, "ana", incident, f"user:{names[8]}")
    noted = [e.data["code"] for e in story.recorded(incident.id) if e.kind == "guardrail.noted"]
    assert noted == ["SPAN_OF_CONTROL"]


def test_a_page_about_an_incident_says_which_and_why_and_leads_to_an_answer(story: Story) -> None:
    crewed(story)
    incident = declares(story, "ana", severity="SEV2")
    asks(story, "ana", incident, "user:dee")
    story.drain()
    [heard] = [h for h in story.heard if h.address == "dee@phone"]
    assert heard.message.title == f"SEV2 · {incident.number}: Checkout is down"
    assert "Ana asks for you: locks" in heard.message.text
    payload: Any = heard.message.payload
    assert payload["kind"] == "page"
    assert payload["page"]["code"] == incident.number
    assert payload["incident"]["number"] == incident.number
    assert payload["incident"]["severity"] == {"level": "SEV2", "rank": 2, "provisional": False}
    assert payload["incident"]["phase"] == "declared"
    assert payload["incident"]["roles"]["command"]["user"] == "ana"
