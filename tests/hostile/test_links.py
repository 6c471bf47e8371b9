"""Whatever fetches an answer link before its person does, changes nothing (e12, S24, d.2)."""

from __future__ import annotations

import pytest

from holdfast.alerts.model import AlertStatus
from holdfast.kernel.actor import SYSTEM
from holdfast.paging import queries as pages
from holdfast.paging.model import PageState
from holdfast.web.answers import answer_url, token_of
from tests.hostile.corpus import FORM, JSON
from tests.hostile.rooms import Seen, ids
from tests.hostile.siege import BASE_URL, Answer, Siege

AGENTS = (
    "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0) SafeLinks",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/79 Safari/537.36 Edg/79",
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0; Pro)",
    "ms-office; MSOffice 16",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "BingPreview/1.0b",
    "SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com", "Microsoft URL Control",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Slack-ImgProxy (+https://api.slack.com)",
    "Slackbot 1.0 (+https://api.slack.com/robots)", "Mattermost-Bot/1.1", "Rocket.Chat URL Preview",
    "WhatsApp/2.23.20.0", "WhatsApp/2.2413.51 W", "TelegramBot (like TwitterBot)",
    "Signal-Desktop/7",
    "Viber/20.6", "Line/13 facebookexternalhit/1.1;line-poker/1.0", "KakaoTalk-Scrap/1.0",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "facebookcatalog/1.0",
    "Twitterbot/1.0", "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient)",
    "Discordbot/2.0",
    "Pinterestbot/1.0", "redditbot/1.0", "Tumblr/14.0.835.186", "vkShare",
    "Mastodon/4.2 (http.rb/5.1)",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) facebookexternalhit/1.1 Facebot",
    "Applebot/0.1 (+http://www.apple.com/go/applebot)",
    "com.apple.WebKit.Networking/8617 CFNetwork/1490",
    "Googlebot/2.1 (+http://www.google.com/bot.html)", "GoogleImageProxy", "Google-Safety",
    "Gmail/1.0",
    "Mozilla/5.0 (compatible; Google-Read-Aloud; +https://support.google.com)", "APIs-Google",
    "FeedFetcher",
    "DuckDuckBot/1.1", "YandexBot/3.0", "Baiduspider/2.0", "Yahoo! Slurp", "PetalBot",
    "AhrefsBot/7.0",
    "Barracuda Sentinel (EE)", "Proofpoint URL Defense", "Mimecast URL Protect",
    "Symantec ClickTime",
    "Cisco-Secure-Email-Gateway", "Sophos Time-of-Click", "TrendMicro WRS", "FireEye ETP",
    "McAfee SCM",
    "Zscaler Sandbox", "VirusTotalBot", "urlscan.io", "curl/8.5.0", "Wget/1.21",
    "python-requests/2.32",
    "Go-http-client/2.0", "Java/17.0.1", "okhttp/4.12.0", "axios/1.7", "",
)  # fmt: skip
PREFETCH: tuple[dict[str, str], ...] = (
    {}, {"purpose": "prefetch"}, {"sec-purpose": "prefetch;prerender"}, {"x-moz": "prefetch"},
    {"x-purpose": "preview"}, {"accept": JSON}, {"content-type": JSON},
    {"x-http-method-override": "POST"},
)  # fmt: skip
METHODS = ("GET", "HEAD", "OPTIONS")


@pytest.fixture(scope="module")
def link(besieged: Siege) -> str:
    """The path of a fresh page's answer link."""
    page = pages_of(besieged, ids(besieged)["alert_id"])[0]
    url = answer_url(besieged.program, page)
    assert url.startswith(BASE_URL)
    return url.removeprefix(BASE_URL)


def pages_of(besieged: Siege, alert: str) -> list[str]:
    return [page.id for page in besieged.story.pages_about(alert)]


def test_sixty_robots_fetch_a_link_and_nothing_changes(besieged: Siege, link: str) -> None:
    assert len(set(AGENTS)) >= 60
    before = besieged.dump()
    for number, agent in enumerate(AGENTS):
        for method in METHODS:
            more = PREFETCH[number % len(PREFETCH)]
            asked = f"{link}?answer=acknowledge&_method=POST"
            answer = besieged.ask(method, asked, headers={"user-agent": agent, **more})
            assert answer.status == (405 if method == "OPTIONS" else 200), (agent, answer)
            if method == "GET":
                assert answer.header("cache-control") == "no-store"
                assert "noindex" in answer.header("x-robots-tag")
                assert_no_script_answers(answer)
    assert besieged.dump() == before


