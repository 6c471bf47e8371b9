"""The packs that come with Holdfast, each a file in `packs/`, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from holdfast.practice.model import SHIPPED, Pack
from holdfast.practice.reader import read


def text(name: str) -> str:
    """The file of that pack as it is shipped. `name` must be one of SHIPPED."""
    assert name in SHIPPED, f"{name} is not shipped"
    return files("holdfast.practice").joinpath("packs", f"{name}.yaml").read_text("utf-8")


@cache
def pack(name: str) -> Pack:
    """The pack itself."""
    return read(text(name), f"{name}.yaml")
