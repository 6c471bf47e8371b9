"""Practice packs: what is in force, what each says, and packs of one's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, cast

from cyclopts import App, Parameter

from holdfast.cli import words
from holdfast.cli.caller import Json
from holdfast.cli.exits import WRONG_USAGE, Failed
from holdfast.cli.reach import AsJson, Where, reach
from holdfast.cli.say import clean, out_json, paint, table, tell
from holdfast.practice.check import relaxed
from holdfast.practice.model import FILE_CHARS_MAX, OFF, NotAPack
from holdfast.practice.reader import read

Name = Annotated[str, Parameter(help="Such as union-5.")]
FileName = Annotated[Path, Parameter(help="A pack's YAML file.")]

app = App(name="practice", help=words.HELP["practice"])


@app.default
@app.command(name="list")
def list_packs(*, where: Where | None = None, as_json: AsJson = False) -> None:
    """Every pack, its severities, and which one is in force."""
    with reach(where) as caller:
        found = caller.get("practice/packs")
    if as_json:
        out_json(found)
        return
    packs = cast(list[Json], found["items"])
    table(("pack", "in force", "severities", "title"), [_row(pack) for pack in packs])


@app.command
def export(name: Name, /, *, where: Where | None = None, as_json: AsJson = False) -> None:
    """Write a pack as its file: the beginning of one of your own."""
    with reach(where) as caller:
        text = caller.text(f"practice/packs/{name}/export")
    if as_json:
        out_json({"text": text})
    else:
        sys.stdout.write(text)


@app.command
def choose(name: Name, /, *, where: Where | None = None, as_json: AsJson = False) -> None:
    """Work by this pack from now on; `none` switches the practice off."""
    with reach(where) as caller:
        found = caller.post("practice", {"pack": name})
    if as_json:
        out_json(found)
    elif found["active"] == OFF:
        tell(words.PRACTICE_OFF)
    else:
        tell(words.PRACTICE_CHOSEN.format(name=clean(found["active"])))


@app.command
def check(file: FileName, /, *, as_json: AsJson = False) -> None:
    """Look whether a file is a pack that can be worked by. Asks no server."""
    try:
        pack = read(_text(file), clean(file.name))
    except NotAPack as error:
        raise Failed(
            words.NOT_A_PACK,
            code=WRONG_USAGE,
            lines=tuple(
                f"{error.file}:{each.line}: {each.message} {each.remedy}" for each in error.mistakes
            ),
        ) from error
    pairs = relaxed(pack)
    if as_json:
        out_json({"name": pack.name, "levels": len(pack.levels), "relaxed": list(pairs)})
        return
    tell(words.PACK_GOOD.format(file=clean(file.name), name=pack.name, levels=len(pack.levels)))
    if pairs:
        tell(words.PACK_RELAXED.format(pairs=", ".join(pairs)))


@app.command
def save(file: FileName, /, *, where: Where | None = None, as_json: AsJson = False) -> None:
    """Keep a pack of your own. Choosing it is another step."""
    name = "".join(char if "!" <= char <= "~" else "_" for char in file.name)
    body = {"text": _text(file), "file": name[:FILE_CHARS_MAX]}
    with reach(where) as caller:
        found = caller.post("practice/packs", body)
    if as_json:
        out_json(found)
    else:
        tell(words.PACK_SAVED.format(name=clean(found["name"])))


@app.command
def remove(name: Name, /, *, where: Where | None = None, as_json: AsJson = False) -> None:
    """Forget a pack of your own; incidents that were declared under it keep it."""
    with reach(where) as caller:
        found = caller.delete(f"practice/packs/{name}")
    if as_json:
        out_json(found)
    else:
        tell(words.PACK_GONE.format(name=clean(name), active=clean(found["active"])))


def _row(pack: Json) -> list[str]:
    levels = " ".join(clean(label) for label in cast(list[object], pack["levels"]))
    force = paint("in force", "green") if pack["active"] else "-"
    title = f"{clean(pack['title'])}{'' if pack['shipped'] else ' (yours)'}"
    return [clean(pack["name"]), force, levels, title]


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode()
    except UnicodeDecodeError as error:
        said = words.NOT_TEXT.format(file=clean(file))
        raise Failed(said, code=WRONG_USAGE, remedy=words.NOT_TEXT_REMEDY) from error
    except OSError as error:
        said = words.NOT_READ.format(file=clean(file), why=clean(error.strerror or "?"))
        raise Failed(said, code=WRONG_USAGE) from error
