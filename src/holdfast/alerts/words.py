"""What the why-path says: one sentence for each decision between a signal and a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from holdfast.kernel.duration import format_duration

NAMES_SAID_MAX = 8
OVER = "It is over: nobody is paged."
NOBODY_PAGED = "Nobody is paged for this, and nothing is planned. Reassign it to page somebody."
ALL_TRIED = "Every step was climbed and nobody has answered. Reassign it to page somebody again."
SILENT = "nobody has answered until then"
AT_ONCE = "the climb begins"
WAITING = "Nobody has answered yet."
SAME_KEY = "the alert with this key was still open"
SERVICE_IS_SET = "this connection belongs to the service"
POLICY_IS_SET = "it was the service’s escalation policy when the climb began"
SOURCE_SAYS_WORSE = "the source says that it is worse than before"
SENT_IS_NO_ANSWER = "the other side took it; that is not an answer"
WENT_ON = "nobody had answered"
STOPPED = "Paging stopped"

ANSWERS: Mapping[str, str] = {
    "acknowledge": "I have it",
    "escalate": "page the next step",
    "decline": "not me",
}


def who(actor: str, names: Mapping[str, str]) -> str:
    """A person by name; anything else by what it is: `the connection checkout-am`."""
    kind, _, name = actor.partition(":")
    if kind == "user":
        return person(name, names)
    if kind in ("connection", "token"):
        return f"the {kind} {name}"
    return "the operator at the server" if name == "operator" else "Holdfast"


def person(user: str, names: Mapping[str, str]) -> str:
    return names.get(user, user)


def people(users: Sequence[str], names: Mapping[str, str]) -> str:
    """`Ana Lima, Bo Dahl and Cy Ong`; more than NAMES_SAID_MAX are counted."""
    said = [person(user, names) for user in users[:NAMES_SAID_MAX]]
    if len(users) > NAMES_SAID_MAX:
        said.append(f"{len(users) - NAMES_SAID_MAX} more")
    if len(said) < 2:
        return said[0] if said else "nobody"
    return f"{', '.join(said[:-1])} and {said[-1]}"


def signal_came(connection: str) -> str:
    return f"A signal came in by the connection {connection}"


def read_as(kind: str) -> str:
    return f"its kind is {kind}"


def heartbeat_missed(connection: str) -> str:
    return f"The heartbeat {connection} was not heard in time"


def by_hand(whom: str) -> str:
    return f"{_upper(whom)} opened this alert by hand"


def alert_began(code: str) -> str:
    return f"A new alert began: {code}"


def follows(earlier: str) -> str:
    return f"The same trouble as {earlier}, which is over"


def belongs_to(service: str) -> str:
    return f"It belongs to {service}"


def urgency_is(urgency: str) -> str:
    return f"Its urgency is {urgency}"


def from_severity(severity: str) -> str:
    return f"its severity is {severity}"


def joined(count: int) -> str:
    return "1 more signal joined it" if count == 1 else f"{count} more signals joined it"


def raised(severity: str) -> str:
    return f"It was raised to {severity}"


def ignored(connection: str) -> str:
    return f"A signal of the connection {connection} changed nothing"


def policy_chosen(policy: str, steps: int) -> str:
    said = "1 step" if steps == 1 else f"{steps} steps"
    return f"The climb began: escalation policy {policy}, {said}" if policy else "The climb began"


def no_policy(last_resort: str) -> str:
    return f"its service has no escalation policy: only the last resort is left, {last_resort}"


def step_paged(number: int, whom: str) -> str:
    return f"Step {number + 1} paged {whom}"


def step_skipped(number: int) -> str:
    return f"Step {number + 1} was skipped"


def last_resort_paged(whom: str) -> str:
    return f"The last resort was paged: {whom}"


def last_resort_empty(targets: str) -> str:
    return f"The last resort reaches nobody: {targets or 'there is none'}"


def exhausted(rounds: int) -> str:
    times = "once" if rounds == 1 else f"{rounds} times"
    return f"All steps were climbed {times} without an answer"


def paged(whom: str, attempt: int) -> str:
    return f"{whom} was paged" if attempt == 1 else f"{whom} was paged again, page {attempt}"


def rung_used(method: str) -> str:
    return f"By the contact method {method}"


def sent(method: str, tries: int) -> str:
    return f"Sent by {method}" if tries == 1 else f"Sent by {method} at try {tries}"


def failed(method: str, *, again: bool) -> str:
    return f"{method} failed, and is tried again" if again else f"{method} failed"


def not_sent(method: str) -> str:
    return f"Not sent by {method} any more"


def tried(method: str, tries: int) -> str:
    said = "1 try" if tries == 1 else f"{tries} tries"
    return f"Sending by {method}, after {said}" if tries else f"Sending by {method}"


def unreachable(whom: str) -> str:
    return f"{whom} could not be reached by any contact method"


def answered(whom: str, answer: str) -> str:
    return f"{whom} answered: {ANSWERS.get(answer, answer)}"


def closed(whom: str) -> str:
    return f"{whom} need not answer any more"


def acknowledged(whom: str) -> str:
    return f"{_upper(whom)} acknowledged it"


def unacknowledged(whom: str) -> str:
    return f"{_upper(whom)} took the acknowledgement back"


def escalated(whom: str) -> str:
    return f"{_upper(whom)} escalated it"


def reassigned(whom: str, to: str) -> str:
    return f"{_upper(whom)} reassigned it to {to}"


def held() -> str:
    return "It was held: it wakes nobody"


def merged(lead: str) -> str:
    return f"It was merged into {lead}: it wakes nobody while that is open"


def released() -> str:
    return "The hold ended: it pages again"


def resolved(whom: str) -> str:
    return f"{_upper(whom)} resolved it"


def held_now(reason: str) -> str:
    return f"It wakes nobody: {reason}."


def has_it(whom: str) -> str:
    return f"{_upper(whom)} has it: nobody else is paged."


def asked_now(whom: str) -> str:
    return f"Waiting for an answer of {whom}."


def hold_ends() -> str:
    return "The hold ends: it pages from the first step"


def step_next(number: int, targets: str) -> str:
    return f"Step {number + 1} pages {targets}"


def last_resort_next(targets: str) -> str:
    return f"The last resort is paged: {targets}"


def rung_next(whom: str, method: str) -> str:
    return f"{whom} is reached by {method}"


def rung_after(after: timedelta) -> str:
    return f"this person’s notification rule says so, {format_duration(after)} after the page"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
