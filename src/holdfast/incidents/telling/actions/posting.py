"""Post one message to many audiences."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from holdfast.guardrails.actions import uphold
from holdfast.incidents import queries as incidents
from holdfast.incidents.access import named
from holdfast.incidents.model import Incident, Phase
from holdfast.incidents.record import actions as record
from holdfast.incidents.record.model import EntryKind
from holdfast.incidents.roles import actions as role_actions
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.telling import queries, store, words
from holdfast.incidents.telling.actions.compose import Drafted, drafts, recovery, typed_duration
from holdfast.incidents.telling.actions.owing import owe, promise
from holdfast.incidents.telling.guardrails import (
    DURATION_RULES,
    FIELD_RULES,
    PROMISE_RULES,
    RECOVERY_RULES,
    WORDS_RULES,
    FieldFacts,
    WordsFacts,
)
from holdfast.incidents.telling.model import (
    DUTIES,
    Composed,
    IncidentUpdatePosted,
    Next,
    NothingMoreToSay,
    Template,
    ToldMeanwhile,
    Update,
)
from holdfast.incidents.telling.templates import INVESTIGATING
from holdfast.kernel.tx import Tx
from holdfast.paging.notifications import actions as notifications
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.practice.model import Audience, RoleKey


def post(tx: Tx, name: str, composed: Composed, *, break_glass: str = "") -> list[Update]:
    """Tells every audience its own text, in one go; what was published never changes.

    `break_glass` is the reason for passing a guardrail of the response path. Raises
    NoSuchIncident, NothingMoreToSay, ToldMeanwhile, Invalid and the refusals NEXT_UPDATE_REQUIRED,
    NEXT_UPDATE_TOO_LATE, TEMPLATE_FIELD_EMPTY, DURATION_COMPUTED, RECOVERY_NOT_VERIFIED and
    UPDATE_WORDS (ledger S0-32, S0-33, S2-26, S4-37 to S4-39, S4-44).
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.take(tx, name)
    if incident.phase is Phase.CLOSED and composed.corrects is None:
        raise NothingMoreToSay(remedy="Name the update that this corrects, or reopen the incident.")
    _look_again(tx, incident, composed)
    made = drafts(tx, incident, composed)
    rules_for(tx, incident, composed, made, break_glass)
    post_id = tx.new_id("po")
    told: set[str] = set()
    updates = [_publish(tx, incident, draft, composed, post_id) for draft in made]
    for update in sorted(updates, key=lambda each: each.audience is Audience.LEADERS):
        told |= _tell(tx, incident, update, told)
    if tx.actor.user_id is not None:
        role_actions.note_activity(tx, incident.id, tx.actor.user_id)
    return updates


def investigating(tx: Tx, name: str, *, break_glass: str = "") -> list[Update]:
    """The first message by one click: that somebody is looking, and when the next one comes
    (ledger S1-16). What is known of the impact stands in it; else that it is not known yet."""
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.incident(tx, name)
    said = {} if incident.brief.impact.strip() else {"impact": INVESTIGATING}
    composed = Composed(Template.INITIAL, said, next_update=Next.CADENCE)
    return post(tx, incident.id, composed, break_glass=break_glass)


def rules_for(
    tx: Tx, incident: Incident, composed: Composed, made: list[Drafted], break_glass: str
) -> None:
    """Everything that may stand against these messages, in the order in which it matters."""
    about = incident.id
    template = composed.template
    uphold(tx, RECOVERY_RULES, recovery(tx, incident, template), about=about, reason=break_glass)
    uphold(
        tx, DURATION_RULES, typed_duration(tx, incident, composed), about=about, reason=break_glass
    )
    for draft in made:
        uphold(tx, PROMISE_RULES, draft.promise, about=about, reason=break_glass)
        uphold(tx, FIELD_RULES, FieldFacts(draft.blank), about=about, reason=break_glass)
        if draft.audience is Audience.CUSTOMERS:
            facts = WordsFacts(draft.findings)
            uphold(tx, WORDS_RULES, facts, about=about, reason=break_glass)


def _look_again(tx: Tx, incident: Incident, composed: Composed) -> None:
    """Two people write at once: the second one is told what the first has said."""
    newest = next(iter(queries.updates(tx, incident.id, limit=1)), None)
    if composed.seen is None or newest is None or newest.id == composed.seen:
        return
    raise ToldMeanwhile(
        f"{newest.posted_by} told {newest.audience.value} a moment ago: {newest.text}",
        remedy="Look at it, and post again if yours still adds something.",
    )


def _publish(
    tx: Tx, incident: Incident, draft: Drafted, composed: Composed, post_id: str
) -> Update:
    update = Update(
        id=tx.chance.ordered_id("up"),
        incident=incident.id,
        post=post_id,
        audience=draft.audience,
        template=draft.template,
        text=draft.text,
        known=draft.fields,
        next_update_at=draft.next_update_at,
        posted_at=tx.now,
        posted_by=named(tx.actor),
        corrects=composed.corrects,
    )
    store.add_update(tx, update)
    if composed.corrects is None:
        _settle(tx, incident, update, draft)
    tx.record(
        IncidentUpdatePosted(
            incident.id, update.id, post_id, update.audience.value, update.template.value,
            update.next_update_at, update.corrects, hashlib.sha256(draft.text.encode()).hexdigest(),
        )
    )  # fmt: skip
    record.written(tx, incident.id, EntryKind.COMMUNICATION, words.entry(update), about=update.id)
    return update


def _settle(tx: Tx, incident: Incident, update: Update, draft: Drafted) -> None:
    """What was promised is kept or late now, and what was said is promised from now on."""
    store.settle_promises(tx, incident.id, update.audience, update.id)
    before = queries.thread(tx, incident.id, update.audience)
    thread = replace(
        before,
        heard_at=before.heard_at or tx.now,
        last_at=tx.now,
        final_at=tx.now if update.final else None,
    )
    due = update.next_update_at
    if due is None and not update.final and incident.active and draft.every is not None:
        due = tx.now + draft.every  # nothing was said, but the cadence stands (ledger S0-30)
    if due is not None:
        promise(tx, incident, update.audience, due, update.id if update.next_update_at else None)
    owe(tx, incident, thread, due)


def _tell(tx: Tx, incident: Incident, update: Update, told: set[str]) -> set[str]:
    """Whoever heard the same post as another audience is not told twice."""
    now_told = set()
    for name in queries.hearers_of(tx, incident, update.audience, final=update.final):
        if name not in told and name != tx.actor.user_id:
            notifications.notify(tx, name, words.told(incident, update))
            now_told.add(name)
    _ask_to_take_over(tx, incident, update)
    return now_told


def _ask_to_take_over(tx: Tx, incident: Incident, update: Update) -> None:
    """Command may write while there is somebody for it, who is asked to take over (S4-33)."""
    duty = DUTIES[update.audience]
    if roles.accountable_role(tx, incident, duty) is not RoleKey.COMMUNICATIONS:
        return
    holder = roles.accountable(tx, incident, duty)
    if holder is None or holder == tx.actor.user_id or not roles.is_command(tx, incident):
        return
    author = None if tx.actor.user_id is None else people.find_user(tx, tx.actor.user_id)
    who = str(tx.actor) if author is None else author.name
    notifications.notify(tx, holder, words.take_over(incident, update, who))
