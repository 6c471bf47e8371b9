"""Copy a whole instance to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from holdfast.cli import words
from holdfast.cli.exits import CONFLICT, Failed
from holdfast.cli.reach import AsJson, Where, reach
from holdfast.cli.say import out_json, tell

_UNITS = ("bytes", "KiB", "MiB", "GiB")

Force = Annotated[bool, Parameter(negative="", help="Replace what is there.")]


def backup(
    file: Annotated[Path, Parameter(help="Where to write it.")],
    /,
    *,
    force: Force = False,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Copy the whole database to a file while everything goes on. Only you may read it."""
    if file.exists() and not force:
        detail = words.FILE_EXISTS.format(file=file)
        raise Failed(detail, code=CONFLICT, remedy=words.FILE_EXISTS_REMEDY)
    with reach(where) as caller:
        length = caller.download("backup", file)
    if as_json:
        out_json({"file": str(file), "bytes": length})
    else:
        tell(words.BACKED_UP.format(file=file, size=_size(length)))


def _size(length: int) -> str:
    size, unit = float(length), 0
    while size >= 1024 and unit < len(_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return f"{size:.0f} {_UNITS[unit]}" if unit == 0 else f"{size:.1f} {_UNITS[unit]}"
