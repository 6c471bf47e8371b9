"""What is known of the trouble by API: the shared picture, hypotheses and resources."""

from __future__ import annotations

from holdfast.incidents import queries as incidents
from holdfast.incidents.diagnosis import queries as diagnosis
from holdfast.incidents.hypotheses import actions, queries
from holdfast.incidents.hypotheses.model import Resource
from holdfast.incidents.record import merged
from holdfast.web.context import ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.record.bodies import ResourceBody, StateBody, TestBody, VerdictBody, pieces
from holdfast.web.record.shapes import (
    HypothesisShape,
    ObservedShape,
    ResourceShape,
    StepShape,
    hypothesis_shape,
    line_shape,
    observed_shape,
    resource_shape,
    step_shape,
)
from holdfast.web.rest import NamePath, act, row


def show_observed(ctx: ContextDep, incident_id: NamePath) -> ObservedShape:
    """Symptoms, since when, what changed before, which part, and what stands beside it."""
    with ctx.read() as tx:
        found = diagnosis.observed(tx, incidents.incident(tx, incident_id))
    changes = [line_shape(merged.line(each.entry)) for each in found.suspects]
    return observed_shape(found, changes)


def list_steps(ctx: ContextDep, incident_id: NamePath, asked: AskedDep) -> Listing[StepShape]:
    """The checklist of a safe investigation, with when each step was first taken."""
    with ctx.read() as tx:
        steps = diagnosis.investigation(tx, incidents.incident(tx, incident_id))
    shown, following = asked.by_count(steps)
    return Listing(items=[step_shape(each) for each in shown], next=following)


def list_hypotheses(
    ctx: ContextDep, incident_id: NamePath, asked: AskedDep
) -> Listing[HypothesisShape]:
    """The board, oldest first."""
    with ctx.read() as tx:
        board = queries.hypotheses(tx, incidents.incident(tx, incident_id).id)
    shown, following = asked.by_count(board)
    return Listing(items=[hypothesis_shape(each) for each in shown], next=following)


def state(ctx: ContextDep, incident_id: NamePath, body: StateBody) -> HypothesisShape:
    """Puts a possible cause on the board; without a prediction it is flagged as untested."""
    return hypothesis_shape(act(ctx, lambda tx: actions.state(tx, incident_id, body.stated())))


def add_test(
    ctx: ContextDep, incident_id: NamePath, hypothesis_id: NamePath, body: TestBody
) -> HypothesisShape:
    """Something was looked at."""
    tested = act(
        ctx,
        lambda tx: actions.add_test(
            tx, incident_id, hypothesis_id, body.text, disconfirming=body.disconfirming
        ),
    )
    return hypothesis_shape(tested)


def judge(
    ctx: ContextDep, incident_id: NamePath, hypothesis_id: NamePath, body: VerdictBody
) -> HypothesisShape:
    """Confirmed, refuted or inconclusive, by evidence."""
    ground = body.ground()
    judged = act(ctx, lambda tx: actions.judge(tx, incident_id, hypothesis_id, ground))
    return hypothesis_shape(judged)


def list_resources(
    ctx: ContextDep, incident_id: NamePath, asked: AskedDep
) -> Listing[ResourceShape]:
    """CPU, memory, disk, file descriptors, connections, and who has looked at each."""
    with ctx.read() as tx:
        found = queries.resources(tx, incidents.incident(tx, incident_id).id)
    shown, following = asked.by_count([resource_shape(*each) for each in found.items()])
    return Listing(items=shown, next=following)


def check_resource(
    ctx: ContextDep, incident_id: NamePath, resource: Resource, body: ResourceBody
) -> ResourceShape:
    """Somebody looked at one of them."""
    proof = pieces(body.evidence)
    check = act(
        ctx,
        lambda tx: actions.check_resource(tx, incident_id, resource, body.state, proof=proof),
    )
    return resource_shape(resource, check)


_OF = "incidents/{incident_id}"
_BOARD = f"{_OF}/hypotheses"
_ONE = f"{_BOARD}/{{hypothesis_id}}"
_LOOK, _SAY = "incidents.read", "incidents.respond"
ROWS = (
    row("GET", f"{_OF}/observed", show_observed, _LOOK, summary="The shared picture"),
    row("GET", f"{_OF}/investigation", list_steps, _LOOK, summary="The safe order, and what is"),
    row("GET", _BOARD, list_hypotheses, _LOOK, summary="Hypotheses"),
    row("POST", _BOARD, state, _SAY, summary="State a hypothesis", status=201),
    row("POST", f"{_ONE}/tests", add_test, _SAY, summary="Test a hypothesis"),
    row("POST", f"{_ONE}/verdict", judge, _SAY, summary="Give a verdict"),
    row("GET", f"{_OF}/resources", list_resources, _LOOK, summary="What may have run out"),
    row("POST", f"{_OF}/resources/{{resource}}", check_resource, _SAY, summary="Look at one"),
)
