from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import text

from holdfast.kernel.actor import SYSTEM, Actor, ActorKind, Role
from holdfast.kernel.clock import SteppedClock
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.people import actions as people
from holdfast.people import queries
from holdfast.people.credentials import actions, passwords
from holdfast.people.credentials import queries as proofs
from holdfast.people.credentials.model import (
    SESSION_IDLE,
    SESSIONS_PER_USER_MAX,
    Entry,
    IssuedLink,
    LinkSpent,
    LinkState,
    NoSuchSession,
    OpenedSession,
    Session,
    UserNeeded,
)
from holdfast.people.model import User
from holdfast.people.permissions import NotPermitted
from holdfast.web.program import Program
from tests.support.program import PASSWORD, add_user, make_program

T = TypeVar("T")
WEEK = timedelta(days=7)
PARALLEL = 50


@pytest.fixture
def program() -> Iterator[Program]:
    made = make_program()
    yield made
    made.database.close()


def act(program: Program, action: Callable[[Tx], T], actor: Actor = SYSTEM) -> T:
    return program.database.transact(actor, action)


def as_person(user: User) -> Actor:
    return Actor(ActorKind.USER, user.id, user.role, user.id)


def opened(program: Program, user: User) -> OpenedSession:
    return act(program, lambda tx: actions.open_session(tx, user, Entry.PASSWORD, lasts=WEEK))


def living(program: Program, secret: str) -> Session | None:
    return act(program, lambda tx: proofs.session(tx, secret))


def later(program: Program, length: timedelta) -> None:
    clock = program.database.clock
    assert isinstance(clock, SteppedClock)
    clock.jump_to(clock.now() + length)


def everything(program: Program) -> str:
    """All that the database keeps, as one text."""
    with program.database.begin(SYSTEM) as tx:
        names = [
            str(row[0])
            for row in tx.execute(text("select name from sqlite_master where type = 'table'"))
        ]
        return "\n".join(
            str(tuple(row)) for name in names for row in tx.execute(text(f"select * from {name}"))
        )


def test_a_session_is_known_by_its_cookie_alone(program: Program) -> None:
    ana = add_user(program, "Ana", Role.RESPONDER)
    made = opened(program, ana)
    found = living(program, made.secret)
    assert found is not None
    assert found.user == "ana"
    assert living(program, made.secret + "x") is None
    assert living(program, made.session.id) is None
    assert living(program, "") is None
    assert living(program, "x" * 100_000) is None


def test_secrets_are_kept_as_hashes_only(program: Program) -> None:
    ana = add_user(program, "Ana", Role.RESPONDER)
    session = opened(program, ana).secret
    token = act(program, lambda tx: actions.create_token(tx, "ci", Role.VIEWER)).secret
    link = act(program, lambda tx: actions.make_sign_in_link(tx, "ana")).secret
    kept = passwords.chosen(PASSWORD, ())
    act(program, lambda tx: actions.set_password(tx, "ana", kept))
    found = everything(program)
    for secret in (session, token, link, PASSWORD):
        assert secret not in found


def test_a_session_ends_when_it_was_idle_for_too_long(program: Program) -> None:
    made = opened(program, add_user(program, "Ana", Role.RESPONDER))
    later(program, SESSION_IDLE - timedelta(seconds=1))
    session = living(program, made.secret)
    assert session is not None
    act(program, lambda tx: actions.see_session(tx, session))
    later(program, SESSION_IDLE - timedelta(seconds=1))
    assert living(program, made.secret) is not None
    later(program, timedelta(seconds=1))
    assert living(program, made.secret) is None


def test_a_session_ends_at_its_end_however_busy_it_was(program: Program) -> None:
    made = opened(program, add_user(program, "Ana", Role.RESPONDER))
    for _ in range(15):
        session = living(program, made.secret)
        if session is None:
            break
        act(program, lambda tx, seen=session: actions.see_session(tx, seen))  # type: ignore[misc]  # bound in the loop
        later(program, timedelta(hours=11, minutes=59))
    assert living(program, made.secret) is None
    now = program.database.clock.now()
    assert made.session.expires_at <= now < made.session.expires_at + timedelta(hours=12)


