"""Parts of long lists: no holes, no repeats, and no cursor but our own."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.web.cursor import LIMIT_MAX, Asked, BadCursor, Place, asked

START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def cursor_of(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@given(
    places=st.sets(st.tuples(st.integers(0, 5), st.from_regex(r"[a-z]{1,3}", fullmatch=True))),
    limit=st.integers(1, 7),
)
def test_walking_by_time_sees_every_row_once_in_order(
    places: set[tuple[int, str]], limit: int
) -> None:
    rows: list[Place] = [(START + timedelta(seconds=s), name) for s, name in sorted(places)][::-1]
    seen: list[Place] = []
    cursor = None
    while True:
        part = Asked(limit, cursor)
        place = part.place()
        left = [row for row in rows if place is None or row < place]
        shown, cursor = part.by_time(left[: part.one_more], lambda row: row)
        assert len(shown) <= limit
        seen += shown
        if cursor is None:
            break
    assert seen == rows


@given(names=st.sets(st.text(max_size=4)), limit=st.integers(1, 7))
def test_walking_by_name_sees_every_row_once_in_order(names: set[str], limit: int) -> None:
    names = {name for name in names if name.isascii()}
    seen: list[str] = []
    cursor = None
    while True:
        shown, cursor = Asked(limit, cursor).by_name(sorted(names), lambda name: name)
        seen += shown
        if cursor is None:
            break
    assert seen == sorted(names)


def test_a_row_that_goes_away_between_two_parts_hides_no_other() -> None:
    _, cursor = Asked(2).by_name(["a", "b", "c", "d"], lambda name: name)
    shown, _ = Asked(2, cursor).by_name(["a", "c", "d"], lambda name: name)
    assert shown == ["c", "d"]


def test_a_cursor_may_stand_in_an_address_as_it_is() -> None:
    place = (START, "~~~???>>>")
    _, cursor = Asked(1).by_time([place, place], lambda row: row)
    assert cursor is not None
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert Asked(1, cursor).place() == place


@pytest.mark.parametrize(
    "cursor",
    [
        "", "x", "=", "a b", "é", "\0", "%00", cursor_of("[]"), cursor_of("[1]"),
        cursor_of('["a", "b"]'), cursor_of('[-1, "a"]'), cursor_of('[1e400, "a"]'),
        cursor_of('[99999999999999999999, "a"]'), cursor_of('[9223372036854775807, "a"]'),
        cursor_of('[1, ""]'), cursor_of('[1, "\\u0000"]'), cursor_of('[1, "é"]'),
        cursor_of('[1, "a"]') + "!", cursor_of('{"a": 1}'), cursor_of("null"),
    ],
)  # fmt: skip
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        Asked(1, cursor).place()


def test_a_cursor_of_another_kind_of_list_is_refused() -> None:
    _, by_name = Asked(1).by_name(["a", "b"], lambda name: name)
    _, by_count = Asked(1).by_count([1, 2])
    with pytest.raises(BadCursor):
        Asked(1, by_name).place()
    with pytest.raises(BadCursor):
        Asked(1, by_count).by_name(["a"], lambda name: name)
    with pytest.raises(BadCursor):
        Asked(1, by_name).by_count([1])


def test_a_list_that_grows_at_its_end_goes_on_where_it_was() -> None:
    shown, cursor = Asked(2).by_count([1, 2, 3])
    assert shown == [1, 2]
    assert Asked(2, cursor).by_count([1, 2, 3, 4, 5])[0] == [3, 4]
    assert Asked(5).by_count([1, 2]) == ([1, 2], None)


def test_more_than_the_greatest_limit_is_cut_to_it() -> None:
    assert asked(10**30).limit == LIMIT_MAX
    assert asked().limit == 50
