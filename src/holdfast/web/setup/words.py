"""What the setup screen says where a value decides the sentence."""

from __future__ import annotations

TITLE = "Get your first page"
LEAD = "Three steps, about two minutes. You can delete all of it afterwards."


def after(seconds: float) -> str:
    """`0.2 s` below a minute, `1 min 04 s` above."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60):02} s"
