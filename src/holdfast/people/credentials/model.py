"""What proves who somebody is. The secrets themselves are never kept, only their hashes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from holdfast.kernel.actor import Role
from holdfast.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from holdfast.timeline.event import Event

TOKEN_PREFIX = "hf_"
TOKEN_SHOWN_CHARS = 8
TOKEN_NAME_CHARS_MAX = 100
TOKENS_MAX = 1000
SESSIONS_PER_USER_MAX = 50
AGENT_CHARS_MAX = 200
ADDRESS_CHARS_MAX = 64
SECRET_CHARS_MAX = 200  # what is longer is no secret of ours, and is not even hashed

SESSION_IDLE = timedelta(hours=12)
SESSION_SEEN_EVERY = timedelta(minutes=5)
TOKEN_USED_EVERY = timedelta(minutes=1)


class Entry(StrEnum):
    """How a session began, and what a one-time link is for."""

    PASSWORD = "password"
    FIRST_ADMIN = "first_admin"
    SIGN_IN = "sign_in"
    INVITE = "invite"
    RECOVERY = "recovery"


LINK_LASTS = {
    Entry.FIRST_ADMIN: timedelta(days=7),
    Entry.SIGN_IN: timedelta(minutes=15),
    Entry.INVITE: timedelta(days=7),
    Entry.RECOVERY: timedelta(days=1),
}
# So long after entering by a link a new password needs no old one.
LINK_IS_PROOF_FOR = timedelta(minutes=30)


class LinkState(StrEnum):
    VALID = "valid"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody signs in: what the browser calls itself, and the address it comes from."""

    agent: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in."""

    id: str
    user: str
    role: Role  # as it was when the present cookie was given
    entry: Entry
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    browser: Browser

    def is_alive(self, at: datetime) -> bool:
        """Neither too old nor unused for too long."""
        return at < self.expires_at and at - self.seen_at < SESSION_IDLE


@dataclass(frozen=True, slots=True)
class Token:
    """A program's key. With `user` its bearer acts as that person, at most with their role."""

    id: str
    name: str
    prefix: str  # its first characters, to tell which one it is
    role: Role
    user: str | None
    created_by: str
    created_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link. `user` is None only for the first admin's."""

    id: str
    entry: Entry
    user: str | None
    made_by: str
    expires_at: datetime
    used_at: datetime | None = None

    def state(self, at: datetime) -> LinkState:
        if self.used_at is not None:
            return LinkState.USED
        return LinkState.VALID if at < self.expires_at else LinkState.EXPIRED


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """`secret` is the last part of its address, shown once."""

    secret: str
    entry: Entry
    user: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """`secret` is what the program sends, shown once."""

    secret: str
    token: Token


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """`secret` is the cookie's value."""

    secret: str
    session: Session


class NoSuchToken(NotFound):
    """There is no such token."""


class NoSuchSession(NotFound):
    """There is no such session."""


class TokenRefused(Forbidden):
    """This token is not valid: it was revoked, or it never was one."""


class LinkSpent(Conflict):
    """This link cannot be used: it was used already, is too old, or never was one."""


class UserNeeded(Invalid):
    """Say for whom the link is."""


class WeakPassword(Invalid):
    """This password is too easy to guess."""


@dataclass(frozen=True, slots=True)
class SignedIn(Event):
    kind = "session.opened"
    session: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class SessionsEnded(Event):
    kind = "session.ended"
    sessions: tuple[str, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True)
class PasswordChanged(Event):
    kind = "password.changed"


@dataclass(frozen=True, slots=True)
class LinkMade(Event):
    kind = "link.made"
    entry: str = ""


@dataclass(frozen=True, slots=True)
class TokenCreated(Event):
    kind = "token.created"
    name: str = ""
    role: str = ""
    user: str | None = None


@dataclass(frozen=True, slots=True)
class TokenRevoked(Event):
    kind = "token.revoked"


def hashed(secret: str) -> str:
    """What is kept of a secret. They are 256 random bits, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
