"""Incidents: declare one in one line, list them, show one, and move it on."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from cyclopts import App, Parameter

from holdfast.cli import words
from holdfast.cli.caller import Json
from holdfast.cli.exits import WRONG_USAGE, Failed
from holdfast.cli.reach import AsJson, Where, reach
from holdfast.cli.say import clean, moment, out, out_json, paint, table, tell

LIMIT_DEFAULT = 50
_COLOURS = {
    "declared": "red", "triage": "red", "mitigating": "red", "monitoring": "yellow",
    "resolved": "green", "post_incident": "green", "closed": "green",
}  # fmt: skip

Noticed = Literal["alert", "synthetic", "customer", "teammate", "partner", "other"]
Kind = Literal["real", "drill", "test"]
Phase = Literal[
    "triage",
    "mitigating",
    "monitoring",
    "resolved",
    "post_incident",
    "closed",
    "closed_false_alarm",
    "cancelled",
]
Number = Annotated[str, Parameter(help="Its number, such as INC-2026-001, or its id.")]
Glass = Annotated[str, Parameter(help="Why a guardrail is passed.")]

app = App(name="incident", help=words.HELP["incident"])


def declare(
    title: Annotated[str, Parameter(help="What is wrong; left out, the alert's title.")] = "",
    /,
    *,
    severity: Annotated[
        str | None, Parameter(name=["--severity", "-s"], help="A level, such as SEV2.")
    ] = None,
    unsure: Annotated[
        list[int] | None, Parameter(help="The ranks it may be, 0 the worst; the worst counts.")
    ] = None,
    alert: Annotated[
        str | None, Parameter(name=["--alert", "-a"], help="The code or id of an alert.")
    ] = None,
    service: Annotated[list[str] | None, Parameter(help="What is affected; several.")] = None,
    noticed_by: Annotated[
        Noticed | None, Parameter(help="Who noticed it; from an alert, it was the alert.")
    ] = None,
    commander: Annotated[str | None, Parameter(help="Who takes command at once.")] = None,
    private: Annotated[bool, Parameter(negative="", help="Only its own people see it.")] = False,
    kind: Annotated[Kind, Parameter(help="A drill or a test stays out of the figures.")] = "real",
    break_glass: Glass = "",
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Declare an incident: roles, clocks and pages follow from its severity at once."""
    body: Json = {
        "title": title,
        "severity": severity,
        "unsure": unsure or [],
        "alert_id": alert,
        "services": service or [],
        "detection_source": noticed_by,
        "roles": {} if commander is None else {"command": commander},
        "private": private,
        "kind": kind,
        "break_glass": break_glass,
    }
    with reach(where) as caller:
        found = caller.post("incidents", body)
    if as_json:
        out_json(found)
        return
    _show(found)
    tell(words.DECLARED.format(number=found["number"]) if caller.pages else words.ASLEEP)


