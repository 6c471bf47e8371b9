"""The answer page where somebody is asked to come to an incident, or to take a role in it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from holdfast.incidents.model import Incident
from holdfast.incidents.responders import queries as responders
from holdfast.incidents.responders import words as responder_words
from holdfast.incidents.responders.model import Presence, Request, RequestState
from holdfast.kernel.tx import Tx
from holdfast.paging import queries as pages
from holdfast.paging.model import Page, PageAnswer, PageState
from holdfast.people import queries as people
from holdfast.people.model import User
from holdfast.sdk.discovery import Integrations
from holdfast.web.pages import ahead, words
from holdfast.web.pages.views import AnsweredPage, AnswerPage, Fact, Outcome

RANK_DRAWN_MAX = 5


def open_view(
    tx: Tx, page: Page, request: Request, user: User, integrations: Integrations
) -> AnswerPage:
    """What somebody sees who is asked to an incident."""
    incident, facts = responders.page_facts(tx, request, page, rehearsal=False)
    step, person = ahead.next_step(tx, page)
    return AnswerPage(
        title=incident.title,
        severity=incident.level.label,
        rank=min(incident.severity.rank + 1, RANK_DRAWN_MAX),
        service=", ".join(incident.services) or words.INCIDENT,
        who=user.name,
        paged_at=page.opened_at,
        code=incident.number,
        sentence=responder_words.sentence(facts, tx.now),
        facts=tuple(_facts(incident)),
        next_try=ahead.next_try(page, user, integrations),
        next_step=step,
        next_person=person,
    )


def answered_view(tx: Tx, page: Page, request: Request, *, may_look: bool) -> AnsweredPage:
    """What is true of a page about an incident that wants no answer any more."""
    incident, _ = responders.page_facts(tx, request, page, rehearsal=False)
    outcome = outcome_of(tx, page, request)
    others = {other.user for other in pages.about(tx, [request.id])} - {page.user}
    by = people.find_user(tx, request.answered_by or "") if outcome == "taken" else None
    return AnsweredPage(
        outcome,
        incident.title,
        incident.number,
        by=None if by is None else by.name,
        at=incident.instants.closed_at if outcome == "over" else request.answered_at,
        woken=len(others),
        alert_href=f"/incidents/{incident.number}" if may_look else None,
        about="incident",
    )


def outcome_of(tx: Tx, page: Page, request: Request) -> Outcome:
    """How it went, for the person of this page."""
    mine = responders.responder(tx, request.incident, page.user)
    if page.answer is PageAnswer.ACKNOWLEDGE or request.answered_by == page.user:
        return "acknowledged"
    if page.answer is PageAnswer.DECLINE:
        return "declined"
    if page.answer is PageAnswer.ESCALATE:
        return "escalated"
    if mine is not None and mine.presence is Presence.RELEASED:
        return "over"
    return "taken" if request.state is RequestState.ACCEPTED else "over"


def status_of(tx: Tx, page: Page, request: Request) -> str:
    """The same for programs; `open` while it waits for an answer."""
    return "open" if page.state is PageState.OPEN else outcome_of(tx, page, request)


def _facts(incident: Incident) -> Iterator[Fact]:
    yield Fact("activity", words.phase_is(incident.phase.value))
    if incident.war_room:
        parts = urlsplit(incident.war_room)
        is_link = parts.scheme in ("http", "https") and bool(parts.netloc)
        yield Fact(
            "users", words.room_is(incident.war_room), incident.war_room if is_link else None
        )
