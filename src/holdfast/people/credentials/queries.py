"""Ask who a cookie, a token or a link stands for."""

from __future__ import annotations

from holdfast.kernel.tx import Tx
from holdfast.people.credentials import store
from holdfast.people.credentials.model import (
    SECRET_CHARS_MAX,
    TOKEN_PREFIX,
    Link,
    Session,
    Token,
    hashed,
)


def session(tx: Tx, secret: str) -> Session | None:
    """The living session of a cookie."""
    if not 0 < len(secret) <= SECRET_CHARS_MAX:
        return None
    found = store.find_session(tx, hashed(secret))
    return found if found is not None and found.is_alive(tx.now) else None


def session_by_id(tx: Tx, session_id: str) -> Session | None:
    found = store.session_by_id(tx, session_id)
    return found if found is not None and found.is_alive(tx.now) else None


def sessions_of(tx: Tx, user_id: str) -> list[Session]:
    """Where a person is signed in, the latest use first."""
    return [found for found in store.sessions_of(tx, user_id) if found.is_alive(tx.now)]


def token(tx: Tx, secret: str) -> Token | None:
    """The token that a program sent, unless it was revoked. What has no token's shape is not
    even looked up (promises S16)."""
    if not secret.startswith(TOKEN_PREFIX) or len(secret) > SECRET_CHARS_MAX:
        return None
    found = store.find_token(tx, hashed(secret))
    return None if found is None or found.revoked_at is not None else found


def tokens(tx: Tx) -> list[Token]:
    """Newest first, revoked ones too."""
    return store.find_tokens(tx)


def link(tx: Tx, secret: str) -> Link | None:
    """The one-time link of that address, used or not."""
    return store.find_link(tx, hashed(secret)) if len(secret) <= SECRET_CHARS_MAX else None
