"""What happens by itself to an open page if nobody answers."""

from __future__ import annotations

from holdfast.escalation import machine
from holdfast.escalation import queries as escalation
from holdfast.escalation.machine import Climbed
from holdfast.escalation.model import EscalationState
from holdfast.kernel.tx import Tx
from holdfast.paging.model import Page
from holdfast.people import queries as people
from holdfast.people.model import User
from holdfast.sdk.discovery import Integrations
from holdfast.web.pages import words
from holdfast.web.pages.views import Ahead


def next_try(page: Page, user: User, integrations: Integrations) -> Ahead | None:
    """The person's next contact method, and when it is used."""
    for rung in page.rungs[page.rung :]:
        method = user.method(rung.method)
        if method is not None:
            notifier = integrations.notifiers.get(method.kind)
            title = method.kind if notifier is None else notifier.title
            return Ahead(title, page.opened_at + rung.after)
    return None


def next_step(tx: Tx, page: Page) -> tuple[Ahead | None, str | None]:
    """The next step by itself, and whom an escalation reaches where that is one person."""
    climb = escalation.climbs(tx, [page.subject]).get(page.subject)
    if climb is None or climb.state is not EscalationState.CLIMBING or climb.look_again_at is None:
        return None, None
    move = machine.climb(climb, climb.look_again_at)
    targets = move.step.page if isinstance(move, Climbed) else climb.plan.last_resort
    reached = escalation.reachable_people(tx, targets, climb.look_again_at)
    names = [first_name(tx, name) for name in reached]
    person = names[0] if len(names) == 1 and reached[0] != page.user else None
    return Ahead(words.goes_to(names), climb.look_again_at), person


def first_name(tx: Tx, name: str) -> str:
    """The name that people call somebody by; an id that is nobody's any more is itself."""
    user = people.find_user(tx, name)
    return name if user is None else (user.name.split() or [name])[0]
