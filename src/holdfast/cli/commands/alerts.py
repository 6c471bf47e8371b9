"""Alerts: list, show, acknowledge, and open one by hand."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from cyclopts import App, Parameter

from holdfast.cli import words
from holdfast.cli.caller import Caller, Json
from holdfast.cli.exits import WRONG_USAGE, Failed
from holdfast.cli.reach import AsJson, Where, reach
from holdfast.cli.say import clean, moment, out, out_json, paint, table, tell

LIMIT_DEFAULT = 50
_COLOURS = {"triggered": "red", "acknowledged": "yellow", "resolved": "green"}

Status = Literal["triggered", "acknowledged", "resolved"]
Severity = Literal["critical", "error", "warning", "info", "unknown"]

app = App(name="alerts", help=words.HELP["alerts"])


@app.default
@app.command(name="list")
def list_alerts(
    *,
    status: Annotated[list[Status] | None, Parameter(help="Only these; several allowed.")] = None,
    service: Annotated[str | None, Parameter(help="Only of this service.")] = None,
    limit: Annotated[int, Parameter(help="How many at most.")] = LIMIT_DEFAULT,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """List alerts, newest first, of every status."""
    wanted = ",".join(status) if status else None
    with reach(where) as caller:
        found = caller.items("alerts", limit, status=wanted, service=service)
    if as_json:
        out_json({"items": found})
    elif not found:
        tell(words.NO_ALERTS)
    else:
        headings = ("code", "status", "severity", "service", "since", "title")
        table(headings, [_row(alert) for alert in found])


@app.command
def show(
    alert: Annotated[str, Parameter(help="Its code, such as RAVO-42, or its id.")],
    /,
    *,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Show one alert, and every decision on the way to somebody's phone."""
    with reach(where) as caller:
        found, why = caller.get(f"alerts/{alert}"), caller.get(f"alerts/{alert}/why")
    if as_json:
        out_json({**found, "why": why})
        return
    out(f"{found['code']}  {_status(found)}  {found['severity']}  {clean(found['title'])}")
    out(f"{found['service']}, since {moment(found['triggered_at'])}, signals: {found['count']}")
    if found["held"]:
        out(f"held: {clean(found['held'])}")
    now = cast(Json, why["now"])
    for entry in [*cast(list[Json], why["items"]), *cast(list[Json], now["ahead"])]:
        indent = "  " * cast(int, entry["depth"])
        reason = f": {entry['why']}" if entry["why"] else ""
        out(clean(f"{moment(entry['at']):17}  {indent}{entry['what']}{reason}"))
    out(clean(now["what"]))


def ack(
    alerts: Annotated[list[str] | None, Parameter(help="Codes or ids.")] = None,
    /,
    *,
    everything: Annotated[
        bool, Parameter(name="--all", negative="", help="Whatever waits for somebody.")
    ] = False,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Acknowledge alerts: paging stops, you have it. Without a name, the only one there is."""
    with reach(where) as caller:
        names = alerts or _waiting(caller, everything=everything)
        done = [caller.post(f"alerts/{name}/acknowledge") for name in names]
    if as_json:
        out_json({"items": done})
        return
    if not done:
        tell(words.NOTHING_TO_ACKNOWLEDGE)
    for alert in done:
        out(f"{alert['code']}  {_status(alert)}  {clean(alert['title'])}")
        tell(words.ACKNOWLEDGED.format(code=alert["code"]))


def unack(
    alert: Annotated[str, Parameter(help="Its code or id.")],
    /,
    *,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Take an acknowledgement back: somebody is paged again."""
    with reach(where) as caller:
        found = caller.post(f"alerts/{alert}/unacknowledge")
    if as_json:
        out_json(found)
        return
    out(f"{found['code']}  {_status(found)}  {clean(found['title'])}")
    tell(words.UNACKNOWLEDGED.format(code=found["code"]) if caller.pages else words.ASLEEP)


def page(
    service: Annotated[str, Parameter(help="The service that is in trouble.")],
    title: Annotated[str, Parameter(help="What is wrong, in a sentence.")],
    /,
    *,
    severity: Annotated[Severity, Parameter(help="How bad it is.")] = "unknown",
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Open an alert by hand: whoever is on call for the service is paged."""
    with reach(where) as caller:
        body = {"service": service, "title": title, "severity": severity}
        opened = caller.post("alerts", body)
    if as_json:
        out_json(opened)
        return
    out(str(opened["code"]))
    tell(words.OPENED.format(code=opened["code"]) if caller.pages else words.ASLEEP)


def _waiting(caller: Caller, *, everything: bool) -> list[str]:
    waiting = [str(alert["code"]) for alert in caller.items("alerts", status="triggered")]
    if len(waiting) > 1 and not everything:
        raise Failed(
            words.WHICH_ALERT,
            code=WRONG_USAGE,
            remedy=words.WHICH_ALERT_REMEDY,
            lines=tuple(waiting),
        )
    return waiting


def _row(alert: Json) -> list[str]:
    return [
        str(alert["code"]),
        _status(alert),
        str(alert["severity"]),
        str(alert["service"]),
        moment(alert["triggered_at"]),
        clean(alert["title"]),
    ]


def _status(alert: Json) -> str:
    status = str(alert["status"])
    return paint(status, _COLOURS.get(status, "bold"))
