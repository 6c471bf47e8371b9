"""What the API answers becomes data, or an exit code with its remedy."""

from __future__ import annotations

import json
from pathlib import Path

import httpx2
import pytest

from holdfast.cli.caller import Caller
from holdfast.cli.exits import CONFLICT, FAILED, NOT_FOUND, NOT_SIGNED_IN, UNREACHABLE, Failed


class Fake(httpx2.BaseTransport):
    """Answers in turn, and remembers what it was asked."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.asked: list[httpx2.Request] = []
        self._answers = list(answers)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def caller(*answers: httpx2.Response | Exception) -> tuple[Caller, Fake]:
    fake = Fake(*answers)
    return Caller(fake, "http://server", token="secret"), fake


def answered(body: object, status: int = 200) -> httpx2.Response:
    return httpx2.Response(status, json=body)


def test_a_collection_is_read_part_by_part_with_the_token() -> None:
    calling, fake = caller(
        answered({"items": [{"id": 1}], "next": "c1"}),
        answered({"items": [{"id": 2}], "next": None}),
    )
    assert calling.items("alerts", status="triggered", service=None) == [{"id": 1}, {"id": 2}]
    assert [dict(request.url.params) for request in fake.asked] == [
        {"status": "triggered", "limit": "500"},
        {"status": "triggered", "limit": "500", "cursor": "c1"},
    ]
    assert fake.asked[0].headers["authorization"] == "Bearer secret"
    assert fake.asked[0].url.path == "/api/v1/alerts"


def test_no_more_is_read_than_was_wanted() -> None:
    calling, fake = caller(answered({"items": [{"id": 1}, {"id": 2}], "next": "more"}))
    assert calling.items("alerts", 2) == [{"id": 1}, {"id": 2}]
    assert len(fake.asked) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, NOT_SIGNED_IN),
        (403, NOT_SIGNED_IN),
        (404, NOT_FOUND),
        (409, CONFLICT),
        (422, FAILED),
        (500, FAILED),
        (503, UNREACHABLE),
    ],
)
def test_each_refusal_has_its_exit_code_its_words_and_its_remedy(status: int, code: int) -> None:
    body = {"detail": "No.", "remedy": "Do this.", "help": "/help/x", "errors": {"a": "b"}}
    calling, _ = caller(answered(body, status))
    with pytest.raises(Failed) as failed:
        calling.post("alerts", {})
    failure = failed.value
    assert (failure.code, failure.detail, failure.remedy) == (code, "No.", "Do this.")
    assert (failure.help_at, failure.lines) == ("http://server/help/x", ("a: b",))


def test_mistakes_in_files_are_told_line_by_line() -> None:
    mistakes = [{"file": "a.yaml", "line": 3, "message": "wrong.", "remedy": "Mend it."}]
    calling, _ = caller(answered({"detail": "a.yaml:3: wrong.", "errors": mistakes}, 422))
    with pytest.raises(Failed) as failed:
        calling.post("configuration/apply", {})
    assert failed.value.lines == ("a.yaml:3: wrong. Mend it.",)
    assert failed.value.detail == "Nothing was changed."


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.ConnectError("refused"),
        httpx2.ReadTimeout("slow"),
        httpx2.Response(200, text="<html>hello</html>"),
        httpx2.Response(502, text="Bad gateway"),
        httpx2.Response(200, json=["no object"]),
    ],
)
def test_what_is_no_holdfast_or_does_not_answer_is_unreachable(
    answer: httpx2.Response | Exception,
) -> None:
    calling, _ = caller(answer)
    with pytest.raises(Failed) as failed:
        calling.get("alerts")
    assert failed.value.code == UNREACHABLE
    assert failed.value.remedy


def test_a_download_appears_whole_and_private_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "b.db"
    calling, _ = caller(
        answered({"detail": "not now"}, 503), httpx2.Response(200, content=b"x" * 3000)
    )
    with pytest.raises(Failed):
        calling.download("backup", target)
    assert not list(tmp_path.iterdir())
    assert calling.download("backup", target) == 3000
    assert target.read_bytes() == b"x" * 3000
    assert target.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_what_is_sent_is_json() -> None:
    calling, fake = caller(answered({"id": 1}, 201))
    assert calling.post("alerts", {"title": "Disk full"}) == {"id": 1}
    assert json.loads(fake.asked[0].content) == {"title": "Disk full"}