def test_a_rotated_session_leaves_its_old_cookie_dead(program: Program) -> None:
    made = opened(program, add_user(program, "Ana", Role.RESPONDER))
    fresh = act(program, lambda tx: actions.rotate_session(tx, made.session, Role.ADMIN))
    assert living(program, made.secret) is None
    found = living(program, fresh)
    assert found is not None
    assert (found.id, found.role) == (made.session.id, Role.ADMIN)


def test_nobody_ends_the_sessions_of_others(program: Program) -> None:
    ana, bo = (add_user(program, name, Role.RESPONDER) for name in ("Ana", "Bo"))
    made = opened(program, ana)
    with pytest.raises(NotPermitted):
        act(program, lambda tx: actions.end_session(tx, "ana", made.session.id), as_person(bo))
    with pytest.raises(NoSuchSession):
        act(program, lambda tx: actions.end_session(tx, "bo", made.session.id), as_person(bo))
    assert living(program, made.secret) is not None
    act(program, lambda tx: actions.end_session(tx, "ana", made.session.id), as_person(ana))
    assert living(program, made.secret) is None


def test_a_person_has_a_limited_number_of_sessions_and_the_oldest_goes(program: Program) -> None:
    ana = add_user(program, "Ana", Role.RESPONDER)
    first = opened(program, ana)
    for _ in range(SESSIONS_PER_USER_MAX):
        later(program, timedelta(seconds=1))
        opened(program, ana)
    with program.database.read(SYSTEM) as tx:
        assert len(proofs.sessions_of(tx, "ana")) == SESSIONS_PER_USER_MAX
    assert living(program, first.secret) is None


def test_a_new_password_ends_every_other_session_and_open_link(program: Program) -> None:
    ana = add_user(program, "Ana", Role.RESPONDER)
    mine, elsewhere = opened(program, ana), opened(program, ana)
    link = act(program, lambda tx: actions.make_sign_in_link(tx, "ana"))
    kept = passwords.chosen(PASSWORD, ())
    act(program, lambda tx: actions.set_password(tx, "ana", kept, mine.session), as_person(ana))
    assert living(program, mine.secret) is not None
    assert living(program, elsewhere.secret) is None
    with pytest.raises(LinkSpent):
        act(program, lambda tx: actions.use_link(tx, link.secret, lasts=WEEK))


def test_whoever_is_disabled_has_no_session_link_or_token_left(program: Program) -> None:
    ana = add_user(program, "Ana", Role.RESPONDER)
    session = opened(program, ana)
    link = act(program, lambda tx: actions.make_sign_in_link(tx, "ana"))
    token = act(program, lambda tx: actions.create_token(tx, "ci", Role.VIEWER, "ana"))
    act(program, lambda tx: actions.forget_credentials(tx, "ana"))
    act(program, lambda tx: people.disable_user(tx, "ana"))
    act(program, lambda tx: people.enable_user(tx, "ana"))
    assert living(program, session.secret) is None
    with program.database.read(SYSTEM) as tx:
        assert proofs.token(tx, token.secret) is None
    with pytest.raises(LinkSpent):
        act(program, lambda tx: actions.use_link(tx, link.secret, lasts=WEEK))


def test_a_link_signs_its_person_in_once(program: Program) -> None:
    add_user(program, "Ana", Role.RESPONDER)
    link = act(program, lambda tx: actions.make_sign_in_link(tx, "ana"))
    entered = act(program, lambda tx: actions.use_link(tx, link.secret, lasts=WEEK))
    assert (entered.session.user, entered.session.entry) == ("ana", Entry.SIGN_IN)
    with pytest.raises(LinkSpent):
        act(program, lambda tx: actions.use_link(tx, link.secret, lasts=WEEK))


