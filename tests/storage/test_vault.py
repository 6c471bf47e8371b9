"""Secrets at rest: sealed to their place, under a key that may itself be kept elsewhere."""

from __future__ import annotations

import base64

import pytest
from sqlalchemy import text

from holdfast.kernel.actor import SYSTEM
from holdfast.storage.database import Database
from holdfast.storage.vault import Vault, WrongKey, get_secret, open_vault, put_secret

MASTER = bytes(range(32))
NONCE = bytes(12)


def test_what_is_sealed_opens_at_its_place_only() -> None:
    vault = Vault(MASTER)
    sealed = vault.seal("päss", "secrets.smtp", NONCE)
    assert "päss" not in sealed
    assert vault.open(sealed, "secrets.smtp") == "päss"
    with pytest.raises(WrongKey) as refused:
        vault.open(sealed, "secrets.slack")
    assert "secrets.slack" in refused.value.detail


@pytest.mark.parametrize("place", range(0, 30, 5))
def test_a_sealed_text_that_was_changed_does_not_open(place: int) -> None:
    vault = Vault(MASTER)
    raw = bytearray(base64.urlsafe_b64decode(vault.seal("secret", "p", NONCE)[3:]))
    raw[place] ^= 1
    with pytest.raises(WrongKey):
        vault.open("v1." + base64.urlsafe_b64encode(raw).decode(), "p")


def test_every_purpose_has_a_key_of_its_own() -> None:
    vault = Vault(MASTER)
    keys = {vault.key(purpose) for purpose in ("a", "b", "at-rest")}
    assert len(keys) == 3
    assert {len(key) for key in keys} == {32}
    assert vault.key("a") == Vault(MASTER).key("a")
    assert vault.key("a") != Vault(bytes(32)).key("a")


def test_a_signature_is_good_for_its_text_and_its_purpose() -> None:
    vault = Vault(MASTER)
    signature = vault.sign("answer-link", "pg_1")
    assert vault.is_signed("answer-link", "pg_1", signature)
    for purpose, said, given in (
        ("answer-link", "pg_2", signature),
        ("session", "pg_1", signature),
        ("answer-link", "pg_1", signature[:-1]),
        ("answer-link", "pg_1", ""),
        ("answer-link", "pg_1", "\ud800"),
    ):
        assert not vault.is_signed(purpose, said, given)


def test_a_secret_is_kept_encrypted_and_comes_back(database: Database) -> None:
    with database.begin(SYSTEM) as tx:
        vault = open_vault(tx, None)
        put_secret(tx, vault, "smtp", "first")
        put_secret(tx, vault, "smtp", "second")
        assert get_secret(tx, vault, "smtp") == "second"
        assert get_secret(tx, vault, "slack") is None
        rows = tx.execute(text("select value from secrets")).scalars().all()
    assert len(rows) == 1
    assert "second" not in str(rows[0])


def test_two_secrets_whose_rows_were_swapped_do_not_open(database: Database) -> None:
    with database.begin(SYSTEM) as tx:
        vault = open_vault(tx, None)
        put_secret(tx, vault, "smtp", "one")
        put_secret(tx, vault, "slack", "two")
        for name, other in (("smtp", "x"), ("slack", "smtp"), ("x", "slack")):
            tx.execute(text(f"update secrets set name = '{other}' where name = '{name}'"))
        for name in ("smtp", "slack"):
            with pytest.raises(WrongKey):
                get_secret(tx, vault, name)


def test_the_same_secret_is_sealed_differently_each_time(database: Database) -> None:
    with database.begin(SYSTEM) as tx:
        vault = open_vault(tx, None)
        put_secret(tx, vault, "one", "same")
        put_secret(tx, vault, "two", "same")
        rows = tx.execute(text("select value from secrets")).scalars().all()
    assert len({str(row)[:20] for row in rows}) == 2, "each has a nonce of its own"


@pytest.mark.parametrize("outside", [None, "a key from elsewhere"])
def test_the_keys_of_an_instance_are_made_once(database: Database, outside: str | None) -> None:
    with database.begin(SYSTEM) as tx:
        first = open_vault(tx, outside)
    with database.begin(SYSTEM) as tx:
        second = open_vault(tx, outside)
        kept = str(tx.execute(text("select key from vault_keys")).scalar_one())
    assert first.webhook_secret() == second.webhook_secret()
    assert kept.startswith("plain." if outside is None else "wrapped.")


@pytest.mark.parametrize("given", [None, "another key", ""])
def test_with_another_outside_key_nothing_opens_and_nothing_is_lost(
    database: Database, given: str | None
) -> None:
    with database.begin(SYSTEM) as tx:
        before = open_vault(tx, "the right key")
    with database.begin(SYSTEM) as tx, pytest.raises(WrongKey):
        open_vault(tx, given)
    with database.begin(SYSTEM) as tx:
        assert open_vault(tx, "the right key").key("x") == before.key("x")


def test_what_receivers_check_with_has_the_standard_form(database: Database) -> None:
    with database.begin(SYSTEM) as tx:
        secret = open_vault(tx, None).webhook_secret()
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
