"""Paths, hosts, redirects and the log: where a request says that it comes from and goes to (e7)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest

from holdfast.kernel.actor import SYSTEM
from holdfast.people.credentials import queries as proofs
from holdfast.web.app import make_app
from holdfast.web.logs import configure_logs
from holdfast.web.routes import ANYONE, Face, Route
from tests.hostile.corpus import FORM
from tests.hostile.payloads import LINES, REDIRECTS, TRAVERSALS, XSS
from tests.hostile.rooms import Seen, address, ids, rows
from tests.hostile.siege import BASE_URL, KEYS, Siege
from tests.hostile.spoken import spoken
from tests.support.program import LOOPBACK, PASSWORD, client, settings_with

POISON = "poison.test"
POISONED = {
    "host": POISON, "x-forwarded-host": POISON, "x-forwarded-server": POISON, "x-host": POISON,
    "forwarded": f"host={POISON};proto=https", "x-original-url": f"//{POISON}/",
    "x-rewrite-url": "/api/v1/tokens", "x-forwarded-proto": "https", "x-forwarded-prefix": "/evil",
    "origin": f"https://{POISON}", "referer": f"https://{POISON}/",
    "x-http-method-override": "DELETE",
}  # fmt: skip
INSIDE = ("root:", "from __future__", "[project]", "import ", "[boot loader]")


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_path_leads_to_a_file_that_is_not_ours_to_give(besieged: Siege, path: str) -> None:
    for start in ("/static/", "/", "/help/", "/api/v1/", "/in/", "/static/style/"):
        answer = besieged.ask("GET", start + path, headers=besieged.zoe.headers())
        assert answer.status in (200, 303, 401, 404, 405), (start, answer.status)
        if answer.status == 200:
            assert start + path in ("/", "/.", "/static/style/"), (start, path)
        assert not any(text in answer.text for text in INSIDE), (start, path)


@pytest.mark.parametrize("target", REDIRECTS)
def test_signing_in_never_leads_to_another_place(besieged: Siege, target: str) -> None:
    shown = besieged.ask("GET", f"/sign-in?next={quote(target)}")
    form = Seen(shown.text).forms[0]
    visitor = "; ".join(f"{name}={value}" for name, value in shown.cookies().items())
    typed = {**form.fields, "login": "zoe", "password": PASSWORD, "next": target}
    headers = {"cookie": visitor, "content-type": FORM, "sec-fetch-site": "same-origin"}
    answer = besieged.ask("POST", "/sign-in", urlencode(typed), headers)
    assert answer.status == 303
    besieged.secrets.update(answer.cookies().values())
    for said in (answer.header("location"), form.fields["next"]):
        assert said.startswith("/")
        assert said[1:2] not in ("/", "\\")
        assert said.isprintable()
        assert "\\" not in said
    # The same for whoever is signed in already, and for a page that asks to sign in first.
    for path in (f"/sign-in?next={quote(target)}", "/" + quote(target, safe="/:@?")):
        again = besieged.ask("GET", path, headers=besieged.zoe.headers())
        assert again.header("location")[:2] not in ("//", "/\\"), again
        assert not again.header("location").startswith("http"), again


def test_links_use_the_configured_address_whatever_host_was_asked(besieged: Siege) -> None:
    known = ids(besieged)
    headers = besieged.zoe.headers() | POISONED
    for face in (Face.PAGE, Face.API):
        for row in rows(face, "GET"):
            answer = besieged.ask("GET", address(row, known), headers=headers)
            assert POISON not in answer.text, row.path
            assert POISON not in str(answer.headers), row.path
    for asked, body in (("/api/v1/sign-in-links", b'{"user": "ana"}'),):
        sent = {**POISONED, "content-type": "application/json"}
        made = besieged.ask("POST", asked, body, sent, token=besieged.admin_token)
        link = made.json()
        assert isinstance(link, dict)
        assert link["url"].startswith(f"{BASE_URL}/sign-in/")
    poisoned = spoken("generic", {"title": "poisoned"})
    assert besieged.ask("POST", f"/in/{KEYS['generic']}", poisoned, POISONED).status == 202
    besieged.newest()
    assert POISON not in str(besieged.story.heard[-1].message)


def test_no_header_makes_a_question_a_change(besieged: Siege) -> None:
    known = ids(besieged)
    before = besieged.dump()
    for row in rows(Face.API, "POST", "DELETE"):
        for name in ("x-http-method-override", "x-http-method", "x-method-override"):
            sent = {name: row.method}
            asked = f"{address(row, known)}?_method={row.method}"
            besieged.ask("GET", asked, headers=sent, token=besieged.admin_token)
    assert besieged.dump() == before


def test_nobody_is_this_machine_or_somebody_else_by_saying_so(besieged: Siege) -> None:
    """Promises S17: without trusted proxies no header names the client."""
    spoofs = ("127.0.0.1", "::1", "localhost", "127.0.0.1, 203.0.113.7", "\x00", "evil" * 2_000)
    for name in ("x-forwarded-for", "x-real-ip", "forwarded", "true-client-ip", "x-client-ip"):
        for spoof in spoofs:
            answer = besieged.ask("GET", "/readyz", headers={name: spoof})
            assert answer.json() == {"status": "ready"}, (name, spoof)
            assert besieged.ask("GET", "/metrics", headers={name: spoof}).status == 401
            assert besieged.ask("GET", "/api/v1/alerts", headers={name: spoof}).status == 401
    # What a proxy on this machine passes on is not this machine either.
    for spoof in spoofs:
        passed_on = besieged.ask(
            "GET", "/metrics", headers={"x-forwarded-for": spoof}, peer=LOOPBACK
        )
        assert passed_on.status == 401
    besieged.zoe_comes_back()
    headers = {"x-forwarded-for": "198.51.100.66", "content-type": FORM}
    besieged.ask("POST", "/sign-in", "login=zoe&password=x", headers)
    with besieged.program.database.read(SYSTEM) as tx:
        assert all("198.51.100" not in str(session) for session in proofs.sessions_of(tx, "zoe"))


@pytest.fixture(params=["text", "json"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    written = io.StringIO()
    configure_logs(settings_with(log_format=request.param, log_level="debug"), to=written)
    yield written
    configure_logs(settings_with())


def test_no_request_writes_a_line_of_its_own_into_the_log(
    besieged: Siege, log: io.StringIO
) -> None:
    """A route that fails logs what was asked: on one line, without a terminal's commands."""

    def fails() -> None:
        raise RuntimeError("\r\n".join(LINES) + XSS[0])

    route = Route("GET", "/boom/{rest:path}", fails, ANYONE)
    app = make_app(besieged.program, (route,), frozenset({("GET", route.path)}))
    asker = client(besieged.program, app=app)
    failed = 0
    for line in LINES:
        answer = asker.get(f"/boom/{quote(line)}")
        assert answer.status_code in (404, 500)  # no path has two lines
        assert "RuntimeError" not in answer.text
        failed += answer.status_code == 500
    told = log.getvalue()
    assert told.count("request failed") == failed > len(LINES) // 2
    assert "\x1b" not in told
    assert not any(mark in told for mark in ("\r", "\x85", "\u2028", "\u202e", "\x9b", "\x07"))
    assert not [line for line in told.splitlines() if line.startswith(("Bcc", "Set-Cookie", "hfx"))]
