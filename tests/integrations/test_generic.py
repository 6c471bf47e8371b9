"""The generic source where a written request alone does not tell the story."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from holdfast.integrations.generic import RESOLVED_VALUES, plan_of, source
from holdfast.sdk import Inbound, Signal, SignalStatus, Unreadable


def _read(body: object, **settings: object) -> Signal:
    [signal] = source.read(Inbound("POST", "/in/KEY", json.dumps(body).encode(), settings=settings))
    return signal


@pytest.mark.parametrize("word", sorted(RESOLVED_VALUES | {"OK", " Resolved "}))
def test_the_usual_words_for_over_resolve(word: str) -> None:
    assert _read({"title": "x", "id": 1, "state": word}).status is SignalStatus.RESOLVED


@pytest.mark.parametrize("word", ["alerting", "problem", "", None, 0, False, ["ok"], {"ok": 1}])
def test_whatever_is_not_clearly_over_fires(word: object) -> None:
    assert _read({"title": "x", "id": 1, "state": word}).status is SignalStatus.FIRING


def test_configured_words_replace_the_usual_ones() -> None:
    words = ["green"]

    assert _read({"id": 1, "state": "Green"}, resolved_values=words).status is SignalStatus.RESOLVED
    assert _read({"id": 1, "state": "ok"}, resolved_values=words).status is SignalStatus.FIRING


def test_an_acknowledgement_is_understood() -> None:
    assert _read({"id": 1, "status": "acknowledged"}).status is SignalStatus.ACKNOWLEDGED


def test_a_mapped_dedup_that_is_missing_is_not_guessed() -> None:
    signal = _read({"title": "x", "id": "1"}, mapping={"dedup": "alert.key"})

    assert signal.dedup is None


def test_of_several_paths_the_first_with_a_value_counts() -> None:
    mapping = {"title": ["a.b", "c", "d"]}

    assert _read({"c": "", "d": "third"}, mapping=mapping).title == "third"


@pytest.mark.parametrize(
    "settings",
    [{"mapping": "odd"}, {"mapping": {"title": 7}}, {"resolved_values": "ok"}, {"mapping": None}],
)
def test_odd_settings_are_as_good_as_none(settings: Mapping[str, object]) -> None:
    assert plan_of(settings) == plan_of({})


@pytest.mark.parametrize("name", ["title", "Title", "TITLE", "AlertName"])
def test_names_are_found_in_any_case(name: str) -> None:
    assert _read({name: "Disk full"}).title == "Disk full"


def test_bracketed_text_is_text_and_not_broken_json() -> None:
    inbound = Inbound("POST", "/in/KEY", b"[FIRING] disk full")

    assert source.read(inbound)[0].title == "[FIRING] disk full"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"title": ', "application/json"),
        (b'{"title": ', "application/x-www-form-urlencoded"),
        (b"disk full", "application/json"),
        (b"", "text/plain"),
        (b"null", "application/json"),
        (b"{}", "application/json"),
        (b"&".join(b"k%d=1" % n for n in range(300)), "application/x-www-form-urlencoded"),
        (b"disk\x00full", "text/plain"),
        (b"\xff" * 20, ""),
    ],
)
def test_what_nobody_can_read_is_refused_with_a_remedy(body: bytes, kind: str) -> None:
    with pytest.raises(Unreadable) as refused:
        source.read(Inbound("POST", "/in/KEY", body, headers={"content-type": kind}))

    assert refused.value.detail
    assert refused.value.remedy


def test_text_in_an_old_encoding_still_pages() -> None:
    body = "Plattenplatz läuft über auf db-1".encode("latin-1")

    [signal] = source.read(Inbound("POST", "/in/KEY", body, headers={"content-type": "text/plain"}))

    assert signal.title.startswith("Plattenplatz l")
