"""How one page stands, as whoever holds its link may know it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from holdfast.alerts import queries as alerts
from holdfast.alerts.model import Alert, AlertStatus
from holdfast.catalog import queries as catalog
from holdfast.incidents.responders import queries as responders
from holdfast.kernel.tx import Tx
from holdfast.paging import queries as pages
from holdfast.paging.model import (
    OPEN_PAGES_MAX,
    Page,
    PageAnswer,
    PageKind,
    PageState,
)
from holdfast.people import queries as people
from holdfast.people.model import User
from holdfast.sdk.discovery import Integrations
from holdfast.web.faces import rank_of
from holdfast.web.pages import incident, words
from holdfast.web.pages.ahead import first_name, next_step, next_try
from holdfast.web.pages.views import AnsweredPage, AnswerPage, Fact, Outcome
from holdfast.web.sentence import sentence_of

TEST_RANK = 4
_OUTCOMES: dict[PageAnswer, Outcome] = {
    PageAnswer.ESCALATE: "escalated",
    PageAnswer.DECLINE: "declined",
}


def current(tx: Tx, page: Page) -> Page:
    """The page itself; where its person was paged again about the same, the newest one.

    An older message must still answer: it is the same person and the same alert.
    """
    if page.state is not PageState.CLOSED or page.kind is not PageKind.PAGE:
        return page
    mine = pages.latest(tx, user=page.user, state=PageState.OPEN, limit=OPEN_PAGES_MAX)
    return next((newer for newer in mine if newer.subject == page.subject), page)


def open_view(tx: Tx, page: Page, user: User, integrations: Integrations) -> AnswerPage:
    """What somebody sees who is asked for an answer."""
    if page.kind is PageKind.TEST:
        return AnswerPage(
            title=words.TEST_TITLE,
            severity="info",
            rank=TEST_RANK,
            service=words.TEST_SERVICE,
            who=user.name,
            paged_at=page.opened_at,
            code=words.TEST_CODE,
            kind="test",
        )
    request = responders.find_request(tx, page.subject)
    if request is not None:
        return incident.open_view(tx, page, request, user, integrations)
    alert = alerts.alert(tx, page.subject)
    service = catalog.find_service(tx, alert.service)
    team = None if service is None else people.teams(tx).get(service.team)
    step, person = next_step(tx, page)
    return AnswerPage(
        title=alert.title,
        severity=alert.severity.value,
        rank=rank_of(alert.severity),
        service=alert.service if service is None else service.name,
        who=user.name,
        paged_at=page.opened_at,
        code=alert.code,
        sentence=sentence_of(alert),
        team=None if team is None else team.name,
        facts=tuple(_facts(tx, alert)),
        next_try=next_try(page, user, integrations),
        next_step=step,
        next_person=person,
    )


def answered_view(tx: Tx, page: Page, *, may_look: bool) -> AnsweredPage:
    """What is true of a page that wants no answer any more."""
    if page.kind is PageKind.TEST:
        outcome: Outcome = "test_received" if page.state is PageState.ANSWERED else "over"
        return AnsweredPage(outcome, words.TEST_TITLE, words.TEST_CODE, at=page.ended_at)
    request = responders.find_request(tx, page.subject)
    if request is not None:
        return incident.answered_view(tx, page, request, may_look=may_look)
    alert = alerts.alert(tx, page.subject)
    href = f"/alerts/{alert.id}" if may_look else None
    others = {other.user for other in pages.about(tx, [alert.id])} - {page.user}
    outcome = outcome_of(page, alert)
    return AnsweredPage(
        outcome,
        alert.title,
        alert.code,
        by=_by(tx, alert) if outcome == "taken" else None,
        at=_at(alert, page, outcome),
        next_person=_asked_now(tx, page, alert) if outcome in ("escalated", "declined") else None,
        woken=len(others),
        alert_href=href,
    )


def outcome_of(page: Page, alert: Alert) -> Outcome:
    """How it went, for the person of this page."""
    if alert.status is AlertStatus.RESOLVED:
        return "over"
    if alert.status is AlertStatus.ACKNOWLEDGED:
        return "acknowledged" if alert.acknowledged_by == page.user else "taken"
    passed_on = None if page.answer is None else _OUTCOMES.get(page.answer)
    return passed_on or "taken"


def _by(tx: Tx, alert: Alert) -> str | None:
    user = people.find_user(tx, alert.acknowledged_by or "")
    return None if user is None else user.name


def _at(alert: Alert, page: Page, outcome: Outcome) -> datetime | None:
    if outcome == "over":
        return alert.resolved_at
    return alert.acknowledged_at or page.ended_at


def _facts(tx: Tx, alert: Alert) -> Iterator[Fact]:
    if alert.count > 1:
        yield Fact("activity", words.signals_so_far(alert.count))
    earlier = [a for a in alerts.same_trouble(tx, alert) if a.triggered_at < alert.triggered_at]
    if earlier:
        yield Fact("history", words.happened_before(len(earlier), alerts.SAME_KEY_MAX))
    link = safe_link(alert.link)
    if link is not None:
        yield Fact("arrow-up-right", words.at_the_source(urlsplit(link).netloc), link)


def safe_link(link: str | None) -> str | None:
    """A sender's link, where it leads to a web page and nowhere else (promises e7)."""
    try:
        parts = urlsplit(link or "")
    except ValueError:
        return None
    return link if parts.scheme in ("http", "https") and parts.netloc else None


def _asked_now(tx: Tx, page: Page, alert: Alert) -> str | None:
    """Who is asked instead, where the next step was taken already."""
    asked = [
        other.user for other in pages.about(tx, [alert.id])
        if other.state is PageState.OPEN and other.user != page.user
    ]  # fmt: skip
    return first_name(tx, asked[-1]) if asked else None
