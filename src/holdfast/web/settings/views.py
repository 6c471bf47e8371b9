"""What the settings screens are told. Filled by web/settings/pages.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from holdfast.web.layout.views import Choice, Fields


@dataclass(frozen=True, slots=True)
class Setting:
    """One knob. `value` is masked where it is a secret; `source` is where it comes from."""

    name: str
    value: str
    default: str
    source: Literal["default", "environment", "flag", "file", "database"]
    about: str
    secret: bool = False

    @property
    def changed(self) -> bool:
        return self.source != "default"


@dataclass(frozen=True, slots=True)
class Health:
    """One line of health. `detail` has the figure, `remedy` what to do where it is not ok."""

    title: str
    state: Literal["ok", "warn", "bad"]
    detail: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """settings/show.html at GET /settings

    Posts: /settings/verify (proves the timeline now), /settings/release (ends a hold after a
    restore). `on_hold` holds what would be paged, one sentence each, or None.
    """

    version: str
    health: tuple[Health, ...]
    settings: tuple[Setting, ...]
    verified: Health
    on_hold: tuple[str, ...] | None = None
    may_verify: bool = False
    may_operate: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    id: str
    name: str
    role: str
    prefix: str
    acts_as: str | None
    made_by: str
    made_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TokenList:
    """settings/tokens.html at GET /settings/tokens

    Posts: /settings/tokens {name, role, user}; the answer is this page with `new_token`, shown
    once; /settings/tokens/{id}/revoke.
    """

    tokens: tuple[Token, ...]
    roles: tuple[Choice, ...]
    users: tuple[Choice, ...]
    new_token: str | None = None
    new_name: str = ""
    may_edit: bool = False
    fields: Fields | None = None
