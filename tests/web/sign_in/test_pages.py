from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import text

from holdfast.kernel.actor import SYSTEM, Role
from holdfast.kernel.clock import SteppedClock
from holdfast.people import queries
from holdfast.people.credentials import actions as credentials
from holdfast.people.credentials import passwords
from holdfast.people.credentials import queries as proofs
from holdfast.web.app import make_app
from holdfast.web.program import Program
from holdfast.web.sign_in.pages import ROUTES, WRONG_PAIR
from tests.support.program import PASSWORD, Browser, add_user, client, make_program

OPEN = frozenset((row.method, row.path) for row in ROUTES if row.needs == "anyone")
_CSRF = re.compile(r'name="csrf" value="([^"]*)"')
# Programs that fetch links before a person does (promises R24, S24).
FETCHERS = (
    "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1) SafeLinks",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "WhatsApp/2.23.20.0",
    "facebookexternalhit/1.1;line-poker/1.0",
    "Googlebot/2.1",
    "curl/8.5.0",
)


@pytest.fixture
def program() -> Iterator[Program]:
    made = make_program()
    yield made
    made.database.close()


@pytest.fixture
def browser(program: Program) -> Browser:
    return client(program, app=make_app(program, ROUTES, OPEN))


def another(program: Program, browser: Browser) -> Browser:
    return client(program, app=browser.app)


def add_ana(program: Program, role: Role = Role.RESPONDER) -> None:
    add_user(program, "Ana", role)
    kept = passwords.chosen(PASSWORD, ())
    with program.database.begin(SYSTEM) as tx:
        credentials.set_password(tx, "ana", kept)


def fill(browser: Browser, path: str, **fields: str) -> httpx2.Response:
    """Loads the page and posts its form."""
    token = _CSRF.search(browser.get(path).text)
    assert token is not None, f"{path} has no form"
    return browser.post(path, data={"csrf": token[1], **fields})


def sign_in(browser: Browser, login: str, password: str, **more: str) -> httpx2.Response:
    return fill(browser, "/sign-in", login=login, password=password, **more)


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/password").status_code == 200


def first_link(program: Program) -> str:
    with program.database.begin(SYSTEM) as tx:
        return f"/sign-in/{credentials.make_sign_in_link(tx).secret}"


def later(program: Program, length: timedelta) -> None:
    clock = program.database.clock
    assert isinstance(clock, SteppedClock)
    clock.jump_to(clock.now() + length)


@pytest.mark.parametrize("login", ["ana@example.com", "ANA@example.com", "ana", " Ana "])
def test_a_person_signs_in_by_email_or_id(program: Program, browser: Browser, login: str) -> None:
    add_ana(program)
    answer = sign_in(browser, login, PASSWORD, next="/alerts?status=open")
    assert (answer.status_code, answer.headers["location"]) == (303, "/alerts?status=open")
    assert is_signed_in(browser)


@pytest.mark.parametrize(
    "login", ["ana", "nobody", "", "ana@example.com\0", "x" * 10_000, "' or 1=1 --", "\ufffd"]
)
def test_a_wrong_pair_is_one_message_whatever_was_wrong(
    program: Program, browser: Browser, login: str
) -> None:
    add_ana(program)
    answer = sign_in(browser, login, "not the password at all")
    assert answer.status_code == 422
    assert WRONG_PAIR in answer.text
    assert not is_signed_in(browser)
    assert "not the password" not in answer.text


def test_nobody_signs_in_without_a_password_of_their_own(
    program: Program, browser: Browser
) -> None:
    add_user(program, "Bo", Role.ADMIN)
    for guess in ("", "None", "the password of nobody at all"):
        assert sign_in(browser, "bo", guess).status_code == 422


def test_a_megabyte_of_password_is_refused_before_anything_is_computed(
    program: Program, browser: Browser
) -> None:
    add_ana(program)
    assert sign_in(browser, "ana", "x" * 1_000_000).status_code == 413


@pytest.mark.parametrize(
    "following",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "https:evil",
        "\\\\evil",
        "",
        "x",
    ],
)
def test_signing_in_never_leads_to_another_site(
    program: Program, browser: Browser, following: str
) -> None:
    """Promises e7: open redirects."""
    add_ana(program)
    assert sign_in(browser, "ana", PASSWORD, next=following).headers["location"] == "/"


def test_a_cookie_from_before_signing_in_is_worth_nothing_afterwards(
    program: Program, browser: Browser
) -> None:
    """Promises d.2, Session: fixation."""
    add_ana(program)
    planted = "a-value-that-the-attacker-knows"
    browser.cookies.set("holdfast", planted, domain="testserver.local")
    assert sign_in(browser, "ana", PASSWORD).status_code == 303
    assert browser.cookies["holdfast"] != planted
    attacker = another(program, browser)
    attacker.cookies.set("holdfast", planted)
    assert not is_signed_in(attacker)


def test_signing_in_again_ends_the_session_that_the_browser_had(
    program: Program, browser: Browser
) -> None:
    add_ana(program)
    with program.database.begin(SYSTEM) as tx:
        link = f"/sign-in/{credentials.make_sign_in_link(tx, 'ana').secret}"
    sign_in(browser, "ana", PASSWORD)
    old = browser.cookies["holdfast"]
    assert fill(browser, link).status_code == 303
    assert browser.cookies["holdfast"] != old
    with program.database.read(SYSTEM) as tx:
        assert proofs.session(tx, old) is None
        assert len(proofs.sessions_of(tx, "ana")) == 1


