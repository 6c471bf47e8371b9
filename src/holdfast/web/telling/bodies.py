"""The JSON that the API of telling takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field

from holdfast.incidents.model import REASON_CHARS_MAX
from holdfast.incidents.telling.model import (
    ANSWER_CHARS_MAX,
    FIELD_CHARS_MAX,
    FIELDS_MAX,
    QUESTION_CHARS_MAX,
    TEXT_CHARS_MAX,
    Composed,
    Next,
    Template,
)
from holdfast.kernel.duration import DURATION_CHARS_MAX, parse_duration
from holdfast.kernel.errors import Invalid
from holdfast.kernel.quote import quoted
from holdfast.practice.model import RANKS_MAX, Audience
from holdfast.web.instants import INSTANT_CHARS_MAX, read_instant
from holdfast.web.rest import NAME_CHARS_MAX, Body, Name

AUDIENCES_MAX = 3
LANGUAGE_CHARS_MAX = 35
LANGUAGE = r"^[A-Za-z0-9-]+$"
# Words that people use for the three audiences.
AUDIENCES: Mapping[str, Audience] = {
    **{audience.value: audience for audience in Audience},
    "public": Audience.CUSTOMERS,
    "external": Audience.CUSTOMERS,
    "customer": Audience.CUSTOMERS,
    "leadership": Audience.LEADERS,
    "executives": Audience.LEADERS,
    "responders": Audience.INTERNAL,
    "stakeholders": Audience.INTERNAL,
}
# The one field of each template that `text` fills.
TEXT_FIELD: Mapping[Template, str] = {
    Template.INITIAL: "impact",
    Template.UPDATE: "update",
    Template.RESOLUTION: "cause",
    Template.LEADERS: "doing",
    Template.UPSTREAM: "says",
}

Word = Annotated[str, Field(min_length=1, max_length=64)]
FieldText = Annotated[str, Field(max_length=FIELD_CHARS_MAX)]
WholeText = Annotated[str, Field(max_length=TEXT_CHARS_MAX)]
Length = Annotated[str, Field(min_length=1, max_length=DURATION_CHARS_MAX)]
Reason = Annotated[str, Field(max_length=REASON_CHARS_MAX)]


class ComposedBody(Body):
    """One message for many audiences. `text` fills the template's main field; `fields` fills any;
    `texts` is a whole text of one's own for one audience.

    `next_update_at` is an instant, or `cadence` for the time that the severity gives.
    """

    template: Template = Template.UPDATE
    text: FieldText = ""
    fields: Annotated[dict[Word, FieldText], Field(max_length=FIELDS_MAX)] = Field(
        default_factory=dict
    )
    audience: Word | None = None
    audiences: Annotated[list[Word], Field(max_length=AUDIENCES_MAX)] = Field(default_factory=list)
    texts: Annotated[dict[Word, WholeText], Field(max_length=AUDIENCES_MAX)] = Field(
        default_factory=dict
    )
    next_update_at: Annotated[str, Field(min_length=1, max_length=INSTANT_CHARS_MAX)] | None = None
    next_update_in: Length | None = None
    final: bool = False
    corrects: Name | None = None
    seen: Annotated[str, Field(max_length=NAME_CHARS_MAX)] | None = None
    break_glass: Reason = ""

    def composed(self, now: datetime) -> Composed:
        """The same as the product has it. Raises Invalid."""
        template = Template.RESOLUTION if self.final else self.template
        said = dict(self.fields)
        if self.text:
            said.setdefault(TEXT_FIELD[template], self.text)
        named = [*([self.audience] if self.audience else []), *self.audiences]
        return Composed(
            template=template,
            said=said,
            audiences=tuple(read_audience(each) for each in named),
            own={read_audience(name): text for name, text in self.texts.items()},
            next_update=self._next_update(now),
            corrects=self.corrects,
            seen=self.seen,
        )

    def _next_update(self, now: datetime) -> datetime | Next | None:
        if self.next_update_in is not None:
            return now + parse_duration(self.next_update_in)
        if self.next_update_at is None:
            return None
        if self.next_update_at == Next.CADENCE.value:
            return Next.CADENCE
        return read_instant(self.next_update_at, "next_update_at")


class BreakGlass(Body):
    """A reason, where a guardrail is passed."""

    break_glass: Reason = ""


class CadenceBody(Body):
    """How often an audience hears something; longer than the level's needs a reason."""

    audience: Word
    every: Length
    why: Reason = ""


class QuestionBody(Body):
    text: Annotated[str, Field(min_length=1, max_length=QUESTION_CHARS_MAX)]


class AnswerBody(Body):
    answer: Annotated[str, Field(min_length=1, max_length=ANSWER_CHARS_MAX)]


class SubscribeBody(Body):
    """`user` left out is whoever asks."""

    user: Name | None = None
    audience: Word = Audience.INTERNAL.value


class StakeholderBody(Body):
    """`who` is a user, or `team:ID`; `rank_max` the mildest severity that they hear of."""

    who: Name
    audience: Word = Audience.INTERNAL.value
    rank_max: Annotated[int, Field(ge=0, lt=RANKS_MAX)]
    language: Annotated[str, Field(max_length=LANGUAGE_CHARS_MAX, pattern=LANGUAGE)] = "en"


def read_audience(word: str) -> Audience:
    """An audience by its name or another word for it. Raises Invalid."""
    found = AUDIENCES.get(word.strip().lower())
    if found is None:
        choice = ", ".join(Audience)
        raise Invalid(f"{quoted(word)} is no audience.", fields={"audiences": f"use {choice}"})
    return found
