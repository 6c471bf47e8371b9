"""What words ask nobody in particular."""

from __future__ import annotations

import pytest

from holdfast.incidents.tasks.guardrails import asks_anybody


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Can someone restart the API?", True),
        ("could anybody look at the database", True),
        ("somebody please check the queue", True),
        ("Restart the API", False),
        ("Ask the customer whether someone else sees it too", True),
        ("Roll back to something older", False),
    ],
)
def test_words_that_ask_nobody_in_particular_are_known(text: str, *, found: bool) -> None:
    assert asks_anybody(text) is found