def incidents(
    *,
    phase: Annotated[
        list[str] | None, Parameter(help="Only these phases; `active` for all that go on.")
    ] = None,
    limit: Annotated[int, Parameter(help="How many at most.")] = LIMIT_DEFAULT,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """List incidents, newest first, of every phase."""
    wanted = ",".join(phase) if phase else None
    with reach(where) as caller:
        found = caller.items("incidents", limit, phase=wanted)
    if as_json:
        out_json({"items": found})
    elif not found:
        tell(words.NO_INCIDENTS)
    else:
        headings = ("number", "severity", "phase", "command", "since", "title")
        table(headings, [_row(each) for each in found])


@app.command
def show(incident: Number, /, *, where: Where | None = None, as_json: AsJson = False) -> None:
    """Show one incident: roles, clocks, and what is known."""
    with reach(where) as caller:
        found = caller.get(f"incidents/{incident}")
    if as_json:
        out_json(found)
    else:
        _show(found)


@app.command
def move(
    incident: Number,
    to: Annotated[Phase, Parameter(help="The phase.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Why; needed to reopen it or for a false alarm.")] = "",
    mitigation: Annotated[str, Parameter(help="For monitoring: what helped.")] = "",
    remediation: Annotated[
        Literal["full", "deferred"] | None, Parameter(help="For resolved: is it mended?")
    ] = None,
    link: Annotated[str, Parameter(help="Where the rest is owed, if deferred.")] = "",
    cause_fixed: Annotated[str, Parameter(help="For resolved: is the cause gone?")] = "",
    followup: Annotated[str, Parameter(help="For resolved: a link, or none because …")] = "",
    waive: Annotated[
        list[str] | None, Parameter(help="gate=link or gate=reason, such as postmortem=URL.")
    ] = None,
    break_glass: Glass = "",
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Move an incident to another phase, if everything that this claims is so."""
    body: Json = {
        "to": to,
        "reason": reason,
        "mitigation": mitigation,
        "remediation": remediation,
        "remediation_link": link,
        "cause_fixed": cause_fixed,
        "followup": followup,
        "waive": dict(_pair(each) for each in waive or []),
        "break_glass": break_glass,
    }
    _post(f"incidents/{incident}/phase", body, where, as_json=as_json)


@app.command
def severity(
    incident: Number,
    level: Annotated[str, Parameter(help="A level, such as SEV1; the same one confirms it.")],
    reason: Annotated[str, Parameter(help="Why; needed for a milder one.")] = "",
    /,
    *,
    break_glass: Glass = "",
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Change the severity, or confirm it: what it brings about happens at once."""
    body: Json = {"level": level, "reason": reason, "break_glass": break_glass}
    _post(f"incidents/{incident}/severity", body, where, as_json=as_json)


@app.command(name="in-doubt")
def in_doubt(incident: Number, /, *, where: Where | None = None, as_json: AsJson = False) -> None:
    """One severity worse, at once; nobody is blamed for it."""
    _post(f"incidents/{incident}/in-doubt", {}, where, as_json=as_json)


@app.command
def impact(
    incident: Number,
    users_affected: Annotated[
        float | None, Parameter(help="How many percent of users; left out, it is not known yet.")
    ] = None,
    /,
    *,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Say how many users are affected."""
    said: Json = {"users_affected": users_affected, "unknown": users_affected is None}
    _post(f"incidents/{incident}/impact", said, where, as_json=as_json)


@app.command
def check(
    incident: Number,
    what: Annotated[str, Parameter(help="What was looked at, such as the error rate.")],
    reading: Annotated[str, Parameter(help="What it said.")],
    source: Annotated[str, Parameter(help="Where it was read.")],
    /,
    *,
    bad: Annotated[bool, Parameter(negative="", help="It is not well yet.")] = False,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Write down a look at whether it is well again."""
    body: Json = {"what": what, "reading": reading, "source": source, "good": not bad}
    _post(f"incidents/{incident}/checks", body, where, as_json=as_json)


def _post(path: str, body: Json, where: Where | None, *, as_json: bool) -> None:
    with reach(where) as caller:
        found = caller.post(path, body)
    if as_json:
        out_json(found)
    else:
        _show(found)


def _show(found: Json) -> None:
    severity = cast(Json, found["severity"])
    provisional = f" ({words.PROVISIONAL})" if severity["provisional"] else ""
    out(f"{found['number']}  {severity['level']}{provisional}  {_phase(found)}")
    out(clean(found["title"]))
    for role in cast(Json, found["roles"]).values():
        seat = cast(Json, role)
        if seat["required"] or seat["user"]:
            out(clean(f"  {seat['label']}: {_holder(seat)}"))
    for name, clock in sorted(cast(Json, found["clocks"]).items()):
        if cast(Json, clock)["running"]:
            late = f"  {words.RAN_OUT}" if cast(Json, clock)["breached_at"] else ""
            out(clean(f"  {name}: {moment(cast(Json, clock)['due_at'])}{late}"))


def _holder(seat: Json) -> str:
    if seat["user"]:
        return str(seat["user"])
    if seat["candidate"]:
        return words.CANDIDATE.format(user=seat["candidate"])
    return words.MISSING


def _row(found: Json) -> list[str]:
    command = cast(Json, cast(Json, found["roles"]).get("command") or {})
    return [
        str(found["number"]),
        str(cast(Json, found["severity"])["level"]),
        _phase(found),
        str(command.get("user") or words.MISSING),
        moment(found["declared_at"]),
        clean(found["title"]),
    ]


def _phase(found: Json) -> str:
    phase = str(found["phase"])
    return paint(phase, _COLOURS.get(phase, "bold"))


def _pair(text: str) -> tuple[str, str]:
    gate, found, answer = text.partition("=")
    if not found or not answer:
        raise Failed(words.NO_PAIR.format(text=clean(text)), code=WRONG_USAGE)
    return gate, answer
