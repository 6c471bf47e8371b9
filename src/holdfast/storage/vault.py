"""The instance's keys: for signing, and for secrets at rest. Made at the first start."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Column, Table, Text, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from holdfast.kernel.errors import Unavailable
from holdfast.kernel.tx import Tx
from holdfast.storage.types import METADATA, Instant, Name

KEY_BYTES = 32
_NONCE_BYTES = 12
_MASTER = "master"

vault_keys = Table(
    "vault_keys",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("key", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
)

secrets_at_rest = Table(
    "secrets",
    METADATA,
    Column("name", Name, primary_key=True),
    Column("value", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)


class WrongKey(Unavailable):
    """The outside key does not open this instance's own keys."""


class Vault:
    """Derives one key for each purpose, and seals secrets to their place.

    A sealed text only opens in the context it was sealed for: swapping two rows is found.
    """

    def __init__(self, master: bytes) -> None:
        self._master = master
        self._derived: dict[str, bytes] = {}

    def key(self, purpose: str) -> bytes:
        """32 bytes for that purpose alone."""
        if purpose not in self._derived:
            derivation = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"holdfast:" + purpose.encode())
            self._derived[purpose] = derivation.derive(self._master)
        return self._derived[purpose]

    def webhook_secret(self) -> str:
        """What receivers of our webhooks check signatures with (Standard Webhooks form)."""
        return "whsec_" + base64.b64encode(self.key("webhook-signing")).decode()

    def sign(self, purpose: str, text: str) -> str:
        """A short signature (HMAC-SHA-256, URL-safe) of that text for that purpose."""
        mac = hmac.new(self.key(purpose), text.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()

    def is_signed(self, purpose: str, text: str, signature: str) -> bool:
        mine = self.sign(purpose, text).encode()
        return hmac.compare_digest(mine, signature.encode("utf-8", "replace"))

    def seal(self, text: str, place: str, nonce: bytes) -> str:
        """Encrypts for a place such as `secrets.smtp`. A nonce is 12 fresh random bytes."""
        cipher = AESGCM(self.key("at-rest"))
        sealed = cipher.encrypt(nonce, text.encode(), place.encode())
        return "v1." + base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, place: str) -> str:
        """Decrypts. Raises WrongKey when it was changed, moved, or sealed with another key."""
        raw = base64.urlsafe_b64decode(sealed.removeprefix("v1."))
        cipher = AESGCM(self.key("at-rest"))
        try:
            return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], place.encode()).decode()
        except InvalidTag:
            raise WrongKey(f"The secret at {place} does not open with this key.") from None


def open_vault(tx: Tx, outside_key: str | None) -> Vault:
    """The vault of this instance; its master key is made where there is none yet.

    With an outside key the master key is kept wrapped. Raises WrongKey for another outside key.
    """
    stored = tx.execute(
        select(vault_keys.c.key).where(vault_keys.c.id == _MASTER)
    ).scalar_one_or_none()
    if stored is None:
        master = bytes.fromhex(tx.chance.hex_key(KEY_BYTES * 2))
        tx.execute(
            insert(vault_keys),
            {"id": _MASTER, "key": _wrap(tx, master, outside_key), "made_at": tx.now},
        )
        return Vault(master)
    return Vault(_unwrap(str(stored), outside_key))


def put_secret(tx: Tx, vault: Vault, name: str, text: str) -> None:
    """Keeps a secret, encrypted."""
    nonce = bytes.fromhex(tx.chance.hex_key(_NONCE_BYTES * 2))
    row = {"value": vault.seal(text, f"secrets.{name}", nonce), "changed_at": tx.now}
    tx.execute(
        upsert(secrets_at_rest)
        .values(name=name, **row)
        .on_conflict_do_update(index_elements=["name"], set_=row)
    )


def get_secret(tx: Tx, vault: Vault, name: str) -> str | None:
    """The secret's text, or None."""
    sealed = tx.execute(
        select(secrets_at_rest.c.value).where(secrets_at_rest.c.name == name)
    ).scalar_one_or_none()
    return None if sealed is None else vault.open(str(sealed), f"secrets.{name}")


def _wrap(tx: Tx, master: bytes, outside_key: str | None) -> str:
    if outside_key is None:
        return "plain." + master.hex()
    nonce = bytes.fromhex(tx.chance.hex_key(_NONCE_BYTES * 2))
    return "wrapped." + _outside(outside_key).seal(master.hex(), "vault_keys.master", nonce)


def _unwrap(stored: str, outside_key: str | None) -> bytes:
    kind, _, text = stored.partition(".")
    if kind == "plain":
        return bytes.fromhex(text)
    if outside_key is None:
        raise WrongKey(
            "This instance's keys are protected by an outside key.",
            remedy="Set HOLDFAST_SECRET_KEY to the key it was first started with.",
        )
    return bytes.fromhex(_outside(outside_key).open(text, "vault_keys.master"))


def _outside(outside_key: str) -> Vault:
    return Vault(hashlib.sha256(b"holdfast-outside:" + outside_key.encode()).digest())
