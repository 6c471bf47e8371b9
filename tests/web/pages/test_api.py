"""Pages by API: who was asked, how it went, and whose answer counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfast.kernel.actor import Role
from tests.support.api import Api, api, problem
from tests.support.story import MINUTE


@pytest.fixture
def web() -> Iterator[Api]:
    with api() as made:
        yield made


def test_pages_are_listed_newest_first_by_user_and_by_state(web: Api) -> None:
    alert = web.fires()
    web.story.pass_time(5 * MINUTE)
    assert [page["user"] for page in web.items("pages")] == ["bo", "ana"]
    assert [page["user"] for page in web.items("pages", user="ana")] == ["ana"]
    assert web.items("pages", state="closed") == []
    web.story.answers("bo")
    assert [page["user"] for page in web.items("pages", state="closed")] == ["ana"]
    newest = web.items("pages")[0]
    assert newest["code"] == web.get(f"alerts/{alert}").json()["code"]
    assert (newest["alert"], newest["step"], newest["round"]) == (alert, 2, 1)
    assert (newest["state"], newest["answer"]) == ("answered", "acknowledge")
    assert newest["rungs"] == [
        {"after": "0m", "method": "phone", "used": True},
        {"after": "2m", "method": "mail", "used": False},
    ]


def test_one_page_shows_what_was_carried_for_it(web: Api) -> None:
    web.fires()
    page = web.items("pages")[0]["id"]
    carried = web.get(f"pages/{page}").json()["deliveries"]
    assert [(each["method"], each["state"], each["tries"]) for each in carried] == [
        ("phone", "sent", 1)
    ]


def test_no_answer_shows_the_link_that_answers_a_page(web: Api) -> None:
    web.fires()
    page = web.items("pages")[0]["id"]
    assert "answer_url" not in web.get(f"pages/{page}").text


def test_the_persons_own_answer_counts_and_repeating_it_changes_nothing(web: Api) -> None:
    alert = web.fires()
    page = web.items("pages")[0]["id"]
    ana = web.as_(Role.RESPONDER, "ana")
    first = ana.post(f"/api/v1/pages/{page}/answer", json={"answer": "acknowledge"})
    second = ana.post(f"/api/v1/pages/{page}/answer", json={"answer": "acknowledge"})
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert first.json()["answer"] == "acknowledge"
    assert web.get(f"alerts/{alert}").json()["acknowledged_by"] == "ana"


def test_nobody_else_answers_a_page_but_an_admin(web: Api) -> None:
    alert = web.fires()
    page = web.items("pages")[0]["id"]
    manager = web.as_(Role.MANAGER, "bo")
    problem(manager.post(f"/api/v1/pages/{page}/answer", json={"answer": "acknowledge"}), 403)
    assert web.get(f"alerts/{alert}").json()["status"] == "triggered"
    assert web.post(f"pages/{page}/answer", {"answer": "acknowledge"}).status_code == 200
    assert web.get(f"alerts/{alert}").json()["acknowledged_by"] == "ana"


def test_an_answer_that_comes_too_late_is_409_and_says_why(web: Api) -> None:
    alert = web.fires()
    page = web.items("pages")[0]["id"]
    web.post(f"alerts/{alert}/resolve")
    refused = problem(web.post(f"pages/{page}/answer", {"answer": "acknowledge"}), 409)
    assert "resolved" in str(refused["detail"])


def test_an_answer_that_makes_no_sense_is_refused_and_paging_goes_on(web: Api) -> None:
    alert = web.fires()
    page = web.items("pages")[0]["id"]
    both = {"answer": "acknowledge", "user": "bo"}
    wrong: tuple[object, ...] = (None, {}, {"answer": "perhaps"}, both, [])
    for body in wrong:
        problem(web.post(f"pages/{page}/answer", body), 422)
    problem(web.post("pages/pg_nothing/answer", {"answer": "acknowledge"}), 404)
    problem(web.get("pages/pg_nothing"), 404)
    problem(web.get("pages", state="asleep"), 422)
    problem(web.get("pages", user="a b"), 422)
    assert web.get(f"alerts/{alert}").json()["status"] == "triggered"


def test_the_list_is_handed_out_in_parts(web: Api) -> None:
    web.fires("one")
    web.fires("two")
    web.fires("three")
    first = web.get("pages", limit=2).json()
    second = web.get("pages", limit=2, cursor=first["next"]).json()
    ids = [page["id"] for page in first["items"] + second["items"]]
    assert len(ids) == len(set(ids)) == 3
    assert second["next"] is None
