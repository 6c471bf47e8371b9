"""The first screen at Harbor, in the samples."""

from __future__ import annotations

from dataclasses import replace

from holdfast.web.layout.views import Link
from holdfast.web.now.views import MyCall, MyDuty, MyPage, NextDuty, NowPage, OnCallNow, Problem
from tests.web.samples.alerts import CARDS, DISK, LAG
from tests.web.samples.company import (
    AIKO,
    DELE,
    JUN,
    MAREK,
    NOOR,
    PAYMENTS,
    PRIYA,
    SOFIA,
    TOMAS,
    Sample,
    ago,
    at,
    shell,
)
from tests.web.samples.incidents import CARDS_ROW, PDFS_ROW

ON_CALL = (
    OnCallNow(PAYMENTS, PRIYA, at(22, 9), MAREK, override=True, mine=True),
    OnCallNow(Link("Platform", "/schedules/platform"), JUN, at(22, 10), TOMAS),
    OnCallNow(Link("Database", "/schedules/database"), NOOR, at(26, 9), DELE),
    OnCallNow(Link("Support", "/schedules/support"), SOFIA, at(22, 8), None),
    OnCallNow(Link("Data platform, weekends", "/schedules/data"), None, at(23, 18), AIKO),
)
NIGHT = NowPage(
    duties=(MyDuty(PAYMENTS, at(22, 9)),),
    next_duty=None,
    pages=(MyPage(CARDS, ago(seconds=51), "Step 1 of Payments: you are on call for Payments"),),
    alerts=(
        LAG,
        replace(LAG, id="al_9", code="A-2042", title="SyntheticCheckout EU failing"),
        replace(DISK, held=None),
    ),
    alerts_more=0,
    on_call=ON_CALL,
    problems=(
        Problem(
            "gap",
            "4 h 30 min with nobody on Payments",
            "Sun 25 Oct 21:00 to Mon 01:30",
            "/schedules/payments",
            "Fill gap",
        ),
        Problem(
            "unreachable",
            "Dele Okafor has one way to be reached",
            "Only e-mail; on call from Sat 24 Oct",
            "/people/dele",
            "Look",
        ),
    ),
    needs_setup=False,
    incidents=(CARDS_ROW, PDFS_ROW),
    may_declare=True,
)
CALLED = replace(NIGHT, calls=(MyCall(CARDS_ROW, ago(seconds=20), "Knows the connection pool"),))
CALM = replace(
    NIGHT,
    duties=(),
    next_duty=NextDuty(PAYMENTS, at(26, 21), at(27, 9)),
    pages=(),
    alerts=(),
    problems=(),
    incidents=(),
    last_page_at=ago(hours=3),
)
FIRST_DAY = NowPage((), None, (), (), 0, (), (), needs_setup=True, reachable=False)


SAMPLES = (
    Sample("now", "now/show.html", shell("/"), NIGHT),
    Sample("now-called", "now/show.html", shell("/", incidents_count=2), CALLED),
    Sample("now-calm", "now/show.html", shell("/", duty=None, alerts_count=0, pages_count=0), CALM),
    Sample(
        "now-first",
        "now/show.html",
        shell("/", duty=None, alerts_count=0, pages_count=0),
        FIRST_DAY,
    ),
    Sample("palette", "now/show.html", shell("/"), NIGHT, press="Control+k"),
    Sample("help", "now/show.html", shell("/"), NIGHT, press="?"),
)
