"""Configuration as code by API: the difference, making it so, and writing it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

import msgspec
from fastapi.responses import Response
from pydantic import BaseModel, Field, StringConstraints

from holdfast.configuration import queries
from holdfast.configuration.actions.apply import apply, plan
from holdfast.configuration.model import FILES_MAX, Change, File, Mistake, NotApplied, Plan
from holdfast.kernel.tx import Tx
from holdfast.web import refusals
from holdfast.web.context import Context, ContextDep
from holdfast.web.errors import PROBLEM_TYPE, problem_of
from holdfast.web.rest import Body, act, row
from holdfast.web.routes import CONFIGURATION_BYTES_MAX, Route

FILE_NAME_CHARS_MAX = 300
# Names come back in messages, line by line: nothing in them may look like another line.
FileName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=FILE_NAME_CHARS_MAX, pattern=r"^[^\x00-\x1f\x7f]+$"),
]


class FileText(Body):
    """One file. `name` is what messages call it, such as `config.yaml`."""

    name: FileName
    text: str = Field(max_length=CONFIGURATION_BYTES_MAX)


class Files(Body):
    """All files together: they may name what stands in another. Prune removes what none names."""

    files: Annotated[list[FileText], Field(min_length=1, max_length=FILES_MAX)]
    prune: bool = False


class FieldShape(BaseModel):
    """One field in words; null where there is nothing before or after."""

    field: str
    before: str | None
    after: str | None


class ChangeShape(BaseModel):
    """What becomes of one object. `file` and `line` are null for what no file mentions."""

    kind: str = Field(description="create, change or remove")
    object: str
    id: str
    fields: list[FieldShape]
    file: str | None
    line: int | None


class PlanShape(BaseModel):
    """The difference, empty where everything is as the files say."""

    changes: list[ChangeShape]
    made_keys: dict[str, str] = Field(description="New keys by connection, shown this once.")
    warnings: list[str]


def plan_configuration(ctx: ContextDep, body: Files) -> Response | PlanShape:
    """What `apply` would change. Changes nothing."""
    return _answer(ctx, body, plan)


def apply_configuration(ctx: ContextDep, body: Files) -> Response | PlanShape:
    """Makes it so: all of it, or nothing and 422 with every mistake in `errors`."""
    return _answer(ctx, body, apply)


def export_configuration(ctx: ContextDep) -> Response:
    """Everything that is here, as one file without keys."""
    with ctx.read() as tx:
        text = queries.export(tx)
    return Response(text, media_type="text/yaml")


def _answer(ctx: Context, body: Files, action: Callable[..., Plan]) -> Response | PlanShape:
    files = [File(file.name, file.text) for file in body.files]
    integrations = ctx.program.integrations

    def run(tx: Tx) -> Plan:
        return action(tx, files, integrations, prune=body.prune)

    try:
        return _plan_shape(act(ctx, run))
    except NotApplied as refusal:
        if action is apply:  # to plan is to ask, not to claim
            codes = (mistake.code for mistake in refusal.mistakes)
            refusals.count_codes(ctx.request, (code for code in codes if code is not None))
        return _refusal(refusal)


def _refusal(refusal: NotApplied) -> Response:
    """As every problem, with all mistakes in `errors` instead of fields."""
    problem = problem_of(refusal)
    assert problem is not None, "a refusal is an error that we know"
    body = replace(problem, help=refusal.help).body()
    body["errors"] = [_mistake_shape(mistake) for mistake in refusal.mistakes]
    return Response(msgspec.json.encode(body), status_code=problem.status, media_type=PROBLEM_TYPE)


def _mistake_shape(mistake: Mistake) -> dict[str, object]:
    shown: dict[str, object] = {
        "file": mistake.place.file,
        "line": mistake.place.line,
        "message": mistake.message,
        "remedy": mistake.remedy,
    }
    guardrail = {"code": mistake.code, "help": mistake.help}
    return shown | {name: value for name, value in guardrail.items() if value is not None}


def _plan_shape(found: Plan) -> PlanShape:
    return PlanShape(
        changes=[_change_shape(change) for change in found.changes],
        made_keys=dict(found.made_keys),
        warnings=list(found.warnings),
    )


def _change_shape(change: Change) -> ChangeShape:
    return ChangeShape(
        kind=change.kind.value,
        object=change.object.value,
        id=change.id,
        fields=[
            FieldShape(field=field.field, before=field.before, after=field.after)
            for field in change.fields
        ],
        file=change.place.file if change.place else None,
        line=change.place.line if change.place else None,
    )


def _long(route: Route) -> Route:
    return replace(route, body_max=CONFIGURATION_BYTES_MAX)


_READ, _APPLY = "configuration.read", "configuration.apply"
ROUTES = (
    _long(row("POST", "configuration/plan", plan_configuration, _READ, summary="The difference")),
    _long(row("POST", "configuration/apply", apply_configuration, _APPLY, summary="Make it so")),
    row("GET", "configuration/export", export_configuration, _READ, summary="Write it back"),
)
