"""Open and end sessions, make and revoke tokens, make and use one-time links, set passwords."""

from __future__ import annotations

from datetime import timedelta

from holdfast.kernel.actor import SYSTEM, Actor, ActorKind, Role
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.people import actions as people_actions
from holdfast.people import permissions, queries
from holdfast.people import store as people
from holdfast.people.credentials import store
from holdfast.people.credentials.model import (
    ADDRESS_CHARS_MAX,
    AGENT_CHARS_MAX,
    LINK_IS_PROOF_FOR,
    LINK_LASTS,
    SESSION_IDLE,
    SESSIONS_PER_USER_MAX,
    TOKEN_NAME_CHARS_MAX,
    TOKEN_PREFIX,
    TOKEN_SHOWN_CHARS,
    TOKENS_MAX,
    Browser,
    Entry,
    IssuedLink,
    IssuedToken,
    Link,
    LinkMade,
    LinkSpent,
    NoSuchSession,
    NoSuchToken,
    OpenedSession,
    PasswordChanged,
    Session,
    SessionsEnded,
    SignedIn,
    Token,
    TokenCreated,
    TokenRevoked,
    UserNeeded,
    hashed,
)
from holdfast.people.model import User, UserSaved

LINKS_KEPT_FOR = timedelta(days=30)  # so that an old link can still say that it is too old
SOME_BROWSER = Browser()
FIRST_ADMIN = "admin"
FIRST_ADMIN_NAME = "Administrator"


def open_session(
    tx: Tx, user: User, entry: Entry, *, lasts: timedelta, browser: Browser = SOME_BROWSER
) -> OpenedSession:
    """Signs a person in. The cookie is new, whatever the browser had before (fixation)."""
    store.drop_stale_sessions(tx, tx.now - SESSION_IDLE)
    present = store.sessions_of(tx, user.id)
    store.drop_sessions(tx, user.id, [old.id for old in present[SESSIONS_PER_USER_MAX - 1 :]])
    secret = tx.chance.token()
    session = Session(
        id=tx.new_id("se"),
        user=user.id,
        role=user.role,
        entry=entry,
        created_at=tx.now,
        seen_at=tx.now,
        expires_at=tx.now + lasts,
        browser=Browser(browser.agent[:AGENT_CHARS_MAX], browser.address[:ADDRESS_CHARS_MAX]),
    )
    store.add_session(tx, session, hashed(secret))
    tx.as_actor(_as_user(user)).record(SignedIn(user.id, session=session.id, entry=entry.value))
    return OpenedSession(secret, session)


def rotate_session(tx: Tx, session: Session, role: Role) -> str:
    """The cookie that replaces the session's present one, after what the person may do changed."""
    secret = tx.chance.token()
    store.change_session(tx, session.id, hashed(secret), role)
    return secret


def see_session(tx: Tx, session: Session) -> None:
    """The session is in use. Bookkeeping, not an event."""
    store.see_session(tx, session.id)


def end_session(tx: Tx, user_id: str, session_id: str) -> None:
    """Signs one browser out. Raises NoSuchSession, for somebody else's too."""
    permissions.require_self_or(tx.actor, "people.edit", user_id)
    if not _end(tx, user_id, [session_id], "signed out"):
        raise NoSuchSession


def end_sessions(tx: Tx, user_id: str, *, but: str | None = None, because: str) -> None:
    """Signs a person out everywhere, except in the session `but`."""
    permissions.require_self_or(tx.actor, "people.edit", user_id)
    ids = [found.id for found in store.sessions_of(tx, user_id) if found.id != but]
    _end(tx, user_id, ids, because)


def end_sessions_named(tx: Tx, user_id: str, ids: list[str], because: str) -> None:
    """Ends those of these sessions that are the person's; the others stay."""
    permissions.require_self_or(tx.actor, "people.edit", user_id)
    _end(tx, user_id, ids, because)


def disable(tx: Tx, user_id: str) -> None:
    """The person cannot be paged any more, and nothing that proved who they were is good."""
    people_actions.disable_user(tx, user_id)
    forget_credentials(tx, user_id)


