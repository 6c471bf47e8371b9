from __future__ import annotations

import pytest

from holdfast.people.credentials import passwords
from holdfast.people.credentials.model import WeakPassword

GOOD = "a lamp, a boat and seven geese"
ANA = ("ana-lima", "Ana Lima", "ana.lima@example.com")


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "aaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "passwordpassword",
        "Password1234567",
        "qwertyuiop12",
        "Summer2024!Summer",
        "Ana-Lima-2024!!",
        "holdfast-admin-1",
        "x" * 1025,
        "geese and \ud800 boats are fine",
    ],
)
def test_a_password_that_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        passwords.require_strong(password, ANA)
    assert refused.value.remedy
    assert refused.value.fields["password"]


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "correct horse battery",
        "tr0ub4dor&3xyz",
        "ana feeds nineteen geese",
        "ж" * 3 + "абвгдеёжз",
    ],
)
def test_a_password_that_nobody_guesses_is_taken(password: str) -> None:
    passwords.require_strong(password, ANA)


def test_what_is_kept_is_argon2id_and_never_the_same_twice() -> None:
    first, second = passwords.kept(GOOD), passwords.kept(GOOD)
    assert first.startswith("$argon2id$")
    assert first != second
    assert GOOD not in first


def test_only_the_right_password_is_right() -> None:
    kept = passwords.kept(GOOD)
    assert passwords.is_right(kept, GOOD)
    assert not passwords.is_right(kept, GOOD + "!")
    assert not passwords.is_right(kept, "")


def test_nobody_has_a_password_that_is_right() -> None:
    assert not passwords.is_right(None, GOOD)
    assert not passwords.is_right(None, "the password of nobody at all")


@pytest.mark.parametrize("password", ["x" * 1_000_000, "\ud800" * 20, "\0"])
def test_a_password_that_cannot_be_one_is_wrong_and_nothing_worse(password: str) -> None:
    """Promises e10: a megabyte is not hashed, a lone surrogate is no crash."""
    assert not passwords.is_right(passwords.kept(GOOD), password)


def test_something_that_is_no_hash_is_no_password() -> None:
    assert not passwords.is_right("plain text", "plain text")
