"""The timeline by API: newest first, by kind, in parts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.api import Api, api, problem
from tests.support.story import MINUTE


@pytest.fixture
def web() -> Iterator[Api]:
    with api() as made:
        yield made


def test_what_happened_is_listed_newest_first_with_who_did_it(web: Api) -> None:
    alert = web.fires()
    web.story.pass_time(MINUTE)
    web.story.answers("ana")
    newest = web.items("timeline", limit=500)
    assert [event["at"] for event in newest] == sorted(
        (str(event["at"]) for event in newest), reverse=True
    )
    acknowledged = web.items("timeline", kinds="alert.acknowledged")
    assert [(event["subject"], event["actor"]) for event in acknowledged] == [(alert, "user:ana")]
    assert acknowledged[0]["data"] == {
        "service": "checkout", "user": "ana", "why": "answered the page",
    }  # fmt: skip


def test_several_kinds_may_be_asked_for_at_once(web: Api) -> None:
    web.fires()
    found = web.items("timeline", kinds="alert.triggered,page.opened")
    assert {event["kind"] for event in found} == {"alert.triggered", "page.opened"}
    again = web.items("timeline", kinds=["alert.triggered", "page.opened"])
    assert again == found
    assert web.items("timeline", kinds="alert.unheard") == []


def test_the_whole_timeline_is_handed_out_in_parts(web: Api) -> None:
    web.fires()
    whole = [event["id"] for event in web.items("timeline", limit=500)]
    found: list[object] = []
    query: dict[str, object] = {"limit": 5}
    while True:
        part = web.get("timeline", **query).json()
        found += [event["id"] for event in part["items"]]
        if part["next"] is None:
            break
        query["cursor"] = part["next"]
    assert found == whole


def test_kinds_that_make_no_sense_are_422(web: Api) -> None:
    problem(web.get("timeline", kinds="\0"), 422)
    problem(web.get("timeline", kinds="x" * 200), 422)
    problem(web.get("timeline", kinds=",".join(["a"] * 51)), 422)