def forget_credentials(tx: Tx, user_id: str) -> None:
    """For somebody who is disabled: sessions end, open links die, tokens that act as them too."""
    permissions.require(tx.actor, "people.edit")
    end_sessions(tx, user_id, because="disabled")
    store.drop_links(tx, user_id)
    for token in store.find_tokens(tx):
        if token.user == user_id and token.revoked_at is None:
            _revoke(tx, token.id)


def set_password(tx: Tx, user_id: str, kept: str, session: Session | None = None) -> None:
    """Replaces a person's password by what passwords.chosen made of the new one, and ends their
    other sessions.

    Whether the old one must be known first, `needs_old_password` says.
    """
    permissions.require_self_or(tx.actor, "people.edit", user_id)
    user = queries.user(tx, user_id)
    people.set_password(tx, user.id, kept)
    tx.forget()
    tx.record(PasswordChanged(user_id))
    store.drop_links(tx, user_id)
    end_sessions(
        tx, user_id, but=None if session is None else session.id, because="password changed"
    )


def needs_old_password(tx: Tx, user: User, session: Session | None) -> bool:
    """A link just used is proof enough: whoever forgot a password cannot give it."""
    if not user.has_password:
        return False
    by_link = session is not None and session.entry is not Entry.PASSWORD
    return not (by_link and session and tx.now - session.created_at < LINK_IS_PROOF_FOR)


def password_of(tx: Tx, user: User | None) -> str | None:
    """What is kept of it, for a check outside the transaction: that takes a while."""
    return None if user is None else people.password_of(tx, user.id)


def create_token(tx: Tx, name: str, role: Role, user_id: str | None = None) -> IssuedToken:
    """A key for a program, shown once. With `user_id` its bearer acts as that person."""
    permissions.require(tx.actor, "tokens.edit")
    if not 0 < len(name.strip()) <= TOKEN_NAME_CHARS_MAX:
        raise Invalid(
            f"A token's name has 1 to {TOKEN_NAME_CHARS_MAX} characters.",
            fields={"name": "say what it is for"},
        )
    if user_id is not None:
        queries.user(tx, user_id)
    if store.count_live_tokens(tx) >= TOKENS_MAX:
        raise Invalid(f"There are {TOKENS_MAX} tokens.", remedy="Revoke those nobody uses.")
    secret = TOKEN_PREFIX + tx.chance.token()
    token = Token(
        id=tx.new_id("tk"),
        name=name.strip(),
        prefix=secret[:TOKEN_SHOWN_CHARS],
        role=role,
        user=user_id,
        created_by=tx.actor.user_id or str(tx.actor),
        created_at=tx.now,
    )
    store.add_token(tx, token, hashed(secret))
    tx.record(TokenCreated(token.id, name=token.name, role=role.value, user=user_id))
    return IssuedToken(secret, token)


def use_token(tx: Tx, token: Token) -> None:
    """The token is in use. Bookkeeping, not an event."""
    store.use_token(tx, token.id)


def revoke_token(tx: Tx, token_id: str) -> None:
    """The token is dead from the next request on, on every node. Raises NoSuchToken."""
    permissions.require(tx.actor, "tokens.edit")
    found = store.token_by_id(tx, token_id)
    if found is None:
        raise NoSuchToken
    if found.revoked_at is None:
        _revoke(tx, token_id)


def make_sign_in_link(tx: Tx, user_id: str | None = None) -> IssuedLink:
    """A one-time link. Without a user: the first admin's while there is no admin, then the only
    admin's. Raises UserNeeded where several could be meant, NoSuchUser."""
    permissions.require(tx.actor, "instance.operate")
    if user_id is not None:
        return _make_link(tx, Entry.SIGN_IN, queries.user(tx, user_id))
    admins = queries.admins(tx)
    if not admins:
        return _make_link(tx, Entry.FIRST_ADMIN, None)
    if len(admins) > 1:
        names = ", ".join(sorted(admin.id for admin in admins))
        raise UserNeeded("There are several admins.", remedy=f"Name one of them: --user {names}.")
    return _make_link(tx, Entry.SIGN_IN, admins[0])


