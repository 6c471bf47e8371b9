"""The practice packs by API: which one is in force, what each says, and those of one's own."""

from __future__ import annotations

from typing import cast

import msgspec
from fastapi.responses import Response
from pydantic import BaseModel, Field

from holdfast.kernel.tx import Tx
from holdfast.practice import actions, check, queries
from holdfast.practice.guardrails import help_of
from holdfast.practice.model import (
    FILE_CHARS_MAX,
    PACK_CHARS_MAX,
    SHIPPED,
    NotAPack,
    Pack,
    PackMistake,
)
from holdfast.practice.snapshot import dumped
from holdfast.web.context import Context, ContextDep
from holdfast.web.errors import PROBLEM_TYPE, problem_of
from holdfast.web.refusals import count_codes
from holdfast.web.rest import Body, Name, NamePath, act, row

SENT = "pack"  # what messages call a pack that came without the name of a file


class Practice(BaseModel):
    """Which pack counts, and which ones there are to choose from."""

    active: str = Field(description="`none` where the practice is switched off")
    shipped: list[str]
    own: list[str]


class PackShape(BaseModel):
    """One pack in a list. `problem` is why it cannot be chosen."""

    name: str
    title: str
    version: str
    shipped: bool
    active: bool
    levels: list[str]
    problem: str | None


class Packs(BaseModel):
    """Every pack there is."""

    items: list[PackShape]


class Choice(Body):
    """The pack to work by; `none` switches the practice off."""

    pack: Name


class PackText(Body):
    """A pack's YAML. `file` is what messages call it."""

    text: str = Field(min_length=1, max_length=PACK_CHARS_MAX)
    file: str = Field(default=SENT, min_length=1, max_length=FILE_CHARS_MAX, pattern=r"^[!-~]+$")


def show_practice(ctx: ContextDep) -> Practice:
    """The pack that this organisation works by."""
    with ctx.read() as tx:
        return _practice(tx)


def choose_practice(ctx: ContextDep, body: Choice) -> Practice:
    """Makes a pack the practice in force. Open incidents keep theirs."""

    def chosen(tx: Tx) -> Practice:
        actions.choose(tx, body.pack)
        return _practice(tx)

    return act(ctx, chosen)


def list_packs(ctx: ContextDep) -> Packs:
    """All packs, the shipped ones first."""
    with ctx.read() as tx:
        active = queries.active_name(tx)
        return Packs(items=[_shape(pack, active) for pack in queries.packs(tx)])


def show_pack(ctx: ContextDep, name: NamePath) -> dict[str, object]:
    """Everything that a pack says; durations as ISO 8601."""
    with ctx.read() as tx:
        body = dumped(queries.pack(tx, name))
    # An answer that is made already passes the described shape by.
    made = Response(msgspec.json.encode(body), media_type="application/json")
    return cast(dict[str, object], made)


def export_pack(ctx: ContextDep, name: NamePath) -> Response:
    """The pack as its file; imported elsewhere it is the same, byte for byte."""
    with ctx.read() as tx:
        text = queries.export(tx, name)
    return Response(text, media_type="text/yaml; charset=utf-8")


def save_pack(ctx: ContextDep, body: PackText) -> PackShape:
    """Keeps a pack of one's own; 422 with every mistake by line in `errors`."""

    def saved(tx: Tx) -> PackShape:
        pack = actions.take_in(tx, body.text, body.file)
        return _shape(pack, queries.active_name(tx))

    try:
        return act(ctx, saved)
    except NotAPack as error:
        # An answer that is made already passes the described shape by.
        return cast(PackShape, _refusal(ctx, error))


def remove_pack(ctx: ContextDep, name: NamePath) -> Practice:
    """Forgets a pack of one's own."""

    def removed(tx: Tx) -> Practice:
        actions.remove(tx, name)
        return _practice(tx)

    return act(ctx, removed)


def _practice(tx: Tx) -> Practice:
    return Practice(
        active=queries.active_name(tx), shipped=list(SHIPPED), own=list(queries.own(tx))
    )


def _shape(pack: Pack, active: str) -> PackShape:
    found = check.findings(pack)
    return PackShape(
        name=pack.name,
        title=pack.title,
        version=pack.version,
        shipped=pack.name in SHIPPED,
        active=pack.name == active,
        levels=[level.label for level in pack.levels],
        problem=f"{found[0].message} {found[0].remedy}" if found else None,
    )


def _refusal(ctx: Context, error: NotAPack) -> Response:
    """As every problem, with all mistakes in `errors` instead of fields."""
    count_codes(ctx.request, error.codes)
    problem = problem_of(error)
    assert problem is not None, "a pack that is none is an error that we know"
    body = problem.body() | {"errors": [_mistake(error.file, each) for each in error.mistakes]}
    if problem.code is not None:
        body["help"] = body["type"] = help_of(problem.code)
    return Response(msgspec.json.encode(body), problem.status, media_type=PROBLEM_TYPE)


def _mistake(file: str, mistake: PackMistake) -> dict[str, object]:
    shown = {
        "file": file,
        "line": mistake.line,
        "message": mistake.message,
        "remedy": mistake.remedy,
        "code": mistake.code,
        "help": help_of(mistake.code),
    }
    return {name: value for name, value in shown.items() if value is not None}


_ONE = "practice/packs/{name}"
ROUTES = (
    row("GET", "practice", show_practice, "practice.read", summary="The practice pack"),
    row("POST", "practice", choose_practice, "practice.edit", summary="Choose the practice pack"),
    row("GET", "practice/packs", list_packs, "practice.read", summary="All practice packs"),
    row("POST", "practice/packs", save_pack, "practice.edit", summary="Save a pack of one's own"),
    row("GET", _ONE, show_pack, "practice.read", summary="One practice pack"),
    row("GET", f"{_ONE}/export", export_pack, "practice.read", summary="A pack as its file"),
    row("DELETE", _ONE, remove_pack, "practice.edit", summary="Remove a pack of one's own"),
)
