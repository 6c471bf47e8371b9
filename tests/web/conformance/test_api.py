"""The report of conformance by API."""

from __future__ import annotations

from holdfast.kernel.actor import Role
from holdfast.web.app import make_app
from holdfast.web.conformance.api import ROUTES as CONFORMANCE
from tests.support.api import ROUTES, api, problem
from tests.support.incidents import crewed, declares, resolved


def test_every_rule_comes_with_its_verdict_its_reason_and_its_links() -> None:
    with api() as web:
        others = [row for row in ROUTES if row not in CONFORMANCE]
        web.app = make_app(web.program, (*others, *CONFORMANCE))
        found = resolved(web.story, declares(crewed(web.story)))
        viewer = web.as_(Role.VIEWER, "bo")
        said = viewer.get(f"/api/v1/incidents/{found.number}/conformance").json()
        assert said["next"] is None
        window = next(each for each in said["items"] if each["rule"] == "VERIFY_WINDOW")
        assert window["verdict"] == "passed"
        assert window["why"]
        start = f"http://testserver/incidents/{found.number}#"
        assert window["links"][0].startswith(start)
        assert sum(said["counts"].values()) == len(said["items"])
        assert 0 < said["kept_share"] <= 1
        problem(viewer.get("/api/v1/incidents/INC-2026-404/conformance"), 404)
