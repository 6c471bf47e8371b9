"""Bugs to plant, most of them taken from the history of products like this one."""

from __future__ import annotations

from tests.simulation.mutant import Edit, Mutant, soonest

MUTANTS = (
    Mutant(
        "a timer is removed in one transaction and answered in the next",
        "house 9, rule 2",
        (
            Edit(
                "engine/loop.py",
                "        return _read_inbox(tx, duty) + _fire_timers(tx, timers)\n",
                "        read = _read_inbox(tx, duty)\n"
                "        due = duties.take_due_timers(tx, TIMERS_PER_TURN)\n"
                "        for timer in due:\n"
                "            duties.finish_timer(tx, timer)\n"
                "    with database.begin(SYSTEM, patient=False) as tx:\n"
                "        for timer in due:\n"
                "            timers[timer.kind].act(tx, timer.key)\n"
                "    return read + len(due)\n",
            ),
        ),
        seeds=soonest(4),
    ),
    Mutant(
        "a climb's first look is written in the transaction after its start",
        "R02",
        (
            Edit(
                "storage/duties.py",
                '        row = {"kind": kind, "key": key, "due": due, "failures": 0}\n'
                '        tx.execute_later(_SET_TIMER, ("timer", kind, key), row)\n',
                '        late = self.__dict__.setdefault("late", [])\n'
                "        while late and late[0][0] is not tx.shared:\n"
                "            tx.execute(_SET_TIMER, late.pop(0)[1])\n"
                '        row = {"kind": kind, "key": key, "due": due, "failures": 0}\n'
                "        if due <= tx.now:\n"
                "            late.append((tx.shared, row))\n"
                "        else:\n"
                "            tx.execute(_SET_TIMER, row)\n",
            ),
        ),
    ),
    Mutant(
        "nothing is looked at in the last yard",
        "P11, rule 5",
        (
            Edit(
                "engine/sender.py",
                "    if not duties.take_leased(tx, delivery):\n"
                '        return Abandoned("the lease is another\'s, or it was cancelled")\n',
                "",
            ),
            Edit(
                "duties.py",
                "    if page.state is not PageState.OPEN:\n"
                '        return Abandoned(f"the page is over: {page.ended_because}")\n'
                "    reached = _reached(tx, page, delivery)\n"
                "    if isinstance(reached, Rejected):\n"
                "        return reached\n"
                "    user, method = reached\n"
                "    request = ",
                "    reached = _reached(tx, page, delivery)\n"
                "    if isinstance(reached, Rejected):\n"
                "        return reached\n"
                "    user, method = reached\n"
                "    request = ",
            ),
        ),
        seeds=soonest(2),
    ),
    Mutant(
        "what the last look saw is believed however long the node slept",
        "P11",
        (
            Edit(
                "engine/sender.py", "if now_s - looked_s <= LOOK_HOLDS.total_seconds():", "if True:"
            ),
        ),
        seeds=soonest(2),
    ),
    Mutant(
        "a lease is not too old to begin with",
        "rule 5",
        (
            Edit(
                "engine/sender.py",
                "if now_s - claimed.at_s > START_WITHIN.total_seconds():",
                "if now_s < claimed.at_s:",
            ),
        ),
        seeds=soonest(2),
    ),
    Mutant(
        "an outcome is written without the fencing token",
        "R29",
        (
            Edit(
                "storage/duties.py",
                '        deliveries.c.token == bindparam("held"),\n',
                '        deliveries.c.token >= bindparam("held") - 0,\n',
            ),
            Edit(
                "storage/duties.py",
                "    if held.pop(delivery.id, None) != delivery.token:\n",
                "    if held.pop(delivery.id, 0) < delivery.token:\n",
            ),
        ),
        seeds=soonest(10),
    ),
    Mutant(
        "an expired lease has failed",
        "R08",
        (
            Edit(
                "storage/duties.py",
                '    rows = tx.execute(_DUE_DELIVERIES, {"now": tx.now, "count": limit}).all()\n',
                '    rows = tx.execute(_DUE_DELIVERIES, {"now": tx.now, "count": limit}).all()\n'
                "    for row in rows:\n"
                "        if row.state == DeliveryState.LEASED:\n"
                "            tx.execute(update(deliveries).where(deliveries.c.id == row.id)"
                ".values(state='failed', due=None))\n"
                "    rows = [row for row in rows if row.state != DeliveryState.LEASED]\n",
            ),
        ),
    ),
    Mutant(
        "a stopped climb forgets to close its pages",
        "R35, house 9",
        (Edit("escalation/actions.py", "    paging.close_for(tx, subject, why)\n", ""),),
    ),
    Mutant(
        "an acknowledgement does not stop the climb",
        "P11",
        (
            Edit(
                "alerts/actions/climbing.py",
                '    escalation.stop(tx, alert.id, "acknowledged")\n',
                "",
            ),
        ),
    ),
    Mutant(
        "a policy repeats once too often",
        "R40",
        (
            Edit(
                "escalation/machine.py",
                "if escalation.round >= plan.repeat or",
                "if escalation.round > plan.repeat or",
            ),
        ),
    ),
    Mutant(
        "a step that reaches nobody is waited for",
        "R41",
        (
            Edit(
                "escalation/actions.py",
                "        escalation, rescued = _skip_step(tx, move, rescued=rescued)\n",
                "        escalation, rescued = _skip_step(tx, move, rescued=rescued)\n"
                "        store.save(tx, escalation)\n"
                "        tx.set_timer(ESCALATION, subject, move.look_again)\n"
                "        return\n",
            ),
        ),
        seeds=soonest(2),
    ),
    Mutant(
        "the turn is the next one's",
        "P13",
        (
            Edit(
                "schedules/rotation.py",
                "members[(number - 1) % len(members)]",
                "members[number % len(members)]",
            ),
        ),
    ),
    Mutant(
        "overrides are ignored",
        "P13",
        (
            Edit(
                "schedules/overlay.py",
                "    for override in schedule.overrides:\n        part",
                "    for override in ():\n        part",
            ),
        ),
    ),
    Mutant(
        "a dead contact method costs the wait before the next one",
        "P10",
        (Edit("paging/actions.py", "    if following:\n", "    if following and again:\n"),),
    ),
    Mutant(
        "a delivery is given up after three tries",
        "R09",
        (Edit("paging/actions.py", "TRIES_MAX = 60\n", "TRIES_MAX = 3\n"),),
    ),
    Mutant(
        "the end of a snooze is forgotten",
        "R38",
        (
            Edit(
                "alerts/actions/hold.py",
                "    tx.set_timer(climbing.SNOOZE, alert.id, until)\n",
                "",
            ),
        ),
    ),
    Mutant(
        "heartbeats are not forgiven our own outage",
        "P16",
        (
            Edit(
                "alerts/actions/heartbeat.py",
                "    for name in expected:\n        watch(tx, name)\n",
                "",
            ),
        ),
        seeds=soonest(3),
    ),
    Mutant(
        "an outage moves the deadlines of heartbeats, and no more",
        "P16",
        (
            Edit(
                "alerts/actions/heartbeat.py",
                "        watch(tx, name)\n    return",
                "        due = duties.timer_due(tx, WATCH, name)\n"
                "        tx.set_timer(WATCH, name, (due or tx.now) + outage)\n    return",
            ),
        ),
        seeds=soonest(3),
    ),
    Mutant(
        "a batch counts too few signals when an alert becomes worse",
        "I1",
        (
            Edit(
                "alerts/actions/receive.py",
                "            work.counted.pop(alert.id, None)"
                "  # it is saved with its count right now\n",
                "",
            ),
        ),
        seeds=soonest(3),
    ),
    Mutant(
        "a climb that our own code cannot do is rescued again and again",
        "R39",
        (
            Edit(
                "escalation/actions.py",
                "    return parked or climb.state is EscalationState.EXHAUSTED\n",
                "    return climb.state is EscalationState.EXHAUSTED\n",
            ),
        ),
        seeds=soonest(14),
    ),
    Mutant(
        "two sources share their dedup keys",
        "R22",
        (
            Edit(
                "alerts/store.py",
                "            .where(_OPEN, tuple_(alerts.c.connection, alerts.c.dedup_key)\n"
                "                   .in_(wanted[start : start + KEYS_PER_QUERY]))\n"
                "            .order_by(alerts.c.connection, alerts.c.dedup_key)\n"
                "            .with_for_update()\n"
                "        )  # fmt: skip\n"
                "        found.update({(row.connection, row.dedup_key): _alert(row)"
                " for row in rows})\n",
                "            .where(_OPEN, alerts.c.dedup_key.in_([key for _, key in wanted]))\n"
                "        ).all()\n"
                "        found.update({k: _alert(row) for k in wanted for row in rows"
                " if row.dedup_key == k[1]})\n",
            ),
        ),
    ),
    Mutant(
        "a word about an earlier firing ends the present one",
        "R11, I12",
        (
            Edit(
                "alerts/lifecycle.py",
                "        and signal.started_at < alert.started_at\n",
                "        and signal.started_at is alert\n",
            ),
        ),
        seeds=soonest(2),
    ),
    Mutant(
        "a resolved signal opens what is over",
        "I12",
        (
            Edit(
                "alerts/lifecycle.py",
                '        return Ignore(f"{signal.status.value}, but no alert is open with'
                ' this key")\n',
                '        return Open("it was heard of")\n',
            ),
        ),
    ),
    Mutant(
        "one timer that fails stops all others",
        "R07",
        (
            Edit(
                "engine/loop.py",
                "        return error\n    return None\n",
                "        raise\n    return None\n",
            ),
        ),
    ),
    Mutant(
        "a letter is not marked as read",
        "R26",
        (Edit("engine/loop.py", "        inbox.mark_done(tx, letters)\n", ""),),
    ),
    Mutant(
        "what was merged is never released",
        "I2",
        (
            Edit(
                "alerts/actions/climbing.py",
                "    for child in store.children(tx, alert.id):\n"
                '        release(tx, child, f"{alert.code} is over, and this still fires")\n',
                "",
            ),
        ),
        seeds=soonest(8),
    ),
    Mutant(
        "an acknowledgement that is taken back pages nobody",
        "I2",
        (
            Edit(
                "alerts/actions/answer.py",
                "    climbing.start(tx, again)\n    return again\n",
                "    return again\n",
            ),
        ),
        seeds=soonest(2),
    ),
    Mutant(
        "disabled people are called",
        "I6",
        (
            Edit(
                "escalation/queries.py",
                "if name in users and users[name].reachable:",
                "if name in users and users[name].methods:",
            ),
        ),
        seeds=soonest(2),
    ),
    Mutant(
        "after an outage the steps that were missed follow each other at once",
        "P16",
        (
            Edit(
                "escalation/machine.py",
                "    look_again = now + step.wait\n",
                "    look_again = (escalation.look_again_at or now) + step.wait\n",
            ),
        ),
    ),
    Mutant(
        "an instance on hold goes on",
        "I17",
        (
            Edit(
                "engine/supervisor.py",
                "            return hold.instance_hold(tx) is not None\n",
                "            return hold.instance_hold(tx) is None and False\n",
            ),
        ),
        seeds=soonest(3),
    ),
    Mutant(
        "the chain does not hold the event before",
        "I15",
        (
            Edit(
                "timeline/actions.py",
                "        previous = chain.link(previous, position, digest)\n",
                "        previous = chain.link(chain.GENESIS, position, digest)\n",
            ),
        ),
    ),
)