@pytest.mark.parametrize(
    ("make", "lasts"),
    [
        (actions.make_sign_in_link, timedelta(days=7)),
        (lambda tx: actions.make_sign_in_link(tx, "ana"), timedelta(minutes=15)),
        (lambda tx: actions.invite(tx, "ana"), timedelta(days=7)),
        (lambda tx: actions.make_recovery_link(tx, "ana"), timedelta(days=1)),
    ],
)
def test_a_link_dies_at_its_hour(
    program: Program, make: Callable[[Tx], IssuedLink], lasts: timedelta
) -> None:
    add_user(program, "Ana", Role.RESPONDER)
    link = act(program, make)
    later(program, lasts - timedelta(seconds=1))
    with program.database.read(SYSTEM) as tx:
        found = proofs.link(tx, link.secret)
        assert found is not None
        assert found.state(tx.now) is LinkState.VALID
    later(program, timedelta(seconds=1))
    with pytest.raises(LinkSpent):
        act(program, lambda tx: actions.use_link(tx, link.secret, lasts=WEEK))


def test_the_first_link_of_all_makes_the_first_admin_and_no_later_one_does(
    program: Program,
) -> None:
    one, other = (act(program, actions.make_sign_in_link) for _ in range(2))
    entered = act(program, lambda tx: actions.use_link(tx, one.secret, lasts=WEEK))
    assert (entered.session.entry, entered.session.role) == (Entry.FIRST_ADMIN, Role.ADMIN)
    for link in (one, other):
        with pytest.raises(LinkSpent):
            act(program, lambda tx, used=link: actions.use_link(tx, used.secret, lasts=WEEK))  # type: ignore[misc]  # bound in the loop
    with program.database.read(SYSTEM) as tx:
        assert [admin.id for admin in queries.admins(tx)] == ["admin"]


def test_a_first_link_does_not_take_the_id_of_somebody_who_is_there(program: Program) -> None:
    add_user(program, "Admin", Role.VIEWER)
    link = act(program, actions.make_sign_in_link)
    entered = act(program, lambda tx: actions.use_link(tx, link.secret, lasts=WEEK))
    assert entered.session.user == "admin-2"


def test_without_a_name_a_link_is_for_the_only_admin_and_never_for_one_of_several(
    program: Program,
) -> None:
    add_user(program, "Ana", Role.ADMIN)
    assert act(program, actions.make_sign_in_link).user == "ana"
    add_user(program, "Bo", Role.ADMIN)
    with pytest.raises(UserNeeded) as refused:
        act(program, actions.make_sign_in_link)
    assert "--user" in str(refused.value.remedy)


def test_the_link_that_a_start_prints_is_for_somebody_who_never_finished(program: Program) -> None:
    address = act(program, lambda tx: actions.first_admin_link(tx, "https://pager.example.com/"))
    assert address is not None
    assert address.startswith("https://pager.example.com/sign-in/")
    secret = address.rpartition("/")[2]
    act(program, lambda tx: actions.use_link(tx, secret, lasts=WEEK))
    again = act(program, lambda tx: actions.first_admin_link(tx, "https://pager.example.com"))
    assert again is not None
    kept = passwords.chosen(PASSWORD, ())
    act(program, lambda tx: actions.set_password(tx, "admin", kept))
    assert (
        act(program, lambda tx: actions.first_admin_link(tx, "https://pager.example.com")) is None
    )


def test_a_disabled_person_gets_no_link_and_enters_by_none(program: Program) -> None:
    add_user(program, "Ana", Role.RESPONDER)
    link = act(program, lambda tx: actions.make_sign_in_link(tx, "ana"))
    act(program, lambda tx: people.disable_user(tx, "ana"))
    with pytest.raises(Invalid):
        act(program, lambda tx: actions.make_sign_in_link(tx, "ana"))
    with pytest.raises(LinkSpent):
        act(program, lambda tx: actions.use_link(tx, link.secret, lasts=WEEK))


