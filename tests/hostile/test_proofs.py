"""Wrong, broken and enormous proofs of who asks (promises e10): 401 and 403, and nothing worse."""

from __future__ import annotations

import base64
from urllib.parse import urlencode

import pytest

from holdfast.web import auth
from holdfast.web.routes import ANYONE, Face
from tests.hostile.corpus import FORM, KB, MB
from tests.hostile.rooms import Seen, address, ids, rows
from tests.hostile.siege import Answer, Person, Siege
from tests.support.program import PASSWORD

_NONE, _ZOE, _PAIR = (
    base64.urlsafe_b64encode(text.encode()).decode()
    for text in ('{"alg":"none"}', "zoe", f"zoe:{PASSWORD}")
)
AUTHORIZATIONS = (
    "", " ", "Bearer", "Bearer ", "Bearer  ", "bearer\t", "Bearer \x00", "Bearer hf_\x00",
    "Bearer null", "Bearer hf_", "Bearer hf_' or '1'='1", "Bearer %68f", "Bearer hf_" + "é" * 50,
    "Bearer " + "a" * 10 * MB, "B" * MB, "Basic", "Basic !!!", f"Basic {_ZOE}", f"Basic {_PAIR}",
    "Digest username=zoe", "Negotiate x", f"Bearer {_NONE}.e30.", f"Bearer {'e30.' * 50_000}",
    "Token token=x", "GenieKey x", ",", "Bearer a, Bearer b", "Bearer\u00a0x",
    "AWS4-HMAC-SHA256 Credential=x", "Bearer ../../etc/passwd",
)  # fmt: skip
ROWS = [row for row in rows(Face.API, "GET", "POST", "DELETE") if row.needs != ANYONE]
LOGINS = ("zoe", "nobody", "zoe@example.com", "nobody@example.com", "ana", "", "' or 1=1--", "\x00")


@pytest.mark.parametrize("number", range(len(AUTHORIZATIONS)))
def test_a_proof_that_proves_nothing_opens_no_route(besieged: Siege, number: int) -> None:
    known, sent = ids(besieged), AUTHORIZATIONS[number]
    before = besieged.version()
    # The enormous ones to a few routes: each is hashed whole.
    for row in ROWS if len(sent) < 10 * KB else ROWS[:3]:
        answer = besieged.ask(row.method, address(row, known), headers={"authorization": sent})
        assert answer.status == 401, (row.path, answer)
        assert answer.header("www-authenticate") == "Bearer"
        assert answer.header("content-type") == "application/problem+json"
    assert besieged.version() == before


def test_of_two_proofs_the_worse_one_counts_or_none(besieged: Siege) -> None:
    good = f"Bearer {besieged.admin_token}"
    for pair in ((good, "Bearer x"), ("Bearer x", good), (good, ""), ("", good)):
        headers = [("authorization", proof) for proof in pair]
        assert besieged.ask("GET", "/api/v1/alerts", headers=headers).status in (200, 401)
    headers = [("authorization", "Bearer x"), ("cookie", besieged.zoe.cookie)]
    assert besieged.ask("GET", "/api/v1/alerts", headers=headers).status == 401


def test_broken_and_countless_cookies_open_nothing_and_break_nothing(besieged: Siege) -> None:
    name = auth.session_cookie(besieged.program)
    many = "; ".join(f"c{number}={number}" for number in range(300))
    for cookie in (many, f"{name}=", f"{name}=\x00", f"{name}={'x' * MB}", f"{name}=a; {name}=b",
                   f"={name}", ";" * 50_000, f"{name}={'é' * 40}", "\xff\xfe=\x80", f'{name}="\\"',
                   f"{name}=' or '1'='1", f"theme=<script>; keys=\x00; notice={'A' * 9_000}.x",
                   f"notice=W10.{'A' * 43}", f"holdfast-visitor={'v' * 5_000}"):  # fmt: skip
        for path in ("/", "/alerts", "/sign-in", "/api/v1/alerts", "/p/x"):
            answer = besieged.ask("GET", path, headers={"cookie": cookie})
            assert answer.status in (200, 303, 401, 404), (cookie[:50], path)
            assert (answer.status == 200) is (path == "/sign-in"), (cookie[:50], path)
    real = besieged.zoe.cookie
    for cookie in (f"{many}; {real}", f"{real}; {many}"):
        assert besieged.ask("GET", "/alerts", headers={"cookie": cookie}).status == 200


