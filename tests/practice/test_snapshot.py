"""An incident keeps the pack as it was, as JSON."""

from __future__ import annotations

import json

import pytest

from holdfast.practice import shipped
from holdfast.practice.model import SHIPPED
from holdfast.practice.snapshot import dumped, loaded


@pytest.mark.ledger("S0-09")
@pytest.mark.parametrize("name", SHIPPED)
def test_a_pack_comes_back_from_json_as_it_was(name: str) -> None:
    pack = shipped.pack(name)
    assert loaded(json.loads(json.dumps(dumped(pack)))) == pack


def test_the_same_pack_gives_the_same_text() -> None:
    pack = shipped.pack("union-5")
    assert json.dumps(dumped(pack)) == json.dumps(dumped(loaded(dumped(pack))))


def test_a_snapshot_of_an_older_version_is_read_and_of_a_newer_one_too() -> None:
    kept = dumped(shipped.pack("union-5"))
    del kept["calendar"]
    kept["something_new"] = {"x": 1}
    assert loaded(kept) == shipped.pack("union-5")
