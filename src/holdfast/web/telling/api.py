"""Telling people by API: post, preview, cadence, promises, questions, stakeholders."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.catalog import queries as catalog
from holdfast.incidents import queries as incidents
from holdfast.incidents.model import Incident
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.telling import actions as telling
from holdfast.incidents.telling import queries
from holdfast.incidents.telling.model import DUTIES, Stakeholder, Thread, Update
from holdfast.kernel.duration import parse_duration
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.paging.notifications import queries as notifications
from holdfast.people import permissions
from holdfast.practice.model import Audience
from holdfast.web.context import Context, ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.rest import NamePath, NameQuery, act, row
from holdfast.web.routes import SIGNED_IN
from holdfast.web.telling.bodies import (
    AnswerBody,
    BreakGlass,
    CadenceBody,
    ComposedBody,
    QuestionBody,
    StakeholderBody,
    SubscribeBody,
    read_audience,
)
from holdfast.web.telling.shapes import (
    AudienceShape,
    NotificationShape,
    OwedShape,
    PostedShape,
    PreviewShape,
    PromisesShape,
    QuestionShape,
    StakeholderShape,
    SubscriptionShape,
    UpdateShape,
    adherence_shape,
    audience_shape,
    draft_shape,
    notification_shape,
    owed_shape,
    promise_shape,
    question_shape,
    stakeholder_shape,
    subscription_shape,
    update_shape,
)


def list_updates(ctx: ContextDep, asked: AskedDep, incident_id: NamePath) -> Listing[UpdateShape]:
    """What was told to whom, newest first, and how it reached them."""
    with ctx.read() as tx:
        incident = incidents.incident(tx, incident_id)
        rows = queries.updates(tx, incident.id, before=asked.place(), limit=asked.one_more)
        shown, following = asked.by_time(rows, lambda each: (each.posted_at, each.id))
        items = _updates(tx, incident, shown)
    return Listing(items=items, next=following)


def post_update(ctx: ContextDep, incident_id: NamePath, body: ComposedBody) -> PostedShape:
    """Tells each audience its own text."""

    def posted(tx: Tx) -> PostedShape:
        made = telling.post(tx, incident_id, body.composed(tx.now), break_glass=body.break_glass)
        return _posted(tx, incident_id, made)

    return act(ctx, posted)


def post_investigating(
    ctx: ContextDep, incident_id: NamePath, body: BreakGlass | None = None
) -> PostedShape:
    """The first message by one click: somebody is looking, and when the next one comes."""
    reason = "" if body is None else body.break_glass

    def posted(tx: Tx) -> PostedShape:
        made = telling.investigating(tx, incident_id, break_glass=reason)
        return _posted(tx, incident_id, made)

    return act(ctx, posted)


def preview_update(ctx: ContextDep, incident_id: NamePath, body: ComposedBody) -> PreviewShape:
    """What each audience would read, what should be changed, what would be refused."""
    with ctx.read() as tx:
        drafts = telling.preview(tx, incident_id, body.composed(tx.now))
    return PreviewShape(items=[draft_shape(each) for each in drafts])


def list_audiences(ctx: ContextDep, incident_id: NamePath) -> Listing[AudienceShape]:
    """How each audience stands: what it heard, what it is owed, who answers for it."""
    with ctx.read() as tx:
        incident = incidents.incident(tx, incident_id)
        threads = queries.threads(tx, incident.id)
        items = [
            _audience(tx, incident, threads.get(each, Thread(incident.id, each)))
            for each in Audience
        ]
    return Listing(items=items, next=None)


def set_cadence(ctx: ContextDep, incident_id: NamePath, body: CadenceBody) -> AudienceShape:
    """How often an audience hears something from now on."""
    audience, every = read_audience(body.audience), parse_duration(body.every)

    def changed(tx: Tx) -> AudienceShape:
        thread = telling.set_cadence(tx, incident_id, audience, every, why=body.why)
        return _audience(tx, incidents.incident(tx, incident_id), thread)

    return act(ctx, changed)


def list_promises(ctx: ContextDep, incident_id: NamePath) -> PromisesShape:
    """Every “next update by”, and what became of it."""
    with ctx.read() as tx:
        incident = incidents.incident(tx, incident_id)
        made = queries.promises(tx, incident.id)
        return PromisesShape(
            items=[promise_shape(each, tx.now) for each in made],
            adherence=adherence_shape(queries.adherence(tx, incident)),
        )


def list_owed(ctx: ContextDep, asked: AskedDep, user: NameQuery = None) -> Listing[OwedShape]:
    """What is owed to whom in every active incident, what is due first first."""
    with ctx.read() as tx:
        shown, following = asked.by_count(queries.owed(tx, user=user))
        items = [owed_shape(each, tx.now) for each in shown]
    return Listing(items=items, next=following)


def list_questions(
    ctx: ContextDep, asked: AskedDep, incident_id: NamePath
) -> Listing[QuestionShape]:
    """The queue of questions, oldest first; a viewer sees their own."""
    with ctx.read() as tx:
        incident = incidents.incident(tx, incident_id)
        rows = [each for each in queries.questions(tx, incident.id) if _sees(ctx, each.asked_by)]
    shown, following = asked.by_count(rows)
    return Listing(items=[question_shape(each) for each in shown], next=following)


def ask_question(ctx: ContextDep, incident_id: NamePath, body: QuestionBody) -> QuestionShape:
    """Puts a question into the queue of command."""
    return question_shape(act(ctx, lambda tx: telling.ask_question(tx, incident_id, body.text)))


def answer_question(
    ctx: ContextDep, incident_id: NamePath, question_id: NamePath, body: AnswerBody
) -> QuestionShape:
    """Answers a question; whoever asked is told."""
    return question_shape(
        act(ctx, lambda tx: telling.answer_question(tx, incident_id, question_id, body.answer))
    )


def list_subscriptions(
    ctx: ContextDep, asked: AskedDep, incident_id: NamePath
) -> Listing[SubscriptionShape]:
    """Who is told besides those who respond, and why."""
    with ctx.read() as tx:
        incident = incidents.incident(tx, incident_id)
        rows = queries.subscriptions(tx, incident.id)
    shown, following = asked.by_name(rows, lambda each: each.user)
    return Listing(items=[subscription_shape(each) for each in shown], next=following)


def subscribe(ctx: ContextDep, incident_id: NamePath, body: SubscribeBody) -> SubscriptionShape:
    """From now on this person is told about it."""
    user, audience = _user(ctx, body.user), read_audience(body.audience)
    return subscription_shape(
        act(ctx, lambda tx: telling.subscribe(tx, incident_id, user, audience))
    )


def unsubscribe(
    ctx: ContextDep, incident_id: NamePath, user_id: NamePath
) -> Listing[SubscriptionShape]:
    """This person is not told about it any more; the answer is who still is."""

    def removed(tx: Tx) -> list[SubscriptionShape]:
        telling.unsubscribe(tx, incident_id, user_id)
        left = queries.subscriptions(tx, incidents.incident(tx, incident_id).id)
        return [subscription_shape(each) for each in left]

    return Listing(items=act(ctx, removed), next=None)


def list_stakeholders(
    ctx: ContextDep, asked: AskedDep, service_id: NamePath
) -> Listing[StakeholderShape]:
    """Who is told about this service's incidents, from which severity on."""
    with ctx.read() as tx:
        rows = queries.stakeholders(tx, [catalog.service(tx, service_id).id])
    shown, following = asked.by_name(rows, lambda each: each.who)
    return Listing(items=[stakeholder_shape(each) for each in shown], next=following)


