"""The rows of incidents: numbers under concurrency, and what a late save does not overwrite."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from holdfast.incidents import actions, store
from holdfast.incidents.actions import Declaration
from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.model import Detection, Incident, Phase
from holdfast.kernel.actor import SYSTEM
from tests.support.incidents import declares, incident
from tests.support.story import MINUTE, Story, person

AT_ONCE = 6


def test_incidents_that_are_declared_at_once_have_numbers_of_their_own(story: Story) -> None:
    def declare(place: int) -> Incident:
        ask = Declaration(
            title=f"Trouble {place}", severity="SEV3", detection=Detection.TEAMMATE,
            services=("checkout",),
        )  # fmt: skip
        return story.database.transact(person("ana"), lambda tx: actions.declare(tx, ask))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        made = list(pool.map(declare, range(AT_ONCE)))
    numbers = sorted(each.number for each in made)
    assert numbers == [f"INC-2026-{place:03d}" for place in range(1, AT_ONCE + 1)]


def test_past_a_thousand_a_number_has_a_digit_more(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        found = [store.next_number(tx) for _ in range(1000)]
    assert (found[998], found[999]) == ("INC-2026-999", "INC-2026-1000")


def test_whoever_saves_an_older_copy_does_not_lose_when_somebody_engaged(story: Story) -> None:
    found = declares(story)
    with story.database.begin(SYSTEM) as tx:
        older = store.take(tx, found.id)
        clocks.engaged(tx, found.id)
        store.save(tx, older)
    assert incident(story, found.id).instants.engaged_at == story.start


def test_a_mark_is_no_new_version_and_its_first_instant_stays(story: Story) -> None:
    found = declares(story)
    with story.database.begin(SYSTEM) as tx:
        assert store.mark(tx, found.id, "acked_at")
    story.clock.jump_to(story.start + MINUTE)
    with story.database.begin(SYSTEM) as tx:
        assert not store.mark(tx, found.id, "acked_at")
    now = incident(story, found.id)
    assert (now.version, now.instants.acked_at) == (found.version, story.start)


def test_every_change_is_a_new_version(story: Story) -> None:
    found = declares(story)
    with story.database.begin(person("ana")) as tx:
        assert actions.move(tx, found.id, Phase.TRIAGE).version > found.version
