"""Start a data folder from a backup: the one command that changes files without the API."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from holdfast.cli import words
from holdfast.cli.exits import CONFLICT, WRONG_USAGE, Failed
from holdfast.cli.reach import AsJson, Where, holds, local
from holdfast.cli.restoring import restore as put_back
from holdfast.cli.say import out_json, tell


def restore(
    file: Annotated[Path, Parameter(help="What `holdfast backup` wrote.")],
    /,
    *,
    force: Annotated[bool, Parameter(negative="", help="Replace what is there.")] = False,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Start a data folder from a backup. It begins on hold: it waits for `holdfast release`."""
    target = local(where)
    if target is None or target.database is not None:
        raise Failed(words.ONLY_SQLITE, code=WRONG_USAGE, remedy=words.ONLY_SQLITE_REMEDY)
    if holds(target.data):
        raise Failed(f"A server holds {target.data}.", code=CONFLICT, remedy="Stop it first.")
    kept = put_back(file, target.data, force=force)
    if as_json:
        out_json({"data": str(target.data), "on_hold": True, "kept": str(kept) if kept else None})
        return
    tell(words.RESTORED.format(place=target.data))
    if kept:
        tell(words.KEPT.format(file=kept))
    tell(words.RESTORED_NEXT)