def try_sign_in(besieged: Siege, login: str, password: str, cookie: str = "") -> Answer:
    """As a browser does: the form first, then what was typed into it."""
    shown = besieged.ask("GET", "/sign-in", headers={"cookie": cookie} if cookie else {})
    given = "; ".join(f"{name}={value}" for name, value in shown.cookies().items())
    typed = {**Seen(shown.text).forms[0].fields, "login": login, "password": password}
    headers = {"cookie": "; ".join(filter(None, (cookie, given))), "content-type": FORM,
               "sec-fetch-site": "same-origin"}  # fmt: skip
    answer = besieged.ask("POST", "/sign-in", urlencode(typed), headers)
    besieged.secrets.update(value for value in answer.cookies().values() if value)
    return answer


def test_a_wrong_pair_says_the_same_of_everybody(besieged: Siege) -> None:
    """Whoever guesses learns nothing about who is here: neither by words nor by status."""
    said = set()
    for login in LOGINS[:3]:
        answer = try_sign_in(besieged, login, "a wrong password of some length")
        plain = " ".join("".join(Seen(answer.text).texts).split())
        said.add((answer.status, plain, answer.header("location")))
    assert len(said) == 1


def test_a_password_of_a_megabyte_is_refused_unread(besieged: Siege) -> None:
    for size in (MB, 10 * MB):
        assert try_sign_in(besieged, "zoe", "x" * size).status == 413
    assert try_sign_in(besieged, "z" * 60_000, "x").status == 422


def test_a_session_is_never_the_one_that_was_there_before(besieged: Siege) -> None:
    """Fixation: what somebody else planted in the browser is worth nothing afterwards."""
    name = auth.session_cookie(besieged.program)
    planted = f"{name}=planted-by-somebody-else"
    entered = try_sign_in(besieged, "zoe", PASSWORD, planted)
    assert entered.status == 303
    fresh = entered.cookies()[name]
    assert fresh not in ("", "planted-by-somebody-else")
    assert besieged.ask("GET", "/alerts", headers={"cookie": planted}).status == 303
    assert besieged.ask("GET", "/alerts", headers={"cookie": f"{name}={fresh}"}).status == 200
    again = try_sign_in(besieged, "zoe", PASSWORD)
    assert again.cookies()[name] != fresh


def test_a_viewer_changes_nothing_by_any_route(besieged: Siege) -> None:
    known = ids(besieged)
    besieged.ask("GET", "/api/v1/alerts", token=besieged.viewer_token)
    before = besieged.version()
    for row in rows(Face.API, "POST", "DELETE", "PUT", "PATCH"):
        headers = {"content-type": "application/json"}
        answer = besieged.ask(
            row.method, address(row, known), b"{}", headers, token=besieged.viewer_token
        )
        assert answer.status in (200, 403, 422), (row.path, answer)
    assert besieged.version() == before


def test_another_persons_form_token_is_worth_nothing(besieged: Siege) -> None:
    stranger = besieged.ask("GET", "/sign-in")
    theirs = Seen(stranger.text).forms[0].fields["csrf"]
    forged = Person(besieged.zoe.cookie, theirs)
    known = ids(besieged)
    body = urlencode({"csrf": theirs})
    headers = {**forged.headers(), "content-type": FORM}
    asked = f"/alerts/{known['alert_id']}/resolve"
    assert besieged.ask("POST", asked, body, headers).status == 403
