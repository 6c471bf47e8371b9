"""A new integration works from its first minute, so that changing it can begin."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from holdfast.sdk.testing import told
from tools.new_integration import begin_notifier, begin_source, loaded


def test_a_new_source_reads_its_own_fixtures_as_expected(tmp_path: Path) -> None:
    written = begin_source("uptime-kuma", tmp_path)

    source = loaded(written[0])
    assert source.name == "uptime-kuma"
    assert (tmp_path / "docs" / source.docs).read_text().startswith("# Uptime Kuma\n")
    for kind in ("firing", "resolved", "odd", "unreadable"):
        case = tmp_path / f"tests/integrations/uptime-kuma/{kind}.json"
        expected = json.loads(case.with_suffix(".expected.json").read_text())
        assert told(source, json.loads(case.read_text())) == expected
        assert ("unreadable" in expected) is (kind == "unreadable")


def test_the_sample_of_a_new_source_fires_without_a_mark(tmp_path: Path) -> None:
    source = loaded(begin_source("kuma", tmp_path)[0])

    signals = told(source, {"body": source.sample})
    assert isinstance(signals, list)
    assert [signal["status"] for signal in signals] == ["firing"]
    assert "marks" not in signals[0]


def test_a_new_notifier_comes_with_its_page_and_its_test(tmp_path: Path) -> None:
    code, page, test = begin_notifier("sms-gate", tmp_path)

    assert "`HOLDFAST_SMS_GATE_TOKEN`" in page.read_text()
    assert "holdfast.integrations.sms_gate" in test.read_text()
    assert not [path for path in (code, page, test) if "{{" in path.read_text()]
    ast.parse(code.read_text())


@pytest.mark.parametrize("name", ["", "Kuma", "../kuma", "kuma_2", "-kuma", "k" * 41])
def test_a_name_that_cannot_be_used_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a name"):
        begin_source(name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_an_integration_that_exists_is_not_written_over(tmp_path: Path) -> None:
    begin_source("kuma", tmp_path)
    with pytest.raises(ValueError, match="exists already"):
        begin_notifier("kuma", tmp_path)
