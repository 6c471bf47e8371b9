from __future__ import annotations
import pytest
from hypothesis import given
from hypothesis import strategies as st
from holdfast.incidents import actions
from holdfast.incidents.actions import Declaration
from holdfast.incidents.model import Detection
from tests.hostile import test_schema as t
from tests.hostile.test_schema import described, Described, ROWS, named, PLENTY, cases, try_it
from tests.support.story import person
WORDS = ("updates", "notifications", "stakeholders", "questions", "subscriptions", "cadence", "promises", "audiences")
MINE = [row for row in ROWS if any(w in row.path for w in WORDS)]

@pytest.mark.parametrize("row", MINE, ids=named)
@given(data=st.data())
@PLENTY
def test_mine_are_answered_as_described(besieged, described, row, data):
    if "incident_id" not in described.known or not described.known.get("mine"):
        with besieged.program.database.begin(person("ana")) as tx:
            found = actions.declare(tx, Declaration(title="X", severity="SEV1", detection=Detection.TEAMMATE, services=("checkout",)))
        described.known["incident_id"] = found.id
        described.known["mine"] = "1"
    for _ in range(4):
        try:
            try_it(besieged, data.draw(cases(described, row)), besieged.admin_token)
        except AssertionError as error:
            if "/help/guardrails/" not in str(error):
                raise
