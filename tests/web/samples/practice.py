"""Practice packs in the samples: the default, another one to look at, the choice, and none."""

from __future__ import annotations

from dataclasses import replace

from holdfast.practice import shipped
from holdfast.practice.model import SHIPPED
from holdfast.web.layout.views import Fields
from holdfast.web.practice.show import pack_link, practice_page
from holdfast.web.practice.views import ChoosePage, NoPracticePage
from tests.web.samples.company import LONG, Sample, shell

_LINKS = tuple(
    pack_link(shipped.pack(name), shipped=True, active=name == SHIPPED[0]) for name in SHIPPED
)
_OWN = replace(
    _LINKS[1],
    name="harbor-5",
    title=LONG,
    shipped=False,
    problem="Ack 15 min does not fit engage 5 min. Make ack shorter, or engage longer.",
)
_PAGE = practice_page(shipped.pack("union-5"), _LINKS, active=True, may_edit=True)
_OTHER = practice_page(shipped.pack("classic-4"), _LINKS, active=False, may_edit=False)
_BAD = Fields(
    (("text", "pack: harbor-5"),),
    (),
    "pasted:14: engage of clocks of level SEV1 is blank. Write engage: ... ; none says that there"
    " is none.",
)
_MISTAKES = (
    (14, "engage of clocks of level SEV1 is blank.", "Write engage: ... ."),
    (31, LONG, "Keep less."),
)
SAMPLES = (
    Sample("practice", "practice/show.html", shell("/practice"), _PAGE),
    Sample("practice-other", "practice/show.html", shell("/practice/classic-4"), _OTHER),
    Sample(
        "practice-none", "practice/none.html", shell("/practice"), NoPracticePage(may_edit=True)
    ),
    Sample(
        "practice-choose", "practice/choose.html", shell("/settings/practice"), ChoosePage(_LINKS)
    ),
    Sample(
        "practice-refused",
        "practice/choose.html",
        shell("/settings/practice"),
        ChoosePage(
            (*_LINKS, _OWN), off=True, fields=_BAD, mistakes=_MISTAKES, typed="pack: harbor-5"
        ),
    ),
)
