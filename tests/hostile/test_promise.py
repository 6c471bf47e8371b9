"""Every signal that was accepted ends in one fate that can be explained, and what fires pages.

The whole corpus at once (promises 0.1 rule 9, c.4 “no silent loss”): each firing signal opens an
alert or counts in one, each alert pages somebody, and each page says which alert it is about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from holdfast.alerts import queries
from holdfast.alerts.model import Alert, AlertStatus
from holdfast.alerts.queries import Filter
from holdfast.alerts.why import path
from holdfast.kernel.actor import SYSTEM
from holdfast.paging import queries as pages
from holdfast.paging.model import PageState
from holdfast.sdk.reading import SIGNALS_MAX
from holdfast.storage.inbox import Envelope
from holdfast.web.alerts.facts import facts_of
from tests.hostile.corpus import FIELDS, INSTANTS, JSONS, LOOK_ALIKES, SIZES
from tests.hostile.siege import FAMILIES, KEYS, SENDERS, Siege, siege
from tests.hostile.spoken import spoken

pytestmark = pytest.mark.slow
UNLIKE_ANY_SIGNAL = '[{"status": "on fire", "title": 7}]'
EVERY_BYTE = bytes(range(256))
PART = 500


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def afresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Siege]:
    is_sqlite = request.param == "sqlite"
    url = "sqlite://" if is_sqlite else request.getfixturevalue("postgres_url")
    with siege(tmp_path, url) as made:
        yield made


def send_everything(besieged: Siege) -> None:
    """The corpus to one path of each family of doors."""
    for door, kind in FAMILIES.items():
        for body in (JSONS | SIZES).values():
            besieged.ask("POST", door, body.sent, body.headers())
        for fields in FIELDS.values():
            besieged.ask("POST", door, spoken(kind, fields))
        for number, instant in enumerate(INSTANTS):
            said = {"title": "x", "dedup": f"instant {number % 7}", "started_at": instant}
            besieged.ask("POST", door, spoken(kind, said))
        for key in LOOK_ALIKES:
            besieged.ask("POST", door, spoken(kind, {"title": "x", "dedup": key}))
        for key in LOOK_ALIKES[::2]:
            besieged.ask("POST", door, spoken(kind, {"dedup": key, "status": "resolved"}))


def accepted(besieged: Siege) -> Counter[tuple[str, str]]:
    """How many signals of each status each connection was promised a fate for."""
    found: Counter[tuple[str, str]] = Counter()
    for letter in besieged.letters():
        found.update((letter.connection, str(signal["status"])) for signal in letter.signals)
    return found


def every_alert(besieged: Siege) -> list[Alert]:
    found: list[Alert] = []
    with besieged.program.database.read(SYSTEM) as tx:
        while True:
            before = (found[-1].triggered_at, found[-1].id) if found else None
            part = queries.newest(tx, Filter(), before=before, limit=PART)
            found += part
            if len(part) < PART:
                return found


def undigested(besieged: Siege) -> list[tuple[str, str | None]]:
    with besieged.program.database.read(SYSTEM) as tx:
        rows = tx.execute(text("select state, error from inbox where state <> 'done'")).all()
    return [(row.state, row.error) for row in rows]


def assert_explained(besieged: Siege, alerts: list[Alert]) -> None:
    """Each alert's path of decisions leads from its signal to a page that left, or to its end."""
    told = Counter(heard.message.code for heard in besieged.story.heard)
    with besieged.program.database.read(SYSTEM) as tx:
        for alert in alerts:
            assert path(facts_of(tx, alert)), alert
            paged = pages.about(tx, [alert.id])
            if alert.status is AlertStatus.RESOLVED and not told[alert.code]:
                # Over before the words could leave: the path says so, and so does each page.
                assert all(page.state is PageState.CLOSED for page in paged), alert
                continue
            assert paged, alert
            assert told[alert.code] >= 1, alert


def test_every_accepted_signal_has_one_fate_and_pages(afresh: Siege) -> None:
    send_everything(afresh)
    promised = accepted(afresh)
    assert all(promised[kind, "firing"] > len(FIELDS) for kind in SENDERS)

    afresh.story.drain()

    assert undigested(afresh) == []
    alerts = every_alert(afresh)
    counted = Counter[str]()
    for alert in alerts:
        counted[alert.connection] += alert.count
    assert counted == {kind: promised[kind, "firing"] for kind in SENDERS}
    assert_explained(afresh, alerts)
    over = [alert for alert in alerts if alert.status is AlertStatus.RESOLVED]
    assert 0 < len(over) <= sum(promised[kind, "resolved"] for kind in SENDERS)


def test_what_our_own_code_cannot_digest_still_pages_on_both_databases(afresh: Siege) -> None:
    """House 6a: kept, marked, shown; and its raw text pages, whatever bytes it is made of."""
    database = afresh.program.database
    now = database.clock.now()
    raws = (EVERY_BYTE, b"", b"\0" * 900, "\u202eDisk full\ud800".encode(errors="surrogatepass"))
    database.append_inbox(
        [
            Envelope(f"lt_{number}", "generic", now, raw, UNLIKE_ANY_SIGNAL)
            for number, raw in enumerate(raws)
        ]
    )
    afresh.story.drain()
    assert {state for state, _ in undigested(afresh)} == {"stuck"}
    alerts = every_alert(afresh)
    assert len(alerts) == len(raws)
    assert all(alert.title.isprintable() and alert.title for alert in alerts)
    assert all("could not digest" in alert.marks[0] for alert in alerts)
    assert_explained(afresh, alerts)


def test_of_100_000_alerts_in_one_request_a_thousand_and_one_page(tmp_path: Path) -> None:
    with siege(tmp_path, "sqlite://") as besieged:
        body = b"[" + b",".join([b'{"title": "x"}'] * 100_000) + b"]"
        assert besieged.ask("POST", f"/in/{KEYS['generic']}", body).status == 202
        besieged.story.drain()
        alerts = every_alert(besieged)
        assert len(alerts) == SIGNALS_MAX + 1
        assert len(besieged.story.heard) == SIGNALS_MAX + 1
        assert [a.details["left_out"] for a in alerts if "left_out" in a.details] == [99_000]
