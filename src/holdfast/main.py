"""The composition root: settings -> database -> plug-ins -> engine -> web. Read it first."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from holdfast import duties, reactions
from holdfast.alerts.actions import heartbeat, retention
from holdfast.engine.egress import EgressRules, networks
from holdfast.engine.sender import Carrier
from holdfast.engine.supervisor import Chore, Supervisor, Work, lateness_s
from holdfast.engine.transport import Transport
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.chance import Chance
from holdfast.kernel.clock import SteppedClock, SystemClock
from holdfast.people.credentials.actions import first_admin_link
from holdfast.sdk.configured import settings_of
from holdfast.sdk.discovery import discover
from holdfast.settings import Settings
from holdfast.storage.database import Database, open_backend
from holdfast.storage.duties import timer_due
from holdfast.storage.hold import outside_address
from holdfast.storage.vault import open_vault
from holdfast.web.answers import answer_url
from holdfast.web.app import make_app
from holdfast.web.logs import configure_logs
from holdfast.web.program import Program
from holdfast.web.rehearsal.stage import Stage, stage_transport
from holdfast.web.server import Edge
from holdfast.web.server import run as run_server

SOCKET_NAME = "holdfast.sock"
REHEARSED_MAIL_HOST = "mail.rehearsal.invalid"


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
        base_url = outside_address(tx, settings.base_url)
        if timer_due(tx, retention.RETENTION, retention.RETENTION) is None:
            tx.set_timer(retention.RETENTION, retention.RETENTION, tx.now)
    ranges = [text for text in settings.outbound_allow.split(",") if text.strip()]
    rules = EgressRules(allow=networks(ranges), loopback=settings.loopback_only)
    transport = Transport(rules, SystemClock())
    integrations = discover()
    own = {"webhook_secret": vault.webhook_secret()}
    if settings.rehearsal and not settings.email_host:
        own["email_host"] = REHEARSED_MAIL_HOST  # the carrier in memory takes mail too
    values = settings.look_up(own)
    carrier = Carrier(
        {name: (n, settings_of(n, values)) for name, n in integrations.notifiers.items()},
        stage_transport(transport) if settings.rehearsal else transport,
        close=transport.close,
    )
    return Program(
        settings=settings,
        database=database,
        integrations=integrations,
        carrier=carrier,
        vault=vault,
        node=database.chance.new_id("nd"),
        base_url=base_url or f"http://{settings.host}:{settings.port}",
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


def run(settings: Settings, prepare: Callable[[Program], None] = lambda program: None) -> None:
    """`holdfast up`: serves until SIGTERM or SIGINT, then drains. `prepare` sees it before."""
    with open_program(settings) as program:
        prepare(program)
        run_server(_serve(program))


async def _serve(program: Program) -> None:
    stop = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    settings = program.settings
    engine = _rehearse(program) if settings.rehearsal else _supervisor(program)
    with program.database.read(SYSTEM) as tx:
        base_url_known = outside_address(tx, None) is not None
    app = make_app(program)
    uds = settings.data / SOCKET_NAME if settings.database is None else None
    edge = Edge(app, host=settings.host, port=settings.port, uds=uds)

    def ready(addresses: list[str]) -> None:
        if not base_url_known:
            program.base_url = addresses[0]
        engine.start()
        _say_up(program, addresses[0])

    try:
        await edge.serve(ready, stop)
    finally:
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


def _rehearse(program: Program) -> Stage:
    """What is due at the present instant runs at once; the clock moves by POST only."""
    stage = Stage(program.database, work_of(program), program.carrier, program.node)
    program.rehearsal = stage
    return stage


def _say_up(program: Program, address: str) -> None:
    rehearsal = " (REHEARSAL: the clock moves only when told)" if program.rehearsal else ""
    sys.stdout.write(f"Holdfast is up at {address}{rehearsal}\n")
    with program.database.begin(SYSTEM) as tx:
        link = first_admin_link(tx, program.base_url)
    if link is not None:
        sys.stdout.write(f"Sign in once with {link}\n")
    sys.stdout.flush()
