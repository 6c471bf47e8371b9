"""Addresses that answer a page: whoever holds one may answer that page, and nothing else."""

from __future__ import annotations

from holdfast.web.program import Program

PURPOSE = "answer-link"
# Part of what is signed: with another number every link that was ever sent is dead.
GENERATION = 1
PAGE_ID_CHARS_MAX = 64
TOKEN_CHARS_MAX = 512
_SEPARATOR = "."


def answer_url(program: Program, page_id: str) -> str:
    """The address for one page. It does not expire by itself: the page's own state decides
    (contract: an acknowledgement does not expire unless configured).

    Bound to the page, which is bound to its person and instant for ever; so those need not be
    signed, and the token is short enough for a text message.
    """
    return f"{program.base_url.rstrip('/')}/p/{token_of(program, page_id)}"


def token_of(program: Program, page_id: str) -> str:
    """The last part of that address."""
    return f"{page_id}{_SEPARATOR}{program.vault.sign(PURPOSE, _signed(page_id))}"


def page_of_token(program: Program, token: str) -> str | None:
    """The page's id, or None for an address that is wrong or cut short. In constant time."""
    if len(token) > TOKEN_CHARS_MAX:
        return None
    page_id, _, signature = token.partition(_SEPARATOR)
    if not (0 < len(page_id) <= PAGE_ID_CHARS_MAX and page_id.isascii()):
        return None
    return page_id if program.vault.is_signed(PURPOSE, _signed(page_id), signature) else None


def _signed(page_id: str) -> str:
    return f"{GENERATION}:{page_id}"
