"""The answer page where somebody is asked to come to an incident."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfast.incidents.actions import Move
from holdfast.incidents.model import Incident, Phase
from holdfast.incidents.responders import actions as responders
from holdfast.incidents.responders import queries
from holdfast.incidents.responders.model import Presence
from holdfast.kernel.actor import SYSTEM
from holdfast.paging import queries as pages
from holdfast.web.answers import answer_url
from tests.support.incidents import crewed, declares, moves
from tests.support.screens import Screens, screens, words_of

ACKNOWLEDGE = {"answer": "acknowledge"}
DECLINE = {"answer": "decline"}


@pytest.fixture
def web() -> Iterator[Screens]:
    with screens() as made:
        crewed(made.story)
        yield made


def asked(web: Screens, target: str = "user:dee") -> Incident:
    """Ana has declared, and asks for somebody; the pages have left."""
    found = declares(web.story, "ana", severity="SEV2")
    web.story.act("ana", lambda tx: responders.open_war_room(tx, found.id, "https://meet.test/1"))
    web.story.act("ana", lambda tx: responders.request(tx, found.id, target, "locks"))
    web.story.drain()
    return found


def link(web: Screens, user: str) -> str:
    """The one-tap address of that person's newest page."""
    with web.program.database.read(SYSTEM) as tx:
        return answer_url(web.program, pages.latest(tx, user=user, limit=1)[0].id)


def presence(web: Screens, found: Incident, user: str) -> Presence:
    with web.program.database.read(SYSTEM) as tx:
        responder = queries.responder(tx, found.id, user)
    assert responder is not None
    return responder.presence


def test_the_page_says_who_asks_for_what_and_where_to_join_and_looking_changes_nothing(
    web: Screens,
) -> None:
    found = asked(web)
    answer = web.stranger().get(link(web, "dee"))
    said = words_of(answer)
    assert answer.status_code == 200
    for words in ("Paging Dee", "Checkout is down", found.number, "Ana asks for you: locks"):
        assert words in said
    assert "https://meet.test/1" in said
    assert presence(web, found, "dee") is Presence.ASKED


@pytest.mark.ledger("S4-16")
def test_one_tap_says_that_they_come(web: Screens) -> None:
    found = asked(web)
    address = link(web, "dee")
    answer = web.stranger().post(address, data=ACKNOWLEDGE, headers={"origin": "null"})
    assert answer.status_code == 200
    assert "You have it" in words_of(answer)
    assert presence(web, found, "dee") is Presence.COMING
    again = web.stranger().post(address, json=ACKNOWLEDGE)
    assert (again.status_code, again.json()["status"]) == (200, "acknowledged")


def test_a_program_is_told_of_the_incident(web: Screens) -> None:
    found = asked(web)
    told = web.stranger().get(link(web, "dee"), headers={"accept": "application/json"}).json()
    assert told["status"] == "open"
    assert told["incident"]["number"] == found.number
    assert told["incident"]["roles"]["command"]["user"] == "ana"


def test_whoever_declined_may_take_it_after_all(web: Screens) -> None:
    found = asked(web)
    address = link(web, "dee")
    assert web.stranger().post(address, json=DECLINE).json()["status"] == "declined"
    assert presence(web, found, "dee") is Presence.DECLINED
    taken = web.stranger().post(address, json=ACKNOWLEDGE)
    assert (taken.status_code, taken.json()["status"]) == (200, "acknowledged")
    assert presence(web, found, "dee") is Presence.COMING


def test_of_a_team_the_second_to_answer_is_told_who_has_it(web: Screens) -> None:
    asked(web, "team:payments")
    first, second = link(web, "bo"), link(web, "cy")
    web.stranger().post(first, json=ACKNOWLEDGE)
    late = web.stranger().post(second, data=ACKNOWLEDGE, headers={"origin": "null"})
    assert late.status_code == 409
    assert "Bo has it" in words_of(late)


def test_when_the_incident_is_over_nobody_needs_to_come(web: Screens) -> None:
    found = asked(web)
    address = link(web, "dee")
    moves(web.story, "ana", found.id, Phase.FALSE_ALARM, Move(reason="a test"))
    late = web.stranger().post(address, json=ACKNOWLEDGE)
    assert late.status_code == 409
    assert web.stranger().get(address, headers={"accept": "application/json"}).json()[
        "status"
    ] == "over"  # fmt: skip