def save_stakeholder(
    ctx: ContextDep, service_id: NamePath, body: StakeholderBody
) -> StakeholderShape:
    """Adds somebody who is told, or changes what they are told."""
    audience = read_audience(body.audience)
    made = Stakeholder(service_id, body.who, audience, body.rank_max, body.language)
    return stakeholder_shape(act(ctx, lambda tx: telling.save_stakeholder(tx, made)))


def remove_stakeholder(
    ctx: ContextDep, service_id: NamePath, who: NamePath
) -> Listing[StakeholderShape]:
    """They are not told about its incidents any more; the answer is who still is."""

    def removed(tx: Tx) -> list[StakeholderShape]:
        telling.remove_stakeholder(tx, service_id, who)
        return [stakeholder_shape(each) for each in queries.stakeholders(tx, [service_id])]

    return Listing(items=act(ctx, removed), next=None)


def list_notifications(ctx: ContextDep, asked: AskedDep) -> Listing[NotificationShape]:
    """What whoever asks was told, newest first; what waits or failed stands here as well."""
    user = _user(ctx, None)
    with ctx.read() as tx:
        rows = notifications.of_user(tx, user, before=asked.place(), limit=asked.one_more)
    shown, following = asked.by_time(rows, lambda each: (each.made_at, each.id))
    return Listing(items=[notification_shape(each) for each in shown], next=following)


