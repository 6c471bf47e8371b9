"""How this instance does, one line for each thing that could cost somebody a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from holdfast.engine.egress import is_loopback_host
from holdfast.kernel.tx import Tx
from holdfast.storage import duties, inbox
from holdfast.storage.inbox import InboxState
from holdfast.web.auth import is_https
from holdfast.web.operate.proof import ProofShape
from holdfast.web.program import Program
from holdfast.web.settings import words
from holdfast.web.settings.views import Health


def health_of(
    tx: Tx, program: Program, reason: str | None, figures: Mapping[str, object]
) -> Iterator[Health]:
    """What is well says its figure. `reason` and `figures` are those of /readyz (web/health.py)."""
    if reason is not None:
        yield Health(words.READY, "bad", reason, words.NOT_READY_REMEDY)
    else:
        yield Health(words.READY, "ok", words.READY_DETAIL)
    lateness_s = figures.get("lateness_s")
    if isinstance(lateness_s, int | float):
        yield Health(words.LATENESS, "ok" if lateness_s < 1 else "warn", words.late(lateness_s))
    yield from _inbox(tx)
    yield from _parked(tx)
    yield from _ways(program)


def health_of_proof(proof: ProofShape | None) -> Health:
    """What the last proof showed; without one, how to get one."""
    if proof is None:
        return Health(words.TIMELINE_TITLE, "ok", words.NEVER_VERIFIED)
    said = words.sealed(proof.sealed, proof.unsealed)
    if proof.ok:
        return Health(words.WHOLE, "ok", said)
    what = "; ".join(filter(None, [proof.broken, *proof.invariants]))
    title = words.BROKEN if proof.broken else words.RESPONDS
    return Health(title, "bad", what)


def _inbox(tx: Tx) -> Iterator[Health]:
    counts = inbox.count_by_state(tx)
    waiting, stuck = counts.get(InboxState.WAITING, 0), counts.get(InboxState.STUCK, 0)
    yield Health(words.INBOX, "ok", words.waiting(waiting))
    if stuck:
        yield Health(words.STUCK, "warn", words.counted_stuck(stuck), words.STUCK_REMEDY)


def _parked(tx: Tx) -> Iterator[Health]:
    parked = duties.parked_timers(tx)
    if parked:
        kind, key, _, error = parked[0]
        said = words.counted_parked(len(parked), f"{kind} {key}: {error}")
        yield Health(words.PARKED, "bad", said, words.PARKED_REMEDY)


def _ways(program: Program) -> Iterator[Health]:
    is_local = is_loopback_host(urlsplit(program.base_url).hostname or "")
    remedy = words.LINKS_REMEDY if is_local else None
    yield Health(words.LINKS, "warn" if is_local else "ok", program.base_url, remedy)
    if not is_https(program) and not is_local:
        yield Health(words.PLAIN_HTTP, "warn", words.PLAIN_HTTP_DETAIL, words.PLAIN_HTTP_REMEDY)
    if not program.settings.email_host:
        yield Health(words.MAIL, "warn", words.MAIL_MISSING, words.MAIL_REMEDY)
    else:
        yield Health(words.MAIL, "ok", program.settings.email_host)