def first_admin_link(tx: Tx, base_url: str) -> str | None:
    """The address to print at a start: while there is no admin, or only one who never finished
    signing up; None afterwards."""
    admins = queries.admins(tx)
    if len(admins) > 1 or any(admin.has_password for admin in admins):
        return None
    return link_address(base_url, make_sign_in_link(tx))


def link_address(base_url: str, link: IssuedLink) -> str:
    """What to open in a browser."""
    return f"{base_url.rstrip('/')}/sign-in/{link.secret}"


def invite(tx: Tx, user_id: str) -> IssuedLink:
    """A link with which a person who was just added chooses a password."""
    permissions.require(tx.actor, "people.edit")
    return _make_link(tx, Entry.INVITE, queries.user(tx, user_id))


def make_recovery_link(tx: Tx, user_id: str) -> IssuedLink:
    """A link for somebody who forgot their password."""
    permissions.require(tx.actor, "people.edit")
    return _make_link(tx, Entry.RECOVERY, queries.user(tx, user_id))


def use_link(
    tx: Tx, secret: str, *, lasts: timedelta, browser: Browser = SOME_BROWSER
) -> OpenedSession:
    """Uses a link, once, and signs its person in; the first one of all makes the first admin.

    Of many at the same moment one succeeds. Raises LinkSpent.
    """
    found = store.find_link(tx, hashed(secret))
    if found is not None and found.entry is Entry.FIRST_ADMIN:
        store.take_first_links(tx)
    if found is None or not store.use_link(tx, hashed(secret)):
        raise LinkSpent(remedy="Ask whoever sent it for a new one.")
    user = _make_first_admin(tx) if found.user is None else queries.user(tx, found.user)
    if user.disabled_at is not None:
        raise LinkSpent(remedy="Ask an administrator: this person is disabled.")
    if found.entry is Entry.RECOVERY:
        end_sessions(tx, user.id, because="recovery")
    return open_session(tx, user, found.entry, lasts=lasts, browser=browser)


def _make_link(tx: Tx, entry: Entry, user: User | None) -> IssuedLink:
    if user is not None and user.disabled_at is not None:
        raise Invalid("This person is disabled.", remedy="Enable them first.")
    secret = tx.chance.token()
    link = Link(
        id=tx.new_id("ln"),
        entry=entry,
        user=None if user is None else user.id,
        made_by=tx.actor.user_id or str(tx.actor),
        expires_at=tx.now + LINK_LASTS[entry],
    )
    store.drop_old_links(tx, tx.now - LINKS_KEPT_FOR)
    store.add_link(tx, link, hashed(secret))
    tx.record(LinkMade(link.user or FIRST_ADMIN, entry=entry.value))
    return IssuedLink(secret, entry, link.user, link.expires_at)


def _make_first_admin(tx: Tx) -> User:
    if queries.admins(tx):
        raise LinkSpent("There is an admin already.", remedy="Sign in, or ask that admin.")
    store.spend_first_links(tx)
    taken = queries.users(tx)
    name = next(
        name
        for name in (FIRST_ADMIN, *(f"{FIRST_ADMIN}-{n}" for n in range(2, len(taken) + 3)))
        if name not in taken
    )
    admin = User(id=name, name=FIRST_ADMIN_NAME, email=None, time_zone="UTC", role=Role.ADMIN)
    people.save_user(tx, admin)
    tx.forget()
    tx.as_actor(SYSTEM).record(UserSaved(name, fields=("name", "role")))
    return admin


def _as_user(user: User) -> Actor:
    return Actor(ActorKind.USER, user.id, user.role, user.id)


def _end(tx: Tx, user_id: str, ids: list[str], because: str) -> bool:
    ended = store.drop_sessions(tx, user_id, ids)
    if ended:
        tx.record(SessionsEnded(user_id, sessions=tuple(ended), because=because))
    return bool(ended)


def _revoke(tx: Tx, token_id: str) -> None:
    store.revoke_token(tx, token_id)
    tx.record(TokenRevoked(token_id))
