"""The JSON that the API of telling gives."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from holdfast.incidents.model import Incident
from holdfast.incidents.telling import words
from holdfast.incidents.telling.actions import Drafted
from holdfast.incidents.telling.cadence import is_top, standing
from holdfast.incidents.telling.lint import FindingLevel
from holdfast.incidents.telling.model import (
    Adherence,
    Carried,
    Delivered,
    Owed,
    Promise,
    Question,
    QuestionState,
    Stakeholder,
    Standing,
    Subscription,
    Template,
    Thread,
    Update,
)
from holdfast.kernel.duration import format_duration
from holdfast.paging.notifications.model import Notification, NotificationState
from holdfast.practice.model import Audience


class DeliveryShape(BaseModel):
    """How it reached its audience. `recorded`: kept to be copied, nothing was sent."""

    how: Carried
    sent: int
    waiting: int
    failed: int
    note: str | None


class UpdateShape(BaseModel):
    id: str
    incident: str
    post: str
    audience: Audience
    template: Template
    final: bool
    text: str
    fields: dict[str, str]
    next_update_at: datetime | None
    posted_at: datetime
    posted_by: str
    corrects: str | None
    delivery: DeliveryShape


class PostedShape(BaseModel):
    """What was posted, one update for each audience, and when the next one is owed."""

    items: list[UpdateShape]
    next_update_at: datetime | None
    next_update_by: datetime | None


class FindingShape(BaseModel):
    code: str
    level: FindingLevel
    words: str
    remedy: str


class RefusingShape(BaseModel):
    code: str
    message: str
    remedy: str
    help: str
    breakable: bool


class DraftShape(BaseModel):
    """What one audience would read, what should be changed, and what would be refused."""

    audience: Audience
    template: Template
    text: str
    fields: dict[str, str]
    next_update_at: datetime | None
    findings: list[FindingShape]
    refusals: list[RefusingShape]
    hearers: int


class PreviewShape(BaseModel):
    items: list[DraftShape]


class AdherenceShape(BaseModel):
    """Of 0 to 1 in `kept_share`; null where no promise is settled yet."""

    kept: int
    late: int
    broken: int
    open: int
    kept_share: float | None
    longest_silence_s: float | None


class AudienceShape(BaseModel):
    """How one audience stands. `top`: overdue for so long that it comes before everything else."""

    audience: Audience
    due_at: datetime | None
    overdue: bool
    top: bool
    holder: str | None
    cadence: str | None
    long: bool
    why: str
    heard_at: datetime | None
    last_at: datetime | None
    final_at: datetime | None
    final_missing: bool
    hearers: int
    adherence: AdherenceShape


class PromiseShape(BaseModel):
    id: str
    audience: Audience
    rank: int
    promised_at: datetime
    due_at: datetime
    update: str | None = Field(description="The update that promised it; null: the practice did.")
    settled_at: datetime | None
    settled_by: str | None
    standing: Standing


class PromisesShape(BaseModel):
    """Every “next update by” of an incident. It is never parted: `next` is always null."""

    items: list[PromiseShape]
    next: None = None
    adherence: AdherenceShape


class OwedShape(BaseModel):
    incident: str
    number: str
    audience: Audience
    due_at: datetime
    holder: str | None
    overdue: bool
    top: bool


class QuestionShape(BaseModel):
    id: str
    incident: str
    text: str
    state: QuestionState
    asked_by: str
    asked_at: datetime
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None


class SubscriptionShape(BaseModel):
    user: str
    audience: Audience
    because: str
    since: datetime


class StakeholderShape(BaseModel):
    service: str
    who: str
    audience: Audience
    rank_max: int
    language: str


class NotificationShape(BaseModel):
    id: str
    about: str
    code: str
    title: str
    text: str
    link: str
    state: NotificationState
    made_at: datetime
    ended_at: datetime | None
    why: str | None


def update_shape(update: Update, delivered: Delivered) -> UpdateShape:
    """One message, and how it reached its audience."""
    return UpdateShape(
        id=update.id, incident=update.incident, post=update.post, audience=update.audience,
        template=update.template, final=update.final, text=update.text,
        fields=dict(update.known), next_update_at=update.next_update_at,
        posted_at=update.posted_at, posted_by=update.posted_by, corrects=update.corrects,
        delivery=DeliveryShape(
            how=delivered.how, sent=delivered.sent, waiting=delivered.waiting,
            failed=delivered.failed,
            note=words.COPY if delivered.how is Carried.RECORDED else None,
        ),
    )  # fmt: skip


def draft_shape(draft: Drafted) -> DraftShape:
    """What one audience would read."""
    return DraftShape(
        audience=draft.audience, template=draft.template, text=draft.text,
        fields=dict(draft.fields), next_update_at=draft.next_update_at,
        findings=[
            FindingShape(code=f.code, level=f.level, words=f.words, remedy=f.remedy)
            for f in draft.findings
        ],
        refusals=[
            RefusingShape(code=r.code, message=r.why, remedy=r.remedy, breakable=r.breakable,
                          help=f"/help/guardrails/{r.code}")
            for r in draft.refusals
        ],
        hearers=draft.hearer_count,
    )  # fmt: skip


def audience_shape(
    thread: Thread,
    *,
    every: timedelta | None,
    holder: str | None,
    hearers: int,
    kept: Adherence,
    now: datetime,
) -> AudienceShape:
    """How one audience stands at `now`."""
    return AudienceShape(
        audience=thread.audience, due_at=thread.due_at,
        overdue=thread.due_at is not None and thread.due_at <= now,
        top=is_top(thread.due_at, now), holder=holder,
        cadence=None if every is None else format_duration(every),
        long=thread.long, why=thread.why, heard_at=thread.heard_at, last_at=thread.last_at,
        final_at=thread.final_at, final_missing=thread.open, hearers=hearers,
        adherence=adherence_shape(kept),
    )  # fmt: skip


def adherence_shape(found: Adherence) -> AdherenceShape:
    """How promises were kept; lengths in seconds."""
    silence = found.longest_silence
    return AdherenceShape(
        kept=found.kept, late=found.late, broken=found.broken, open=found.open,
        kept_share=found.kept_share,
        longest_silence_s=None if silence is None else silence.total_seconds(),
    )  # fmt: skip


def promise_shape(promise: Promise, now: datetime) -> PromiseShape:
    """One promise, and what became of it until `now`."""
    return PromiseShape(
        id=promise.id, audience=promise.audience, rank=promise.rank,
        promised_at=promise.promised_at, due_at=promise.due_at, update=promise.update,
        settled_at=promise.settled_at, settled_by=promise.settled_by,
        standing=standing(promise, now),
    )  # fmt: skip


def owed_shape(owed: Owed, now: datetime) -> OwedShape:
    """What somebody answers for, and whether it is late at `now`."""
    incident: Incident = owed.incident
    return OwedShape(
        incident=incident.id, number=incident.number, audience=owed.audience,
        due_at=owed.due_at, holder=owed.holder, overdue=owed.due_at <= now,
        top=is_top(owed.due_at, now),
    )  # fmt: skip


def question_shape(question: Question) -> QuestionShape:
    """One question of the queue."""
    return QuestionShape(
        id=question.id, incident=question.incident, text=question.text, state=question.state,
        asked_by=question.asked_by, asked_at=question.asked_at, answer=question.answer or None,
        answered_by=question.answered_by, answered_at=question.answered_at,
    )  # fmt: skip


def subscription_shape(each: Subscription) -> SubscriptionShape:
    """Who is told about one incident, and why."""
    return SubscriptionShape(
        user=each.user, audience=each.audience, because=each.because, since=each.since
    )


def stakeholder_shape(each: Stakeholder) -> StakeholderShape:
    """Who hears of the incidents of a service."""
    return StakeholderShape(
        service=each.service, who=each.who, audience=each.audience, rank_max=each.rank_max,
        language=each.language,
    )  # fmt: skip


def notification_shape(each: Notification) -> NotificationShape:
    """What one person was told."""
    notice = each.notice
    return NotificationShape(
        id=each.id, about=notice.subject, code=notice.code, title=notice.title, text=notice.text,
        link=notice.link, state=each.state, made_at=each.made_at, ended_at=each.ended_at,
        why=each.why or None,
    )  # fmt: skip
