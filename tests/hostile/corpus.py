"""What no honest sender sends: bodies that are hardly JSON, and fields that hold anything."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass

KB = 1024
MB = 1024 * KB
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
FIRES, NOTHING, REFUSED = "fires", "is accepted and holds nothing", "refused"


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes for every door, and what becomes of them: at a generic connection, and at the others,
    which read JSON objects of their own shape alone. None of them holds a routing key."""

    sent: bytes
    generic: str
    others: str = REFUSED
    kind: str = JSON
    encoding: str | None = None

    def headers(self) -> dict[str, str]:
        said = {"content-type": self.kind}
        return said if self.encoding is None else said | {"content-encoding": self.encoding}


def _titled(count: int) -> bytes:
    return b'{"title": "' + b"x" * (count - 13) + b'"}'


# Promises e3: not JSON, not quite JSON, and JSON that nobody needs.
JSONS: dict[str, Body] = {
    "empty": Body(b"", REFUSED),
    "spaces": Body(b" \r\n\t ", REFUSED),
    "null": Body(b"null", REFUSED),
    "true": Body(b"true", FIRES),
    "a number": Body(b"7", FIRES),
    "minus zero": Body(b"-0", FIRES),
    "a text": Body(b'"Disk full"', FIRES),
    "an empty object": Body(b"{}", REFUSED),
    "an empty array": Body(b"[]", NOTHING),
    "arrays in arrays": Body(b"[[[[1]]]]", FIRES),
    "a depth of 60": Body(b'{"title": ' + b"[" * 60 + b"]" * 60 + b"}", FIRES),
    "a depth of 100,000 arrays": Body(b"[" * 100_000 + b"]" * 100_000, REFUSED),
    "a depth of 100,000 objects": Body(b'{"a":' * 100_000, REFUSED),
    "two equal keys": Body(b'{"title": "first", "title": "last"}', FIRES),
    "NaN": Body(b'{"title": NaN, "details": {"value": NaN}}', FIRES),
    "infinities": Body(b'{"title": "x", "details": [Infinity, -Infinity, 1e999]}', FIRES),
    "a number of 5,000 digits": Body(b'{"title": ' + b"9" * 5_000 + b"}", FIRES),
    "5,000 digits in each field": Body(
        b'{"title": "x", "dedup": %(n)s, "severity": %(n)s, "started_at": %(n)s, "labels": %(n)s}'
        % {b"n": b"9" * 5_000}, FIRES,
    ),
    "a lone surrogate": Body(rb'{"title": "half \ud800 of a pair", "dedup": "\udfff"}', FIRES),
    "a pair of surrogates": Body(rb'{"title": "\ud83d\ude00"}', FIRES),
    "NUL": Body(
        rb'{"title": "a\u0000b", "dedup": "a\u0000b", "labels": {"\u0000": "\u0000"}}', FIRES
    ),
    "a raw NUL": Body(b'{"title": "a\0b"}', REFUSED),
    "raw NULs alone": Body(b"\0" * 100, REFUSED),
    "a byte order mark": Body(b'\xef\xbb\xbf{"title": "x"}', FIRES),
    "UTF-16, little end first": Body('\ufeff{"title": "ä"}'.encode("utf-16-le"), FIRES),
    "UTF-16, big end first": Body('\ufeff{"title": "ä"}'.encode("utf-16-be"), FIRES),
    "half of UTF-16": Body('\ufeff{"title": "ä"}'.encode("utf-16-le")[:-1], REFUSED),
    "invalid UTF-8": Body(b'{"title": "\xff\xfe\x80"}', FIRES),
    "overlong UTF-8": Body(b'{"title": "\xc0\xaf\xe0\x80\xaf", "dedup": "\xed\xa0\x80"}', FIRES),
    "Latin-1": Body('{"title": "Gerät heiß"}'.encode("latin-1"), FIRES),
    "a key of 1 MB": Body(json.dumps({"k" * 1_000_000: 1}).encode(), FIRES),
    "100,000 keys": Body(json.dumps({f"k{n}": n for n in range(100_000)}).encode(), FIRES),
    "a prototype": Body(b'{"__proto__": {"title": "x"}, "constructor": {"prototype": 1}}', FIRES),
    "a comment": Body(b'{"title": "x" /* why */}', REFUSED),
    "a trailing comma": Body(b'{"title": "x",}', REFUSED),
    "single quotes": Body(b"{'title': 'x'}", REFUSED),
    "half an object": Body(b'{"title": "x', REFUSED),
    "two objects": Body(b'{"title": "a"}{"title": "b"}', REFUSED),
    "JSON text sequences": Body(b'\x1e{"title": "a"}\n\x1e{"title": "b"}\n', REFUSED),
    "a form as JSON": Body(b"title=Disk+full&severity=critical", REFUSED),
    "a form": Body(b"title=Disk+full&severity=critical", FIRES, kind=FORM),
    "a form of 1,000 fields": Body(b"&".join([b"a=1"] * 1_000), REFUSED, kind=FORM),
    "a form of noise": Body(b"%=%zz&=&&;%00=%ff", FIRES, kind=FORM),
    "XML": Body(b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
                b"<a>&b;</a>", FIRES, kind="application/xml"),
    "XML as JSON": Body(b"<a>Disk full</a>", REFUSED),
    "YAML": Body(b"title: !!python/object/apply:os.system [id]\n", FIRES, kind="application/yaml"),
    "text": Body(b"Disk full on db-1\nand it grows", FIRES, kind="text/plain"),
    "text without a kind": Body(b"Disk full on db-1", FIRES, kind=""),
    "a kind of noise": Body(b'{"title": "x"}', FIRES, kind="\xff;;=\x01/\x7f"),
    "a picture": Body(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), REFUSED, kind="image/png"),
    "many parts": Body(
        b"--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"../../etc/passwd\"\r\n\r\n"
        b"body\r\n" * 10_000 + b"--x--", FIRES, kind="multipart/form-data; boundary=x",
    ),
    "parts without a boundary": Body(b"--x\r\n\r\nbody", FIRES, kind="multipart/form-data"),
}  # fmt: skip

