"""The decision log by API."""

from __future__ import annotations

from holdfast.incidents import queries as incidents
from holdfast.incidents.decisions import actions, queries
from holdfast.web.context import ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.record.bodies import AnswerBody, ConfirmBody, DecisionBody
from holdfast.web.record.shapes import DecisionShape, decision_shape
from holdfast.web.rest import NamePath, act, row


def list_decisions(
    ctx: ContextDep, incident_id: NamePath, asked: AskedDep
) -> Listing[DecisionShape]:
    """Decisions, proposals and polls, oldest first."""
    with ctx.read() as tx:
        found = queries.decisions(tx, incidents.incident(tx, incident_id).id)
    shown, following = asked.by_count(found)
    return Listing(items=[decision_shape(each) for each in shown], next=following)


def decide(ctx: ContextDep, incident_id: NamePath, body: DecisionBody) -> DecisionShape:
    """Command decides; from anybody else it is a proposal."""
    made, glass = body.made(), body.break_glass
    decided = act(ctx, lambda tx: actions.decide(tx, incident_id, made, break_glass=glass))
    return decision_shape(decided)


def answer(
    ctx: ContextDep, incident_id: NamePath, decision_id: NamePath, body: AnswerBody | None = None
) -> DecisionShape:
    """Strong objections, or none."""
    said = (body or AnswerBody()).objection
    return decision_shape(act(ctx, lambda tx: actions.answer(tx, incident_id, decision_id, said)))


def confirm(
    ctx: ContextDep, incident_id: NamePath, decision_id: NamePath, body: ConfirmBody | None = None
) -> DecisionShape:
    """Command makes it a decision."""
    said = body or ConfirmBody()
    decided = act(
        ctx,
        lambda tx: actions.confirm(
            tx,
            incident_id,
            decision_id,
            no_poll_because=said.no_poll_because,
            break_glass=said.break_glass,
        ),
    )
    return decision_shape(decided)


_LIST = "incidents/{incident_id}/decisions"
_ONE = f"{_LIST}/{{decision_id}}"
_SAY = "incidents.respond"
ROWS = (
    row("GET", _LIST, list_decisions, "incidents.read", summary="The decision log"),
    row("POST", _LIST, decide, _SAY, summary="Decide, or propose", status=201),
    row("POST", f"{_ONE}/answer", answer, _SAY, summary="Object, or do not"),
    row("POST", f"{_ONE}/confirm", confirm, _SAY, summary="Make a proposal a decision"),
)
