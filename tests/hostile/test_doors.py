"""The doors for alerts against sizes, almost-JSON and odd fields (promises e2, e3, e4, e8).

The rule: whoever is known and can be understood at all gets their page, shortened and marked where
need be; everybody else hears a 4xx that says why. Never a 5xx, and it goes on living.
"""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator

import pytest

from holdfast.alerts import queries
from holdfast.alerts.model import Alert, AlertStatus
from holdfast.alerts.queries import Filter
from holdfast.catalog.model import HEARTBEAT
from holdfast.kernel.actor import SYSTEM
from holdfast.sdk.reading import LEFT_OUT_DEDUP, SIGNALS_MAX
from tests.hostile.corpus import (
    FIELDS,
    FIRES,
    INSTANTS,
    JSONS,
    LOOK_ALIKES,
    MB,
    NOTHING,
    REFUSED,
    SIZES,
    Body,
)
from tests.hostile.siege import DOORS, FAMILIES, KEYS, SENDERS, Answer, Siege
from tests.hostile.spoken import spoken

BODIES = JSONS | SIZES
GENERIC = f"/in/{KEYS['generic']}"
BEATS = (f"/heartbeat/{KEYS[HEARTBEAT]}", f"/in/{KEYS[HEARTBEAT]}")
MEMORY_BYTES_MAX = 50 * MB
TURNS = ("firing", "resolved")


@pytest.fixture(autouse=True)
def healthy(besieged: Siege) -> Iterator[None]:
    yield
    besieged.healthy()
    besieged.forget_letters()  # tests/hostile/test_promise.py digests them all


def send(besieged: Siege, kind: str, **fields: object) -> Answer:
    return besieged.ask("POST", f"/in/{KEYS[kind]}", spoken(kind, fields))


def fate(besieged: Siege, door: str, body: Body) -> str:
    """What a door made of it; a refusal says why."""
    before = besieged.letters_count()
    answer = besieged.ask("POST", door, body.sent, body.headers())
    came = besieged.letters_count() - before
    if answer.status == 400:
        assert came == 0
        assert reason(answer)
        return REFUSED
    assert answer.status in (200, 202), answer
    return FIRES if came else NOTHING


def reason(answer: Answer) -> str:
    """Why it was refused, in the words of either kind of door."""
    said = answer.json()
    assert isinstance(said, dict)
    return str(said.get("detail") or said["errors"][0])


def alerts_of(besieged: Siege, connection: str) -> list[Alert]:
    besieged.story.drain()
    with besieged.program.database.read(SYSTEM) as tx:
        found = queries.newest(tx, Filter(), limit=500)
    return [alert for alert in found if alert.connection == connection]


@pytest.mark.parametrize("name", BODIES)
def test_every_door_takes_the_body_or_says_why_not(besieged: Siege, name: str) -> None:
    body = BODIES[name]
    expected = {
        door: REFUSED
        if not door.startswith("/in/")
        else (body.generic if kind == "generic" else body.others)
        for door, kind in FAMILIES.items()
    }
    assert {door: fate(besieged, door, body) for door in FAMILIES} == expected


def test_each_family_is_mounted_at_every_path_that_its_clients_use(besieged: Siege) -> None:
    """Wire R1, R7."""
    for door, kind in DOORS.items():
        assert besieged.ask("POST", door, spoken(kind, {"title": "x"})).status == 202, door


@pytest.mark.parametrize("name", BODIES)
def test_a_beat_is_heard_whatever_comes_with_it(besieged: Siege, name: str) -> None:
    assert [fate(besieged, door, BODIES[name]) for door in BEATS] == [NOTHING, NOTHING]


@pytest.mark.parametrize("name", FIELDS)
def test_an_odd_field_never_costs_the_page(besieged: Siege, name: str) -> None:
    for door, kind in FAMILIES.items():
        before = besieged.letters_count()
        answer = besieged.ask("POST", door, spoken(kind, FIELDS[name]))
        assert answer.status == 202, (door, answer)
        assert besieged.letters_count() == before + 1


def test_no_instant_of_a_sender_costs_the_page(besieged: Siege) -> None:
    for kind in SENDERS:
        for instant in INSTANTS:
            answer = send(besieged, kind, title="x", started_at=instant)
            assert answer.status == 202, (kind, instant)


@pytest.mark.parametrize("kind", SENDERS)
def test_an_alert_of_600_kb_pages_shortened_and_marked(besieged: Siege, kind: str) -> None:
    assert send(besieged, kind, title="t" * 600_000, dedup=f"600 KB of {kind}").status == 202
    alert = besieged.newest()
    assert alert.title == "t" * 1023 + "…"
    assert "title: shortened from 600000 to 1024 characters" in alert.marks
    assert alert.code in besieged.story.heard[-1].message.text


@pytest.mark.parametrize("kind", SENDERS)
def test_a_request_that_is_too_long_to_keep_pages_with_its_start(
    besieged: Siege, kind: str
) -> None:
    start = b'{"title": "\x1b[31mBig\r\nfire\x00'
    body = start + b"x" * 3 * MB
    assert besieged.ask("POST", f"/in/{KEYS[kind]}", body).status == 202
    alert = besieged.newest()
    assert alert.title.startswith('{"title": "[31mBig fire')
    assert alert.title.isprintable()
    assert alert.marks == ("the request was longer than 2048 KiB; its start is kept",)


