"""The composition root: settings -> database -> plug-ins -> engine -> web. Read it first."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from holdfast import duties, reactions
from holdfast.alerts import heartbeat, retention
from holdfast.engine.egress import EgressRules, networks
from holdfast.engine.sender import Carrier
from holdfast.engine.supervisor import Chore, Supervisor, Work, lateness_s
from holdfast.engine.transport import Transport
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.chance import Chance
from holdfast.kernel.clock import SteppedClock, SystemClock
from holdfast.people.credentials import first_admin_link
from holdfast.sdk.configured import settings_of
from holdfast.sdk.discovery import discover
from holdfast.settings import Settings
from holdfast.storage.database import Database, open_backend
from holdfast.storage.duties import timer_due
from holdfast.storage.vault import Vault, open_vault
from holdfast.web.answers import answer_url
from holdfast.web.app import make_app
from holdfast.web.logs import configure_logs
from holdfast.web.program import Program
from holdfast.web.rehearsal.stage import Stage, stage_transport
from holdfast.web.server import Edge

SOCKET_NAME = "holdfast.sock"
REHEARSAL_POLL_S = 1.0


@contextmanager
def open_program(settings: Settings) -> Iterator[Program]:
    """A Holdfast without its engine: what commands and tests work with."""
    configure_logs(settings)
    if settings.database is None:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    system = SystemClock()
    clock = SteppedClock(system.now()) if settings.rehearsal else system
    database = Database(
        open_backend(settings.database_url),
        clock=clock,
        chance=Chance(),
        recorder=reactions.RECORDER,
        stepped=settings.rehearsal,
    )
    try:
        database.migrate()
        yield compose(settings, database)
    finally:
        database.close()


def compose(settings: Settings, database: Database) -> Program:
    """Puts a program together on an open, migrated database."""
    with database.begin(SYSTEM) as tx:
        vault = open_vault(tx, settings.secret_key)
        if timer_due(tx, retention.RETENTION, retention.RETENTION) is None:
            tx.set_timer(retention.RETENTION, retention.RETENTION, tx.now)
    ranges = [text for text in settings.outbound_allow.split(",") if text.strip()]
    rules = EgressRules(allow=networks(ranges), loopback=settings.loopback_only)
    transport = Transport(rules, SystemClock())
    integrations = discover()
    values = _values(settings, vault)
    carrier = Carrier(
        {name: (n, settings_of(n, values)) for name, n in integrations.notifiers.items()},
        stage_transport(transport) if settings.rehearsal else transport,
    )
    return Program(
        settings=settings,
        database=database,
        integrations=integrations,
        carrier=carrier,
        vault=vault,
        node=database.chance.new_id("nd"),
        base_url=settings.base_url or f"http://{settings.host}:{settings.port}",
    )


def work_of(program: Program) -> Work:
    """What the engine of this program does."""
    links = duties.Links(
        base_url=lambda: program.base_url,
        answer=lambda page: answer_url(program, page.id),
        rehearsal=program.settings.rehearsal,
    )
    keep = retention.Limits(program.settings.inbox_days, program.settings.alert_days)
    return Work(
        timers=duties.timers(keep),
        inbox=duties.inbox_duty(),
        deliveries=duties.deliveries(links),
        chores=(Chore("seal", 1.0, wanted=duties.something_to_seal, act=duties.seal),),
        after_outage=heartbeat.forgive_our_outage,
    )


def run(settings: Settings) -> None:
    """`holdfast up`: serves until SIGTERM or SIGINT, then drains."""
    with open_program(settings) as program:
        asyncio.run(_serve(program))


async def _serve(program: Program) -> None:
    stop = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    settings = program.settings
    engine = _start_rehearsal(program) if settings.rehearsal else _supervisor(program)
    app = make_app(program)
    uds = settings.data / SOCKET_NAME if settings.database is None else None
    edge = Edge(app, host=settings.host, port=settings.port, uds=uds)

    def ready(addresses: list[str]) -> None:
        if settings.base_url is None:
            program.base_url = addresses[0]
        if isinstance(engine, Supervisor):
            engine.start()
        _say_up(program, addresses[0])

    try:
        await edge.serve(ready, stop)
    finally:
        if isinstance(engine, Supervisor):
            await asyncio.to_thread(engine.stop)


def _supervisor(program: Program) -> Supervisor:
    engine = Supervisor(
        program.database,
        work_of(program),
        program.carrier,
        program.node,
        senders=program.settings.senders,
    )

    def health() -> dict[str, object]:
        with program.database.read(SYSTEM) as tx:
            return {"lateness_s": lateness_s(tx), "progress": engine.progress()}

    program.health = health
    return engine


def _start_rehearsal(program: Program) -> Stage:
    """What is due at the present instant runs at once; the clock moves by POST only."""
    stage = Stage(program.database, work_of(program), program.carrier, program.node)
    program.rehearsal = stage

    def watch() -> None:
        seen = 0
        while True:
            stage.drain()
            seen = program.database.wait_for_wake(seen, REHEARSAL_POLL_S)

    threading.Thread(target=watch, name="rehearsal", daemon=True).start()
    return stage


def _values(settings: Settings, vault: Vault) -> Callable[[str], str | None]:
    def look_up(name: str) -> str | None:
        if name == "webhook_secret":
            return vault.webhook_secret()
        value = getattr(settings, name, None)
        return str(value) if value not in (None, "") else os.environ.get(f"HOLDFAST_{name.upper()}")

    return look_up


def _say_up(program: Program, address: str) -> None:
    rehearsal = " (REHEARSAL: the clock moves only when told)" if program.rehearsal else ""
    sys.stdout.write(f"Holdfast is up at {address}{rehearsal}\n")
    with program.database.begin(SYSTEM) as tx:
        link = first_admin_link(tx, program.base_url)
    if link is not None:
        sys.stdout.write(f"Sign in once with {link}\n")
    sys.stdout.flush()
