"""The doors of senders, through the real routes: what is accepted is safe, what is not says why."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.testclient import TestClient

from holdfast import duties
from holdfast.alerts import queries as alerts
from holdfast.alerts.actions import retention
from holdfast.alerts.model import Alert
from holdfast.alerts.queries import Filter
from holdfast.catalog import actions as catalog
from holdfast.catalog.model import Connection
from holdfast.engine import loop
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.clock import SteppedClock
from holdfast.kernel.errors import HoldfastError
from holdfast.storage import inbox
from holdfast.storage.database import Database
from holdfast.storage.vault import open_vault
from holdfast.web import errors
from holdfast.web.app import make_app
from holdfast.web.intake import BODY_BYTES_MAX, KEY_CACHE_FOR, Doors
from holdfast.web.program import Program
from tests.support.program import make_program
from tests.support.story import Story

GENERIC = "00000000000000000000000000000001"
PAGERDUTY = "fedcba9876543210fedcba9876543210"
ALERTMANAGER = "0123456789abcdef0123456789abcdef"
BEAT = "00112233445566778899aabbccddeeff"
KEYS = {"json": GENERIC, "pd": PAGERDUTY, "am": ALERTMANAGER, "nightly": BEAT}
KEEP = retention.Limits(inbox_days=30, alert_days=400)
FIRES = json.dumps(
    {
        "version": "4", "status": "firing", "groupKey": "g",
        "alerts": [{"status": "firing", "labels": {"alertname": "Disk", "severity": "critical"}}],
    }
)  # fmt: skip
TRIGGERS = json.dumps(
    {
        "routing_key": PAGERDUTY, "event_action": "trigger", "dedup_key": "d",
        "payload": {"summary": "Disk full", "source": "db-1", "severity": "critical"},
    }
)  # fmt: skip


@pytest.fixture
def program(database: Database) -> Program:
    Story(database).company()
    made = make_program()
    made.database.close()
    with database.begin(SYSTEM) as tx:
        catalog.save_connection(tx, Connection("json", "generic", "checkout"))
        catalog.save_connection(tx, Connection("pd", "pagerduty-events", "checkout"))
        day = timedelta(days=1)
        catalog.save_connection(tx, Connection("nightly", "heartbeat", "checkout", every=day))
        for name, key in KEYS.items():
            catalog.set_key(tx, name, key)
        vault = open_vault(tx, None)
    return replace(made, database=database, vault=vault)


@pytest.fixture
def door(program: Program) -> Iterator[TestClient]:
    doors = Doors(program)
    refusals = {HoldfastError: errors.listen}
    app = Starlette(routes=doors.routes(), exception_handlers=refusals)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
    doors.close()


def test_the_whole_application_has_the_doors_too(program: Program) -> None:
    with TestClient(make_app(program), raise_server_exceptions=False) as client:
        taken = client.post(f"/in/{GENERIC}", content="Disk full")
        refused = client.post("/v2/enqueue", content="{}")
    assert (taken.status_code, refused.status_code) == (202, 400)
    assert [alert.title for alert in digested(program)] == ["Disk full"]


def digested(program: Program) -> list[Alert]:
    """The alerts that the engine makes of all that was accepted."""
    loop.turn(program.database, duties.timers(KEEP), duties.inbox_duty())
    with program.database.read(SYSTEM) as tx:
        assert set(inbox.count_by_state(tx)) <= {"done"}
        return alerts.newest(tx, Filter())


def letters(program: Program) -> int:
    with program.database.read(SYSTEM) as tx:
        return sum(inbox.count_by_state(tx).values())


@pytest.mark.ledger("S1-89", "S4-51")
@pytest.mark.parametrize(
    ("path", "body", "status", "title"),
    [
        (f"/in/{GENERIC}", '{"title": "Disk full"}', 202, "Disk full"),
        (f"/in/{GENERIC}/any/thing/below", '{"title": "Disk full"}', 202, "Disk full"),
        (f"/in/{GENERIC}", "Disk full", 202, "Disk full"),
        (f"/in/{ALERTMANAGER}", FIRES, 202, "Disk"),
        (f"/in/{PAGERDUTY}", TRIGGERS, 202, "Disk full"),
        ("/v2/enqueue", TRIGGERS, 202, "Disk full"),
        ("/v2/enqueue/", TRIGGERS, 202, "Disk full"),
        ("/compat/pagerduty-events/v2/enqueue", TRIGGERS, 202, "Disk full"),
    ],
)
def test_every_door_takes_what_its_senders_send(
    program: Program, door: TestClient, path: str, body: str, status: int, title: str
) -> None:
    answer = door.post(path, content=body)
    assert answer.status_code == status, answer.text
    assert [alert.title for alert in digested(program)] == [title]


def test_what_was_answered_is_written_down_raw_before_the_answer(
    program: Program, door: TestClient
) -> None:
    body = b'{"title": "Disk full", "odd": "\xff"}'
    assert door.post(f"/in/{GENERIC}", content=body).status_code == 202
    with program.database.begin(SYSTEM) as tx:
        (waiting,) = inbox.take_waiting(tx, 9)
        assert inbox.raw_of(tx, waiting.id) == body
        assert waiting.connection == "json"


@pytest.mark.parametrize("key", ["0" * 32, "x", "%00", "☃", "a" * 5000])
def test_a_key_that_nobody_has_opens_nothing(program: Program, door: TestClient, key: str) -> None:
    answer = door.post(f"/in/{key}", content='{"title": "Disk full"}')
    assert answer.status_code == 401
    assert door.get(f"/heartbeat/{key}").status_code == 401
    assert letters(program) == 0


@pytest.mark.parametrize(
    "changed", [{"routing_key": "0" * 32}, {"routing_key": "short"}, {"routing_key": GENERIC},
                {"routing_key": None}, {"event_action": "explode"}],
)  # fmt: skip
def test_a_vendors_client_is_refused_in_the_vendors_words(
    program: Program, door: TestClient, changed: dict[str, object]
) -> None:
    answer = door.post("/v2/enqueue", json=json.loads(TRIGGERS) | changed)
    assert answer.status_code == 400
    assert answer.json()["status"] == "invalid event"
    assert answer.json()["errors"]
    assert letters(program) == 0


@pytest.mark.parametrize("path", [f"/in/{GENERIC}", f"/in/{ALERTMANAGER}", "/v2/enqueue"])
@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {}),
        (b"\x00\x01\x02\x03", {}),
        (b'{"title": ', {"content-type": "application/json"}),
        (b"null", {"content-type": "application/json"}),
        (b"[" * 100_000, {"content-type": "application/json"}),
        (b"not gzip at all", {"content-encoding": "gzip"}),
        (b"br", {"content-encoding": "br"}),
        (gzip.compress(b'{"title": "cut"}', mtime=0)[:-12], {"content-encoding": "gzip"}),
    ],
)
def test_bytes_that_nothing_can_be_made_of_get_a_400_that_says_why(
    program: Program, door: TestClient, path: str, body: bytes, headers: dict[str, str]
) -> None:
    answer = door.post(path, content=body, headers=headers)
    assert answer.status_code == 400, answer.text
    assert len(answer.text) > 20
    assert letters(program) == 0


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (json.dumps({"title": "x" * 600_000}), "x" * 1000),
        (json.dumps({"title": "Disk full", "details": {"log": "y" * 600_000}}), "Disk full"),
        ('{"title": "Disk\\u0000 full"}', "Disk"),
        ('{"title": "Disk \\ud800 full"}', "Disk"),
        ('{"title": "Disk full", "value": NaN, "severity": ["odd"]}', "Disk full"),
        ('{"title": "one", "title": "Disk full"}', "Disk full"),
        ('{"title": 42}', "42"),
        ('{"title": {"deep": ["er"]}}', ""),
        ("\ufeff" + '{"title": "Disk full"}', "Disk full"),
    ],
)
def test_whatever_is_odd_but_readable_still_pages(
    program: Program, door: TestClient, body: str, title: str
) -> None:
    assert door.post(f"/in/{GENERIC}", content=body.encode()).status_code == 202
    (alert,) = digested(program)
    assert alert.title.startswith(title)
    assert 0 < len(alert.title) <= 1024
    assert "\x00" not in alert.title


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_compressed_bodies_are_read(program: Program, door: TestClient, encoding: str) -> None:
    pack = gzip.compress if encoding == "gzip" else zlib.compress
    answer = door.post(
        f"/in/{GENERIC}",
        content=pack(b'{"title": "Disk full"}'),
        headers={"content-encoding": encoding},
    )
    assert answer.status_code == 202
    assert [alert.title for alert in digested(program)] == ["Disk full"]


@pytest.mark.parametrize("compressed", [False, True])
def test_what_is_longer_than_we_read_still_pages_with_its_start(
    program: Program, door: TestClient, *, compressed: bool
) -> None:
    """Promises P3: size is never a reason to lose an alert. A bomb is no reason to fall over."""
    body = b'{"title": "Disk full", "log": "' + b"z" * (BODY_BYTES_MAX + 10) + b'"}'
    headers = {"content-encoding": "gzip"} if compressed else {}
    answer = door.post(
        f"/in/{GENERIC}", content=gzip.compress(body) if compressed else body, headers=headers
    )
    assert answer.status_code == 202
    (alert,) = digested(program)
    assert alert.title.startswith('{"title": "Disk full"')
    assert "longer than" in alert.marks[0]


def test_a_heartbeat_is_heard_by_any_method_and_never_refused_for_its_body(
    program: Program, door: TestClient
) -> None:
    for method in ("GET", "POST", "PUT", "HEAD"):
        assert door.request(method, f"/heartbeat/{BEAT}").status_code == 200
    assert door.post(f"/heartbeat/{BEAT}", content=b"\x00\xff").status_code == 200
    assert door.post(f"/in/{BEAT}", content=b"anything").status_code == 200
    assert digested(program) == []


def test_a_key_of_another_kind_is_no_heartbeat(door: TestClient) -> None:
    assert door.get(f"/heartbeat/{GENERIC}").status_code == 401


def test_a_get_opens_no_alert(program: Program, door: TestClient) -> None:
    assert door.get(f"/in/{GENERIC}").status_code == 405
    assert letters(program) == 0


def test_a_key_that_is_taken_away_stops_working_within_a_second(
    program: Program, door: TestClient
) -> None:
    """Promises S19."""
    body = '{"title": "Disk full"}'
    assert door.post(f"/in/{GENERIC}", content=body).status_code == 202
    with program.database.begin(SYSTEM) as tx:
        catalog.delete_connection(tx, "json")
    clock = program.database.clock
    assert isinstance(clock, SteppedClock)
    clock.jump_to(clock.now() + KEY_CACHE_FOR + timedelta(milliseconds=1))
    assert door.post(f"/in/{GENERIC}", content=body).status_code == 401
    assert timedelta(seconds=1) >= KEY_CACHE_FOR


def test_a_disabled_connection_takes_nothing(program: Program, door: TestClient) -> None:
    with program.database.begin(SYSTEM) as tx:
        disabled = Connection("json", "generic", "checkout", disabled_at=tx.now)
        catalog.save_connection(tx, disabled)
    assert door.post(f"/in/{GENERIC}", content='{"title": "x"}').status_code == 401


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [(f"/in/{GENERIC}", '{"title": "x"}', 503), ("/v2/enqueue", TRIGGERS, 429)],
)
def test_a_full_queue_says_later_with_the_status_that_its_senders_retry(
    program: Program,
    path: str,
    body: str,
    status: int,
) -> None:
    """Wire R4, promises R20: nobody loses an alert to our refusal."""
    full = TestClient(Starlette(routes=Doors(program, queue_max=0).routes()))
    answer = full.post(path, content=body)
    assert answer.status_code == status
    assert answer.headers["retry-after"]
    assert letters(program) == 0


@pytest.mark.parametrize(
    ("path", "body"),
    [(f"/in/{GENERIC}", '{"title": "x"}'), ("/v2/enqueue", TRIGGERS), (f"/heartbeat/{BEAT}", "")],
)
def test_while_the_database_is_away_every_sender_hears_503_and_nothing_is_promised(
    program: Program, door: TestClient, path: str, body: str
) -> None:
    with program.database.begin(SYSTEM) as tx:
        for table in ("inbox", "timers", "connection_keys"):
            tx.execute(text(f"alter table {table} rename to {table}_gone"))
    try:
        answer = door.post(path, content=body)
        assert answer.status_code == 503, answer.text
        assert answer.headers["retry-after"]
        if path == "/v2/enqueue":
            assert answer.json()["status"] == "unavailable", "in the vendor's words"
    finally:
        with program.database.begin(SYSTEM) as tx:
            for table in ("inbox", "timers", "connection_keys"):
                tx.execute(text(f"alter table {table}_gone rename to {table}"))
    assert letters(program) == 0


def test_while_the_database_is_away_a_key_that_is_known_hears_503_as_well(
    program: Program, door: TestClient
) -> None:
    assert door.post(f"/in/{GENERIC}", content='{"title": "x"}').status_code == 202
    with program.database.begin(SYSTEM) as tx:
        tx.execute(text("alter table inbox rename to inbox_gone"))
    try:
        answer = door.post(f"/in/{GENERIC}", content='{"title": "y"}')
        assert answer.status_code == 503
    finally:
        with program.database.begin(SYSTEM) as tx:
            tx.execute(text("alter table inbox_gone rename to inbox"))
    assert letters(program) == 1


def test_signals_without_a_key_of_their_own_get_one_each(
    program: Program, door: TestClient
) -> None:
    for _ in range(2):
        door.post(f"/in/{GENERIC}", content='{"title": "Disk full"}')
    keys = {alert.dedup_key for alert in digested(program)}
    assert len(keys) == 2
    assert all(len(key) == 32 for key in keys)


def test_more_alerts_than_are_read_at_once_leave_a_sign_of_the_rest(
    program: Program, door: TestClient
) -> None:
    many = [{"title": f"alert {number}", "dedup": f"k{number}"} for number in range(1500)]
    assert door.post(f"/in/{GENERIC}", json=many).status_code == 202
    found = []
    with program.database.begin(SYSTEM) as tx:
        (waiting,) = inbox.take_waiting(tx, 9)
        assert isinstance(waiting.signals, list)
        found = [signal["title"] for signal in waiting.signals]
    assert len(found) <= 1001
    assert any("left out" in title or "more" in title for title in found[-1:]), found[-1]


def test_the_settings_of_a_connection_reach_its_source(program: Program, door: TestClient) -> None:
    with program.database.begin(SYSTEM) as tx:
        mapped = Connection("json", "generic", "checkout", settings={"mapping": {"title": "a.b"}})
        catalog.save_connection(tx, replace(mapped))
    door.post(f"/in/{GENERIC}", json={"a": {"b": "Deep title"}, "title": "Shallow"})
    assert [alert.title for alert in digested(program)] == ["Deep title"]
