"""Who listens to whom, upward. Same transaction, in this order; an error here undoes the cause."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from holdfast.alerts import actions as alerts
from holdfast.alerts.model import AlertAcknowledged, AlertResolved, AlertTriggered
from holdfast.escalation import actions as escalation
from holdfast.escalation.model import EscalationExhausted
from holdfast.guardrails.model import GuardrailOverridden
from holdfast.incidents import actions as incidents
from holdfast.incidents.responders import actions as responders
from holdfast.kernel.tx import Tx
from holdfast.paging.model import PageAnswered, PageOpened, PageUnreachable
from holdfast.timeline import actions as timeline
from holdfast.timeline.event import Event

Reaction = Callable[[Tx, Event], None]


def _hears(reaction: object) -> Reaction:
    """A reaction takes its own kind of event; the table below pairs them."""
    return cast(Reaction, reaction)


REACTIONS: Mapping[type[Event], tuple[Reaction, ...]] = {
    AlertTriggered: (_hears(incidents.on_alert_triggered),),
    AlertAcknowledged: (_hears(incidents.on_alert_acknowledged),),
    AlertResolved: (_hears(incidents.on_alert_resolved),),
    GuardrailOverridden: (_hears(incidents.on_guardrail_overridden),),
    PageOpened: (_hears(incidents.on_page_opened), _hears(responders.on_page_opened)),
    PageAnswered: (_hears(alerts.on_page_answered), _hears(responders.on_page_answered)),
    EscalationExhausted: (_hears(responders.on_exhausted),),
    PageUnreachable: (_hears(escalation.on_page_unreachable),),
}


class Timeline:
    """What Tx.record does: the timeline first, then whoever listens."""

    def record(self, tx: Tx, event: object) -> None:
        assert isinstance(event, Event)
        timeline.remember(tx, event)
        for reaction in REACTIONS.get(type(event), ()):
            reaction(tx, event)

    def write(self, tx: Tx, events: Sequence[object]) -> None:
        timeline.write(tx, events)


RECORDER = Timeline()
