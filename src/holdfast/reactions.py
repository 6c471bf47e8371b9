"""Who listens to whom, upward. Same transaction, in this order; an error here undoes the cause."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from holdfast.alerts import actions as alerts
from holdfast.escalation import actions as escalation
from holdfast.kernel.tx import Tx
from holdfast.paging.model import PageAnswered, PageUnreachable
from holdfast.timeline import actions as timeline
from holdfast.timeline.event import Event

Reaction = Callable[[Tx, Event], None]


def _hears(reaction: object) -> Reaction:
    """A reaction takes its own kind of event; the table below pairs them."""
    return cast(Reaction, reaction)


REACTIONS: Mapping[type[Event], tuple[Reaction, ...]] = {
    PageAnswered: (_hears(alerts.on_page_answered),),
    PageUnreachable: (_hears(escalation.on_page_unreachable),),
}


def record(tx: Tx, event: object) -> None:
    """What Tx.record does: the timeline first, then whoever listens."""
    assert isinstance(event, Event)
    timeline.remember(tx, event)
    for reaction in REACTIONS.get(type(event), ()):
        reaction(tx, event)
