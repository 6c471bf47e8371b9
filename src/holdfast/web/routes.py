"""What a route must say about itself: nothing is reachable that is not declared (promises S06)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

FORM_BYTES_MAX = 64 * 1024
JSON_BYTES_MAX = 256 * 1024
CONFIGURATION_BYTES_MAX = 4 * 1024 * 1024

# Instead of a permission: whoever comes (a short list that a test holds), or whoever is signed in.
ANYONE = "anyone"
SIGNED_IN = "signed in"


class Face(StrEnum):
    """Who speaks here, which decides how errors look and what protects a change."""

    PAGE = "page"  # people with a browser: HTML errors, session cookie, CSRF token on POST
    API = "api"  # programs: problem+json, bearer token (or session with CSRF header)
    DOOR = "door"  # senders and answer links: their own keys, no cookies


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table in app.py. `endpoint` is a FastAPI path operation function."""

    method: str
    path: str
    endpoint: Callable[..., object]
    needs: str  # a permission of people/permissions.py, ANYONE or SIGNED_IN
    face: Face = Face.PAGE
    body_max: int = FORM_BYTES_MAX
    status: int = 200
    csrf: bool = True  # only for pages; off where the link itself is the proof
    summary: str = ""  # for OpenAPI
