"""The list of guardrails by API is the list of the rules themselves."""

from __future__ import annotations

import pytest

from holdfast.escalation.guardrails import RULES
from tests.support.api import api


@pytest.mark.ledger("S1-34")
def test_every_rule_is_listed_with_its_strength_and_its_help() -> None:
    with api() as web:
        found = {rule["code"]: rule for rule in web.items("guardrails")}
    assert set(found) >= {rule.code for rule in RULES}
    assert found["NO_FINAL_LEVEL"] == {
        "code": "NO_FINAL_LEVEL",
        "strength": "must",
        "title": "An escalation policy must end with somebody who can be paged when nobody else"
        " answers.",
        "help": "/help/guardrails/NO_FINAL_LEVEL",
        "cites": ["S1-34"],
        "guards": "escalation.save_policy",
        "refuses": "input",
    }
