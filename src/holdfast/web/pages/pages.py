"""The page on the phone: looking changes nothing, one tap answers, and no session is needed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import msgspec
from fastapi import Depends, Request
from fastapi.responses import Response

from holdfast.alerts import actions as alert_actions
from holdfast.alerts import queries as alerts
from holdfast.alerts.model import AlertStatus
from holdfast.alerts.shape import alert_object
from holdfast.incidents.board.queries import asked_incident
from holdfast.incidents.responders import actions as responder_actions
from holdfast.incidents.responders import queries as responders
from holdfast.kernel.actor import Actor, ActorKind
from holdfast.kernel.errors import Conflict, Invalid, NotFound
from holdfast.kernel.tx import Tx
from holdfast.paging import queries as pages
from holdfast.paging.model import NoSuchPage, Page, PageAnswer, PageKind, PageOver, PageState
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.people.model import User
from holdfast.web import respond
from holdfast.web.answers import page_of_token
from holdfast.web.context import Context, ContextDep
from holdfast.web.errors import PROBLEM_TYPE, problem_of
from holdfast.web.pages import incident, words
from holdfast.web.pages.state import answered_view, current, open_view, outcome_of
from holdfast.web.pages.views import AnsweredPage, AnswerPage, GonePage
from holdfast.web.routes import ANYONE, Route

_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
_JSON = "application/json"


class UnknownLink(NotFound):
    """This link does not work: it is wrong, or was cut short."""


class NothingToAnswer(Conflict):
    """Nobody needs an answer any more."""


class NoAnswer(Invalid):
    """Say which answer: acknowledge, escalate or decline."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How the page of a link stands at one instant. `body` is the same for programs."""

    zone: str
    view: AnswerPage | AnsweredPage
    body: dict[str, object]

    @property
    def outcome(self) -> str:
        return self.view.outcome if isinstance(self.view, AnsweredPage) else "open"


async def sent_body(request: Request) -> bytes:
    """The body as it was sent; the gate has bounded it."""
    return await request.body()


SentBody = Annotated[bytes, Depends(sent_body)]


def show(ctx: ContextDep, token: str) -> Response:
    """GET and HEAD: mail scanners and previews follow links, so looking changes nothing."""
    as_json = _reads_json(ctx, b"")
    try:
        with ctx.read() as tx:
            page, user = _page_of(tx, ctx, token)
            stand = _stand(tx, ctx, page, user)
    except UnknownLink as error:
        return _gone(ctx, error, as_json=as_json)
    return _answer(ctx, stand, as_json=as_json)


def act(ctx: ContextDep, token: str, body: SentBody) -> Response:
    """POST: the answer of the person that the page belongs to. Repeated, it changes nothing."""
    as_json = _reads_json(ctx, body)
    try:
        answer = _answer_in(ctx, body)
        acted, stand = ctx.program.database.transact(
            ctx.actor, lambda tx: _act(tx, ctx, token, answer)
        )
    except UnknownLink as error:
        return _gone(ctx, error, as_json=as_json)
    except NoAnswer as error:
        if as_json:
            return _problem(error)
        raise
    if acted:
        return _answer(ctx, stand, as_json=as_json)
    if as_json:
        detail = words.OVER_DETAIL.get(stand.outcome, words.OVER_DETAIL["over"])
        return _problem(NothingToAnswer(detail, remedy=words.OVER_REMEDY))
    return _answer(ctx, stand, as_json=False, status=409)


def _act(tx: Tx, ctx: Context, token: str, answer: PageAnswer) -> tuple[bool, Stand]:
    """Whether the answer stands, and how things are then."""
    page, user = _page_of(tx, ctx, token)
    theirs = tx.as_actor(Actor(ActorKind.USER, user.id, user.role, user.id))
    if page.kind is PageKind.TEST:
        answer = PageAnswer.ACKNOWLEDGE
    acted = True
    try:
        responder_actions.answer_page(theirs, page.id, answer)
    except PageOver:
        acted = _stands_already(theirs, page, answer) or _took_it_back(theirs, page, answer)
    tx.forget()
    return acted, _stand(tx, ctx, pages.page(tx, page.id), user)


def _stands_already(tx: Tx, page: Page, answer: PageAnswer) -> bool:
    """The same answer once more: a double tap, or a link in a second message."""
    if page.kind is PageKind.TEST or page.answer is answer:
        return page.state is PageState.ANSWERED
    request = responders.find_request(tx, page.subject)
    if request is not None:
        outcome = incident.outcome_of(tx, page, request)
        return answer is PageAnswer.ACKNOWLEDGE and outcome == "acknowledged"
    alert = alerts.alert(tx, page.subject)
    has_it = alert.acknowledged_by == page.user and alert.status is AlertStatus.ACKNOWLEDGED
    return answer is PageAnswer.ACKNOWLEDGE and has_it


