"""Every wrong file is refused with its file, its line and its remedy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfast.configuration.model import MISTAKES_MAX
from tests.configuration.build import EXAMPLE, PEOPLE, Instance

USER = "users:\n  - {id: dee, name: Dee, %s}\n"
SCHEDULE = """\
schedules:
  - id: nights
    team: payments
    time_zone: Europe/Rome
    rotations:
      - id: weekly
        members: [ana]
        handoff: {every: 1w, on: monday, at: 09:00}
        starts: 2026-11-16
"""
POLICY = "escalation_policies:\n  - id: second\n    steps:\n      - %s\n"
SERVICE = "services:\n  - {id: search, name: Search, team: payments, policy: payments, %s}\n"
CONNECTION = "connections:\n  - {id: new, service: checkout, %s}\n"


def changed(old: str, new: str) -> str:
    assert old in SCHEDULE
    return SCHEDULE.replace(old, new)


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    made = Instance()
    made.apply(EXAMPLE, PEOPLE)
    yield made
    made.close()


WRONG = [
    # The file as a whole.
    (
        "users: [\n",
        (
            "config.yaml:2: this is not YAML: did not find expected node content."
            " Look at that line and the one before it: indentation, quotation marks, colons."
        ),
    ),
    ("- a\n", "config.yaml:1: the file must be written as fields. Write holdfast: ..."),
    (
        "holdfast: 2\n",
        (
            "config.yaml:1: holdfast of the file: this Holdfast reads version 1 of the"
            " format, not “2”. Write holdfast: 1, or use the Holdfast that the file is for."
        ),
    ),
    ("userz: []\n", "config.yaml:1: the file has no field “userz”. Did you mean users?"),
    ("users: ana\n", "config.yaml:1: users of the file must be a list. Write users: [ ... ]."),
    ("teams:\n  - a\n", "config.yaml:2: a team must be written as fields. Write id: ..."),
    (
        "practice: onion-5\n",
        "config.yaml:1: practice of the file: “onion-5” is not known. Did you mean union-5?",
    ),
    # Objects.
    (
        "teams:\n  - name: X\n",
        ("config.yaml:2: a team has no id. Add id: ... in lower-case letters to it."),
    ),
    (
        "teams:\n  - {id: Big Team, name: X}\n",
        (
            "config.yaml:2: id of team Big Team: “Big Team”"
            " cannot be an id. Use lower-case letters, digits and dashes, such as payments-primary."
        ),
    ),
    (
        "teams:\n  - {id: a, name: A}\n  - {id: a, name: B}\n",
        (
            "config.yaml:3: team a is there"
            " twice; the first is at config.yaml:2. Give one of them another id, or take it out."
        ),
    ),
    ("teams:\n  - id: a\n", "config.yaml:2: team a has no name. Add name: ... to it."),
    (
        "teams:\n  - id: a\n    name: A\n    member: [ana]\n",
        "config.yaml:4: team a has no field “member”. Did you mean members?",
    ),
    (
        "teams:\n  - id: a\n    name: A\n    lead: anna\n",
        ("config.yaml:4: team a is led by user anna, which does not exist. Did you mean ana?"),
    ),
    # People.
    (
        USER % "role: boss",
        (
            "config.yaml:2: role of user dee: “boss” is not known."
            " Use one of: admin, manager, responder, viewer."
        ),
    ),
    (
        USER % "time_zone: Europe/Lisboa",
        (
            "config.yaml:2: time_zone of user dee: “Europe/Lisboa” is"
            " not a known time zone. Did you mean Europe/Lisbon?"
        ),
    ),
    (
        USER % "email: ana@example.com",
        "config.yaml:2: user dee: ana@example.com belongs to ana. Use another address.",
    ),
    (
        USER % "methods: [{id: a, kind: emial, address: a@b.org}]",
        "config.yaml:2: kind of method a of user dee: “emial” is not known. Did you mean email?",
    ),
    (
        USER % "methods: [{id: a, kind: webhook, address: nowhere}]",
        (
            "config.yaml:2: address of method a of user dee: Give a web address that begins with"
            " https:// or http://. Write it like https://example.com/pages."
        ),
    ),
    (
        USER % "methods: [{id: a, kind: email, address: a@b.org}], rules: {high: [{method: sms}]}",
        (
            "config.yaml:2: the rule for high pages of user dee names the contact method sms, which"
            " does not exist. Add sms to the files, or name one that is there."
        ),
    ),
    # Schedules.
    (
        changed("team: payments", "team: paymnts"),
        (
            "config.yaml:3: schedule nights belongs to team"
            " paymnts, which does not exist. Did you mean payments?"
        ),
    ),
    (
        changed("[ana]", "[ana, bob]"),
        (
            "config.yaml:7: rotation weekly of schedule nights has the"
            " member bob, which does not exist. Did you mean bo?"
        ),
    ),
    (
        changed("every: 1w", "every: 1m"),
        (
            "config.yaml:8: every of the handoff of rotation weekly of"
            " schedule nights: “1m” is not the length of a turn. Write hours, days or weeks, such"
            " as 12h, 1d or 1w."
        ),
    ),
    (
        changed("every: 1w", "every: 200w"),
        (
            "config.yaml:8: rotations[0].handoff.every of schedule"
            " nights is not right. Use 1 to 104 weeks."
        ),
    ),
    (
        changed("on: monday", "on: mnday"),
        (
            "config.yaml:8: on of the handoff of rotation weekly of"
            " schedule nights: “mnday” is not a weekday. Write monday to sunday, or mon to sun."
        ),
    ),
    (
        changed("09:00", "9 am"),
        (
            "config.yaml:8: at of the handoff of rotation weekly of schedule"
            " nights: “9 am” is not a time of day. Write hours and minutes in quotation marks, such"
            ' as "09:00".'
        ),
    ),
    (
        changed("2026-11-16", "2026-02-30"),
        (
            "config.yaml:9: starts of rotation weekly of schedule"
            " nights: “2026-02-30” is not a date. Write it like 2026-11-16."
        ),
    ),
    (
        SCHEDULE + "    overrides:\n      - {id: x, member: ana, from: 2026-12-24T09:00, until:"
        " 2026-12-23T09:00}\n",
        (
            "config.yaml:11: override x of schedule nights: An override must end after"
            " it begins. Choose an end that lies after the start."
        ),
    ),
    (
        SCHEDULE + "    overrides:\n      - {id: x, member: ana, from: tomorrow, until:"
        " 2026-12-23T09:00}\n",
        (
            "config.yaml:11: from of override x of schedule nights: “tomorrow” is"
            " not a date with a time of day. Write it like 2026-12-24T09:00, or"
            " 2026-12-24T08:00:00Z for UTC."
        ),
    ),
    # Policies.
    (
        POLICY % 'page: ["schedule:paymnts-primary"]',
        (
            "config.yaml:4: step 1 of policy second pages"
            " schedule:paymnts-primary, which does not exist. Did you mean payments-primary?"
        ),
    ),
    (
        POLICY % 'page: ["ana"]',
        (
            "config.yaml:4: page of step 1 of policy second: “ana” is not a"
            " target. Write schedule:ID, user:ID or team:ID."
        ),
    ),
    (
        POLICY % "wait: 5m",
        ('config.yaml:4: step 1 of policy second pages nobody. Add page: ["user:ID"] to it.'),
    ),
    (
        POLICY % '{page: ["user:ana"], wait: 5 minutes}',
        (
            "config.yaml:4: wait of step 1 of policy"
            " second: “5 minutes” is not a duration. Write 90s, 5m, 1h30m, 2d, 1w or PT15M."
        ),
    ),
    (
        POLICY % '{page: ["user:ana"], wait: 1s}',
        (
            "config.yaml:4: wait of step 1 of policy second: a"
            " step waits 10s to 1w. Write wait: 5m, for example."
        ),
    ),
    (
        "escalation_policies:\n  - {id: second, name: S}\n",
        (
            "config.yaml:2: policy second has no"
            ' steps. Add steps: [{page: ["schedule:ID"], wait: 5m}] to it.'
        ),
    ),
    (
        POLICY % 'page: ["user:ana"]' + "    repeat: lots\n",
        (
            "config.yaml:5: repeat of policy second:"
            " “lots” is not a whole number from 0 to 20. Write 0 to 20."
        ),
    ),
    # The catalog.
    (
        SERVICE % "tier: 9",
        (
            "config.yaml:2: tier of service search: “9” is not a whole number from 0"
            " to 5. Write 0 to 5."
        ),
    ),
    (
        SERVICE % "depends_on: [orders]",
        (
            "config.yaml:2: service search depends on orders, which"
            " does not exist. Did you mean orders-db?"
        ),
    ),
    (
        CONNECTION % "kind: alertmanger",
        (
            "config.yaml:2: kind of connection new: “alertmanger” is not"
            " known. Did you mean alertmanager?"
        ),
    ),
    (
        CONNECTION % "kind: heartbeat",
        "config.yaml:2: connection new has no every. Add every: 1d, for example.",
    ),
    (
        CONNECTION % "kind: generic, every: 1d",
        (
            "config.yaml:2: every of connection new is for"
            " heartbeats; this is generic. Leave every out, or write kind: heartbeat."
        ),
    ),
    (
        CONNECTION % "kind: generic, key: short",
        (
            "config.yaml:2: connection new: A key has 16 to 128"
            " letters, digits, dashes, underscores."
        ),
    ),
    (
        CONNECTION % 'kind: generic, key: "0123456789abcdef0123456789abcdef"',
        (
            "config.yaml:2: connection new: Another connection has this key."
            " Every connection needs a key of its own."
        ),
    ),
]


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_a_wrong_file_is_refused_with_its_line_and_its_remedy(
    instance: Instance, text: str, told: str
) -> None:
    assert [str(mistake) for mistake in instance.refusal(text).mistakes] == [told]


def test_mistakes_are_gathered_over_all_files_and_sorted_by_line() -> None:
    refusal = Instance().refusal(
        "teams:\n  - {id: a, name: A, lead: nobody}\n  - {id: b}\n",
        "services:\n  - {id: s, name: S, team: c, policy: p}\n",
    )
    assert [str(mistake.place) for mistake in refusal.mistakes] == [
        "config.yaml:2", "config.yaml:3", "more-1.yaml:2", "more-1.yaml:2",
    ]  # fmt: skip
    assert "(3 more mistakes)" in refusal.detail


def test_at_most_twenty_mistakes_are_told() -> None:
    refusal = Instance().refusal("teams:\n" + "  - {id: '!'}\n" * 100)
    assert len(refusal.mistakes) == MISTAKES_MAX


def test_one_mistake_is_told_once_however_much_leans_on_the_object(instance: Instance) -> None:
    wrong_team = "teams:\n  - {id: new, name: '  '}\n"
    leaning = "services:\n  - {id: s, name: S, team: new, policy: payments}\n"
    assert [str(m) for m in instance.refusal(wrong_team, leaning).mistakes] == [
        "config.yaml:2: name of team new: it is empty. Write something, or leave the field out."
    ]


@pytest.mark.ledger("S1-34")
def test_a_policy_that_ends_with_nobody_is_refused_by_its_guardrail_with_its_line() -> None:
    text = """\
