"""One siege for each file of tests, on a SQLite file of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hostile.siege import Siege, siege


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    """Shared by a file's tests: what one leaves behind, the next one finds."""
    with siege(tmp_path_factory.mktemp("siege")) as made:
        yield made
