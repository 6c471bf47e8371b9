"""Who listens to whom: upward only, in the same transaction, and an error undoes the cause."""

from __future__ import annotations

import inspect
import tomllib
from typing import cast

import pytest
from sqlalchemy import text

from holdfast import reactions
from holdfast.alerts import queries as alert_queries
from holdfast.kernel.actor import SYSTEM
from holdfast.paging import actions as paging
from holdfast.paging.model import PageAnswer
from holdfast.reactions import REACTIONS
from holdfast.timeline.event import Event
from tests.support.source import HOME
from tests.support.story import Story, person


def ladder() -> list[set[str]]:
    """The packages of each rung, highest first."""
    settings = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each["type"] == "layers")
    return [{name.strip(" ()") for name in layer.split("|")} for layer in layers]


def rung(module: str) -> int:
    """How high a module stands: the greater, the higher."""
    package = module.split(".")[1]
    rungs = ladder()
    return len(rungs) - next(place for place, names in enumerate(rungs) if package in names)


def pairs() -> list[tuple[type[Event], object]]:
    return [(event, listener) for event, heard in REACTIONS.items() for listener in heard]


@pytest.mark.parametrize(("event", "listener"), pairs())
def test_every_reaction_climbs_the_ladder(event: type[Event], listener: object) -> None:
    """House rule: whoever listens stands above what happened."""
    heard = inspect.getmodule(listener)
    assert heard is not None
    assert rung(heard.__name__) > rung(event.__module__), (
        f"{heard.__name__} listens to {event.__module__}: call it by name instead"
    )


@pytest.mark.parametrize(("event", "listener"), pairs())
def test_every_listener_takes_the_event_that_it_is_given(
    event: type[Event], listener: object
) -> None:
    assert callable(listener)
    parameters = list(inspect.signature(listener, eval_str=True).parameters.values())
    assert parameters[1].annotation is event


def test_a_package_on_a_lower_rung_is_told_from_a_higher_one() -> None:
    assert rung("holdfast.alerts.actions.answer") > rung("holdfast.escalation.actions")
    assert rung("holdfast.escalation.actions") > rung("holdfast.paging.model")


def test_the_answer_of_a_person_reaches_the_alert_in_the_same_transaction(story: Story) -> None:
    subject = story.opens()
    story.drain()
    (page,) = story.pages_about(subject)
    with story.database.begin(person("ana")) as tx:
        paging.answer(tx, page.id, PageAnswer.ACKNOWLEDGE)
        assert alert_queries.alert(tx, subject).acknowledged_by == "ana"


def test_an_error_of_a_listener_undoes_the_cause(story: Story) -> None:
    subject = story.opens()
    story.drain()
    (page,) = story.pages_about(subject)
    with story.database.begin(SYSTEM) as tx:
        tx.execute(text("delete from users where id = 'ana'"))
    before = story.events(subject)
    with pytest.raises(Exception, match="ana"):
        story.answers("ana")
    assert story.pages_about(subject) == [page]
    assert story.events(subject) == before


def test_only_events_can_be_recorded(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx, pytest.raises(AssertionError):
        reactions.RECORDER.record(tx, cast(Event, "something"))