def assert_no_script_answers(answer: Answer) -> None:
    """The page waits for a tap: no automatic submit, no refresh, no image that acts."""
    if not answer.header("content-type").startswith("text/html"):
        return
    seen = Seen(answer.text)
    assert {form.method for form in seen.forms} == {"post"}
    for tag, attributes in seen.tags:
        assert tag not in ("img", "iframe", "link") or "/p/" not in str(attributes)
        assert "http-equiv" not in attributes
        assert "autofocus" not in attributes


def test_a_link_with_one_wrong_bit_is_no_link(besieged: Siege, link: str) -> None:
    token = link.removeprefix("/p/")
    before = besieged.dump()
    flipped = [
        token[:place] + chr(ord(token[place]) ^ bit) + token[place + 1 :]
        for place in range(len(token))
        for bit in (1, 2, 32)
    ]
    others = [token[:-1], token + "A", token + "=", token.upper(), token.swapcase(), f"{token}.x",
              token.partition(".")[0], "." + token.partition(".")[2], token.replace(".", ".."),
              token * 20, "x", ".", "..", "%00", "A" * 5_000]  # fmt: skip
    for wrong in {
        each for each in flipped + others if each.isprintable() and not set(each) & set("/?#%")
    }:
        for method, body in (("GET", b""), ("POST", b"answer=acknowledge")):
            answer = besieged.ask(method, f"/p/{wrong}", body, {"content-type": FORM})
            assert answer.status == 404, (wrong, answer.status)
    assert besieged.dump() == before


def test_a_link_answers_its_own_page_and_no_other(besieged: Siege) -> None:
    mine, other = (pages_of(besieged, ids(besieged)["alert_id"])[0] for _ in range(2))
    swapped = other + "." + token_of(besieged.program, mine).partition(".")[2]
    assert (
        besieged.ask("POST", f"/p/{swapped}", b"answer=acknowledge", {"content-type": FORM}).status
        == 404
    )


ANSWERS = (
    b"", b"answer=", b"answer=resolve", b"answer=ACKNOWLEDGE", b"answer[]=acknowledge",
    b"ANSWER=acknowledge",
    b'{"answer": null}', b'{"answer": ["acknowledge"]}', b'{"answer": {"$eq": 1}}', b"[" * 60_000,
    b"{" * 60_000,
    b'{"answer": "acknowledge"', b'{"answer":"ack\\u0000nowledge"}', b"\xff\xfe", b"answer=%ff",
    b"null", b"7",
    b"<answer>acknowledge</answer>", b"x" * 70_000, b'["acknowledge"]', b'"acknowledge"',
    b"answer=\x00",
)  # fmt: skip


@pytest.mark.parametrize("body", ANSWERS, ids=range(len(ANSWERS)))
def test_what_is_no_answer_answers_nothing(besieged: Siege, link: str, body: bytes) -> None:
    before = besieged.version()
    for kind in (FORM, JSON, "text/plain", ""):
        for accept in ("text/html", JSON, "*/*"):
            headers = {"content-type": kind, "accept": accept}
            answer = besieged.ask("POST", link, body, headers)
            assert answer.status in (413, 422), (kind, accept, answer)
            assert answer.body
    assert besieged.version() == before


def test_an_answer_repeated_by_impatient_people_changes_one_thing_once(besieged: Siege) -> None:
    alert = ids(besieged)["alert_id"]
    path = f"/p/{token_of(besieged.program, pages_of(besieged, alert)[0])}"
    first = besieged.ask("POST", path, b'{"answer": "acknowledge"}', {"content-type": JSON})
    assert first.status == 200
    before = besieged.dump()
    for body, kind in ((b"answer=acknowledge", FORM), (b'{"answer": "acknowledge"}', JSON)) * 20:
        assert besieged.ask("POST", path, body, {"content-type": kind}).status == 200
    assert besieged.dump() == before
    assert besieged.story.alert(alert).status is AlertStatus.ACKNOWLEDGED
    with besieged.program.database.read(SYSTEM) as tx:
        assert {page.state for page in pages.about(tx, [alert])} == {PageState.ANSWERED}
