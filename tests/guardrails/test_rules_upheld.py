"""No rule is only written: an action asks it, and hands over the reason where one opens it."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from holdfast.guardrails import rules
from holdfast.guardrails.model import AnyRule, Rule, Strength
from tests.support.source import SRC, parsed, report, short

ASKING = {"uphold", "objections"}  # guardrails.actions and guardrails.queries


@dataclass(frozen=True)
class Call:
    """One place that asks rules: `enforced` where a refusal is raised, `reasoned` where the
    caller's reason goes with it."""

    place: str
    rules: tuple[AnyRule, ...]
    enforced: bool
    reasoned: bool


@cache
def calls() -> tuple[Call, ...]:
    return tuple(found())


def found() -> Iterator[Call]:
    for path in sorted(SRC.rglob("*.py")):
        nodes = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)]
        asking = [node for node in nodes if called(node) in ASKING and len(node.args) > 1]
        if not asking or path.parent.name == "guardrails":
            continue
        parts = path.relative_to(SRC).with_suffix("").parts
        module = importlib.import_module(".".join(["holdfast", *parts]).removesuffix(".__init__"))
        for node in asking:
            yield Call(
                f"{short(path)}:{node.lineno}",
                tuple(rules_in(node.args[1], module)),
                called(node) == "uphold",
                "reason" in {keyword.arg for keyword in node.keywords},
            )


def called(node: ast.Call) -> str:
    return ast.unparse(node.func).rsplit(".", 1)[-1]


def rules_in(node: ast.expr, module: object) -> Iterator[AnyRule]:
    """What the second argument holds: a name of the module, an attribute, or several of those. Of
    a part of a tuple, all of it."""
    if isinstance(node, ast.Tuple | ast.List):
        for element in node.elts:
            yield from rules_in(element, module)
    elif isinstance(node, ast.Subscript):
        yield from rules_in(node.value, module)
    else:
        value = module
        for name in ast.unparse(node).split("."):
            value = getattr(value, name, None)
        yield from (each for each in several(value) if isinstance(each, Rule))


def several(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def test_every_rule_is_asked_by_somebody() -> None:
    asked = {rule.code for call in calls() for rule in call.rules}
    assert "NO_FINAL_LEVEL" in asked, "the test reads the calls themselves"
    idle = [
        f"{code} ({rules.package_of(rule)}) refuses nothing: call guardrails.actions.uphold"
        for code, rule in rules.by_code().items()
        if code not in asked
    ]
    assert not idle, report(idle)


def test_whoever_may_open_a_rule_can_hand_over_the_reason() -> None:
    """A rule that is no `must` as written opens too, where an organisation made it one."""
    shut = [
        f"{call.place}: {rule.code} opens with a reason, and none is handed over"
        for call in calls()
        if call.enforced and not call.reasoned
        for rule in call.rules
        if rule.breakable or rule.strength is not Strength.MUST
    ]
    assert not shut, report(shut)
