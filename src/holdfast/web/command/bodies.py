"""What the API of command takes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from holdfast.guardrails.model import BREAK_GLASS_CHARS_MAX
from holdfast.incidents.responders.model import (
    ADDRESS_CHARS_MAX,
    MINUTES_MAX,
    MINUTES_MIN,
    REASON_CHARS_MAX,
)
from holdfast.incidents.roles.model import BRIEFING_CHARS_MAX, READ_BACK_CHARS_MAX, Briefing
from holdfast.incidents.tasks.model import MINUTES_MAX as TASK_MINUTES_MAX
from holdfast.incidents.tasks.model import RESULT_CHARS_MAX, TEXT_CHARS_MAX, Report
from holdfast.web.rest import Body, Name

ROLE_CHARS_MAX = 80  # of a role as somebody writes it

Label = Annotated[str, Field(min_length=1, max_length=ROLE_CHARS_MAX)]
Words = Annotated[str, Field(max_length=TEXT_CHARS_MAX)]
Glass = Annotated[str, Field(max_length=BREAK_GLASS_CHARS_MAX)]
Part = Annotated[str, Field(max_length=BRIEFING_CHARS_MAX)]
Result = Annotated[str, Field(max_length=RESULT_CHARS_MAX)]
Address = Annotated[str, Field(max_length=ADDRESS_CHARS_MAX)]
ReadBack = Annotated[str, Field(max_length=READ_BACK_CHARS_MAX)]
TaskMinutes = Annotated[int, Field(ge=1, le=TASK_MINUTES_MAX)]


class AssignBody(Body):
    """`role` by key, label or alias."""

    role: Label
    user: Name
    break_glass: Glass = ""


class GlassBody(Body):
    """Nothing but a reason, where a guardrail wants one."""

    break_glass: Glass = ""


class LeaveBody(Body):
    """`user` is oneself unless somebody else is named."""

    role: Label
    user: Name | None = None
    break_glass: Glass = ""


class BriefingBody(Body):
    """How ill it is, what happened, what is open, and what to do if it gets worse."""

    severity: Part = ""
    summary: Part = ""
    actions: Part = ""
    contingency: Part = ""


class HandoffBody(Body):
    """`briefing` as one text, or in its four parts."""

    role: Label
    to: Name
    briefing: Part | BriefingBody = ""
    break_glass: Glass = ""

    def said(self) -> Briefing:
        """The briefing in its parts."""
        if isinstance(self.briefing, str):
            return Briefing(summary=self.briefing)
        return Briefing(**self.briefing.model_dump())


class AcceptBody(Body):
    """`read_back` says in one's own words what is taken over."""

    read_back: ReadBack = ""
    role: Label | None = None
    break_glass: Glass = ""


class DeclineBody(Body):
    """Which offer; without a role the one there is."""

    role: Label | None = None


class RequestBody(Body):
    """`target` is a user, or `user:ID`, `team:ID`, `schedule:ID` or `service:ID`."""

    target: Name
    reason: Annotated[str, Field(max_length=REASON_CHARS_MAX)] = ""
    minutes: Annotated[int, Field(ge=MINUTES_MIN, le=MINUTES_MAX)] | None = None
    role: Label | None = None
    break_glass: Glass = ""


class EscalationBody(Body):
    """Why more people are needed, and who; without a target, whoever is next for the service."""

    reason: Annotated[str, Field(max_length=REASON_CHARS_MAX)]
    target: Name | None = None


class ComeBody(Body):
    """In how many minutes somebody is there."""

    eta_minutes: Annotated[int, Field(ge=0, le=MINUTES_MAX)] | None = None


class ReleaseBody(Body):
    """Who may go."""

    user: Name
    break_glass: Glass = ""


class RoomBody(Body):
    """A link, a number or a place; `fallback` is where people meet if that fails."""

    address: Address
    fallback: Address = ""
    recording: Address = ""


class TaskBody(Body):
    """`to` is one person. With `open` nobody is named: whoever claims it has it."""

    to: Name | None = None
    text: Words
    minutes: TaskMinutes
    open: bool = False
    critical: bool = True


class WordsBody(Body):
    """What somebody understood."""

    words: Words = ""


class ResultBody(Body):
    """What came of it."""

    result: Result = ""


class AskReportBody(Body):
    """Who is to report, in how many minutes."""

    to: Name
    minutes: TaskMinutes


class ReportBody(Body):
    """How it stands, what is being done, what is needed."""

    condition: Result
    actions: Result = ""
    needs: Result = ""

    def said(self) -> Report:
        """The same as the product has it."""
        return Report(self.condition, self.actions, self.needs)
