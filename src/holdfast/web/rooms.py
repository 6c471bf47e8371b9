"""Gathers what every room of the web offers: the ROUTES of its pages.py and api.py."""

from __future__ import annotations

import importlib
from pathlib import Path

from holdfast.web.routes import Route

_WEB = Path(__file__).resolve().parent
_FACES = ("pages", "api")


def room_routes() -> tuple[Route, ...]:
    """All of them, rooms in the order of their names. A room is there when its folder is: there
    is no list to edit, and nothing reachable that is not a row."""
    found: list[Route] = []
    for room in sorted(path.parent for path in _WEB.glob("*/__init__.py")):
        for face in _FACES:
            if (room / f"{face}.py").exists():
                module = importlib.import_module(f"holdfast.web.{room.name}.{face}")
                found.extend(module.ROUTES)
    return tuple(found)
