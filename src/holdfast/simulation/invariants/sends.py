"""I4, I5, I8, I10 and I19: who may speak, when, how often, and with what words."""

from __future__ import annotations

from datetime import datetime, timedelta

from holdfast.engine.sender import Claim
from holdfast.sdk import Rejected, Sent
from holdfast.simulation.facts import Broken, DeliveryFact, Facts, Lease, Report
from holdfast.storage.duties import Delivery

QUIET_WITHIN = timedelta(seconds=1)  # after an acknowledgement nothing starts (P11)
LEASE = timedelta(seconds=10)
SEND_TAKES_MAX = timedelta(seconds=5)


def check_claim(facts: Facts, node: str, delivery: Delivery, now: datetime, dead: set[str]) -> None:
    """I10: nobody takes what another living node holds."""
    lease = Lease(node, delivery.token, now, now + LEASE)
    fact = facts.deliveries.get(delivery.id)
    if fact is None:
        facts.deliveries[delivery.id] = DeliveryFact(delivery.id, delivery.key, delivery.way, lease)
        return
    before = fact.lease
    if fact.done:
        raise Broken("I8", f"{delivery.id} is taken up again, though its outcome is known")
    if before.until > now and before.node not in dead:
        raise Broken("I10", f"{node} takes {delivery.id}, which {before.node} holds")
    if delivery.token <= before.token:
        raise Broken("I10", f"{delivery.id}: the token {delivery.token} is not new")
    fact.lease = lease


def check_send(facts: Facts, claim: Claim, now: datetime) -> None:
    """At the moment when the words leave."""
    delivery = claim.delivery
    fact = facts.deliveries[delivery.id]
    page = facts.pages.get(delivery.key)
    fact.sends += 1
    if fact.sends > delivery.tries:
        raise Broken("I5", f"{delivery.id} speaks {fact.sends} times, {delivery.tries} are counted")
    if fact.done:
        raise Broken("I8", f"{delivery.id} speaks again, though its outcome was recorded")
    if fact.lease.token != delivery.token or now > fact.lease.until - SEND_TAKES_MAX:
        raise Broken("I10", f"{delivery.id} speaks at {now}; its lease ends at {fact.lease.until}")
    if page is None:
        return  # a test page
    if page.ended_at is not None and now - page.ended_at > QUIET_WITHIN:
        raise Broken("I4", f"{page.id} speaks {now - page.ended_at} after its end")
    alert = facts.alerts[page.about]
    if alert.quiet_since is not None and now - alert.quiet_since > QUIET_WITHIN:
        raise Broken("I4", f"{alert.id} is paged {now - alert.quiet_since} after it went quiet")


def check_words(facts: Facts, claim: Claim, said: str, address: str, now: datetime) -> None:
    """I19: whoever reads it knows which alert it is; I6: it went to where that person is."""
    page = facts.pages.get(claim.delivery.key)
    if page is None:
        return
    alert = facts.alerts[page.about]
    if alert.code not in said or page.id not in said:
        raise Broken("I19", f"the message about {alert.id} lacks its code {alert.code}")
    known = facts.addresses.get((page.user, claim.delivery.way), [])
    then = [a for i, (at, a) in enumerate(known)
            if at <= now and (i + 1 == len(known) or known[i + 1][0] >= now - LEASE)]  # fmt: skip
    if address not in then:
        raise Broken("I6", f"{page.id} for {page.user} goes to {address}, not to {then}")


def note_reported(facts: Facts, told: Report, now: datetime) -> None:
    """I10: a stale outcome changes nothing. A final one ends the delivery."""
    if facts.overwritten:
        raise Broken("I10", f"{facts.overwritten} was changed by an outcome that came too late")
    fact = facts.deliveries[told.delivery.id]
    page = facts.pages.get(told.delivery.key)
    if told.stale or (page is not None and page.ended_at is not None):
        return
    fact.lease.until = min(fact.lease.until, now)
    if isinstance(told.outcome, Sent | Rejected):
        fact.done = True
