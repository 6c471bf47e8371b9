"""Odd input becomes text that can be kept and shown, and what was done is told."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.sdk import clean_details, clean_key, clean_labels, clean_line, clean_text, dotted
from holdfast.sdk.clean import DETAILS_DEPTH_MAX
from holdfast.sdk.signal import (
    DEDUP_CHARS_MAX,
    DETAILS_CHARS_MAX,
    LABEL_CHARS_MAX,
    LABELS_MAX,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=50)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Disk full", "Disk full"),
        ("Größe 日本 👩\u200d👧", "Größe 日本 👩\u200d👧"),
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("a\tb", "a\tb"),
        (7, "7"),
        (1.5, "1.5"),
        (True, "true"),
        (None, ""),
        (float("nan"), "NaN"),
        ({"a": [1, "x"]}, '{"a": [1, "x"]}'),
    ],
)
def test_what_is_fine_stays_and_needs_no_mark(sent: object, shown: str) -> None:
    assert clean_text(sent, 100) == (shown, None)


@pytest.mark.parametrize("bad", ["\x00", "\x1b", "\x7f", "\x9b", "\ud800", "\u202e", "\u2066"])
def test_what_cannot_be_stored_or_misleads_the_reader_goes_and_is_told(bad: str) -> None:
    assert clean_text(f"a{bad}b", 100) == ("ab", "unprintable characters left out")


def test_over_long_text_is_cut_with_a_visible_sign_and_told() -> None:
    assert clean_text("x" * 20, 5) == ("xxxx…", "shortened from 20 to 5 characters")
    assert clean_text("\x00" + "x" * 20, 5) == (
        "xxxx…",
        "unprintable characters left out and shortened from 20 to 5 characters",
    )


def test_a_number_too_long_to_write_is_written_in_hexadecimal() -> None:
    text, _ = clean_text(10**5000, 100)

    assert text.startswith("0x")


def test_a_line_has_no_breaks_and_no_blank_ends() -> None:
    assert clean_line("  Disk\r\n\tfull ", 100) == ("Disk full", None)


@given(ANY_TEXT, st.integers(min_value=1, max_value=60))
def test_clean_text_can_be_encoded_fits_and_is_clean_already(text: str, limit: int) -> None:
    shown, _ = clean_text(text, limit)

    assert len(shown) <= limit
    assert "\x00" not in shown
    shown.encode()
    assert clean_text(shown, limit) == (shown, None)


@pytest.mark.parametrize(
    "key",
    ["srv01/mysql", "Uptime Kuma/12", "K", "k", "a ", "é", "e\u0301", "p\u0430ypal", "a\u200bb"],
)
def test_an_ordinary_key_stays_exactly_as_sent(key: str) -> None:
    assert clean_key(key) == (key, None)


@pytest.mark.parametrize("blank", [None, "", "  ", "\n"])
def test_a_blank_key_is_none_so_that_strangers_are_not_joined(blank: object) -> None:
    assert clean_key(blank) == (None, None)


NEAR = st.text(st.sampled_from("ab\x00\n\r \ud800\u202e"), min_size=1, max_size=4)


@given(NEAR, NEAR)
def test_two_different_keys_never_become_one(one: str, other: str) -> None:
    cleaned, cleaned_other = clean_key(one)[0], clean_key(other)[0]

    assert one == other or cleaned is None or cleaned != cleaned_other


def test_keys_that_differ_by_what_cannot_be_shown_stay_different() -> None:
    keys = {clean_key(key)[0] for key in ("ab", "a\x00b", "a\nb", "a b", "a\tb", "a\ud800b")}

    assert len(keys) == 6


def test_long_keys_that_differ_only_at_the_end_stay_different() -> None:
    keys = {clean_key("k" * 5000 + str(n))[0] for n in range(10)}

    assert len(keys) == 10
    assert all(key is not None and len(key) == DEDUP_CHARS_MAX for key in keys)


@given(ANY_TEXT | st.text(st.sampled_from("ab\x00\ud800 é"), min_size=500, max_size=600))
def test_a_cleaned_key_is_clean_already(text: str) -> None:
    key, _ = clean_key(text)

    assert key is None or clean_key(key) == (key, None)


def test_labels_are_read_from_every_shape_that_senders_use() -> None:
    wanted = {"env": "prod", "team": "payments"}

    assert clean_labels(wanted) == (wanted, ())
    assert clean_labels(["env:prod", "team=payments"]) == (wanted, ())
    assert clean_labels("env:prod, team:payments") == (wanted, ())
    assert clean_labels(
        [{"key": "env", "value": "prod"}, {"tag": "team", "value": "payments"}]
    ) == (
        wanted,
        (),
    )


def test_a_tag_without_a_value_is_a_label_without_a_value() -> None:
    assert clean_labels(["urgent", "url:http://a=b"])[0] == {"urgent": "", "url": "http://a=b"}


def test_too_many_and_too_long_labels_are_cut_and_told() -> None:
    labels, marks = clean_labels({f"l{n}": "v" * 2000 for n in range(LABELS_MAX + 5)})

    assert len(labels) == LABELS_MAX
    assert set(map(len, labels.values())) == {LABEL_CHARS_MAX}
    assert len(marks) == 2
    assert marks[1].startswith("5 left out")


def test_two_label_names_that_become_one_keep_the_first_and_say_so() -> None:
    labels, marks = clean_labels({"a": "1", "a\x00": "2"})

    assert labels == {"a": "1"}
    assert marks[-1].startswith("1 left out")


def test_details_hold_nothing_that_json_cannot() -> None:
    details, marks = clean_details(
        {"nan": float("nan"), "inf": float("-inf"), "big": 2**53 + 1, "ok": [1, 2.5, None, True]}
    )

    assert details == {
        "nan": "NaN",
        "inf": "-Infinity",
        "big": "9007199254740993",
        "ok": [1, 2.5, None, True],
    }
    assert marks == ()


def test_details_that_are_no_object_are_kept_under_a_name() -> None:
    assert clean_details("free text") == ({"details": "free text"}, ())
    assert clean_details([1]) == ({"details": [1]}, ())
    assert clean_details(None) == ({}, ())


def test_details_end_at_a_depth() -> None:
    deep: object = "bottom"
    for _ in range(1000):
        deep = [deep]
    details, marks = clean_details({"deep": deep})

    assert json.dumps(details).count("[") == DETAILS_DEPTH_MAX - 1
    assert marks == ("nested too deep, the innermost left out",)


@pytest.mark.parametrize(
    "huge",
    [
        {"text": '"' * 100_000},
        {"text": "👩" * 100_000},
        {f"k{n}": n for n in range(100_000)},
        {"list": ["x" * 100] * 10_000},
        {"list": [[]] * 100_000},
        {"k" * 100_000: 1, "after": 2},
        {str(n): '"\\\n' * 2000 for n in range(50)},
    ],
)
def test_details_fit_however_much_is_sent_and_say_that_they_were_cut(huge: object) -> None:
    details, marks = clean_details(huge)

    assert len(json.dumps(details, ensure_ascii=False)) <= DETAILS_CHARS_MAX
    assert any("shortened" in mark for mark in marks)


def test_blanks_without_end_are_cleaned_in_no_time() -> None:
    started = time.perf_counter()
    clean_line(" " * 600_000 + "x", 100)
    clean_line("\t\n" * 300_000, 100)

    assert time.perf_counter() - started < 2


BODY = {
    "alert": {"name": "Queue grows", "tags": [{"n": 1}, "b"], "k8s.io/app": "shop"},
    "a.b": "literal",
    "": "empty",
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("alert.name", "Queue grows"),
        ("$.alert.name", "Queue grows"),
        ("alert.tags[0].n", 1),
        ("alert.tags.1", "b"),
        ("alert.k8s.io/app", "shop"),
        ("a.b", "literal"),
        ("alert.tags[2]", None),
        ("alert.tags[999999999]", None),
        ("alert.tags[x]", None),
        ("alert.name.first", None),
        ("alert..name", None),
        ("nothing", None),
        (".", None),
        ("[0]", None),
        ("", None),
        ("x" * 10_000, None),
    ],
)
def test_a_path_finds_what_stands_there_or_nothing(path: str, found: object) -> None:
    assert dotted(BODY, path) == found


def test_a_path_may_begin_in_an_array() -> None:
    assert dotted([{"a": 1}], "[0].a") == 1


@given(st.text(st.sampled_from("ab.[]01 $"), max_size=20))
def test_no_path_ever_fails(path: str) -> None:
    dotted({"a": [{"b": {"": 1}}], "b": "x"}, path)
