"""Says whether Holdfast lives, and whether it may take traffic."""

from __future__ import annotations

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.errors import Unavailable
from holdfast.web import respond
from holdfast.web.client import is_this_machine
from holdfast.web.context import Context, ContextDep
from holdfast.web.program import Program
from holdfast.web.routes import ANYONE, Face, Route

LATENESS_MAX_S = 15.0  # contract: /readyz is red when the oldest duty is later than this

log = structlog.get_logger("health")


async def _alive() -> Response:
    """The process answers. It asks nobody else: a slow database must not get it killed."""
    return respond.json({"status": "alive"})


def _ready(context: ContextDep) -> Response:
    """Whether this node may take traffic; why not, for whoever may know."""
    reason, figures = judge(context.program)
    body: dict[str, object] = {"status": "ready" if reason is None else "not ready"}
    if _may_know(context):
        body |= {"reason": reason, "engine": figures}
    return respond.json(body, status=200 if reason is None else 503)


def judge(program: Program) -> tuple[str | None, dict[str, object]]:
    """The reason not to send traffic here (None when all is well), and the engine's figures."""
    try:
        with program.database.read(SYSTEM) as tx:
            assert tx.now is not None
        figures = program.health()
    except (SQLAlchemyError, Unavailable) as error:
        log.warning("not ready", exc_info=error)
        return "the database does not answer", {}
    lateness_s = figures.get("lateness_s", 0.0)
    if isinstance(lateness_s, int | float) and lateness_s > LATENESS_MAX_S:
        return f"the oldest duty is {lateness_s:.0f} s late", figures
    return None, figures


def _may_know(context: Context) -> bool:
    return context.actor.role is not None or is_this_machine(context.request.scope)


ROUTES = (
    Route("GET", "/healthz", _alive, ANYONE, Face.API),
    Route("GET", "/readyz", _ready, ANYONE, Face.API),
)
