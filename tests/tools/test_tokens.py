"""The colours hold their rules, the written file is theirs, and the pages use no others."""

from __future__ import annotations

import re

import pytest

from holdfast.web.assets import STATIC
from tools import tokens

# Shadows, backdrops and washes are black or white with some alpha; everything else is a token.
WASH = re.compile(r"#(?:000|fff|000000|ffffff)[0-9a-f]{1,2}$")
STYLES = sorted((STATIC / "style").glob("*.css"))


def test_every_text_and_every_pair_of_severities_holds_its_rule() -> None:
    found = list(tokens.findings())
    assert len(found) > 150
    assert [str(finding) for finding in found if finding.broken] == []


@pytest.mark.parametrize("theme", tokens.THEMES)
def test_each_theme_is_asked_about_every_text_on_every_ground(theme: str) -> None:
    rules = [finding.rule for finding in tokens.findings()]
    assert f"{theme}: text-3 on hover" in rules
    assert f"{theme}: control on surface" in rules


def test_contrast_is_the_one_of_wcag() -> None:
    assert tokens.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert tokens.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_a_text_that_is_too_faint_is_found() -> None:
    faint = {**tokens.hexes(tokens.LIGHT), "text-3": "#9a9a9a"}
    broken = [str(each) for each in tokens._text_findings("light", faint) if each.broken]
    assert any(finding.startswith("light: text-3 on bg") for finding in broken)


def test_two_severities_that_a_colour_blind_reader_confuses_are_found() -> None:
    red_and_green = {"sev1": "#b00020", "sev2": "#4e6b00"}
    on = {"sev1": "#ffffff", "sev2": "#ffffff"}
    broken = [f for f in tokens._severity_findings("day", red_and_green, on) if f.broken]
    assert {finding.rule for finding in broken} <= {
        "day: sev1 and sev2, protan",
        "day: sev1 and sev2, deutan",
    }
    assert broken


def test_a_colour_outside_what_a_screen_can_show_keeps_its_lightness() -> None:
    vivid = tokens.hex_of((0.6, 0.4, 150))
    assert re.fullmatch(r"#[0-9a-f]{6}", vivid)
    assert tokens.distance(vivid, tokens.hex_of((0.6, 0.15, 150)), "typical") < 10


def test_the_written_file_is_what_the_tokens_say() -> None:
    assert tokens.main(["--check"]) == 0


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_style_sheet_uses_only_colours_that_are_tokens(path: object) -> None:
    text = STATIC.joinpath("style", str(path)).read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    colours = re.findall(r"(?<=[\s:(,])#[0-9a-fA-F]{3,8}\b(?=[^{]*})", text)
    assert [colour for colour in colours if not WASH.match(colour)] == []
    assert not re.findall(r"\b(?:rgb|hsl|oklch)a?\(", text)
    known = set(re.findall(r"--([a-z0-9-]+):", tokens.css()))
    local = set(re.findall(r"--([a-z0-9-]+):", text)) | {"c", "x", "w", "days"}
    assert set(re.findall(r"var\(--([a-z0-9-]+)", text)) - known - local == set()