def test_a_bomb_is_not_unpacked_beyond_what_is_kept(besieged: Siege) -> None:
    bomb = SIZES["a bomb of 50 MB in 50 KB"]
    tracemalloc.start()
    try:
        assert besieged.ask("POST", GENERIC, bomb.sent, bomb.headers()).status == 202
        assert tracemalloc.get_traced_memory()[1] < MEMORY_BYTES_MAX
    finally:
        tracemalloc.stop()


def test_of_too_many_alerts_in_one_request_the_last_tells_of_the_rest(besieged: Siege) -> None:
    before = besieged.letters_count()
    body = b"[" + b",".join([b"1"] * 100_000) + b"]"
    assert besieged.ask("POST", GENERIC, body).json() == {
        "status": "accepted",
        "signals": SIGNALS_MAX + 1,
    }
    (letter,) = besieged.letters(after=before)
    last = letter.signals[-1]
    assert last["dedup"] == LEFT_OUT_DEDUP
    assert last["details"] == {"read": SIGNALS_MAX, "left_out": 100_000 - SIGNALS_MAX}


@pytest.mark.parametrize("kind", SENDERS)
def test_keys_that_only_look_alike_are_different_troubles(besieged: Siege, kind: str) -> None:
    """Promises R22, e4: none joins another, and each is resolved alone."""
    known = {alert.id for alert in alerts_of(besieged, kind)}
    for key in LOOK_ALIKES:
        assert send(besieged, kind, title="look-alike", dedup=key).status == 202
    assert len([a for a in alerts_of(besieged, kind) if a.id not in known]) == len(LOOK_ALIKES)
    over = LOOK_ALIKES[::2]
    for key in over:
        assert send(besieged, kind, title="over", dedup=key, status="resolved").status == 202
    still = [a for a in alerts_of(besieged, kind) if a.open and a.id not in known]
    assert len(still) == len(LOOK_ALIKES) - len(over)


def test_what_never_fired_and_what_another_sender_fired_is_not_resolved(besieged: Siege) -> None:
    assert send(besieged, "generic", title="mine", dedup="shared key").status == 202
    before = len(alerts_of(besieged, "generic"))
    for kind in SENDERS:
        assert send(besieged, kind, dedup="never fired", status="resolved").status == 202
    for kind in SENDERS[1:]:
        assert send(besieged, kind, dedup="shared key", status="resolved").status == 202
    found = alerts_of(besieged, "generic")
    assert len(found) == before
    assert next(a for a in found if a.dedup_key == "shared key").status is AlertStatus.TRIGGERED


def test_firing_and_resolving_many_times_in_a_second_loses_no_change(besieged: Siege) -> None:
    for turn in range(100):
        answer = send(besieged, "generic", title="x", dedup="flap", status=TURNS[turn % 2])
        assert answer.status == 202
    flaps = [a for a in alerts_of(besieged, "generic") if a.dedup_key == "flap"]
    assert len(flaps) == 50
    assert {a.status for a in flaps} == {AlertStatus.RESOLVED}
    assert {a.count for a in flaps} == {1}


WRONG_KEYS = (
    "x", "", "%00", KEYS["generic"] + "%00", KEYS["generic"][:-1], KEYS["generic"].upper(),
    " " + KEYS["generic"], "%20" * 2_000, "..%2f..%2fetc%2fpasswd", "%ff%fe", "%ed%a0%80",
    "K" * 8_000, "' or '1'='1", "%D9%A1" * 32, "{{7*7}}",
    KEYS["generic"] + "%0d%0aSet-Cookie:%20a=b",
)  # fmt: skip


@pytest.mark.parametrize("key", WRONG_KEYS)
def test_whoever_has_no_key_changes_nothing(besieged: Siege, key: str) -> None:
    before = besieged.letters_count()
    for door in (f"/in/{key}", f"/heartbeat/{key}"):
        answer = besieged.ask("POST", door, b'{"title": "x"}')
        assert answer.status in (401, 404, 405), answer
        assert "set-cookie" not in dict(answer.headers)
    for routing_key in (key, [key], {"$ne": key}, None, 7, True, "1" * 5_000):
        body = spoken("pagerduty-events", {"title": "x"})
        changed = body.replace(b'"' + KEYS["pagerduty-events"].encode() + b'"', _json(routing_key))
        assert besieged.ask("POST", "/v2/enqueue", changed).status == 400
    assert besieged.letters_count() == before


def test_a_key_opens_only_the_door_of_its_own_kind(besieged: Siege) -> None:
    before = besieged.letters_count()
    body = spoken("pagerduty-events", {"title": "x"})
    for kind in ("generic", "alertmanager", HEARTBEAT):
        theirs = body.replace(KEYS["pagerduty-events"].encode(), KEYS[kind].encode())
        assert besieged.ask("POST", "/v2/enqueue", theirs).status == 400
        if kind != HEARTBEAT:
            assert besieged.ask("POST", f"/heartbeat/{KEYS[kind]}").status == 401
    assert besieged.letters_count() == before


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