def test_a_recovery_link_ends_the_persons_other_sessions(program: Program) -> None:
    elsewhere = opened(program, add_user(program, "Ana", Role.RESPONDER))
    link = act(program, lambda tx: actions.make_recovery_link(tx, "ana"))
    entered = act(program, lambda tx: actions.use_link(tx, link.secret, lasts=WEEK))
    assert living(program, elsewhere.secret) is None
    assert living(program, entered.secret) is not None


def test_only_admins_make_links_and_tokens(program: Program) -> None:
    manager = as_person(add_user(program, "Mo", Role.MANAGER))
    for attempt in (
        lambda tx: actions.make_sign_in_link(tx, "mo"),
        lambda tx: actions.invite(tx, "mo"),
        lambda tx: actions.make_recovery_link(tx, "mo"),
        lambda tx: actions.create_token(tx, "mine", Role.VIEWER),
        lambda tx: actions.revoke_token(tx, "tk_1"),
    ):
        with pytest.raises(NotPermitted):
            act(program, attempt, manager)


def test_a_token_is_dead_as_soon_as_it_is_revoked(program: Program) -> None:
    made = act(program, lambda tx: actions.create_token(tx, "ci", Role.VIEWER))
    assert made.secret.startswith("hf_")
    assert made.secret.startswith(made.token.prefix)
    with program.database.read(SYSTEM) as tx:
        assert proofs.token(tx, made.secret) == made.token
    act(program, lambda tx: actions.revoke_token(tx, made.token.id))
    with program.database.read(SYSTEM) as tx:
        assert proofs.token(tx, made.secret) is None
        assert [token.name for token in proofs.tokens(tx)] == ["ci"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_token_needs_a_name_that_can_be_read(program: Program, name: str) -> None:
    with pytest.raises(Invalid):
        act(program, lambda tx: actions.create_token(tx, name, Role.VIEWER))


def test_an_old_password_is_asked_for_unless_a_link_was_just_used(program: Program) -> None:
    add_user(program, "Ana", Role.RESPONDER)
    kept = passwords.chosen(PASSWORD, ())
    act(program, lambda tx: actions.set_password(tx, "ana", kept))
    link = act(program, lambda tx: actions.make_recovery_link(tx, "ana"))
    by_link = act(program, lambda tx: actions.use_link(tx, link.secret, lasts=WEEK)).session
    with program.database.read(SYSTEM) as tx:
        ana = queries.user(tx, "ana")
        assert not actions.needs_old_password(tx, ana, by_link)
    by_password = opened(program, ana).session
    later(program, timedelta(minutes=31))
    with program.database.read(SYSTEM) as tx:
        assert actions.needs_old_password(tx, ana, by_password)
        assert actions.needs_old_password(tx, ana, by_link)
        assert actions.needs_old_password(tx, ana, None)


def test_fifty_at_once_with_the_first_link_make_one_admin(database_url: str) -> None:
    """Promises S10, on both databases; half of them hold another first link."""
    program = make_program(database_url)
    try:
        links = [act(program, actions.make_sign_in_link).secret for _ in range(2)]
        assert race(program, links) == 1
        with program.database.read(SYSTEM) as tx:
            assert len(queries.users(tx)) == 1
    finally:
        program.database.close()


def test_fifty_at_once_with_one_invitation_enter_once(database_url: str) -> None:
    program = make_program(database_url)
    try:
        add_user(program, "Ana", Role.RESPONDER)
        link = act(program, lambda tx: actions.invite(tx, "ana")).secret
        assert race(program, [link]) == 1
    finally:
        program.database.close()


def race(program: Program, links: list[str]) -> int:
    """How many of PARALLEL threads that use these links at the same moment get in."""
    start = threading.Barrier(PARALLEL)
    entered: list[OpenedSession] = []

    def use(link: str) -> None:
        start.wait()
        try:
            entered.append(act(program, lambda tx: actions.use_link(tx, link, lasts=WEEK)))
        except LinkSpent:
            return

    threads = [
        threading.Thread(target=use, args=(links[number % len(links)],))
        for number in range(PARALLEL)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(entered)
