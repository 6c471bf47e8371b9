"""A heartbeat: whoever calls is alive; when nobody calls in time, Holdfast opens the alert."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.sdk import Answer, Inbound, Signal, Source


def read(inbound: Inbound) -> list[Signal]:
    """Nothing: a beat is no alert, whatever its body says, and no beat is ever refused."""
    return []


def answer(signals: Sequence[Signal]) -> Answer:
    """200, so that a script's `curl --fail` succeeds."""
    return Answer(200, {"status": "heard"})


SNIPPET = """\
# The last line of the nightly job: it is reached only when all went well
curl --fail --silent --show-error --retry 5 --max-time 10 {base_url}/heartbeat/{key}

# crontab
0 3 * * * /usr/local/bin/backup && curl -fsS --retry 5 -m 10 {base_url}/heartbeat/{key}
"""

source = Source(
    name="heartbeat",
    title="Heartbeat",
    read=read,
    docs="reference/integrations/heartbeat.md",
    snippet=SNIPPET,
    sample="",
    answer=answer,
)
