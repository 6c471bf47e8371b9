from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfast.web.app import make_app
from holdfast.web.assets import Assets
from holdfast.web.program import Program
from tests.support.program import Browser, client, make_program


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    made = make_program()
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def asker(program: Program) -> Browser:
    return client(program, app=make_app(program, (), frozenset()))


def test_a_file_whose_address_names_its_content_is_kept_for_ever(asker: Browser) -> None:
    url = Assets().url("style.css")
    answer = asker.get(url)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("version", ["", "?v=", "?v=0000000000"])
def test_a_file_asked_for_by_an_old_address_is_asked_for_again(
    asker: Browser, version: str
) -> None:
    answer = asker.get(f"/static/style.css{version}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, no-cache"
    again = asker.get("/static/style.css", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_file_comes_packed_to_who_can_unpack_it(asker: Browser) -> None:
    packed = asker.get("/static/style.css", headers={"accept-encoding": "gzip, br"})
    plain = asker.get("/static/style.css", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "br"
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert packed.text == plain.text


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/....//app.py",
        "/static//etc/passwd",
        "/static/style/base.css/../../../app.py",
        "/static/style.css%00.js",
        "/static/..\\app.py",
        "/static/style.css/",
        "/static/STYLE.CSS",
    ],
)
def test_no_path_leads_out_of_the_files_of_the_face(asker: Browser, path: str) -> None:
    """Promises e7."""
    assert asker.get(path).status_code == 404


def test_files_are_only_for_reading(asker: Browser) -> None:
    assert asker.post("/static/style.css").status_code == 405
    assert asker.head("/static/style.css").status_code == 200
