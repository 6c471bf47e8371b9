"""What is wrong, in one sentence of the sender's own, where there is one. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from holdfast.alerts.model import Alert
from holdfast.sdk import clean_line

SENTENCE_CHARS_MAX = 400
_PLACES = ("annotations", "custom_details", "payload")
_NAMES = ("description", "message", "text", "details")


def sentence_of(alert: Alert) -> str | None:
    """The first description that says more than the title does."""
    for text in _descriptions(alert.details):
        said, _ = clean_line(text, SENTENCE_CHARS_MAX)
        if said and said != alert.title:
            return said
    return None


def _descriptions(details: Mapping[str, object]) -> Iterator[str]:
    groups = [details.get(place) for place in _PLACES]
    for group in (*groups, details):
        if isinstance(group, Mapping):
            for name in _NAMES:
                value = group.get(name)
                if isinstance(value, str):
                    yield value
