"""Links are followed as a reader would follow them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.docs import anchors, broken_links


@pytest.mark.parametrize(
    ("link", "arrives"),
    [
        ("other.md", True),
        ("other.md#the-second-part", True),
        ("#here", True),
        ("https://example.com/anything", True),
        ("mailto:ana@example.com", True),
        ("gone.md", False),
        ("other.md#the-third-part", False),
        ("#nowhere", False),
    ],
)
def test_a_link_arrives_or_is_reported(tmp_path: Path, link: str, *, arrives: bool) -> None:
    (tmp_path / "other.md").write_text("# Other\n\n## The *second* part\n")
    (tmp_path / "page.md").write_text(f"# Here\n\nSee [that]({link}).\n")

    assert bool(broken_links(tmp_path)) is not arrives


def test_a_link_inside_code_is_an_example_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("`[a](b.md)`\n\n```\n[c](d.md)\n```\n\n[e](f.md)\n")

    assert broken_links(tmp_path) == ["page.md:7: f.md leads nowhere"]


def test_two_headings_of_one_name_get_two_anchors(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Limits\n\n# Limits\n")

    assert anchors(page) == {"limits", "limits-1"}
