"""Incidents on screen: the list, declaring, the room with its forms, and the page for leaders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import httpx2
import pytest

from holdfast.incidents import queries as incidents
from holdfast.incidents.model import Incident, Kind, Phase
from holdfast.incidents.roles import queries as roles
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.practice.model import RoleKey
from tests.support.program import Browser, add_user, client
from tests.support.screens import Screens, screens, words_of


@dataclass
class Room:
    """One incident, and Ada's browser in its room."""

    web: Screens
    number: str

    @property
    def href(self) -> str:
        return f"/incidents/{self.number}"

    def get(self, path: str = "", *, by: Browser | None = None) -> httpx2.Response:
        return (by or self.web.browser).get(self.href + path)

    def send(self, verb: str, *, by: Browser | None = None, **fields: str) -> httpx2.Response:
        return (by or self.web.browser).send_form(f"{self.href}/{verb}", fields)

    def incident(self) -> Incident:
        with self.web.program.database.read(SYSTEM) as tx:
            return incidents.incident(tx, self.number)

    def holder(self, role: RoleKey) -> str | None:
        incident = self.incident()
        with self.web.program.database.read(SYSTEM) as tx:
            return roles.holder(tx, incident.id, role)

    def script(self, verb: str, **fields: str) -> httpx2.Response:
        """As our own script sends a form."""
        browser = self.web.browser
        body = {"csrf": browser.csrf, **fields}
        headers = {"sec-fetch-site": "same-origin", "HX-Request": "true"}
        return browser.post(f"{self.href}/{verb}", data=body, headers=headers)


@pytest.fixture
def web() -> Iterator[Screens]:
    with screens() as made:
        yield made


def declared(web: Screens, **fields: str) -> Room:
    form = {"title": "Card payments failing", "severity": "SEV2", "detection": "teammate"}
    answer = web.browser.send_form("/incidents/declare", form | fields)
    assert answer.status_code == 303, words_of(answer)
    return Room(web, answer.headers["location"].rpartition("/")[2])


@pytest.fixture
def room(web: Screens) -> Room:
    return declared(web)


def test_an_empty_list_teaches_and_offers_a_drill(web: Screens) -> None:
    said = words_of(web.browser.get("/incidents"))
    assert "No incident has been declared here yet" in said
    assert 'href="/incidents/declare?kind=drill"' in web.browser.get("/incidents").text


def test_open_incidents_come_first_the_worst_on_top(web: Screens) -> None:
    declared(web, title="The mild one", severity="SEV3")
    declared(web, title="The bad one", severity="SEV1")
    said = words_of(web.browser.get("/incidents"))
    assert said.index("The bad one") < said.index("The mild one")
    assert "you are Incident commander" in said
    assert "Open 2" in said


def test_the_first_screen_shows_open_incidents_and_offers_to_declare(web: Screens) -> None:
    web.fires()
    room = declared(web)
    answer = web.browser.get("/")
    assert "Open incidents" in words_of(answer)
    assert f'href="{room.href}"' in answer.text
    assert 'href="/incidents/declare"' in answer.text


@pytest.mark.ledger("S0-20")
def test_declared_from_an_alert_everything_is_filled_in(web: Screens) -> None:
    alert = web.fires(title="Disk full")
    page = web.browser.get(f"/alerts/{alert.id}")
    href = re.search(r'href="(/incidents/declare\?alert=[^"]+)"', page.text)
    assert href is not None
    form = web.browser.get(href[1])
    assert 'value="Disk full"' in form.text
    answer = web.browser.send_form("/incidents/declare", {"alert": alert.id, "severity": "SEV1"})
    room = Room(web, answer.headers["location"].rpartition("/")[2])
    assert room.incident().title == "Disk full"
    assert f"Part of {room.number}" in words_of(web.browser.get(f"/alerts/{alert.id}"))


@pytest.mark.ledger("S0-02")
def test_whoever_is_unsure_gets_the_worst_plausible_severity_marked_as_provisional(
    web: Screens,
) -> None:
    room = declared(web, severity="unsure", unsure_from="1", unsure_to="2")
    assert (room.incident().severity.rank, room.incident().severity.provisional) == (1, True)
    said = words_of(room.get())
    assert "provisional" in said
    assert "Still SEV1?" in said


def test_a_declaration_without_a_severity_comes_back_with_what_was_typed(web: Screens) -> None:
    answer = web.browser.send_form(
        "/incidents/declare", {"title": "Something is wrong", "detection": "teammate"}
    )
    assert answer.status_code == 422
    assert 'value="Something is wrong"' in answer.text
    assert "/help/guardrails/SEVERITY_REQUIRED" in answer.text


def test_a_drill_says_so_on_every_screen_of_it(web: Screens) -> None:
    room = declared(web, kind="drill")
    assert room.incident().kind is Kind.DRILL
    assert "DRILL." in words_of(room.get())
    assert "DRILL." in words_of(room.get("/leaders"))


