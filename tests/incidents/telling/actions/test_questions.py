"""Questions of stakeholders: they wait for command, never among responders."""

from __future__ import annotations

import pytest

from holdfast.incidents.model import Incident
from holdfast.incidents.record import queries as record
from holdfast.incidents.telling import actions as telling
from holdfast.incidents.telling import queries
from holdfast.incidents.telling.actions.questions import AnsweredAlready, NotYoursToAnswer
from holdfast.incidents.telling.model import (
    QUESTIONS_OPEN_MAX,
    NoSuchQuestion,
    Question,
    QuestionState,
    QueueFull,
)
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.kernel.errors import Invalid
from holdfast.people.permissions import NotPermitted
from holdfast.practice.model import RoleKey
from tests.support.story import Story, person
from tests.support.telling import commanded, gives, titles, told_company

WORDS = "When can shops pay again?"


def asks(story: Story, incident: Incident, text: str = WORDS, who: str = "lea") -> Question:
    with story.database.begin(person(who, Role.VIEWER)) as tx:
        return telling.ask_question(tx, incident.id, text)


def answers(
    story: Story, incident: Incident, question: Question, who: str, text: str = "By noon."
) -> Question:
    with story.database.begin(person(who)) as tx:
        return telling.answer_question(tx, incident.id, question.id, text)


@pytest.mark.ledger("S2-09")
def test_a_viewers_question_waits_for_command_and_not_among_responders(story: Story) -> None:
    incident = commanded(told_company(story))
    asked = asks(story, incident)
    with story.database.read(SYSTEM) as tx:
        assert queries.questions(tx, incident.id, state=QuestionState.OPEN) == [asked]
        feed = [line.text.lower() for line in record.entries(tx, incident.id)]
    assert not any("question" in text or WORDS.lower() in text for text in feed)
    assert [title for title in titles(story, "ana") if "a question waits" in title]
    assert not [title for title in titles(story, "bo") if "question" in title]


@pytest.mark.ledger("S2-09")
def test_command_answers_and_whoever_asked_is_told(story: Story) -> None:
    incident = commanded(told_company(story))
    asked = asks(story, incident)
    answered = answers(story, incident, asked, "ana")
    assert answered.state is QuestionState.ANSWERED
    assert [title for title in titles(story, "lea") if "was answered" in title]
    with story.database.read(SYSTEM) as tx:
        assert queries.questions(tx, incident.id, state=QuestionState.OPEN) == []


def test_who_responds_is_spared_from_answering_but_whoever_tells_may(story: Story) -> None:
    incident = commanded(told_company(story))
    gives(story, incident, RoleKey.COMMUNICATIONS, "dee")
    asked = asks(story, incident)
    with pytest.raises(NotYoursToAnswer):
        answers(story, incident, asked, "bo")
    assert answers(story, incident, asked, "dee").answered_by == "dee"


def test_two_people_answer_at_once_and_the_second_is_told_what_the_first_said(
    story: Story,
) -> None:
    incident = commanded(told_company(story))
    gives(story, incident, RoleKey.COMMUNICATIONS, "dee")
    asked = asks(story, incident)
    first = answers(story, incident, asked, "ana")
    assert answers(story, incident, asked, "ana") == first  # repeated, nothing changes
    with pytest.raises(AnsweredAlready, match="ana has answered it: By noon"):
        answers(story, incident, asked, "dee", "Nobody knows.")


def test_a_queue_that_nobody_works_off_takes_no_more(story: Story) -> None:
    incident = commanded(told_company(story))
    for number in range(QUESTIONS_OPEN_MAX):
        asks(story, incident, f"Question {number}?")
    with pytest.raises(QueueFull):
        asks(story, incident)


@pytest.mark.parametrize("text", ["", "  \n", "x" * 501])
def test_a_question_has_words_and_not_too_many(story: Story, text: str) -> None:
    incident = commanded(told_company(story))
    with pytest.raises(Invalid):
        asks(story, incident, text)


def test_a_question_of_another_incident_is_not_here(story: Story) -> None:
    incident = commanded(told_company(story))
    with pytest.raises(NoSuchQuestion):
        answers(story, incident, Question("qu_no", incident.id, "", "lea", story.start), "ana")
    with pytest.raises(NotPermitted), story.database.begin(person("lea", Role.VIEWER)) as tx:
        telling.answer_question(tx, incident.id, "qu_no", "No.")
