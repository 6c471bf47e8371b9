"""The report of conformance by API: per incident every rule with its verdict and what shows it."""

from __future__ import annotations

from collections import Counter

from pydantic import BaseModel, Field

from holdfast.incidents import queries as incidents
from holdfast.incidents.conformance import queries
from holdfast.incidents.conformance.model import Item, Verdict
from holdfast.web.context import Context, ContextDep
from holdfast.web.rest import NamePath, row, site_link


class ItemShape(BaseModel):
    """One row of the ledger. `rule` is a guardrail's code or the name of what was looked at."""

    row: str
    rule: str
    title: str
    verdict: Verdict
    why: str
    links: list[str] = Field(description="Addresses of the events that show it.")


class Conformance(BaseModel):
    """The whole report; it is never parted. `kept_share`: passed of what could be judged."""

    items: list[ItemShape]
    next: None = None
    counts: dict[Verdict, int]
    kept_share: float | None


def show_conformance(ctx: ContextDep, incident_id: NamePath) -> Conformance:
    """Which rules of its practice an incident kept, broke, or never came to."""
    with ctx.read() as tx:
        number = incidents.incident(tx, incident_id).number
        found = queries.report(tx, incident_id)
    counted = Counter(item.verdict for item in found)
    judged = sum(count for verdict, count in counted.items() if verdict != Verdict.NOT_APPLICABLE)
    return Conformance(
        items=[_shape(ctx, number, item) for item in found],
        counts={verdict: counted[verdict] for verdict in Verdict},
        kept_share=counted[Verdict.PASSED] / judged if judged else None,
    )


def _shape(context: Context, number: str, item: Item) -> ItemShape:
    links = [site_link(context, f"/incidents/{number}#{event}") for event in item.evidence]
    return ItemShape(
        row=item.row,
        rule=item.rule,
        title=item.title,
        verdict=item.verdict,
        why=item.why,
        links=[link for link in links if link],
    )


ROUTES = (
    row(
        "GET",
        "incidents/{incident_id}/conformance",
        show_conformance,
        "incidents.read",
        summary="Which rules it kept",
    ),
)
