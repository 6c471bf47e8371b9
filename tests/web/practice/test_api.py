"""The practice pack by API."""

from __future__ import annotations

from tests.support.api import api


def test_the_active_pack_is_one_of_those_that_are_shipped() -> None:
    with api() as web:
        found = web.get("practice").json()
    assert found["active"] == "union-5"
    assert "union-5" in found["shipped"]
