"""What a message would say to each audience, and what stands against it, before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from holdfast.guardrails import queries as guardrails
from holdfast.incidents import queries as incidents
from holdfast.incidents.model import Incident, Kind
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.telling import queries
from holdfast.incidents.telling.guardrails import (
    DURATION_RULES,
    FIELD_RULES,
    PROMISE_RULES,
    RECOVERY_RULES,
    WORDS_RULES,
    DurationFacts,
    FieldFacts,
    PromiseFacts,
    RecoveryFacts,
    WordsFacts,
)
from holdfast.incidents.telling.lint import Finding, Reading, findings
from holdfast.incidents.telling.model import (
    FIELD_CHARS_MAX,
    FIELDS_MAX,
    TEXT_CHARS_MAX,
    Composed,
    Next,
    Template,
    Update,
)
from holdfast.incidents.telling.templates import (
    COMPUTED,
    FIELDS,
    Facts,
    blank,
    duration,
    filled,
    prose,
    rendered,
    with_promise,
)
from holdfast.kernel.duration import parse_duration
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.practice.model import Audience, RoleKey
from holdfast.sdk import clean_text

TYPED_DURATION = "duration"  # may be sent only to be compared with the computed one
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Refusing:
    """A guardrail that would say no, without having been asked in earnest."""

    code: str
    why: str
    remedy: str
    breakable: bool


@dataclass(frozen=True, slots=True)
class Drafted:
    """One audience's message as it would be sent now."""

    audience: Audience
    template: Template
    fields: Mapping[str, str]
    text: str
    next_update_at: datetime | None
    every: timedelta | None
    findings: tuple[Finding, ...]
    promise: PromiseFacts
    blank: tuple[str, ...]
    refusals: tuple[Refusing, ...] = ()
    hearer_count: int = 0


def preview(tx: Tx, name: str, composed: Composed) -> list[Drafted]:
    """What would be sent to whom, with findings and refusals; nothing is written."""
    permissions.require(tx.actor, "incidents.read")
    incident = incidents.incident(tx, name)
    made = drafts(tx, incident, composed)
    return [_judged(tx, incident, draft, composed) for draft in made]


def drafts(tx: Tx, incident: Incident, composed: Composed) -> list[Drafted]:
    """The message for each audience. Raises Invalid for fields that the template does not have."""
    _check(composed)
    commander = roles.holder(tx, incident.id, RoleKey.COMMAND)
    found = None if commander is None else people.find_user(tx, commander)
    by_name = "" if found is None else found.name
    names = tuple(user.name for user in people.users(tx).values())
    return [
        _drafted(tx, incident, composed, audience, commander=by_name, names=names)
        for audience in audiences(tx, incident, composed)
    ]


def audiences(tx: Tx, incident: Incident, composed: Composed) -> tuple[Audience, ...]:
    """Those that were named; else, for an end, all who heard of it; else those inside.

    Customers are told only where somebody says so, and at the end.
    """
    if composed.corrects is not None:
        return (_corrected(tx, incident, composed).audience,)
    if composed.audiences:
        return tuple(dict.fromkeys(composed.audiences))
    if composed.template is Template.LEADERS:
        return (Audience.LEADERS,)
    open_now = queries.final_missing(tx, incident)
    if composed.template is Template.RESOLUTION:
        return tuple(open_now) or (Audience.INTERNAL,)
    return tuple(each for each in Audience if each is Audience.INTERNAL or (
        each is Audience.LEADERS and each in open_now
    ))  # fmt: skip


def recovery(tx: Tx, incident: Incident, template: Template) -> RecoveryFacts:
    """What RECOVERY_NOT_VERIFIED judges."""
    since = incident.instants.monitoring_since
    return RecoveryFacts(
        final=template is Template.RESOLUTION,
        phase=incident.phase,
        restored_at=incident.instants.restored_at,
        verified_at=None if since is None else since + incident.level.verify_window,
        now=tx.now,
    )


def typed_duration(tx: Tx, incident: Incident, composed: Composed) -> DurationFacts:
    """What DURATION_COMPUTED judges: whole minutes."""
    typed = composed.said.get(TYPED_DURATION, "").strip()
    computed = duration(incident, tx.now)
    return DurationFacts(
        typed=parse_duration(typed) if typed else None,
        computed=None if computed is None else computed // _MINUTE * _MINUTE,
    )


def _check(composed: Composed) -> None:
    known = (set(FIELDS[composed.template]) - COMPUTED) | {TYPED_DURATION}
    strange = sorted(set(composed.said) - known)[:FIELDS_MAX]
    if strange:
        allowed = ", ".join(sorted(known - {TYPED_DURATION}))
        raise Invalid(
            f"The template {composed.template.value} takes no field {strange[0][:80]}.",
            remedy=f"It takes: {allowed}; everything else is filled in by itself.",
            fields=dict.fromkeys((name[:80] for name in strange), "not a field of this template"),
        )
    long = [name for name, text in composed.said.items() if len(text) > FIELD_CHARS_MAX]
    long += [each.value for each, text in composed.own.items() if len(text) > TEXT_CHARS_MAX]
    if long:
        raise Invalid(
            f"{long[0]} is too long.",
            remedy=f"A field has {FIELD_CHARS_MAX} characters, a whole text {TEXT_CHARS_MAX}.",
            fields=dict.fromkeys(long, "too long"),
        )
    if composed.template is Template.LEADERS and Audience.CUSTOMERS in composed.audiences:
        raise Invalid(
            "A brief for leaders is not for customers.", fields={"audiences": "leave customers out"}
        )


