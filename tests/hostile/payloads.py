"""Values that break out of their place where they are not kept in it (promises e5, e7, e8)."""

from __future__ import annotations

# The mark by which a payload is recognised wherever it turns up.
MARK = "hfx"
SQL = (
    "' or 1=1--", "'; drop table alerts; --", '" or ""="', "%", "_", "\\", "%' or '%'='",
    "1) union select hash from tokens--", "$$", ":name", "?1", "%(name)s",
)  # fmt: skip
TEMPLATES = (
    "{{1337*7331}}", "${1337*7331}", "#{1337*7331}", "<%= 1337*7331 %>",
    "{% for a in [1] %}x{% endfor %}",
    "{{''.__class__.__mro__}}", "{{config}}", "{{shell.csrf}}", "{0.__class__}", "%(csrf)s",
    "{{ lipsum(n=100000) }}", "{% raw %}", "{#",
)  # fmt: skip
COMPUTED = str(1337 * 7331)
XSS = (
    "<script>hfx()</script>", "</script><script>hfx()</script>", "<img src=x onerror=hfx()>",
    '"><img src=x onerror=hfx()>', "'><svg onload=hfx()>",
    '" onmouseover="hfx()', "' onfocus='hfx()",
    "<svg><script>hfx()</script></svg>", "<math><mtext><style><img src=x onerror=hfx()></style>",
    "javascript:hfx()", "JaVaScRiPt:hfx()", "java\tscript:hfx()", "\x01javascript:hfx()",
    "data:text/html,<script>hfx()</script>", "vbscript:hfx()", "[x](javascript:hfx())",
    "![x](https://evil.test/hfx)", "<!--hfx-->", "<![CDATA[hfx]]>",
    "</title><script>hfx()</script>",
    "</textarea><script>hfx()</script>", "</style><script>hfx()</script>", "`-hfx()-`",
    "\\u003cscript\\u003ehfx()\\u003c/script\\u003e", "&lt;script&gt;hfx()&lt;/script&gt;",
    "<a href=//evil.test/hfx>", "<iframe srcdoc='<script>hfx()</script>'>",
    "<base href=//evil.test/hfx>",
    "<meta http-equiv=refresh content='0;url=//evil.test/hfx'>", "<form action=//evil.test/hfx>",
    "<x onclick=hfx()>", "＜script＞hfx()＜/script＞", "<scr\x00ipt>hfx()</scr\x00ipt>",
)  # fmt: skip
LINES = (
    "hfx\r\nBcc: evil@evil.test", "hfx\nSet-Cookie: evil=1", "hfx\r\n\r\n<script>",
    "hfx\u2028Bcc: e",
    "hfx\u2029x", "hfx\x85x", "hfx\x0b\x0cx", "=?utf-8?b?aGZ4DQpCY2M6IGV2aWw=?=",
    "hfx%0d%0aBcc:%20e",
    "hfx\x1b[2J\x1b[31m", "hfx\x1b]0;title\x07", "hfx\x9b31m", "hfx\u202egnp",
)  # fmt: skip
NUMBERS = (
    0, -0.0, -1, 1, 2**31, 2**63, 2**64, -(2**63) - 1, 10**400, 1e308, -1e308, float("nan"),
    float("inf"), float("-inf"), 0.1, "1_000", "١٢٣", "²", "１", "0x10", "1e3", "+1", " 1", "1 ",
    "00",
    "9" * 5_000,
)  # fmt: skip
DURATIONS = (
    "PT-1H", "-5m", "P9999999Y", "999999w", "99999999999d", "1e9s", "5", "m", "1h-5m", "١m",
    "0s", "P",
    "PT", "1m1w", "5 m", "5M", "∞",
)  # fmt: skip
INSTANTS = (
    "0000-00-00T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
    "2026-06-30T23:59:60Z", "2026-11-16T09:00:00", "2026-02-30T00:00:00Z",
    "10000-01-01T00:00:00Z",
    "2026-11-16T09:00:00 ../../etc/passwd", "2026-11-16 09:00 localtime", "-2026-11-16T09:00:00Z",
    "2026-11-16T09:00:00Z\x00", "2026-W47-1", "20261116T090000Z",
)  # fmt: skip
TEXTS = (
    "", " ", "\x00", "a\x00b", "\ud800", "\ufeff", "\u200b", "\u202e",
    "z" + "\u0301" * 1_000, "👩\u200d" * 500,
    "k" * 20_000, "İ", "ß" * 300, "../../etc/passwd", "..\\..\\boot.ini", "/", "//evil.test",
    "con",
    "=HYPERLINK(0)", "+1", "@x", "null", "true", "user:", "user:ana:bo", ":", "schedule:*", "a b",
)  # fmt: skip
# One of each kind for where there are many places to try.
VALUES: tuple[object, ...] = (
    *NUMBERS[::5], *DURATIONS[::6], *INSTANTS[::6], *TEXTS[::4],
    SQL[0], TEMPLATES[0], XSS[0], LINES[0],
    None, True, False, [], {}, [None], [[]], {"a": {}}, ["x"] * 1_000,
)  # fmt: skip
IDS = (
    "x", "..", "%00", "a\x00b", " ", "--", "A-1", "%", "' or 1=1--", "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd", "\u202e", "k" * 129, "k" * 5_000, "<script>", "al_" + "f" * 20,
    "9" * 400, "LUNU-00",
)  # fmt: skip
TRAVERSALS = (
    "../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd",
    "..%252f..%252fetc%252fpasswd", "....//....//etc/passwd", "..\\..\\etc\\passwd",
    "..%5c..%5cetc%5cpasswd", "%00/etc/passwd", "app.js%00.css", "/etc/passwd", "//etc/passwd",
    "\\\\evil.test\\share", "file:///etc/passwd", "..;/..;/etc/passwd", "%c0%ae%c0%ae/etc/passwd",
    "./app.js/..", "../app.py", "../settings.py", "../../pyproject.toml", "..", ".", "", "%",
    "%zz",
)  # fmt: skip
REDIRECTS = (
    "//evil.test", "///evil.test", "/\\evil.test", "\\\\evil.test", "https:evil.test",
    "https://evil.test", "http://pager.test@evil.test", "/\t/evil.test", "/\n/evil.test",
    "\t//evil.test",
    " //evil.test", "javascript:alert(1)", "data:text/html,x",
    "/%09/evil.test\r\nSet-Cookie: a=b",
    "http:///evil.test", "/\\/evil.test", "//evil%E3%80%82test", "/ /evil.test", "evil.test",
    "?//evil.test",
    "/\u2028/evil.test", "\x00//evil.test",
)  # fmt: skip
