"""Bundled and installed integrations come in by the same door."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from types import ModuleType

import pytest

from holdfast.sdk import Answer, Inbound, Signal, Source
from holdfast.sdk.discovery import BUNDLED, ENTRY_POINT_GROUP, BrokenIntegration, discover


def _nothing(inbound: Inbound) -> list[Signal]:
    return []


def _source(name: str) -> Source:
    return Source(name=name, title=name, read=_nothing, docs="", snippet="", sample="")


@pytest.fixture
def third_party() -> Iterator[EntryPoint]:
    """An installed module `thirdparty_monitor` with a source named monitor."""
    module = ModuleType("thirdparty_monitor")
    vars(module)["source"] = _source("monitor")
    sys.modules[module.__name__] = module
    yield EntryPoint("monitor", module.__name__, ENTRY_POINT_GROUP)
    del sys.modules[module.__name__]


def test_the_bundled_integrations_are_found_by_walking_their_package() -> None:
    found = discover(installed=())

    assert set(found.sources) == {
        "alertmanager",
        "cloudevents",
        "datadog",
        "generic",
        "heartbeat",
        "pagerduty-events",
        "sentry",
        "uptime-kuma",
        "zabbix",
    }
    assert set(found.notifiers) == {"email", "ntfy", "webhook"}


def test_an_installed_integration_comes_in_beside_them(third_party: EntryPoint) -> None:
    found = discover(installed=[third_party])

    assert found.sources["monitor"].answer([]) == Answer(202, {"status": "accepted", "signals": 0})
    assert "generic" in found.sources


def test_an_entry_point_for_a_bundled_module_changes_nothing() -> None:
    again = EntryPoint("generic", f"{BUNDLED}.generic", ENTRY_POINT_GROUP)

    assert discover(installed=[again]) == discover(installed=())


def test_two_integrations_of_one_name_are_refused(third_party: EntryPoint) -> None:
    vars(sys.modules[third_party.value])["source"] = _source("generic")

    with pytest.raises(BrokenIntegration, match="thirdparty_monitor is called generic"):
        discover(installed=[third_party])


def test_an_integration_that_cannot_be_loaded_is_named_with_its_remedy() -> None:
    missing = EntryPoint("gone", "no_such_module_anywhere", ENTRY_POINT_GROUP)

    with pytest.raises(BrokenIntegration, match=r"gone .*no_such_module_anywhere") as refused:
        discover(installed=[missing])
    assert refused.value.remedy is not None
