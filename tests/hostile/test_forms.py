"""Every form of every page, each of its fields filled with what nobody means (promises e5, e7)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.hostile.corpus import FORM
from tests.hostile.payloads import DURATIONS, LINES, NUMBERS, SQL, TEMPLATES, XSS
from tests.hostile.rooms import Form, forms, ids
from tests.hostile.siege import Answer, Siege, siege

pytestmark = pytest.mark.slow
FORMS_MIN = 20
IN_TURN = 2
VALUES = (
    "", "\x00\u202e\ufeff", "k" * 20_000, SQL[0] + TEMPLATES[0] + XSS[0] + LINES[0],
    "z" + "\u0301" * 1_000, str(NUMBERS[4]), "²", DURATIONS[2],
)  # fmt: skip
BROKEN = (
    b"a=%ff", b"\xff\xfe=\x80", b"%", b"=", b"&&&&", b"csrf", b"csrf=a&csrf=b", b"a" * 60_000,
    b"&".join([b"a=b"] * 600), b'{"csrf": "x"}', b"\x1f\x8b\x08\x00",
)  # fmt: skip


@pytest.fixture
def besieged(tmp_path: Path) -> Iterator[Siege]:
    """A fresh one for each test: filled with noise, forms take away what others need."""
    with siege(tmp_path) as made:
        yield made


def post(besieged: Siege, path: str, body: bytes) -> Answer:
    """As a browser sends it; whoever is refused has changed nothing."""
    before = besieged.version()
    headers = {**besieged.zoe.headers(), "content-type": FORM}
    del headers["x-csrf"]
    answer = besieged.ask("POST", path, body, headers)
    if answer.status >= 400:
        assert besieged.unchanged(before, answer), (path, body[:200], answer)
        assert answer.header("content-type").startswith("text/html"), (path, answer)
    return answer


def fill(besieged: Siege, path: str, form: Form) -> set[int]:
    """Some values in each field, in turn all of them, the others as they stood there; the statuses
    that came."""
    names = [name for name in form.fields if name not in ("csrf", "do", "answer")]
    statuses = set()
    for place, name in enumerate(names or [""]):
        for value in VALUES[place % IN_TURN :: IN_TURN] if names else VALUES[:1]:
            filled = form.fields | {name: value, "csrf": besieged.zoe.csrf}
            statuses.add(post(besieged, path, urlencode(filled).encode()).status)
    return statuses


def test_odd_values_in_any_field_are_taken_or_refused_beside_it(besieged: Siege) -> None:
    found = forms(besieged, ids(besieged))
    assert len(found) > FORMS_MIN
    got: dict[str, set[int]] = {}
    for path, form in found.items():
        besieged.zoe_comes_back()
        got[path] = fill(besieged, path, form)
    assert all(statuses <= {200, 303, 404, 409, 413, 422} for statuses in got.values()), got
    assert sum(422 in statuses for statuses in got.values()) > FORMS_MIN // 2
    besieged.alive()


def test_a_form_that_cannot_be_read_changes_nothing(besieged: Siege) -> None:
    for path in forms(besieged, ids(besieged)):
        besieged.zoe_comes_back()
        for body in BROKEN if not path.startswith("/p/") else ():  # that reads JSON, too
            assert post(besieged, path, body).status in (403, 404, 413, 422), (path, body[:50])
    besieged.healthy()


def test_a_form_of_somebody_elses_page_changes_nothing(besieged: Siege) -> None:
    """Promises d.2, CSRF: with our cookie and their token, or from their site."""
    besieged.zoe_comes_back()
    for path, form in forms(besieged, ids(besieged)).items():
        if path.startswith("/p/"):
            continue  # the link itself is the proof
        before = besieged.version()
        for csrf, site in (("", "same-origin"), ("x" * 43, "same-origin"),
                           (besieged.zoe.csrf, "cross-site"), (besieged.zoe.csrf, "same-site"),
                           (besieged.zoe.csrf[:-1] + "\u0130", "same-origin")):  # fmt: skip
            body = urlencode(form.fields | {"csrf": csrf}).encode()
            headers = {"cookie": besieged.zoe.cookie, "sec-fetch-site": site, "content-type": FORM}
            assert besieged.ask("POST", path, body, headers).status == 403, (path, site)
        assert besieged.version() == before
