"""Files of the face: hashed, packed, small."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest

from holdfast.web.assets import FETCHED, STATIC, STYLESHEET, AssetMissing, Assets

STYLE_BYTES_MAX = 15 * 1024
OWN_SCRIPT_BYTES_MAX = 15 * 1024
BANNED = ("eval(", "new Function", "innerHTML", "insertAdjacentHTML", "document.write")


@pytest.fixture(scope="module")
def assets() -> Assets:
    return Assets()


def test_the_address_changes_when_the_content_does(tmp_path: Path) -> None:
    for name in ("tokens.css", *(f"style/{path.name}" for path in STATIC.glob("style/*.css"))):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path / "app.js").write_text("1", encoding="utf-8")
    before = Assets(tmp_path).url("app.js")
    (tmp_path / "app.js").write_text("2", encoding="utf-8")
    after = Assets(tmp_path).url("app.js")
    assert before != after
    assert before.partition("?")[0] == after.partition("?")[0] == "/static/app.js"


def test_a_packed_file_is_the_same_file(assets: Assets) -> None:
    style = assets.find(STYLESHEET)
    assert style is not None
    packed, coding = style.encoded("gzip, deflate, br")
    assert coding == "br"
    assert brotli.decompress(packed) == style.content
    packed, coding = style.encoded("gzip")
    assert coding == "gzip"
    assert gzip.decompress(packed) == style.content
    assert style.encoded("") == (style.content, None)


def test_the_style_sheet_is_one_file_and_small(assets: Assets) -> None:
    style = assets.find(STYLESHEET)
    assert style is not None
    assert b"--text:" in style.content, "the tokens are in it"
    assert b".answer" in style.content, "the last of its parts is in it"
    assert len(style.packed["br"]) <= STYLE_BYTES_MAX


def test_our_own_scripts_are_small(assets: Assets) -> None:
    own = [assets.find(path.name) for path in STATIC.glob("*.js")]
    assert len(own) >= 4
    assert sum(len(each.packed["br"]) for each in own if each) <= OWN_SCRIPT_BYTES_MAX


def test_no_script_of_ours_evaluates_text_or_writes_markup() -> None:
    for path in STATIC.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        for banned in BANNED:
            assert banned not in text, f"{path.name}: {banned}"


def test_the_style_sheet_says_the_versions_of_what_it_fetches(assets: Assets) -> None:
    style = assets.find(STYLESHEET)
    assert style is not None
    font = assets.find("vendor/inter.woff2")
    expected = font.url if font else "url(vendor/inter.woff2)"
    assert expected.encode() in style.content


def test_a_missing_file_of_ours_is_a_mistake_and_a_missing_fetched_one_is_not(
    assets: Assets,
) -> None:
    with pytest.raises(AssetMissing):
        assets.url("no-such.js")
    assert assets.url(FETCHED + "no-such.js") == "/static/vendor/no-such.js"


def test_nothing_outside_the_folder_can_be_found(assets: Assets) -> None:
    for name in ("../assets.py", "/etc/passwd", "style/../../app.py", "", "tokens.css"):
        assert assets.find(name) is None
