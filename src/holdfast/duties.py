"""Every kind of timer and delivery, and the action that answers it: all the engine knows of us."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from holdfast.incidents import actions as incidents
from holdfast.incidents.board import queries as board
from holdfast.incidents.clocks.model import CLOCK
from holdfast.incidents.responders import queries as responders
from holdfast.incidents.responders import words as responder_words
from holdfast.incidents.responders.model import Request
from holdfast.incidents.telling import actions as telling
from holdfast.kernel.tx import Tx
from holdfast.paging import actions as paging
from holdfast.paging import queries as pages
from holdfast.paging import words
from holdfast.paging.model import PAGE, Page, PageKind, PageState
from holdfast.paging.notifications import actions as notifications
from holdfast.paging.notifications import queries as notification_queries
from holdfast.paging.notifications import words as notification_words
from holdfast.paging.notifications.model import NOTIFICATION, Notification, NotificationState
from holdfast.people import queries as people
from holdfast.people.model import Method, User
from holdfast.sdk import Destination, Message, MessageKind, Rejected, Urgency
from holdfast.storage import inbox
from holdfast.storage.duties import Delivery
from holdfast.storage.inbox import Letter
from holdfast.timeline import actions as timeline
from holdfast.timeline import queries as timeline_queries


def timers(keep: retention.Limits) -> Mapping[str, TimerDuty]:
    """Who answers which kind of timer."""
    return {
        escalation.ESCALATION: TimerDuty(
            escalation.advance, rescue=escalation.rescue, look_ahead=escalation.look_ahead
        ),
        PAGE: TimerDuty(paging.advance, rescue=escalation.hurry_past),
        NOTIFICATION: TimerDuty(notifications.advance),
        CLOCK: TimerDuty(incidents.ran_out),
        telling.TELLING: TimerDuty(telling.remind),
        climbing.SNOOZE: TimerDuty(alerts.end_snooze, rescue=alerts.rescue_snooze),
        heartbeat.WATCH: TimerDuty(heartbeat.miss, rescue=heartbeat.rescue_miss),
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
    """How pages and notifications are carried."""

    def prepare(tx: Tx, delivery: Delivery) -> Parcel | Rejected | Abandoned:
        return _prepare_page(tx, delivery, links)

    def bare(tx: Tx, delivery: Delivery) -> Parcel | Rejected | Abandoned:
        return _prepare_bare(tx, delivery, links)

    def tell(tx: Tx, delivery: Delivery) -> Parcel | Rejected | Abandoned:
        return _prepare_notification(tx, delivery, links)

    return {
        PAGE: DeliveryDuty(
            prepare=prepare,
            report=paging.on_outcome,
            bare=bare,
            look_ahead=_look_at_pages,
            take_ahead=paging.take_ahead,
        ),
        NOTIFICATION: DeliveryDuty(prepare=tell, report=notifications.on_outcome),
    }


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


def _look_at_pages(tx: Tx, claimed: Sequence[Delivery]) -> None:
    """Reads at once what `_prepare_page` asks for each of them."""
    found = pages.look_ahead(tx, [delivery.key for delivery in claimed])
    subjects = alert_queries.look_ahead(tx, sorted({page.subject for page in found}))
    catalog.look_at_services(tx, {alert.service for alert in subjects})


def _prepare_page(tx: Tx, delivery: Delivery, links: Links) -> Parcel | Rejected | Abandoned:
    """The last look before the words leave: is the page still open, and what does it say now?"""
    page = pages.page(tx, delivery.key)
    if page.state is not PageState.OPEN:
        return Abandoned(f"the page is over: {page.ended_because}")
    reached = _reached(tx, page, delivery)
    if isinstance(reached, Rejected):
        return reached
    user, method = reached
    request = responders.find_request(tx, page.subject)
    if page.kind is PageKind.TEST:
        message = _test_message(tx, delivery, page, links)
    elif request is not None:
        if (over := responders.is_over(tx, request, page.user)) is not None:
            return Abandoned(over)
        message = _incident_message(tx, delivery, page, request, links)
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
    reached = _reached(tx, page, delivery)
    if isinstance(reached, Rejected):
        return reached
    user, method = reached
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


def _reached(tx: Tx, page: Page, delivery: Delivery) -> tuple[User, Method] | Rejected:
    """Whom and where this goes, or why it cannot: people leave while pages are open."""
    user = people.user(tx, page.user)
    method = user.method(delivery.way)
    if user.disabled_at is not None:
        return Rejected("this person was disabled")
    if method is None:
        return Rejected("this contact method was removed")
    return user, method


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


def _incident_message(
    tx: Tx, delivery: Delivery, page: Page, request: Request, links: Links
) -> Message:
    incident, facts = responders.page_facts(tx, request, page, rehearsal=links.rehearsal)
    answer_url = links.answer(page)
    said: dict[str, object] = {
        "kind": "page",
        "page": _page_object(page, incident.number, answer_url),
        "incident": board.as_object(tx, incident, base_url=links.base_url()),
    }
    if links.rehearsal:
        said["rehearsal"] = words.REHEARSAL
    return Message(
        id=delivery.id,
        kind=MessageKind.PAGE,
        title=responder_words.title(facts),
        text=responder_words.text(facts, tx.now),
        urgency=page.urgency,
        at=tx.now,
        payload=said,
        code=incident.number,
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


def _prepare_notification(
    tx: Tx, delivery: Delivery, links: Links
) -> Parcel | Rejected | Abandoned:
    """Information that wants no answer: nothing can make it stale, only the person may be gone."""
    notification = notification_queries.notification(tx, delivery.key)
    if notification.state is not NotificationState.QUEUED:
        return Abandoned(f"the notification is {notification.state.value}")
    user = people.user(tx, notification.user)
    method = user.method(delivery.way)
    if method is None or user.disabled_at is not None:
        return Rejected("this contact method was removed")
    return _parcel(_notification_message(tx, delivery, notification, links), method, user.name)


def _notification_message(
    tx: Tx, delivery: Delivery, notification: Notification, links: Links
) -> Message:
    link = notification.notice.link
    url = f"{links.base_url()}{link}" if link else ""
    rehearsal = links.rehearsal
    return Message(
        id=delivery.id,
        kind=MessageKind.NOTIFICATION,
        title=notification_words.title(notification, rehearsal=rehearsal),
        text=notification_words.text(notification, rehearsal=rehearsal),
        urgency=Urgency.LOW,
        at=tx.now,
        payload=notification_words.payload(notification, url=url, rehearsal=rehearsal),
        code=notification.notice.code or None,
        answer_url=url or None,
        rehearsal=rehearsal,
    )
