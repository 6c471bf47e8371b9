"""Services and connections as the files write them."""

from __future__ import annotations

import re

from holdfast.catalog.model import HEARTBEAT, TIER_MAX, Connection, Service
from holdfast.configuration.fields import Fields, integer_within, one_of, word, yes_or_no
from holdfast.configuration.model import DISABLED, Mentioned
from holdfast.configuration.read import Entries, Node, Scalar, Sequence
from holdfast.kernel.duration import parse_duration
from holdfast.kernel.ids import slug
from holdfast.sdk.discovery import Integrations

SERVICE_FIELDS = ("id", "name", "team", "policy", "tier", "depends_on", "description")
CONNECTION_FIELDS = (
    "id", "kind", "service", "key", "every", "grace", "settings", "disabled",
)  # fmt: skip
DEFAULT_TIER = 2
_WORDS: dict[str, object] = {"true": True, "false": False}
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})", re.ASCII)


def service(fields: Fields) -> Mentioned[Service]:
    return fields.mention(
        Service(
            id=fields.read("id", slug, ""),
            name=fields.need("name", word, ""),
            team=fields.need("team", word, ""),
            policy=fields.need("policy", word, ""),
            tier=fields.read("tier", integer_within(0, TIER_MAX), DEFAULT_TIER),
            depends_on=fields.texts("depends_on"),
            description=fields.read("description", str, ""),
        )
    )


def connection(fields: Fields, integrations: Integrations) -> Mentioned[Connection]:
    """Its key is read by `key`: an object that is printed must not hold one."""
    kind = fields.need("kind", one_of(tuple(integrations.sources)), "")
    if kind != HEARTBEAT:
        for name in ("every", "grace"):
            if fields.has(name) and kind:
                fields.wrong(
                    name,
                    f"{name} of {fields.what} is for heartbeats; this is {kind}.",
                    f"Leave {name} out, or write kind: {HEARTBEAT}.",
                )
    elif not fields.has("every"):
        fields.wrong(None, f"{fields.what} has no every.", "Add every: 1d, for example.")
    return fields.mention(
        Connection(
            id=fields.read("id", slug, ""),
            kind=kind,
            service=fields.need("service", word, ""),
            every=fields.read("every", parse_duration, None),
            grace=fields.read("grace", parse_duration, None),
            settings=_settings(fields),
            disabled_at=DISABLED if fields.read("disabled", yes_or_no, default=False) else None,
        )
    )


def key(fields: Fields) -> str | None:
    """The key that the file gives; None keeps the one there is."""
    return fields.read("key", word, None)


def _settings(fields: Fields) -> dict[str, object]:
    node = fields.value("settings")
    if node is None:
        return {}
    if not isinstance(node, Entries):
        fields.wrong("settings", f"settings of {fields.what} must be fields.", "Write name: value.")
        return {}
    return {name: plain(value) for name, value in node.values.items()}


def plain(node: Node) -> object:
    """A tree as plain values: here nobody knows what a field means, so YAML 1.2's core rules do."""
    match node:
        case Entries():
            return {name: plain(value) for name, value in node.values.items()}
        case Sequence():
            return [plain(item) for item in node.items]
        case Scalar():
            return _plain_scalar(node)


def _plain_scalar(node: Scalar) -> object:
    if not node.plain:
        return node.text
    if node.is_null:
        return None
    if _NUMBER.fullmatch(node.text):
        return int(node.text)
    return _WORDS.get(node.text, node.text)
