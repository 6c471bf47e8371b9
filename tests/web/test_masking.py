"""Contact addresses as others see them."""

from __future__ import annotations

import pytest

from holdfast.web.masking import masked


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ana@example.com", "a…@example.com"),
        ("@example.com", "…@example.com"),
        ("https://hooks.example.com:8443/secret/path?key=1", "https://hooks.example.com/…"),
        ("https://name:password@example.com/x", "https://example.com/…"),
        ("https://[::1/x", "…"),
        ("+351 912 345 678", "…78"),
        ("1234", "…"),
        ("", "…"),
    ],
)
def test_an_address_can_be_recognised_but_not_used(address: str, shown: str) -> None:
    assert masked(address) == shown
