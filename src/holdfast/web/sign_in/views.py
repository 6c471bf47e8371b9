"""What the sign-in screens are told. Filled by web/sign_in/pages.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from holdfast.web.layout.views import Fields


@dataclass(frozen=True, slots=True)
class SignIn:
    """sign_in/sign_in.html at GET and POST /sign-in: fields `login`, `password`, `next`.

    `next` is where to go afterwards, an address of ours. `insecure` is whether the connection is
    plain http beyond this machine: the page says so. A wrong pair is one message for both.
    """

    next: str = "/"
    insecure: bool = False
    fields: Fields | None = None


@dataclass(frozen=True, slots=True)
class LinkPage:
    """sign_in/link.html at GET and POST /sign-in/{token}: the button enters, looking does not.

    `purpose` first makes the first administrator, invite and recover lead to a password.
    `state` says whether the link can still be used.
    """

    purpose: Literal["first", "invite", "recover", "sign_in"]
    state: Literal["valid", "used", "expired", "unknown"]
    name: str | None = None
    invited_by: str | None = None
    until: datetime | None = None
    fields: Fields | None = None


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """sign_in/password.html at GET and POST /password: fields `name`, `email`, `time_zone`
    (only where `first`), `current` (only where `has_password`), `password`.

    `zones` are the time zones that may be chosen; `least` is the least number of characters.
    """

    login: str
    first: bool = False
    has_password: bool = False
    least: int = 12
    zones: tuple[str, ...] = ()
    zone: str = "UTC"
    may_skip: bool = False
    fields: Fields | None = None