def _posted(tx: Tx, incident_id: str, made: Sequence[Update]) -> PostedShape:
    incident = incidents.incident(tx, incident_id)
    promised = [each.next_update_at for each in made if each.next_update_at is not None]
    return PostedShape(
        items=_updates(tx, incident, made),
        next_update_at=min(promised, default=None),
        next_update_by=queries.next_update_by(tx, incident),
    )


def _updates(tx: Tx, incident: Incident, made: Sequence[Update]) -> list[UpdateShape]:
    delivered = queries.delivered(tx, incident.id, made)
    return [update_shape(each, delivered[each.id]) for each in made]


def _audience(tx: Tx, incident: Incident, thread: Thread) -> AudienceShape:
    audience = thread.audience
    return audience_shape(
        thread,
        every=queries.cadence_of(tx, incident, audience),
        holder=roles.accountable(tx, incident, DUTIES[audience]),
        hearers=len(queries.hearers_of(tx, incident, audience, final=False)),
        kept=queries.adherence(tx, incident, audience),
        now=tx.now,
    )


def _sees(ctx: Context, asked_by: str) -> bool:
    mine = asked_by in (ctx.actor.user_id, str(ctx.actor))
    return mine or permissions.allowed(ctx.actor, _RESPOND)


def _user(ctx: Context, named: str | None) -> str:
    user = named or ctx.actor.user_id
    if user is None:
        raise Invalid(
            "This token acts as nobody.",
            remedy="Name a user, or use a token that acts as a person.",
            fields={"user": "name a user"},
        )
    return user


_ONE = "incidents/{incident_id}"
_SERVICE = "services/{service_id}/stakeholders"
_READ, _RESPOND = "incidents.read", "incidents.respond"
ROUTES = (
    row("GET", f"{_ONE}/updates", list_updates, _READ, summary="What was told"),
    row("POST", f"{_ONE}/updates", post_update, _RESPOND, summary="Post an update", status=201),
    row("POST", f"{_ONE}/updates/investigating", post_investigating, _RESPOND,
        summary="The first message by one click", status=201),
    row("POST", f"{_ONE}/updates/preview", preview_update, _READ, summary="What it would say"),
    row("GET", f"{_ONE}/audiences", list_audiences, _READ, summary="How audiences stand"),
    row("POST", f"{_ONE}/cadence", set_cadence, _RESPOND, summary="How often they hear"),
    row("GET", f"{_ONE}/promises", list_promises, _READ, summary="What was promised"),
    row("GET", "updates/due", list_owed, _READ, summary="What is owed to whom"),
    row("GET", f"{_ONE}/questions", list_questions, _READ, summary="The queue of questions"),
    row("POST", f"{_ONE}/questions", ask_question, "incidents.ask", summary="Ask", status=201),
    row("POST", f"{_ONE}/questions/{{question_id}}/answer", answer_question, _RESPOND,
        summary="Answer a question"),
    row("GET", f"{_ONE}/subscriptions", list_subscriptions, _READ, summary="Who else is told"),
    row("POST", f"{_ONE}/subscriptions", subscribe, _READ, summary="Be told", status=201),
    row("DELETE", f"{_ONE}/subscriptions/{{user_id}}", unsubscribe, _READ,
        summary="Be told no more"),
    row("GET", _SERVICE, list_stakeholders, "services.read", summary="Who is told about it"),
    row("POST", _SERVICE, save_stakeholder, "services.edit", summary="Tell somebody"),
    row("DELETE", f"{_SERVICE}/{{who}}", remove_stakeholder, "services.edit",
        summary="Tell them no more"),
    row("GET", "notifications", list_notifications, SIGNED_IN, summary="What I was told"),
)  # fmt: skip
