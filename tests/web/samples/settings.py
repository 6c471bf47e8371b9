"""Settings and tokens at Harbor, in the samples."""

from __future__ import annotations

from dataclasses import replace

from holdfast.web.layout.views import Choice, Fields, Mode
from holdfast.web.settings.views import (
    Health,
    Setting,
    SettingsPage,
    Token,
    TokenList,
)
from tests.web.samples.company import (
    LONG,
    Sample,
    ago,
    at,
    shell,
)

_TEAMS = (Choice("payments", "Payments", chosen=True), Choice("platform", "Platform"))
_ROLES = tuple(
    Choice(name, f"{name.title()}: what it may") for name in ("viewer", "responder", "admin")
)
SETTINGS = SettingsPage(
    "0.1.0",
    (
        Health("Database", "ok", "SQLite, 214 MB; write-ahead log 3.1 MB, checkpointed 12 s ago"),
        Health("Engine", "ok", "4 workers; looked 0.2 s ago"),
        Health("Oldest duty", "warn", "18 s late", "Look at the carriers: ntfy.sh is slow."),
        Health("Sign-in", "bad", "Plain http beyond this machine", "Put TLS in front of it."),
    ),
    (
        Setting(
            "HOLDFAST_BASE_URL",
            "http://127.0.0.1:8080",
            "the address served",
            "environment",
            "The outside address that links are made from.",
        ),
        Setting(
            "HOLDFAST_OUTBOUND_ALLOW",
            "",
            "",
            "default",
            "Private ranges that outgoing calls may reach.",
        ),
        Setting(
            "HOLDFAST_SMTP_PASSWORD",
            "x",
            "",
            "file",
            "The password of the SMTP server.",
            secret=True,
        ),
    ),
    Health(
        "Verified, 12 408 events", "ok", "All but the newest 3, which are sealed within a second"
    ),
    may_verify=True,
    may_operate=True,
)
TOKENS = TokenList(
    (
        Token(
            "t1",
            "deploy pipeline",
            "responder",
            "hf_7f3a",
            "Marek Novák",
            "Priya Raman",
            at(1, 9),
            ago(minutes=4),
        ),
        Token("t2", LONG, "viewer", "hf_91c2", None, "Priya Raman", at(1, 9), None),
        Token(
            "t3", "old laptop", "admin", "hf_0b1d", None, "Priya Raman", at(1, 9), None, at(2, 9)
        ),
    ),
    _ROLES,
    (Choice("", "Nobody, only itself"), Choice("marek", "Marek Novák")),
    may_edit=True,
)
_BAD = Fields((("name", ""),), (("name", "It needs a name."),), "Nothing was changed.")

SAMPLES = (
    Sample("settings", "settings/show.html", shell("/settings"), SETTINGS),
    Sample(
        "settings-hold",
        "settings/show.html",
        shell("/settings", mode=Mode.ON_HOLD),
        replace(
            SETTINGS,
            on_hold=("Priya Raman would be paged for A-2041.", "3 alerts would go on climbing."),
        ),
    ),
    Sample("tokens", "settings/tokens.html", shell("/settings/tokens"), TOKENS),
    Sample(
        "tokens-made",
        "settings/tokens.html",
        shell("/settings/tokens"),
        replace(TOKENS, new_token="hf_" + "4f7c2a91" * 5, new_name="deploy pipeline", fields=_BAD),
    ),
    Sample(
        "tokens-none",
        "settings/tokens.html",
        shell("/settings/tokens"),
        replace(TOKENS, tokens=(), may_edit=False),
    ),
)