def _took_it_back(tx: Tx, page: Page, answer: PageAnswer) -> bool:
    """Whoever declined or passed it on may take it after all, while nobody else has it."""
    passed_on = page.answer in (PageAnswer.DECLINE, PageAnswer.ESCALATE)
    if answer is not PageAnswer.ACKNOWLEDGE or page.kind is PageKind.TEST or not passed_on:
        return False
    request = responders.find_request(tx, page.subject)
    if request is not None:
        if responders.is_over(tx, request, page.user) is not None:
            return False
        responder_actions.accept(tx, request.incident)
        return True
    if alerts.alert(tx, page.subject).status is not AlertStatus.TRIGGERED:
        return False
    if not permissions.allowed(tx.actor, "alerts.answer"):
        return False
    alert_actions.acknowledge(tx, page.subject)
    return True


def _page_of(tx: Tx, ctx: Context, token: str) -> tuple[Page, User]:
    """The page of a link, and its person. Raises UnknownLink, whatever of it was wrong."""
    page_id = page_of_token(ctx.program, token)
    if page_id is None:
        raise UnknownLink(remedy=words.UNKNOWN_LINK_REMEDY)
    try:
        page = current(tx, pages.page(tx, page_id))
    except NoSuchPage:
        raise UnknownLink(remedy=words.UNKNOWN_LINK_REMEDY) from None
    user = people.find_user(tx, page.user)
    if user is None or user.disabled_at is not None:
        raise UnknownLink(remedy=words.UNKNOWN_LINK_REMEDY)
    return page, user


def _stand(tx: Tx, ctx: Context, page: Page, user: User) -> Stand:
    view: AnswerPage | AnsweredPage
    if page.state is PageState.OPEN:
        view = open_view(tx, page, user, ctx.program.integrations)
    else:
        view = answered_view(tx, page, may_look=ctx.user is not None)
    return Stand(user.time_zone, view, _body(tx, ctx, page))


def _body(tx: Tx, ctx: Context, page: Page) -> dict[str, object]:
    """What a program is told: how it stands, and the alert or incident as messages carry it."""
    said: dict[str, object] = {
        "page": {"id": page.id, "kind": page.kind.value, "state": page.state.value},
    }
    if page.kind is PageKind.TEST:
        received = page.state is PageState.ANSWERED
        return {"status": "test_received" if received else "open", "alert": None, **said}
    request = responders.find_request(tx, page.subject)
    if request is not None:
        about = asked_incident(tx, request, base_url=ctx.program.base_url)
        return {"status": incident.status_of(tx, page, request), "incident": about, **said}
    alert = alerts.alert(tx, page.subject)
    status = "open" if page.state is PageState.OPEN else outcome_of(page, alert)
    url = f"{ctx.program.base_url}/alerts/{alert.id}"
    return {"status": status, "alert": alert_object(alert, url=url), **said}


def _answer_in(ctx: Context, body: bytes) -> PageAnswer:
    """The answer of a form or of a JSON object. Raises NoAnswer."""
    said: object = ctx.form.get("answer")
    if said is None and body.lstrip().startswith(b"{"):
        try:
            told = msgspec.json.decode(body)
        except (msgspec.DecodeError, RecursionError):
            told = None
        said = told.get("answer") if isinstance(told, dict) else None
    if not isinstance(said, str) or said not in set(PageAnswer):
        fields = {"answer": "not one of the three"}
        raise NoAnswer(words.NO_ANSWER, remedy=words.NO_ANSWER_REMEDY, fields=fields)
    return PageAnswer(said)


def _reads_json(ctx: Context, body: bytes) -> bool:
    """Programs send JSON or ask for it; everybody else gets a page."""
    headers = ctx.request.headers
    accept = headers.get("accept", "")
    if "text/html" in accept:
        return False
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = kind == _JSON or kind.endswith("+json") or body.lstrip().startswith(b"{")
    return is_json or _JSON in accept


def _answer(ctx: Context, stand: Stand, *, as_json: bool, status: int = 200) -> Response:
    if as_json:
        return respond.json(stand.body, status=status, headers=_HEADERS)
    is_open = isinstance(stand.view, AnswerPage)
    template = "pages/show.html" if is_open else "pages/done.html"
    return _page(ctx, template, stand.view, zone=stand.zone, status=status)


def _gone(ctx: Context, error: UnknownLink, *, as_json: bool) -> Response:
    if as_json:
        return _problem(error)
    return _page(ctx, "pages/gone.html", GonePage("unknown"), zone="UTC", status=404)


def _page(ctx: Context, template: str, view: object, *, zone: str, status: int) -> Response:
    shell = replace(respond.anonymous_shell(ctx), zone=zone)
    answer = respond.rendered(ctx.request, template, shell, view, status)
    answer.headers.update(_HEADERS)
    return answer


def _problem(error: Conflict | NotFound | Invalid) -> Response:
    problem = problem_of(error)
    assert problem is not None, "it is an error of the domain"
    answer = respond.json(problem.body(), status=problem.status, headers=_HEADERS)
    answer.headers["content-type"] = PROBLEM_TYPE
    return answer


ROUTES = (
    Route("GET", "/p/{token}", show, ANYONE, csrf=False),
    Route("POST", "/p/{token}", act, ANYONE, csrf=False),
)
