"""The small company of tests/support/story.py behind the real routes, asked as programs ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2

from holdfast.kernel.actor import SYSTEM, Role
from holdfast.kernel.tx import Tx
from holdfast.web.alerts.api import ROUTES as ALERTS
from holdfast.web.app import make_app
from holdfast.web.command.api import ROUTES as COMMAND
from holdfast.web.conformance.api import ROUTES as CONFORMANCE
from holdfast.web.guardrails.api import ROUTES as GUARDRAILS
from holdfast.web.incidents.api import ROUTES as INCIDENTS
from holdfast.web.pages.api import ROUTES as PAGES
from holdfast.web.people.api import ROUTES as PEOPLE
from holdfast.web.policies.api import ROUTES as POLICIES
from holdfast.web.practice.api import ROUTES as PRACTICE
from holdfast.web.program import Program, Rehearsal
from holdfast.web.record.api import ROUTES as RECORD
from holdfast.web.rehearsal.api import ROUTES as REHEARSAL
from holdfast.web.rehearse.api import ROUTES as REHEARSE
from holdfast.web.schedules.api import ROUTES as SCHEDULES
from holdfast.web.services.api import ROUTES as SERVICES
from holdfast.web.telling.api import ROUTES as TELLING
from holdfast.web.timeline.api import ROUTES as TIMELINE
from tests.support.program import Browser, add_token, client, make_program
from tests.support.story import Story

Json = dict[str, object]
ROUTES = (
    *ALERTS,
    *PAGES,
    *SCHEDULES,
    *SERVICES,
    *POLICIES,
    *PEOPLE,
    *GUARDRAILS,
    *PRACTICE,
    *TIMELINE,
    *REHEARSE,
    *REHEARSAL,
    *INCIDENTS,
    *COMMAND,
    *RECORD,
    *TELLING,
    *CONFORMANCE,
)


class Api:
    """Everything below /api/v1/. Without `as_` it is asked by an admin's token."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.story = Story(program.database).company()
        self.app = make_app(program, ROUTES)
        self._clients: dict[tuple[Role, str | None], Browser] = {}

    def as_(self, role: Role, user: str | None = None) -> Browser:
        """A client with a token of that role, which may act as a person."""
        if (role, user) not in self._clients:
            token = add_token(self.program, role, user)
            self._clients[role, user] = client(self.program, token, app=self.app)
        return self._clients[role, user]

    def get(self, path: str, **query: object) -> httpx2.Response:
        return self.as_(Role.ADMIN).get(f"/api/v1/{path}", params=query)  # type: ignore[arg-type]  # httpx takes these

    def post(self, path: str, body: object = None) -> httpx2.Response:
        return self.as_(Role.ADMIN).post(f"/api/v1/{path}", json=body)

    def items(self, path: str, **query: object) -> list[Json]:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        found: list[Json] = answer.json()["items"]
        return found

    def fires(self, key: str = "k", **changed: object) -> str:
        """A signal that opens an alert; its id."""
        alert = self.story.fires(key, **changed).alert
        assert alert is not None
        self.story.drain()
        return alert

    def change(self, act: Callable[[Tx], object]) -> None:
        with self.program.database.begin(SYSTEM) as tx:
            act(tx)


@contextmanager
def api(rehearsal: Rehearsal | None = None) -> Iterator[Api]:
    """A fresh company. Ana, Bo and Cy are responders; nobody of them is an admin."""
    program = make_program()
    program.rehearsal = rehearsal
    try:
        yield Api(program)
    finally:
        program.database.close()


def problem(answer: httpx2.Response, status: int) -> Json:
    """The problem that was answered, which is one as RFC 9457 has it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: Json = answer.json()
    assert found["status"] == status
    assert found["detail"]
    return found
