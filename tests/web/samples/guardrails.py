"""Guardrails and their help at Harbor, in the samples."""

from __future__ import annotations

from dataclasses import replace

from holdfast.web.guardrails.views import Change, Filter, Guardrail, GuardrailList
from holdfast.web.guardrails.words import CHOICES
from holdfast.web.help.views import Citation, GuardrailHelp
from holdfast.web.layout.views import Choice, Fields
from tests.web.samples.company import LONG, Sample, ago, shell, signed_out

_CHOICES = tuple(Choice(name, label, chosen=name == "must") for name, label in CHOICES.items())
_RULE = Guardrail(
    "NO_FINAL_LEVEL",
    "A policy ends with somebody who is surely reached",
    "must",
    "escalation.save_policy",
    "escalation",
    ("S1-34",),
    "refused 2×",
    "never fired",
    ago(hours=30),
    strengths=_CHOICES,
)
_BROKEN = replace(
    _RULE,
    code="IC_REQUIRED",
    title="Nobody executes a mitigation on a severe incident while nobody is in command",
    guards="incidents.mitigations.execute",
    package="incidents / mitigations",
    cites=("S0-19", "S2-07"),
    ever="refused 9×, overridden 5×",
    lately="refused 6×, overridden 5×",
    last_at=ago(minutes=4),
    breakable=True,
    for_review=True,
)
_WEAKER = replace(
    _RULE,
    code="UPDATE_NEEDS_NEXT",
    title="Every message that is not the last one says when the next one comes",
    strength="should",
    package="incidents / telling",
    guards="incidents.post_update",
    cites=(),
    change=Change("must", True, LONG, ago(hours=50), "Priya Raman"),
)
_STRICTER = replace(
    _RULE,
    code="EVIDENCE_FIRST",
    title="A risky mitigation is asked for its evidence",
    change=Change("should", False, "", ago(hours=3), "Marek Novák"),
    cites=("S1-12",),
)
_BAD = Fields(
    (("strength", "may"), ("reason", "x")),
    (("reason", "Say why the rule is made weaker, in a few words."),),
    "Say why the rule is made weaker, in a few words.",
)
_FILTERS = (
    Filter("All", "/settings/guardrails", 4, current=True),
    Filter("For the next review", "/settings/guardrails?show=review", 1, current=False),
    Filter("Changed here", "/settings/guardrails?show=changed", 2, current=False),
)
_PACKAGES = (Choice("", "Every package", chosen=True), Choice("escalation", "escalation"))
LIST = GuardrailList((_BROKEN, _RULE, _WEAKER, _STRICTER), _FILTERS, _PACKAGES, may_edit=True)
HELP = GuardrailHelp(
    "NO_FINAL_LEVEL",
    _RULE.title,
    "must",
    _RULE.guards,
    ("A plan that can run out pages nobody in the end.", "Found in the reviews of real outages."),
    ("Name a last resort.", "Give the team a lead."),
    (Citation("S1-34", "Escalation: final level always reaches a human."), Citation("S9-99")),
)

SAMPLES = (
    Sample("guardrails", "guardrails/list.html", shell("/settings/guardrails"), LIST),
    Sample(
        "guardrails-refused",
        "guardrails/list.html",
        shell("/settings/guardrails"),
        replace(LIST, guardrails=(replace(_RULE, fields=_BAD), _BROKEN)),
    ),
    Sample(
        "guardrails-none",
        "guardrails/list.html",
        shell("/settings/guardrails"),
        replace(LIST, guardrails=(), show="review", may_edit=False),
    ),
    Sample("help-guardrail", "help/guardrail.html", shell("/help/guardrails/NO_FINAL_LEVEL"), HELP),
    Sample(
        "help-guardrail-out",
        "help/guardrail.html",
        signed_out("/help/guardrails/NO_FINAL_LEVEL"),
        replace(HELP, cites=(), strength="should", declared="must", breakable=True),
    ),
)
