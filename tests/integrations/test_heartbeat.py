"""A beat is heard, whatever it says."""

from __future__ import annotations

import pytest

from holdfast.integrations.heartbeat import source
from holdfast.sdk import Answer, Inbound


@pytest.mark.parametrize("body", [b"", b'{"status": "down"}', b"\xff\x00"])
def test_a_beat_is_no_alert_and_is_answered_with_200(body: bytes) -> None:
    signals = source.read(Inbound("POST", "/heartbeat/KEY", body))

    assert signals == []
    assert source.answer(signals) == Answer(200, {"status": "heard"})