def test_signing_out_ends_this_session_and_no_other(program: Program, browser: Browser) -> None:
    add_ana(program)
    elsewhere = another(program, browser)
    for each in (browser, elsewhere):
        sign_in(each, "ana", PASSWORD)
    secret = browser.cookies["holdfast"]
    token = _CSRF.search(browser.get("/password").text)
    assert token is not None
    answer = browser.post("/sign-out", data={"csrf": token[1]})
    assert answer.headers["location"] == "/sign-in"
    assert not is_signed_in(browser)
    assert is_signed_in(elsewhere)
    thief = another(program, browser)
    thief.cookies.set("holdfast", secret)
    assert not is_signed_in(thief)


def test_the_first_link_makes_an_admin_who_then_says_who_they_are(
    program: Program, browser: Browser
) -> None:
    link = first_link(program)
    assert fill(browser, link).headers["location"] == "/password"
    wrong = fill(browser, "/password", name="", email="x", time_zone="Mars", password="short")
    assert wrong.status_code == 422
    done = fill(
        browser,
        "/password",
        name="Ana Lima",
        email="ana@example.com",
        time_zone="Europe/Lisbon",
        password=PASSWORD,
    )
    assert done.headers["location"] == "/setup"
    with program.database.read(SYSTEM) as tx:
        (admin,) = queries.admins(tx)
    assert (admin.name, admin.time_zone, admin.has_password) == ("Ana Lima", "Europe/Lisbon", True)
    assert sign_in(another(program, browser), "ana@example.com", PASSWORD).status_code == 303
    late = another(program, browser)
    assert late.get(link).status_code == 410


def test_what_was_typed_is_not_lost_and_the_password_is_not_repeated(
    program: Program, browser: Browser
) -> None:
    fill(browser, first_link(program))
    wrong = fill(
        browser,
        "/password",
        name="Ana Lima",
        email="ana@example.com",
        time_zone="Europe/Lisbon",
        password="canary-pw",
    )
    assert wrong.status_code == 422
    assert 'value="Ana Lima"' in wrong.text
    assert "12 characters" in wrong.text
    assert "canary-pw" not in wrong.text


@pytest.mark.parametrize("agent", FETCHERS)
def test_fetching_a_link_uses_nothing(program: Program, browser: Browser, agent: str) -> None:
    """Promises S24: only the button enters."""
    link = first_link(program)
    headers = {"user-agent": agent, "purpose": "prefetch"}
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        assert browser.request(method, link, headers=headers).status_code in (200, 405)
    assert browser.post(link, headers=headers).status_code == 403
    assert fill(browser, link).status_code == 303


@pytest.mark.parametrize("secret", ["x", "x" * 5000, "%00", "..", "%2e%2e%2f", "ü"])
def test_a_link_that_never_was_one_is_404(browser: Browser, secret: str) -> None:
    assert browser.get(f"/sign-in/{secret}").status_code == 404


def test_a_spent_link_names_nobody(program: Program, browser: Browser) -> None:
    add_ana(program)
    with program.database.begin(SYSTEM) as tx:
        link = f"/sign-in/{credentials.invite(tx, 'ana').secret}"
    assert "Hello, Ana" in browser.get(link).text
    later(program, timedelta(days=8))
    answer = browser.get(link)
    assert answer.status_code == 410
    assert "Ana" not in answer.text


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(
    program: Program, browser: Browser
) -> None:
    add_ana(program)
    elsewhere = another(program, browser)
    for each in (browser, elsewhere):
        sign_in(each, "ana", PASSWORD)
    before = browser.cookies["holdfast"]
    new = "nine kites over a quiet harbour"
    assert fill(browser, "/password", password=new, current="wrong").status_code == 422
    assert is_signed_in(elsewhere)
    assert fill(browser, "/password", password=new, current=PASSWORD).status_code == 303
    assert is_signed_in(browser)
    assert browser.cookies["holdfast"] != before
    assert not is_signed_in(elsewhere)
    assert sign_in(elsewhere, "ana", PASSWORD).status_code == 422
    assert sign_in(elsewhere, "ana", new).status_code == 303


def test_whoever_came_by_a_recovery_link_needs_no_old_password(
    program: Program, browser: Browser
) -> None:
    add_ana(program)
    with program.database.begin(SYSTEM) as tx:
        link = f"/sign-in/{credentials.make_recovery_link(tx, 'ana').secret}"
    assert fill(browser, link).headers["location"] == "/password"
    assert fill(browser, "/password", password="nine kites over a quiet bay").status_code == 303


@pytest.mark.parametrize("field", ["role", "is_admin", "id", "team_id", "user"])
def test_no_field_of_the_form_gives_a_role(program: Program, browser: Browser, field: str) -> None:
    """Promises d.2, Mass assignment."""
    add_ana(program, Role.VIEWER)
    sign_in(browser, "ana", PASSWORD)
    more = {field: "admin"}
    fill(browser, "/password", password="nine kites over a bay", current=PASSWORD, **more)
    with program.database.read(SYSTEM) as tx:
        assert queries.user(tx, "ana").role is Role.VIEWER
        assert set(queries.users(tx)) == {"ana"}


def test_no_secret_of_signing_in_stands_in_the_database(program: Program, browser: Browser) -> None:
    link = first_link(program)
    fill(browser, link)
    fill(
        browser,
        "/password",
        name="Ana",
        email="ana@example.com",
        time_zone="UTC",
        password=PASSWORD,
    )
    secrets = (PASSWORD, browser.cookies["holdfast"], link.rpartition("/")[2])
    with program.database.begin(SYSTEM) as tx:
        for table in ("users", "sessions", "links", "events"):
            rows = str(tx.execute(text(f"select * from {table}")).all())
            assert not [secret for secret in secrets if secret in rows]
