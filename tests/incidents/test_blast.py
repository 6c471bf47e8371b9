"""What may be hurt as well, because it needs what is hurt."""

from __future__ import annotations

import pytest

from holdfast.incidents.blast import DOWNSTREAM_MAX, downstream

NEEDS = {
    "db-main": (),
    "orders": ("db-main",),
    "checkout": ("orders", "payments"),
    "payments": ("db-main",),
    "mail": (),
}


@pytest.mark.ledger("S1-06")
def test_whoever_needs_it_is_named_the_nearest_first() -> None:
    assert downstream(NEEDS, ["db-main"]) == ("orders", "payments", "checkout")
    assert downstream(NEEDS, ["orders"]) == ("checkout",)
    assert downstream(NEEDS, ["checkout", "mail"]) == ()


def test_a_circle_is_walked_once() -> None:
    assert downstream({"a": ("b",), "b": ("c",), "c": ("a",)}, ["a"]) == ("c", "b")


def test_a_long_list_is_cut() -> None:
    many = {f"s{number:03d}": ("db",) for number in range(200)}
    assert len(downstream(many, ["db"])) == DOWNSTREAM_MAX


def test_an_unknown_service_hurts_nobody() -> None:
    assert downstream(NEEDS, ["nowhere"]) == ()
