"""Pure cleaning of odd input: what a sender wrote becomes text that can be kept and shown."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from holdfast.sdk.cut import CUT_SIGN, cut
from holdfast.sdk.signal import (
    DEDUP_CHARS_MAX,
    DETAILS_CHARS_MAX,
    LABEL_CHARS_MAX,
    LABELS_MAX,
)

DETAILS_DEPTH_MAX = 8
DETAIL_CHARS_MAX = 8192
DETAIL_KEY_CHARS_MAX = 256
INTEGER_MAX = 2**53  # what every JSON reader keeps exactly
PATH_CHARS_MAX = 512
_DIGITS_BITS_MAX = 2048  # longer numbers are written in hexadecimal: Python refuses 4,301 digits
_SCALAR_CHARS_MAX = 32
_KEY_DIGEST_CHARS = 32

_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[\t\r\n\x0b\x0c\x85\u2028\u2029]+")
# Control characters, halves of surrogate pairs, and the marks that turn the reading direction:
# none of them can be stored on both databases or shown without misleading the reader.
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)
_NAME_STEP = re.compile(r"[^.\[]+")
_INDEX_STEP = re.compile(r"\[?(\d{1,6})\]?", re.ASCII)


def clean_text(value: object, chars_max: int) -> tuple[str, str | None]:
    """Text of any value: (text, what was done to it or None); promises e3, e4.

    Line breaks become “\\n”; NUL, other control characters, lone surrogates and hidden turns of
    the reading direction go; more than `chars_max` characters are cut with “…”. A number is
    written out, anything nested becomes JSON.
    """
    text = value if isinstance(value, str) else _written(value)
    if len(text) <= chars_max and text.isprintable():
        return text, None
    broken = _BREAKS.sub("\n", text)
    plain = _HIDDEN.sub("", broken)
    short = cut(plain, chars_max)
    marks = []
    if len(plain) < len(broken):
        marks.append("unprintable characters left out")
    if len(short) < len(plain) or short != plain:
        marks.append(f"shortened from {len(plain)} to {chars_max} characters")
    return short, " and ".join(marks) or None


def clean_line(value: object, chars_max: int) -> tuple[str, str | None]:
    """The same on one line: tabs and line breaks become a space, both ends are trimmed."""
    text = value if isinstance(value, str) else _written(value)
    if text.isprintable() and len(text) <= chars_max:
        return text.strip(), None  # most lines are: tabs and line breaks are not printable
    return clean_text(_SPACES.sub(" ", text).strip(), chars_max)


def clean_key(value: object) -> tuple[str | None, str | None]:
    """A key that joins signals: (key or None when blank, what was done to it or None).

    An ordinary key stays as sent: case, accents and spaces count. One that must be changed ends in
    a digest of what was sent, so that cleaning never joins two troubles (promises R22); cleaning
    twice changes nothing more.
    """
    text = value if isinstance(value, str) else _written(value)
    if not text.strip():
        return None, None
    if len(text) <= DEDUP_CHARS_MAX and text.isprintable():
        return text, None
    plain = _HIDDEN.sub("", _SPACES.sub(" ", text))
    if plain == text and len(text) <= DEDUP_CHARS_MAX:
        return text, None
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_KEY_DIGEST_CHARS]
    return (
        f"{cut(plain, DEDUP_CHARS_MAX - _KEY_DIGEST_CHARS - 1)}~{digest}",
        "rewritten with a digest, because it was too long or held unprintable characters",
    )


def clean_labels(value: object) -> tuple[dict[str, str], tuple[str, ...]]:
    """Labels of an object, of a list of “name:value”, or of such text with commas.

    Gives (labels, what was done). At most LABELS_MAX stay, each name and value cut to
    LABEL_CHARS_MAX.
    """
    if value is None or value == "":
        return {}, ()
    labels: dict[str, str] = {}
    marks: dict[str, None] = {}
    left_out = 0
    for raw_name, raw_value in _label_pairs(value):
        name, name_mark = clean_line(raw_name, LABEL_CHARS_MAX)
        if not name or name in labels or len(labels) == LABELS_MAX:
            left_out += 1
            continue
        labels[name], value_mark = clean_text(raw_value, LABEL_CHARS_MAX)
        marks.update(dict.fromkeys(mark for mark in (name_mark, value_mark) if mark))
    if left_out:
        marks[f"{left_out} left out (too many, twice the same name, or no name)"] = None
    return labels, tuple(marks)


def clean_details(value: object) -> tuple[dict[str, object], tuple[str, ...]]:
    """Details that any JSON reader takes: (details, what was done).

    NaN, infinities and whole numbers beyond 2^53 become text; nesting ends after
    DETAILS_DEPTH_MAX levels; all of it, written as JSON, has DETAILS_CHARS_MAX characters at the
    most. What is not an object is kept under the name “details”.
    """
    if value is None or value == "":
        return {}, ()
    room = _Room(DETAILS_CHARS_MAX - 2)
    named = value if isinstance(value, Mapping) else {"details": value}
    return _safe_object(named, room, DETAILS_DEPTH_MAX), tuple(room.marks)


def dotted(value: object, path: str) -> object:
    """What stands at a path such as `alert.tags[0].name`, or None.

    A name that itself holds dots is found too (`labels.k8s.io/name`), and a leading `$.` is
    allowed. Never raises.
    """
    rest = path.strip().removeprefix("$.") if len(path) <= PATH_CHARS_MAX else ""
    found: object = value if rest else None
    while rest:
        if isinstance(found, dict) and rest in found:
            return found[rest]
        step = (_INDEX_STEP if isinstance(found, list) else _NAME_STEP).match(rest)
        if step is None:
            return None
        found = _one_step(found, step)
        rest = rest[step.end() :].removeprefix(".")
    return found


def _one_step(value: object, step: re.Match[str]) -> object:
    if isinstance(value, dict):
        return value.get(step[0])
    if isinstance(value, list):
        index = int(step[1])
        return value[index] if index < len(value) else None
    return None


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | float):
        return json.dumps(value)
    if isinstance(value, int):
        return str(value) if value.bit_length() <= _DIGITS_BITS_MAX else hex(value)
    if isinstance(value, Mapping | list | tuple):
        safe = _safe(value, _Room(DETAILS_CHARS_MAX), DETAILS_DEPTH_MAX)
        return json.dumps(safe, ensure_ascii=False)
    return str(value)


def _label_pairs(value: object) -> Iterable[tuple[object, object]]:
    if isinstance(value, Mapping):
        return value.items()
    if isinstance(value, str):
        return [_split_label(part) for part in value.split(",") if part.strip()]
    if isinstance(value, list | tuple):
        return [_split_label(part) for part in value]
    return [(value, "")]


def _split_label(part: object) -> tuple[object, object]:
    if isinstance(part, Mapping):
        name = next((part[key] for key in ("name", "key", "tag", "label") if key in part), None)
        return (part, "") if name is None else (name, part.get("value", ""))
    if isinstance(part, str):
        name, _, text = part.partition("=" if "=" in part.partition(":")[0] else ":")
        return name.strip(), text.strip()
    return part, ""


@dataclass(slots=True)
class _Room:
    """How many characters of JSON are left, and what has been done so far."""

    left: int
    marks: dict[str, None] = field(default_factory=dict)

    def fits(self, chars: int) -> bool:
        if chars <= self.left:
            return True
        self.marks["shortened, because it was too long"] = None
        return False


def _safe(value: object, room: _Room, depth: int) -> object:
    if isinstance(value, str):
        return _safe_text(value, room)
    if isinstance(value, Mapping | list | tuple):
        if depth == 0:
            room.marks["nested too deep, the innermost left out"] = None
            return _safe_text(CUT_SIGN, room)
        if isinstance(value, Mapping):
            room.left -= 2
            return _safe_object(value, room, depth)
        return _safe_list(value, room, depth)
    if _is_plain(value):
        room.left -= len(json.dumps(value))
        return value
    return _safe_text(_written(value), room)


def _is_plain(value: object) -> bool:
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, int):
        return abs(value) <= INTEGER_MAX
    return isinstance(value, float) and math.isfinite(value)


def _safe_object(value: Mapping[object, object], room: _Room, depth: int) -> dict[str, object]:
    safe: dict[str, object] = {}
    for raw_key, inner in value.items():
        key, mark = clean_line(raw_key, DETAIL_KEY_CHARS_MAX)
        if mark:
            room.marks[mark] = None
        key_chars = _json_chars(key) + len(": , ")
        if not room.fits(key_chars + _SCALAR_CHARS_MAX):
            break
        if key in safe:
            room.marks["of two equal names the first is kept"] = None
            continue
        room.left -= key_chars
        safe[key] = _safe(inner, room, depth - 1)
    return safe


def _safe_list(value: list[object] | tuple[object, ...], room: _Room, depth: int) -> list[object]:
    room.left -= 2
    safe: list[object] = []
    for inner in value:
        if not room.fits(_SCALAR_CHARS_MAX):
            break
        room.left -= 2
        safe.append(_safe(inner, room, depth - 1))
    return safe


def _safe_text(value: str, room: _Room) -> str:
    text, mark = clean_text(value, DETAIL_CHARS_MAX)
    if mark:
        room.marks[mark] = None
    if not room.fits(_json_chars(text)):
        # Every character takes two at the most when JSON escapes it.
        text = cut(text, max(0, room.left - 2) // 2)
    room.left -= _json_chars(text)
    return text


def _json_chars(text: str) -> int:
    """How long cleaned text is as JSON: counted, because writing it costs ten times as much."""
    escaped = text.count('"') + text.count("\\") + text.count("\n") + text.count("\t")
    return len(text) + 2 + escaped
