"""Roles under the names that a practice gives them; the rules go by their keys."""

from __future__ import annotations

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents.roles import actions as roles
from holdfast.incidents.roles import queries
from holdfast.incidents.roles.model import NoSuchRole
from holdfast.kernel.actor import SYSTEM
from holdfast.practice.model import RoleKey
from tests.support.incidents import crewed, declares, practises
from tests.support.story import Story


@pytest.mark.ledger("S2-07", "S2-11", "S3-09")
def test_an_imoc_is_the_commander_by_another_name_and_the_rules_stay(story: Story) -> None:
    practises(crewed(story), "imoc-p3")
    found = declares(story, "ana", severity="P1")
    with story.database.read(SYSTEM) as tx:
        labels = {seat.role: seat.label for seat in queries.seats(tx, found)}
    assert labels[RoleKey.COMMAND] == "IMOC"
    assert labels[RoleKey.TECHNICAL_LEAD] == "TLOC"
    story.act("ana", lambda tx: roles.assign(tx, found.id, "TLOC", "dee"))
    with pytest.raises(Refused) as refusal:
        story.act("ana", lambda tx: roles.assign(tx, found.id, "IMOC", "dee"))
    assert refusal.value.code == "ROLE_ALREADY_HELD"
    with story.database.read(SYSTEM) as tx:
        assert queries.holder(tx, found.id, RoleKey.OPERATIONS) == "dee"


@pytest.mark.ledger("S4-25")
def test_devops_4_has_its_commander_scribe_and_technical_lead(story: Story) -> None:
    practises(story, "devops-4")
    found = declares(story, "ana", severity="SEV1")
    with story.database.read(SYSTEM) as tx:
        keys = {seat.role for seat in queries.seats(tx, found)}
    assert {RoleKey.COMMAND, RoleKey.SCRIBE, RoleKey.TECHNICAL_LEAD} <= keys
    with pytest.raises(NoSuchRole):
        story.act("ana", lambda tx: roles.assign(tx, found.id, "king", "bo"))
