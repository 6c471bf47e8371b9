"""Escalation policies by API."""

from __future__ import annotations

from tests.support.api import api, problem


def test_a_policy_is_written_as_configuration_as_code_writes_it() -> None:
    with api() as web:
        found = web.get("policies/payments").json()
        assert found == {
            "id": "payments",
            "name": "payments",
            "steps": [
                {"page": ["schedule:primary"], "wait": "5m"},
                {"page": ["user:bo"], "wait": "15m"},
            ],
            "repeat": 0,
            "last_resort": ["user:cy"],
            "services": ["checkout"],
        }
        assert web.items("policies") == [{k: v for k, v in found.items() if k != "services"}]
        problem(web.get("policies/nope"), 404)
        problem(web.get("policies", limit=0), 422)
