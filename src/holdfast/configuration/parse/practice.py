"""A practice pack of one's own: a document that begins with `pack`, or what `practice` holds."""

from __future__ import annotations

from holdfast.configuration.mistakes import Mistakes
from holdfast.configuration.model import Mentioned, Mistake, Place
from holdfast.configuration.read import Entries, Node, Scalar, Sequence, lines_of
from holdfast.practice import reader
from holdfast.practice.guardrails import help_of
from holdfast.practice.model import NotAPack, Pack
from holdfast.practice.tree import Keyed, Several, Word
from holdfast.practice.tree import Node as Part


def is_pack(node: Node) -> bool:
    """Whether a document is a pack and not a configuration."""
    return isinstance(node, Entries) and "pack" in node.values


def pack(node: Node, file: str, mistakes: Mistakes) -> Mentioned[Pack] | None:
    """The pack; None where it is no pack, which is then told to `mistakes` by line."""
    part = _part(node)
    if not isinstance(part, Keyed):
        return None
    try:
        found = reader.from_tree(part, file)
    except NotAPack as error:
        for each in error.mistakes:
            place = Place(file, each.line)
            mistakes.add_mistake(
                Mistake(place, each.message, each.remedy, each.code, help_of(each.code))
            )
        return None
    given = frozenset(part.values)
    return Mentioned(found, Place(file, node.line), dict(lines_of(node)), given)


def _part(node: Node) -> Part:
    match node:
        case Scalar():
            return Word(node.text.strip(), node.line, node.is_null)
        case Sequence():
            return Several(tuple(map(_part, node.items)), node.line)
        case Entries():
            values = {key: _part(value) for key, value in node.values.items()}
            return Keyed(values, node.key_lines, node.line)
