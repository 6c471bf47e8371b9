"""The verbs on mitigations: propose, approve, carry out, and say what came of it."""

from holdfast.incidents.mitigations.actions.carry_out import Start, start
from holdfast.incidents.mitigations.actions.outcome import (
    Outcome,
    fail,
    look_again,
    revert,
    verify,
)
from holdfast.incidents.mitigations.actions.propose import (
    Proposal,
    approve,
    attach,
    propose,
    withdraw,
)

__all__ = [
    "Outcome",
    "Proposal",
    "Start",
    "approve",
    "attach",
    "fail",
    "look_again",
    "propose",
    "revert",
    "start",
    "verify",
    "withdraw",
]