@pytest.mark.ledger("S0-01")
def test_from_the_first_second_every_role_has_a_name_or_the_word_missing(web: Screens) -> None:
    room = declared(web, severity="SEV1")
    said = words_of(room.get())
    assert "Incident commander Ada" in said
    for label in ("Operations lead", "Communications lead", "Scribe"):
        assert re.search(rf"{label} (MISSING|\w+\?|\w+ )", said), label


@pytest.mark.ledger("S4-14")
def test_the_console_of_command_has_its_six_blocks(room: Room) -> None:
    said = words_of(room.get())
    blocks = ("Open tasks", "Owners", "Timers", "Missing roles", "Next update", "Hypotheses")
    assert [name for name in blocks if name not in said] == []
    assert 'id="console"' in room.get().text
    assert 'id="console"' not in room.get(by=room.web.as_("bo")).text


@pytest.mark.parametrize(
    ("kind", "fields", "seen"),
    [
        ("note", {}, "Note"),
        ("fact", {"link": "https://graphs.example.com/1", "link_kind": "metric"}, "Fact"),
        ("assumption", {}, "Assumption"),
        ("hypothesis", {"prediction": "waits begin after each deploy"}, "Hypothesis"),
        ("decision", {"rationale": "it is the fastest"}, "Decision"),
        ("action", {}, "Action"),
        ("task", {"to": "ana", "minutes": "10"}, "Task"),
    ],
)
def test_each_kind_of_entry_is_written_and_shown_as_what_it_is(
    room: Room, kind: str, fields: dict[str, str], seen: str
) -> None:
    form = {"kind": kind, "text": "The pool is exhausted", **fields}
    answer = room.web.browser.send_form(f"{room.href}/entry", form)
    assert answer.status_code == 303, words_of(answer)
    said = words_of(room.get())
    assert "The pool is exhausted" in said
    assert seen in said


def test_an_assumption_is_confirmed_by_evidence_and_refused_without(room: Room) -> None:
    room.send("entry", kind="assumption", text="Nobody is charged twice")
    entry = re.search(r'name="about" value="(en_[^"]+)"', room.get().text)
    assert entry is not None
    refused = room.send("judge", about=entry[1], verdict="confirmed", proof="")
    assert refused.status_code in (409, 422)
    assert "EVIDENCE_REQUIRED" in words_of(refused)
    link = "https://logs.example.com/charges"
    room.send("judge", about=entry[1], verdict="confirmed", proof=link, proof_kind="log")
    assert "Nobody is charged twice Confirmed" in words_of(room.get())


def test_what_people_write_is_text_and_a_link_that_is_none_of_the_webs_is_no_link(
    room: Room,
) -> None:
    room.send("entry", kind="note", text="<script>alert(1)</script>")
    room.send("entry", kind="fact", text="Look", link="javascript:alert(1)", link_kind="log")
    text = room.get().text
    assert "<script>alert(1)" not in text
    assert 'href="javascript' not in text


def test_a_refused_form_stands_in_the_room_with_code_remedy_and_what_was_typed(room: Room) -> None:
    answer = room.send("severity", level="SEV4", reason="")
    assert answer.status_code == 422
    said = words_of(answer)
    assert "REASON_REQUIRED" in said
    assert "/help/guardrails/REASON_REQUIRED" in answer.text
    assert re.search(r'id="d-severity"[^>]* open', answer.text)
    assert room.incident().severity.rank == 2


def test_what_stands_on_the_response_path_offers_to_break_the_glass(web: Screens) -> None:
    room = declared(web, severity="SEV1")
    room.send("move", to="triage")
    answer = room.send("move", to="mitigating", escalate="no")
    assert answer.status_code == 409
    assert 'name="break_glass"' in answer.text
    assert room.incident().phase is Phase.TRIAGE


def test_the_next_phase_says_what_is_missing_before_anybody_presses(room: Room) -> None:
    room.send("move", to="triage")
    text = room.get().text
    dialog = text[text.index('id="d-move"') :]
    assert "Nobody has said yet how many users are affected" in dialog
    assert "Begin mitigating" in dialog


def test_somebody_who_looked_at_an_older_state_is_told_who_did_what(room: Room) -> None:
    seen = str(room.incident().version)
    room.send("brief", impact="Cards fail", by=room.web.as_("ana"))
    answer = room.send("move", to="triage", seen=seen)
    assert answer.status_code == 409
    assert "ana changed what is known a moment ago" in words_of(answer)


def test_an_update_is_checked_while_it_is_typed_and_nothing_is_sent(room: Room) -> None:
    form = {"kind": "update", "to": "customers", "text": "The backend is probably down."}
    answer = room.web.browser.send_form(f"{room.href}/lint", form)
    said = words_of(answer)
    assert answer.status_code == 200
    assert "probably" in said
    assert "As customers read it" in said
    assert "Told so far" not in words_of(room.get())


def test_an_update_goes_out_and_its_promise_stands_in_the_header(room: Room) -> None:
    answer = room.send(
        "update", kind="initial", to="internal", text="Cards fail in the EU.", next="15"
    )
    assert answer.status_code == 303, words_of(answer)
    said = words_of(room.get())
    assert "Told so far" in said
    assert "Cards fail in the EU." in said
    assert "Next update 15:00" in said


