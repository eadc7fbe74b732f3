"""The letters of WordPress's export: elements, CDATA sections, and times in two zones."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from email.utils import format_datetime
from html import escape

from broadsheet.press.xml_text import printable

NO_TIME = "0000-00-00 00:00:00"


def cdata(text: str) -> str:
    """Return ``text`` as a CDATA section, without what no XML can carry (XML 1.0, 2.2)."""
    return "<![CDATA[" + printable(text).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def words(text: str) -> str:
    """Return plain ``text`` as HTML that shows it: what WordPress keeps titles as."""
    return escape(text, quote=False)


def element(name: str, text: str | int) -> str:
    """Return an element with a text that needs no CDATA: a number, a time, a word of ours."""
    return f"\t\t<{name}>{escape(printable(str(text)), quote=False)}</{name}>\n"


def section(name: str, text: str) -> str:
    """Return an element with any text."""
    return f"\t\t<{name}>{cdata(text)}</{name}>\n"


def meta(key: str, value: str) -> str:
    """Return one of a post's custom fields."""
    return (
        f"\t\t<wp:postmeta><wp:meta_key>{cdata(key)}</wp:meta_key>"
        f"<wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>\n"
    )


def term(domain: str, slug: str, name: str) -> str:
    """Return what a post is sorted under."""
    return (
        f'\t\t<category domain="{domain}" nicename="{escape(printable(slug))}">'
        f"{cdata(words(name))}</category>\n"
    )


def stamp(moment: datetime | None, zone: tzinfo = UTC) -> str:
    """Return a time as WordPress writes it, in ``zone``; zeros where there is none."""
    if moment is None:
        return NO_TIME
    local = moment.astimezone(zone)
    return f"{local.year:04}-{local:%m-%d %H:%M:%S}"


def rfc_time(moment: datetime | None) -> str:
    """Return a time as RSS has it (RFC 2822); empty where there is none."""
    return format_datetime(moment.astimezone(UTC)) if moment is not None else ""