users:
  - {id: eve, name: Eve, methods: [{id: mail, kind: email, address: eve@example.com}]}
teams:
  - {id: empty, name: Empty}
escalation_policies:
  - {id: thin, steps: [{page: ["user:eve"], wait: 5m}]}
services:
  - {id: s, name: S, team: empty, policy: thin}
"""
    refusal = Instance().refusal(text)
    assert refusal.code == "NO_FINAL_LEVEL"
    assert refusal.help == "/help/guardrails/NO_FINAL_LEVEL"
    assert refusal.remedy
    assert refusal.mistakes[0].place.line == 6
    assert "thin, used by s," in refusal.mistakes[0].message


@pytest.mark.ledger("S1-34")
def test_a_team_that_loses_its_people_is_refused_while_a_policy_counts_on_them() -> None:
    instance = Instance()
    instance.apply(
        "users: [{id: eve, name: Eve}]\nteams: [{id: t, name: T, lead: eve}]\n"
        'escalation_policies: [{id: p, steps: [{page: ["user:eve"], wait: 5m}]}]\n'
        "services: [{id: s, name: S, team: t, policy: p}]\n"
    )
    refusal = instance.refusal("\nteams:\n  - {id: t, name: T}\n")
    assert refusal.code == "NO_FINAL_LEVEL"
    assert str(refusal.mistakes[0].place) == "config.yaml:3"
    refusal = instance.refusal("users:\n  - {id: eve, name: Eve, disabled: true}\n")
    assert refusal.code == "NO_FINAL_LEVEL"
