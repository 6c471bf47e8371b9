"""Every written request beside this file is read by its source as its `.expected.json` says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from holdfast.sdk import Severity, SignalStatus
from holdfast.sdk.discovery import discover
from holdfast.sdk.testing import inbound_of, told

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"
INTEGRATIONS = discover()
SUFFIX = ".expected.json"
CASES = sorted(p for p in HERE.glob("*/*.json") if not p.name.endswith(SUFFIX))

PAGES = sorted(
    {source.docs for source in INTEGRATIONS.sources.values()}
    | {notifier.docs for notifier in INTEGRATIONS.notifiers.values()}
)


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_a_written_request_is_read_as_expected(case: Path) -> None:
    source = INTEGRATIONS.sources[case.parent.name]
    expected = json.loads(case.with_name(case.stem + SUFFIX).read_text())

    assert told(source, json.loads(case.read_text())) == expected


@pytest.mark.parametrize("name", sorted(set(INTEGRATIONS.sources) - {"heartbeat"}))
def test_every_source_shows_a_firing_a_resolved_an_odd_and_an_unreadable_request(name: str) -> None:
    written = {path.stem for path in (HERE / name).glob("*.json")}

    assert {"firing", "resolved", "odd", "unreadable"} <= written


def test_every_expectation_belongs_to_a_request() -> None:
    expected_for = {
        path.with_name(path.name.replace(SUFFIX, ".json")) for path in HERE.glob(f"*/*{SUFFIX}")
    }

    assert expected_for == set(CASES)


@pytest.mark.parametrize("name", sorted(set(INTEGRATIONS.sources) - {"heartbeat"}))
def test_the_sample_of_a_source_fires_one_alert_without_a_mark(name: str) -> None:
    source = INTEGRATIONS.sources[name]

    [signal] = source.read(inbound_of({"body": source.sample}))

    assert signal.status is SignalStatus.FIRING
    assert signal.severity is Severity.CRITICAL
    assert "test alert" in signal.title
    assert signal.marks == ()


@pytest.mark.parametrize("name", sorted(INTEGRATIONS.sources))
def test_the_snippet_of_a_source_says_where_to_send(name: str) -> None:
    snippet = INTEGRATIONS.sources[name].snippet

    assert "{key_url}" in snippet or ("{base_url}" in snippet and "{key}" in snippet)


@pytest.mark.parametrize("page", PAGES)
def test_every_integration_has_its_page(page: str) -> None:
    text = (DOCS / page).read_text()

    assert text.startswith("# ")
    assert "## Set it up" in text
