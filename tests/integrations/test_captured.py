"""Requests captured from the real clients are read as their senders meant them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from holdfast.sdk import Inbound, Signal, SignalStatus, Source
from holdfast.sdk.discovery import discover

REPOSITORY = Path(__file__).parents[2]
WIRE = Path(os.environ.get("HOLDFAST_SHARED", REPOSITORY.parent / "shared")) / "data" / "wire"
SOURCES = discover().sources
# Where the captured clients were pointed -> the source that speaks their convention.
DOORS = {
    "/hook/am": SOURCES["alertmanager"],
    "/hook/apprise": SOURCES["generic"],
    "/v2/enqueue": SOURCES["pagerduty-events"],
}
FIRING, RESOLVED, ACKNOWLEDGED = (
    SignalStatus.FIRING,
    SignalStatus.RESOLVED,
    SignalStatus.ACKNOWLEDGED,
)
GROUP = "1bb965c3b2246ac4e5be2c02e2d6e7d11db4dbd1c3e916e7ed3d0323baee2583"
KNOWN = {
    (FIRING, "723d901c53579ef2", "CPU high"),
    (FIRING, "a193715889922325", "CPU high"),
    (RESOLVED, "723d901c53579ef2", "HighCPU"),
    (RESOLVED, "a193715889922325", "HighCPU"),
    (FIRING, GROUP, "[FIRING:3] HighCPU prod (critical)"),
    (RESOLVED, GROUP, "[RESOLVED] HighCPU prod (critical)"),
    (FIRING, "srv01/mysql", "DISK at 99%"),
    (FIRING, None, "x"),
    (ACKNOWLEDGED, "srv01/mysql", "srv01/mysql"),
    (RESOLVED, "srv01/mysql", "srv01/mysql"),
    (FIRING, "k", "s"),
    (FIRING, "icinga2/db1", "db1 is DOWN: PING CRITICAL"),
    (RESOLVED, "icinga2/db1", "db1 is UP: PING OK"),
    (FIRING, None, "T"),
}


@dataclass(frozen=True)
class Captured:
    source: Source
    inbound: Inbound


@pytest.fixture(scope="module")
def captured() -> list[Captured]:
    if not WIRE.is_dir():
        pytest.skip(f"the captured requests are not there: {WIRE} (set HOLDFAST_SHARED)")
    lines = [
        json.loads(line)
        for path in sorted(WIRE.glob("*.jsonl"))
        for line in path.read_text().splitlines()
    ]
    return [
        Captured(DOORS[line["path"]], _inbound(line)) for line in lines if line["path"] in DOORS
    ]


def _inbound(line: dict[str, Any]) -> Inbound:
    return Inbound(
        line["m"],
        line["path"],
        line["body"].encode(),
        {name.lower(): text for name, text in line["headers"].items()},
    )


def _signals(captured: list[Captured]) -> list[Signal]:
    return [signal for one in captured for signal in one.source.read(one.inbound)]


@pytest.mark.ledger("S1-89")
def test_every_captured_request_is_read_with_its_status_key_and_title(
    captured: list[Captured],
) -> None:
    assert len(captured) >= 12
    assert {(s.status, s.dedup, s.title) for s in _signals(captured)} == KNOWN


def test_no_real_client_sends_anything_that_must_be_marked(captured: list[Captured]) -> None:
    assert [signal.marks for signal in _signals(captured) if signal.marks] == []


def test_the_door_finds_the_key_in_every_captured_pagerduty_event(
    captured: list[Captured],
) -> None:
    door = SOURCES["pagerduty-events"].door
    assert door is not None
    keys = {door.key(one.inbound) for one in captured if one.inbound.path == door.path}

    assert keys == {"0123456789abcdef0123456789abcdef", "0" * 32}


def test_the_captured_cut_off_group_is_ended_as_a_group(captured: list[Captured]) -> None:
    ended = [signal for signal in _signals(captured) if signal.resolves_group]

    assert [signal.group for signal in ended] == ['{}:{alertname="HighCPU", cluster="prod"}']