_TEN = gzip.compress(_titled(100))
# Promises e2: sizes, and what is packed. FIRES where only a start is kept, too.
SIZES: dict[str, Body] = {
    "1 byte": Body(b"x", FIRES, kind="text/plain"),
    "600 KB": Body(_titled(600 * KB), FIRES),
    "one byte below the limit": Body(_titled(2 * MB - 1), FIRES),
    "the limit": Body(_titled(2 * MB), FIRES),
    "one byte above the limit": Body(_titled(2 * MB + 1), FIRES, FIRES),
    "10 MB": Body(_titled(10 * MB), FIRES, FIRES),
    "33 MB": Body(_titled(33 * MB), REFUSED),
    "gzip": Body(_TEN, FIRES, encoding="gzip"),
    "gzip in capitals": Body(_TEN, FIRES, encoding="GZIP"),
    "deflate": Body(zlib.compress(_titled(100)), FIRES, encoding="deflate"),
    "a bomb of 50 MB in 50 KB": Body(
        gzip.compress(_titled(50 * MB), 9), FIRES, FIRES, encoding="gzip"
    ),
    "a bomb of deflate": Body(zlib.compress(_titled(50 * MB)), FIRES, FIRES, encoding="deflate"),
    "gzip in gzip": Body(gzip.compress(_TEN), REFUSED, encoding="gzip"),
    "gzip in gzip, and said so": Body(gzip.compress(_TEN), REFUSED, encoding="gzip, gzip"),
    "brotli": Body(b"\x0b\x02\x80title\x03", REFUSED, encoding="br"),
    "not gzip at all": Body(_titled(100), REFUSED, encoding="gzip"),
    "gzip that breaks off": Body(_TEN[:-12], REFUSED, encoding="gzip"),
    "gzip with a tail": Body(_TEN + b"tail" * 100, FIRES, encoding="gzip"),
    "nothing, packed": Body(gzip.compress(b""), REFUSED, encoding="gzip"),
    "an unknown packing": Body(_titled(100), REFUSED, encoding="\x7fevil\xff"),
}

