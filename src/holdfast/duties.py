"""Every kind of timer and delivery, and the action that answers it: all the engine knows of us."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from holdfast.alerts import actions as alerts
from holdfast.alerts import queries as alert_queries
from holdfast.alerts.actions import climbing, heartbeat, letters, retention
from holdfast.alerts.model import Alert
from holdfast.alerts.shape import alert_object
from holdfast.catalog import queries as catalog
from holdfast.engine.loop import InboxDuty, TimerDuty
from holdfast.engine.sender import Abandoned, DeliveryDuty, Parcel
from holdfast.escalation import actions as escalation
from holdfast.kernel.tx import Tx
from holdfast.paging import actions as paging
from holdfast.paging import queries as pages
from holdfast.paging import words
from holdfast.paging.model import PAGE, Page, PageKind, PageState
from holdfast.people import queries as people
from holdfast.people.model import Method
from holdfast.sdk import Destination, Message, MessageKind, Rejected
from holdfast.storage import inbox
from holdfast.storage.duties import Delivery
from holdfast.storage.inbox import Letter
from holdfast.timeline import actions as timeline
from holdfast.timeline import queries as timeline_queries


def timers(keep: retention.Limits) -> Mapping[str, TimerDuty]:
    """Who answers which kind of timer."""
    return {
        escalation.ESCALATION: TimerDuty(escalation.advance, rescue=escalation.rescue),
        PAGE: TimerDuty(paging.advance),
        climbing.SNOOZE: TimerDuty(alerts.end_snooze),
        heartbeat.WATCH: TimerDuty(heartbeat.miss),
        retention.RETENTION: TimerDuty(lambda tx, key: retention.run(tx, keep)),
    }


@dataclass(frozen=True, slots=True)
class Links:
    """Where links in messages lead. `answer` makes the one-tap link of a page."""

    base_url: Callable[[], str]
    answer: Callable[[Page], str]
    rehearsal: bool = False


def inbox_duty() -> InboxDuty:
    """How letters become alerts."""
    return InboxDuty(digest=_digest, rescue=_rescue_letter)


def deliveries(links: Links) -> Mapping[str, DeliveryDuty]:
    """How pages are carried."""

    def prepare(tx: Tx, delivery: Delivery) -> Parcel | Rejected | Abandoned:
        return _prepare_page(tx, delivery, links)

    def bare(tx: Tx, delivery: Delivery) -> Parcel | Rejected | Abandoned:
        return _prepare_bare(tx, delivery, links)

    return {PAGE: DeliveryDuty(prepare=prepare, report=paging.on_outcome, bare=bare)}


def seal(tx: Tx) -> int:
    """Chains the newest events."""
    return timeline.seal(tx)


def something_to_seal(tx: Tx) -> bool:
    return timeline_queries.unsealed_count(tx) > 0


def _digest(tx: Tx, waiting: list[Letter]) -> None:
    alerts.receive(tx, [letters.incoming(letter) for letter in waiting])


def _rescue_letter(tx: Tx, letter: Letter, error: str) -> None:
    raw = inbox.raw_of(tx, letter.id) or b""
    incoming = letters.unread(letter)
    alerts.receive_raw(tx, incoming, raw.decode("utf-8", "replace"), error)


def _prepare_page(tx: Tx, delivery: Delivery, links: Links) -> Parcel | Rejected | Abandoned:
    """The last look before the words leave: is the page still open, and what does it say now?"""
    page = pages.page(tx, delivery.key)
    if page.state is not PageState.OPEN:
        return Abandoned(f"the page is over: {page.ended_because}")
    user = people.user(tx, page.user)
    method = user.method(delivery.way)
    if method is None:
        return Rejected("this contact method was removed")
    if page.kind is PageKind.TEST:
        message = _test_message(tx, delivery, page, links)
    else:
        alert = alert_queries.alert(tx, page.subject)
        if not alert.open or alert.hold is not None:
            return Abandoned("the alert is over or held")
        message = _page_message(tx, delivery, page, alert, links)
    return _parcel(message, method, user.name)


def _prepare_bare(tx: Tx, delivery: Delivery, links: Links) -> Parcel | Rejected | Abandoned:
    """Our own code cannot write this page: it leaves all the same, with an id and a link."""
    page = pages.page(tx, delivery.key)
    if page.state is not PageState.OPEN:
        return Abandoned(f"the page is over: {page.ended_because}")
    user = people.user(tx, page.user)
    method = user.method(delivery.way)
    if method is None:
        return Rejected("this contact method was removed")
    answer_url = links.answer(page)
    title = words.bare_title(page.subject)
    message = Message(
        id=delivery.id,
        kind=MessageKind.PAGE,
        title=title,
        text=title,
        urgency=page.urgency,
        at=tx.now,
        payload={"kind": "page", "page": _page_object(page, page.subject, answer_url)},
        answer_url=answer_url,
        attempt=page.attempt,
        rehearsal=links.rehearsal,
    )
    return _parcel(message, method, user.name)


def _parcel(message: Message, method: Method, name: str) -> Parcel:
    return Parcel(message, Destination(method.address, name), method.kind)


def _page_message(tx: Tx, delivery: Delivery, page: Page, alert: Alert, links: Links) -> Message:
    service = catalog.find_service(tx, alert.service)
    facts = words.Facts(
        code=alert.code,
        title=alert.title,
        service=alert.service if service is None else service.name,
        severity=alert.severity.value,
        urgency=page.urgency,
        count=alert.count,
        since=alert.triggered_at,
        because=page.because,
        attempt=page.attempt,
        rehearsal=links.rehearsal,
    )
    answer_url = links.answer(page)
    return Message(
        id=delivery.id,
        kind=MessageKind.PAGE,
        title=words.title(facts),
        text=words.text(facts, tx.now),
        urgency=page.urgency,
        at=tx.now,
        payload=_payload(page, answer_url, alert, links),
        code=alert.code,
        answer_url=answer_url,
        attempt=page.attempt,
        rehearsal=links.rehearsal,
    )


def _payload(page: Page, answer_url: str, alert: Alert, links: Links) -> dict[str, object]:
    """The webhook message of contract.md."""
    said: dict[str, object] = {
        "kind": "page",
        "page": _page_object(page, alert.code, answer_url),
        "alert": alert_object(alert, url=f"{links.base_url()}/alerts/{alert.id}"),
    }
    if links.rehearsal:
        said["rehearsal"] = words.REHEARSAL
    return said


def _page_object(page: Page, code: str, answer_url: str) -> dict[str, object]:
    return {
        "id": page.id,
        "code": code,
        "urgency": page.urgency.value,
        "because": page.because,
        "attempt": page.attempt,
        "answer_url": answer_url,
        "user": page.user,
    }


def _test_message(tx: Tx, delivery: Delivery, page: Page, links: Links) -> Message:
    user = people.user(tx, page.user)
    answer_url = links.answer(page)
    payload: dict[str, object] = {
        "kind": "test",
        "page": _page_object(page, "TEST", answer_url),
    }
    if links.rehearsal:
        payload["rehearsal"] = words.REHEARSAL
    return Message(
        id=delivery.id,
        kind=MessageKind.TEST,
        title=words.test_title(rehearsal=links.rehearsal),
        text=words.test_text(user.name),
        urgency=page.urgency,
        at=tx.now,
        payload=payload,
        answer_url=answer_url,
        rehearsal=links.rehearsal,
    )
