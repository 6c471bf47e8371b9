"""Mitigations by API: the catalogue, options in order of risk, and every verb on them."""

from __future__ import annotations

from collections.abc import Callable

from holdfast.incidents import queries as incidents
from holdfast.incidents.mitigations import actions, catalogue, options, queries
from holdfast.incidents.mitigations.actions import Start
from holdfast.incidents.mitigations.model import OPTIONS, Mitigation
from holdfast.kernel.tx import Tx
from holdfast.web.context import Context, ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.record.bodies import (
    ApproveBody,
    AttachBody,
    OutcomeBody,
    ProposalBody,
    StartBody,
    pieces,
)
from holdfast.web.record.options import (
    MitigationShape,
    TemplateShape,
    WorkaroundShape,
    mitigation_shape,
    template_shape,
)
from holdfast.web.rest import NamePath, Nothing, act, row


def list_catalogue(ctx: ContextDep, asked: AskedDep) -> Listing[TemplateShape]:
    """The kinds of mitigation, with their commands and the least risk that each has."""
    shown, following = asked.by_count(list(catalogue.CATALOGUE.values()))
    return Listing(items=[template_shape(each) for each in shown], next=following)


def list_mitigations(
    ctx: ContextDep, incident_id: NamePath, asked: AskedDep
) -> Listing[MitigationShape]:
    """Attempts in the order in which they were begun, then options: lowest risk, then quickest."""
    with ctx.read() as tx:
        known = queries.mitigations(tx, incidents.incident(tx, incident_id).id)
    tried = options.attempts(known)
    left = options.ordered(each for each in known if each.state in OPTIONS)
    gone = [each for each in known if each.attempt is None and each.state not in OPTIONS]
    shown, following = asked.by_count([*tried, *left, *gone])
    return Listing(items=[mitigation_shape(each) for each in shown], next=following)


def list_workarounds(
    ctx: ContextDep, incident_id: NamePath, asked: AskedDep
) -> Listing[WorkaroundShape]:
    """What helped in earlier incidents like this one."""
    with ctx.read() as tx:
        found = queries.known_workarounds(tx, incidents.incident(tx, incident_id))
    shown, following = asked.by_count(found)
    items = [
        WorkaroundShape(incident=each.incident.number, mitigation=mitigation_shape(each.mitigation))
        for each in shown
    ]
    return Listing(items=items, next=following)


def propose(ctx: ContextDep, incident_id: NamePath, body: ProposalBody) -> MitigationShape:
    """Puts an option on the list, and with `start` begins it in the same request."""

    def proposed(tx: Tx) -> Mitigation:
        made = actions.propose(tx, incident_id, body.proposal())
        return actions.start(tx, incident_id, made.id, Start()) if body.start else made

    return _did(ctx, proposed)


def show(ctx: ContextDep, incident_id: NamePath, mitigation_id: NamePath) -> MitigationShape:
    """One option and what became of it."""
    with ctx.read() as tx:
        incident = incidents.incident(tx, incident_id)
        return mitigation_shape(queries.mitigation(tx, incident.id, mitigation_id))


def attach(
    ctx: ContextDep, incident_id: NamePath, mitigation_id: NamePath, body: AttachBody
) -> MitigationShape:
    """More evidence, or why there is none."""
    proof = pieces(body.evidence)
    return _did(
        ctx,
        lambda tx: actions.attach(
            tx, incident_id, mitigation_id, proof, not_available=body.excuses()
        ),
    )


def approve(
    ctx: ContextDep, incident_id: NamePath, mitigation_id: NamePath, body: ApproveBody | None = None
) -> MitigationShape:
    """This person says yes."""
    said = body or ApproveBody()
    return _did(
        ctx,
        lambda tx: actions.approve(
            tx,
            incident_id,
            mitigation_id,
            said=said.words,
            reason=said.reason,
            break_glass=said.break_glass,
        ),
    )


def start(
    ctx: ContextDep, incident_id: NamePath, mitigation_id: NamePath, body: StartBody | None = None
) -> MitigationShape:
    """This person begins to do it."""
    how = (body or StartBody()).how()
    return _did(ctx, lambda tx: actions.start(tx, incident_id, mitigation_id, how))


def verify(
    ctx: ContextDep, incident_id: NamePath, mitigation_id: NamePath, body: OutcomeBody | None = None
) -> MitigationShape:
    """It has worked."""
    outcome = (body or OutcomeBody()).outcome()
    return _did(ctx, lambda tx: actions.verify(tx, incident_id, mitigation_id, outcome))


def fail(
    ctx: ContextDep, incident_id: NamePath, mitigation_id: NamePath, body: OutcomeBody | None = None
) -> MitigationShape:
    """It has not worked."""
    outcome = (body or OutcomeBody()).outcome()
    return _did(ctx, lambda tx: actions.fail(tx, incident_id, mitigation_id, outcome))


def revert(
    ctx: ContextDep, incident_id: NamePath, mitigation_id: NamePath, body: Nothing | None = None
) -> MitigationShape:
    """It was undone."""
    return _did(ctx, lambda tx: actions.revert(tx, incident_id, mitigation_id))


def withdraw(
    ctx: ContextDep, incident_id: NamePath, mitigation_id: NamePath, body: Nothing | None = None
) -> MitigationShape:
    """Nobody wants it any more."""
    return _did(ctx, lambda tx: actions.withdraw(tx, incident_id, mitigation_id))


def _did(ctx: Context, verb: Callable[[Tx], Mitigation]) -> MitigationShape:
    return mitigation_shape(act(ctx, verb))


_OF = "incidents/{incident_id}"
_LIST = f"{_OF}/mitigations"
_ONE = f"{_LIST}/{{mitigation_id}}"
_LOOK, _SAY = "incidents.read", "incidents.respond"
ROWS = (
    row("GET", "mitigations", list_catalogue, _LOOK, summary="The catalogue of mitigations"),
    row("GET", _LIST, list_mitigations, _LOOK, summary="Attempts and options"),
    row("POST", _LIST, propose, _SAY, summary="Propose a mitigation", status=201),
    row("GET", f"{_OF}/workarounds", list_workarounds, _LOOK, summary="What helped before"),
    row("GET", _ONE, show, _LOOK, summary="One mitigation"),
    row("POST", f"{_ONE}/evidence", attach, _SAY, summary="Attach evidence"),
    row("POST", f"{_ONE}/approve", approve, _SAY, summary="Approve it"),
    row("POST", f"{_ONE}/start", start, _SAY, summary="Begin to do it"),
    row("POST", f"{_ONE}/execute", start, _SAY, summary="The same as start"),
    row("POST", f"{_ONE}/verify", verify, _SAY, summary="It has worked"),
    row("POST", f"{_ONE}/fail", fail, _SAY, summary="It has not worked"),
    row("POST", f"{_ONE}/revert", revert, _SAY, summary="It was undone"),
    row("POST", f"{_ONE}/withdraw", withdraw, _SAY, summary="Nobody wants it"),
)
