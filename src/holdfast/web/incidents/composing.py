"""The form that tells people, what it says before it is sent, and what was told so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from holdfast.incidents.model import Incident, Phase
from holdfast.incidents.telling import actions as telling
from holdfast.incidents.telling import queries
from holdfast.incidents.telling.actions import Drafted
from holdfast.incidents.telling.lint import FindingLevel
from holdfast.incidents.telling.model import Composed, Next, Promise, Template, Thread, Update
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.practice.model import Audience
from holdfast.web.incidents import words
from holdfast.web.incidents.room_views import AudienceBox, Checks, Composer, Finding
from holdfast.web.layout.views import Choice
from holdfast.web.layout.words import length, listing

CADENCE = "cadence"
TOLD_SHOWN_MAX = 20
KINDS = (Template.INITIAL, Template.UPDATE, Template.RESOLUTION)
# The one field of each template that a person writes; all others are filled in by themselves.
WRITTEN: Mapping[Template, str] = {
    Template.INITIAL: "impact",
    Template.UPDATE: "update",
    Template.RESOLUTION: "cause",
}
_MINUTES = (15, 30, 60)


def composer_of(tx: Tx, incident: Incident, *, checked: bool = True) -> Composer:
    """The form as it stands before anybody has typed: filled in, with what the checks say.

    Without `checked` nothing is judged: an open page keeps the form that somebody types in.
    """
    threads = queries.threads(tx, incident.id)
    kind = _kind_now(incident, threads)
    texts = {
        Template.INITIAL: incident.brief.impact,
        Template.UPDATE: incident.brief.doing,
        Template.RESOLUTION: incident.brief.cause,
    }
    chosen = _audiences_now(threads)
    composed = composed_of(kind, texts[kind], chosen, CADENCE, "")
    return Composer(
        audiences=tuple(_box(each, threads.get(each), chosen) for each in Audience),
        kinds=tuple(Choice(k.value, words.UPDATE_KINDS[k.value], chosen=k is kind) for k in KINDS),
        text=texts[kind],
        next_choices=tuple(_next_choices(tx, incident)),
        checks=checks_of(tx, incident, composed) if checked else Checks(),
        texts=tuple(texts[k] for k in KINDS),
    )


def composed_of(
    kind: Template, text: str, audiences: Sequence[Audience], following: str, eta: str
) -> Composed:
    """What the form says, as the verb takes it. Raises Invalid for a next update that is none."""
    said = {WRITTEN[kind]: text}
    if kind is Template.UPDATE and eta.strip():
        said["eta"] = eta
    return Composed(
        template=kind,
        said={name: value for name, value in said.items() if value.strip()},
        audiences=tuple(audiences),
        next_update=None if kind is Template.RESOLUTION else _following(following),
    )


def with_instant(composed: Composed, following: str, now: datetime) -> Composed:
    """A number of minutes becomes an instant when it is sent, not when the page was made."""
    if not following.isdigit() or composed.template is Template.RESOLUTION:
        return composed
    due = now + timedelta(minutes=int(following))
    return Composed(composed.template, composed.said, composed.audiences, next_update=due)


def checks_of(tx: Tx, incident: Incident, composed: Composed) -> Checks:
    """What would be refused, what should be changed, and what each audience would read."""
    if not composed.said:
        return Checks((Finding("warn", words.SAY_SOMETHING),))
    try:
        drafts = telling.preview(tx, incident.id, composed)
    except Invalid as error:
        return Checks((Finding("bad", error.detail),))
    return Checks(
        tuple(dict.fromkeys(_findings(drafts))),
        tuple((words.AUDIENCES[each.audience][0], each.text) for each in drafts if each.text),
    )


def told_of(tx: Tx, incident: Incident) -> tuple[tuple[datetime, str, str, str], ...]:
    """What went out, newest first: when, to whom, the words, and whether it came in time."""
    promises = {each.settled_by: each for each in queries.promises(tx, incident.id)}
    posts: dict[str, list[Update]] = {}
    for update in queries.updates(tx, incident.id, limit=TOLD_SHOWN_MAX):
        posts.setdefault(f"{update.post}{_words_of(update)}", []).append(update)
    return tuple(_told(each, promises) for each in posts.values())


def _findings(drafts: Sequence[Drafted]) -> Iterator[Finding]:
    refusals = {each.code: each for draft in drafts for each in draft.refusals}
    for refusal in refusals.values():
        yield Finding("bad", f"{refusal.why} {refusal.remedy}".strip())
    for draft in drafts:
        for finding in draft.findings:
            said = f"“{finding.words}” ({_name(draft.audience)}): {finding.remedy}"
            yield Finding("bad" if finding.level is FindingLevel.ERROR else "warn", said)
    if drafts and not refusals:
        if all(draft.next_update_at is not None for draft in drafts):
            yield Finding("ok", "Says when the next word comes")
        yield Finding("ok", "Everything it must say is there")
        if not any(draft.findings for draft in drafts):
            yield Finding("ok", "Plain words")


def _kind_now(incident: Incident, threads: Mapping[Audience, Thread]) -> Template:
    if incident.phase in (Phase.RESOLVED, Phase.POST_INCIDENT):
        return Template.RESOLUTION
    heard = any(thread.heard_at is not None for thread in threads.values())
    return Template.UPDATE if heard else Template.INITIAL


def _audiences_now(threads: Mapping[Audience, Thread]) -> tuple[Audience, ...]:
    """Whoever is owed something; customers only where they have heard of it already."""
    owed = [
        audience for audience, thread in threads.items() if thread.due_at is not None or thread.open
    ]
    wanted = [each for each in owed if each is not Audience.CUSTOMERS or threads[each].heard_at]
    return tuple(wanted) or (Audience.INTERNAL,)


def _box(audience: Audience, thread: Thread | None, chosen: Sequence[Audience]) -> AudienceBox:
    label, detail = words.AUDIENCES[audience.value]
    due = None if thread is None else thread.due_at
    return AudienceBox(audience.value, label, detail, audience in chosen, due)


def _next_choices(tx: Tx, incident: Incident) -> Iterator[Choice]:
    every = queries.cadence_of(tx, incident, Audience.INTERNAL)
    if every is not None:
        yield Choice(CADENCE, length(every), chosen=True)
    for minutes in _MINUTES:
        span = timedelta(minutes=minutes)
        if every is None or span < every:
            yield Choice(
                str(minutes), length(span), chosen=every is None and minutes == _MINUTES[1]
            )


def _following(text: str) -> Next | None:
    return Next.CADENCE if text == CADENCE else None


def _told(
    updates: Sequence[Update], promises: Mapping[str | None, Promise]
) -> tuple[datetime, str, str, str]:
    first = updates[0]
    names = listing([_name(update.audience).lower() for update in updates])
    kept = next((promises[update.id] for update in updates if update.id in promises), None)
    return first.posted_at, names[:1].upper() + names[1:], _words_of(first), _in_time(kept)


def _in_time(promise: Promise | None) -> str:
    if promise is None or promise.settled_at is None:
        return ""
    late = promise.settled_at - promise.due_at
    return "as promised" if late <= timedelta() else f"{length(late)} late"


def _words_of(update: Update) -> str:
    """What a person wrote of it, where that says it all; customers read the whole."""
    written = WRITTEN.get(update.template)
    return update.known.get(written, update.text) if written else update.text


def _name(audience: Audience) -> str:
    return words.AUDIENCES[audience.value][0]
