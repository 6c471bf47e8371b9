"""The clock of a rehearsal by API; in earnest its routes do not exist."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from holdfast.kernel.actor import Role
from tests.support.api import Api, Json, api, problem
from tests.support.story import Story


class Playing:
    """A rehearsal of the story's own engine."""

    story: Story

    def advance(self, to: datetime) -> datetime:
        self.story.pass_time(to - self.story.clock.now())
        return self.story.clock.now()

    def deliveries(self) -> list[Json]:
        return [
            {
                "at": heard.at,
                "to": heard.address,
                "method": "phone",
                "message": dict(heard.message.payload),
            }
            for heard in self.story.heard
        ]


@pytest.fixture
def web() -> Iterator[Api]:
    playing = Playing()
    with api(playing) as made:
        playing.story = made.story
        yield made


def test_the_clock_moves_when_told_and_everything_on_the_way_happens(web: Api) -> None:
    web.fires()
    assert web.get("rehearsal").json() == {"now": "2026-11-16T09:00:00Z"}
    moved = web.post("rehearsal/clock", {"advance": "PT15M"})
    assert moved.json() == {"now": "2026-11-16T09:15:00Z"}
    heard = web.items("rehearsal/deliveries")
    assert [(each["at"], each["to"]) for each in heard] == [
        ("2026-11-16T09:00:00Z", "ana@phone"),
        ("2026-11-16T09:02:00Z", "ana@mail"),
        ("2026-11-16T09:05:00Z", "bo@phone"),
        ("2026-11-16T09:07:00Z", "bo@mail"),
    ]
    assert heard[0]["message"]["kind"] == "page"  # type: ignore[index]  # it is JSON
    to = web.post("rehearsal/clock", {"to": "2026-11-16T10:00:00Z"})
    assert to.json() == {"now": "2026-11-16T10:00:00Z"}


def test_standing_still_is_no_mistake(web: Api) -> None:
    assert web.post("rehearsal/clock", {"advance": "0m"}).status_code == 200


def test_deliveries_are_handed_out_in_parts(web: Api) -> None:
    web.fires()
    web.story.pass_time(timedelta(minutes=5))
    first = web.get("rehearsal/deliveries", limit=2).json()
    second = web.get("rehearsal/deliveries", limit=2, cursor=first["next"]).json()
    assert [each["to"] for each in first["items"] + second["items"]] == [
        "ana@phone", "ana@mail", "bo@phone",
    ]  # fmt: skip
    assert second["next"] is None
    problem(web.get("rehearsal/deliveries", cursor="Wy0xXQ"), 422)


def test_a_move_that_is_not_right_is_refused_and_the_clock_stands(web: Api) -> None:
    wrong: tuple[Json, ...] = (
        {}, {"advance": "PT15M", "to": "2026-11-16T10:00:00Z"}, {"advance": "soon"},
        {"advance": 5}, {"advance": "-PT1M"}, {"to": "2026-11-16T10:00"}, {"advance": "500d"},
        {"advance": "1m", "quietly": True},
    )  # fmt: skip
    for body in wrong:
        problem(web.post("rehearsal/clock", body), 422)
    problem(web.post("rehearsal/clock", {"to": "2026-11-16T08:00:00Z"}), 409)
    assert web.get("rehearsal").json() == {"now": "2026-11-16T09:00:00Z"}


def test_only_an_admin_moves_the_clock_or_reads_messages_with_answer_links(web: Api) -> None:
    manager = web.as_(Role.MANAGER)
    problem(manager.post("/api/v1/rehearsal/clock", json={"advance": "1m"}), 403)
    problem(manager.get("/api/v1/rehearsal/deliveries"), 403)
    assert manager.get("/api/v1/rehearsal").status_code == 200


def test_in_earnest_there_is_no_such_address() -> None:
    with api() as web:
        problem(web.get("rehearsal"), 404)
        problem(web.get("rehearsal/deliveries"), 404)
        problem(web.post("rehearsal/clock", {"advance": "1m"}), 404)