_NAMES = ("title", "dedup", "severity", "labels", "started_at", "link", "details")
_LABELS = {f"label{number}": "value" * 20 for number in range(10_000)}
# Promises e4, e8: fields that every source has, by our own names. Each of these fires.
FIELDS: dict[str, dict[str, object]] = {
    "no dedup key": {"title": "x"},
    "an empty dedup key": {"dedup": ""},
    "a blank dedup key": {"dedup": " \u2003 "},
    "a dedup key of 300 KB": {"dedup": "k" * 300 * KB},
    "a dedup key of controls": {"dedup": "\r\n\x1b[31m\x7f\x00"},
    "a dedup key that is an object": {"dedup": {"a": [1, None]}},
    "a dedup key that is true": {"dedup": True},
    "a dedup key that is a number": {"dedup": 1e308},
    "an unknown severity": {"severity": "apocalyptic"},
    "a severity that is a number": {"severity": 1},
    "a severity that is a list": {"severity": ["critical", {"a": 1}]},
    "a severity of 300 KB": {"severity": "critical" * 40_000},
    "a severity in Turkish capitals": {"severity": "CRİTICAL"},
    "10,000 labels": {"labels": _LABELS},
    "labels in a list": {"labels": [["a", "b"], {"a": "b"}, None, 7]},
    "labels that are text": {"labels": "a:b,c=d,,,"},
    "labels that hold everything": {"labels": {"": 1, "\x00": None, "a": {"b": {"c": [1]}}}},
    "no title": {"dedup": "untitled"},
    "a blank title": {"title": "\u200b \ufeff\t"},
    "a title of 300 KB": {"title": "t" * 300 * KB},
    "a title of controls": {"title": "".join(map(chr, range(0xA0)))},
    "a title that turns around": {"title": "\u202egnp.exe\u202c \u2066x\u2069"},
    "a title of zalgo": {"title": "z" + "\u0301" * 10_000},
    "a title of one emoji": {"title": "👩\u200d" * 20_000},
    "a title of many lines": {"title": "a\nb\r\nc\u2028d\x85e"},
    "a title that is a list": {"title": ["a", {"b": "c"}]},
    "every field is an object": {name: {"a": {"b": 1}} for name in _NAMES},
    "every field is a list": {name: [[], {}, None] for name in _NAMES},
    "every field is false": dict.fromkeys(_NAMES, False),
    "every field is NUL": dict.fromkeys(_NAMES, "\x00"),
    "a link that acts": {"link": "javascript:alert(1)"},
    "a link to a file": {"link": "file:///etc/passwd"},
    "half a link": {"link": "http://["},
    "a link of 300 KB": {"link": "https://example.com/" + "a" * 300 * KB},
    "details of 300 KB": {"details": {"log": "line\n" * 60_000}},
    "details of great depth": {"details": {"a": [[[[[[[[[[[[["deep"]]]]]]]]]]]]]}},
}
# Promises e4: none of these is a reason not to page, and none of them breaks a calendar.
INSTANTS: tuple[object, ...] = (
    "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z",
    "10000-01-01T00:00:00Z", "2026-06-30T23:59:60Z", "2026-11-16T09:00:00", "2026-11-16",
    "2026-11-16T09:00:00+14:00", "2026-11-16T09:00:00-12:00", "2026-11-16T09:00:00+99:99",
    "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "yesterday",
    "", "\x00", "٢٠٢٦-١١-١٦", "2036-11-16T09:00:00Z", "2016-11-16T09:00:00Z", 0, -1, 10**10, 10**12,
    10**15, 10**18, 10**40, -(10**18), 1e308, float("nan"), float("-inf"), True, None, [], {},
    "1" * 5_000, "1_763_280_000", "²",
)  # fmt: skip
# Promises e4: to a person these look alike; to a sender they are different troubles (R22).
LOOK_ALIKES = (
    "paypal", "PayPal", "pаypal", "paypal ", " paypal", "pay\u200bpal", "paypal\u200d",
    "paypal\u00a0", "ｐａｙｐａｌ", "pay\x00pal", "pay\x1bpal", "pay\npal", "pay\tpal",
    "pay\u202epal", "pay pal", "café", "cafe\u0301", "ı", "i", "İ", "ﬁ", "fi", "k" * 600, "k" * 601,
    "k" * 512 + "a", "k" * 512 + "b", "\ud800", "\udfff", "1", "1.0", "true", "null",
)  # fmt: skip