def _corrected(tx: Tx, incident: Incident, composed: Composed) -> Update:
    assert composed.corrects is not None, "asked only of a correction"
    update = queries.update(tx, incident.id, composed.corrects)
    if update.template is not composed.template:
        raise Invalid(
            "A correction has the template of what it corrects.",
            fields={"template": update.template.value},
        )
    return update


def _drafted(
    tx: Tx,
    incident: Incident,
    composed: Composed,
    audience: Audience,
    *,
    commander: str,
    names: tuple[str, ...],
) -> Drafted:
    every = queries.cadence_of(tx, incident, audience)
    final = composed.template is Template.RESOLUTION
    next_at = _next_update(tx, incident, composed, audience, every)
    facts = Facts(
        incident=incident, commander=commander, every=every, next_update_at=next_at,
        follow_ups=_follow_ups(incident), now=tx.now,
    )  # fmt: skip
    said = {name: clean_text(text, FIELD_CHARS_MAX)[0] for name, text in composed.said.items()}
    fields = filled(composed.template, facts, said)
    own = clean_text(composed.own.get(audience, ""), TEXT_CHARS_MAX)[0].strip()
    missing = () if own else blank(_asked(fields, audience))
    text = with_promise(own, composed.template, fields) if own else _text(
        composed.template, audience, fields
    )  # fmt: skip
    reading = Reading(
        audience, incident.severity.rank, names, next_update=final or next_at is not None
    )
    return Drafted(
        audience=audience,
        template=composed.template,
        fields=fields,
        text=_marked(incident, text),
        next_update_at=next_at,
        every=every,
        findings=findings(own or prose(fields), reading),
        promise=PromiseFacts(
            audience=audience,
            final=final or composed.corrects is not None,
            required=incident.active and incident.level.promise_next_update,
            next_update_at=next_at,
            every=every,
            now=tx.now,
        ),
        blank=missing,
    )


def _next_update(
    tx: Tx,
    incident: Incident,
    composed: Composed,
    audience: Audience,
    every: timedelta | None,
) -> datetime | None:
    """As said; at a level that does not insist, as the cadence gives it."""
    if composed.template is Template.RESOLUTION:
        return None
    if composed.corrects is not None:
        return _corrected(tx, incident, composed).next_update_at
    if isinstance(composed.next_update, datetime):
        if composed.next_update <= tx.now:
            raise Invalid(
                "The next update cannot be due already.",
                fields={"next_update_at": "name an instant that is still to come"},
            )
        return composed.next_update
    by_rule = composed.next_update is Next.CADENCE or not incident.level.promise_next_update
    return tx.now + every if by_rule and every is not None and incident.active else None


def _asked(fields: Mapping[str, str], audience: Audience) -> Mapping[str, str]:
    """Customers do not read who commands, nor how severe we call it."""
    left_out = {"commander", "severity"} if audience is Audience.CUSTOMERS else set()
    return {name: value for name, value in fields.items() if name not in left_out}


def _text(template: Template, audience: Audience, fields: Mapping[str, str]) -> str:
    return rendered(template, audience, fields)[:TEXT_CHARS_MAX]


def _follow_ups(incident: Incident) -> str:
    return incident.outcome.followup or f"/incidents/{incident.number}"


def _marked(incident: Incident, text: str) -> str:
    """A drill says so in every message: nobody may take it for the real thing."""
    return text if incident.kind is Kind.REAL else f"{incident.kind.value.upper()}: {text}"


def _judged(tx: Tx, incident: Incident, draft: Drafted, composed: Composed) -> Drafted:
    public = draft.findings if draft.audience is Audience.CUSTOMERS else ()
    found = [
        *guardrails.objections(tx, RECOVERY_RULES, recovery(tx, incident, draft.template)),
        *guardrails.objections(tx, PROMISE_RULES, draft.promise),
        *guardrails.objections(tx, FIELD_RULES, FieldFacts(draft.blank)),
        *guardrails.objections(tx, DURATION_RULES, typed_duration(tx, incident, composed)),
        *guardrails.objections(tx, WORDS_RULES, WordsFacts(public)),
    ]
    hearers = queries.hearers_of(
        tx, incident, draft.audience, final=draft.template is Template.RESOLUTION
    )
    return Drafted(
        audience=draft.audience, template=draft.template, fields=draft.fields, text=draft.text,
        next_update_at=draft.next_update_at, every=draft.every, findings=draft.findings,
        promise=draft.promise, blank=draft.blank,
        refusals=tuple(
            Refusing(each.code, each.refusal.why, each.refusal.remedy, each.breakable)
            for each in found
        ),
        hearer_count=len(hearers),
    )  # fmt: skip