def test_a_role_changes_hands_when_the_other_has_read_back(room: Room) -> None:
    ana = room.web.as_("ana")
    offered = room.send("handoff", about="command", to="ana", summary="Cards fail; we roll back")
    assert offered.status_code == 303, words_of(offered)
    assert room.holder(RoleKey.COMMAND) == "ada"
    assert "I have it" in words_of(room.get(by=ana))
    room.send("handoff-accept", about="command", read_back="Cards fail, I command", by=ana)
    assert room.holder(RoleKey.COMMAND) == "ana"


def test_somebody_is_paged_and_shows_up_with_what_for(room: Room) -> None:
    answer = room.send("page", target="user:bo", reason="Knows the pool", minutes="5")
    assert answer.status_code == 303, words_of(answer)
    said = words_of(room.get())
    assert "Knows the pool" in said
    assert "Paged" in said
    first = words_of(room.web.as_("bo").get("/"))
    assert "An incident asks for you" in first
    room.send("join", by=room.web.as_("bo"))
    assert "An incident asks for you" not in words_of(room.web.as_("bo").get("/"))


def test_a_late_joiner_is_told_what_happened_once(room: Room) -> None:
    bo = room.web.as_("bo")
    assert re.search(r'id="catch-up"[^>]* open', room.get(by=bo).text)
    assert not re.search(r'id="catch-up"[^>]* open', room.get(by=bo).text)
    assert not re.search(r'id="catch-up"[^>]* open', room.get().text), "she declared it"


@pytest.mark.ledger("S2-09")
def test_a_question_waits_for_command_and_disturbs_nobody_else(room: Room) -> None:
    vi = client(
        room.web.program, add_user(room.web.program, "Vi", Role.VIEWER), app=room.web.browser.app
    )
    answer = room.send("ask", text="Must we tell the regulator?", **{"from": "leaders"}, by=vi)
    assert answer.headers["location"].endswith("/leaders")
    assert "Must we tell the regulator?" in words_of(room.get())
    assert "Must we tell the regulator?" not in words_of(room.get(by=room.web.as_("bo")))


def test_leaders_read_no_name_below_the_commander_and_no_entry(room: Room) -> None:
    room.send("role", about="operations", user="bo")
    room.send("entry", kind="note", text="kubelet evicted the pods")
    room.send("brief", impact="Card payments fail for a third of customers.")
    said = words_of(room.get("/leaders"))
    assert "Card payments fail for a third of customers." in said
    assert "Who leads Ada" in said
    assert "Bo" not in said.replace("Boxes", "").split("Who leads")[1]
    assert "kubelet" not in said


def test_a_viewer_reads_everything_and_changes_nothing(room: Room) -> None:
    vi = client(
        room.web.program, add_user(room.web.program, "Vi", Role.VIEWER), app=room.web.browser.app
    )
    shown = room.get(by=vi)
    assert shown.status_code == 200
    assert 'id="f-entry"' not in shown.text
    assert room.send("entry", kind="note", text="x", by=vi).status_code == 403
    assert vi.get("/incidents/declare").status_code == 403


def test_a_private_incident_is_not_there_for_others(web: Screens) -> None:
    room = declared(web, private="yes")
    assert room.get().status_code == 200
    assert room.get(by=web.as_("bo")).status_code == 404
    assert "Card payments failing" not in words_of(web.as_("bo").get("/incidents"))


def test_a_script_gets_what_to_say_or_the_form_that_was_refused(room: Room) -> None:
    done = room.script("entry", kind="note", text="Seen")
    assert done.json() == {"said": "Added.", "go": None}
    refused = room.script("severity", level="SEV4")
    assert refused.status_code == 422
    assert 'class="notice bad refusal"' in refused.text


def test_the_live_regions_come_alone_and_are_the_same_as_in_the_room(room: Room) -> None:
    room.send("entry", kind="note", text="Seen")
    whole, part = room.get().text, room.get("/fresh").text
    assert "<html" not in part
    live = re.findall(r'id="([a-z-]+)"[^>]* data-live="', whole)
    assert set(re.findall(r'id="([a-z-]+)"[^>]* data-live="', part)) >= set(live) - {
        "places",
        "duty",
    }


@pytest.mark.parametrize("verb", ["fly", "delete", "fresh"])
def test_an_unknown_verb_is_not_found(room: Room, verb: str) -> None:
    assert room.send(verb).status_code in (404, 405)


def test_a_room_with_much_in_it_shows_the_newest_hundred_and_the_older_on_demand(
    room: Room,
) -> None:
    for number in range(105):
        room.send("entry", kind="note", text=f"Line {number:03}")
    first = room.get()
    assert "Line 104" in words_of(first)
    assert "Line 000" not in words_of(first)
    older = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert older is not None
    assert "Line 000" in words_of(room.get(older[1].replace("&amp;", "&")))
    assert first.elapsed < timedelta(seconds=2)
