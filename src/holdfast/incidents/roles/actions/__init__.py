"""The verbs of roles: propose, assign, hand on, take over, leave."""

from holdfast.incidents.roles.actions.assign import (
    accept_proposals,
    assign,
    decline_proposals,
    end_all,
    fill,
    leave,
    leave_facts,
    propose,
    propose_all,
    require_order,
)
from holdfast.incidents.roles.actions.handoff import (
    accept_handoff,
    decline_handoff,
    offer_handoff,
    open_handoff,
)
from holdfast.incidents.roles.actions.holding import let_in, settle_roles
from holdfast.incidents.roles.actions.presence import note_activity, take_over

__all__ = [
    "accept_handoff",
    "accept_proposals",
    "assign",
    "decline_handoff",
    "decline_proposals",
    "end_all",
    "fill",
    "leave",
    "leave_facts",
    "let_in",
    "note_activity",
    "offer_handoff",
    "open_handoff",
    "propose",
    "propose_all",
    "require_order",
    "settle_roles",
    "take_over",
]
