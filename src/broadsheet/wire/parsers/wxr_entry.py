"""One item of a WordPress export, and what names it, before anything is made of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from html import unescape

from broadsheet.wire.parsers.wxr_markup import Fields
from broadsheet.wire.parsers.wxr_pictures import plain

# Where plugins keep, beside a post: its primary category, its language, where it leads instead,
# a featured image that is on another site, and a line under its title.
PRIMARY = ("_yoast_wpseo_primary_category", "rank_math_primary_category", "_primary_category")
LANGUAGE = (
    "_wpml_import_language_code",
    "_wpml_language",
    "wpml_language",
    "_locale",
    "_language",
)
ELSEWHERE = ("_links_to", "_yoast_wpseo_redirect", "_pprredirect_url", "redirect_url")
PICTURE_ELSEWHERE = ("fifu_image_url", "_knawatfibu_url", "_external_image_url")
SUBTITLES = (
    "wps_subtitle", "_secondary_title", "secondary_title", "_subtitle", "subtitle", "kia_subtitle",
    "_kicker", "deck", "standfirst",
)  # fmt: skip
# What is read of a post's own fields, or known to hold no words for readers.
_READ_FIELDS = {
    *SUBTITLES, *LANGUAGE, *ELSEWHERE, *PRIMARY, *PICTURE_ELSEWHERE, "fifu_image_alt",
    "footnotes", "enclosure",
}  # fmt: skip
_FEWEST_WORDS = 5
_LONGEST_NUMBER = 18


@dataclass(frozen=True)
class Site:
    """What the head of an export says of the whole site; ``origin`` is the file."""

    origin: str
    base_url: str = ""
    language: str = ""
    title: str = ""


@dataclass
class Entry:
    """One item of the export as it is read: the ``place``-th of the file."""

    fields: Fields
    raw: bytes
    place: int
    line: int

    def __post_init__(self) -> None:
        self.meta: dict[str, list[str]] = {}
        for each in self.fields.each("wp:postmeta"):
            self.meta.setdefault(each.get("wp:meta_key"), []).append(each.get("wp:meta_value"))

    @property
    def number(self) -> int:
        """WordPress's own number of it; 0 without one."""
        return self.fields.number("wp:post_id")

    @property
    def kind(self) -> str:
        """Its type, "post" where none is given."""
        return self.fields.get("wp:post_type") or "post"

    @property
    def title(self) -> str:
        """Its title as plain text, for messages too."""
        return plain(self.fields.get("title"))

    @property
    def guid(self) -> str:
        """What names it: its guid, else its address, else its bytes."""
        given = unescape(self.fields.get("guid")) or self.fields.get("link")
        return given or f"sha256:{hashlib.sha256(self.raw).hexdigest()}"

    @property
    def content(self) -> str:
        """Its text as it stands; other systems than WordPress have it as the description."""
        return self.fields.texts.get("content:encoded", self.fields.raw("description"))

    @property
    def creators(self) -> list[str]:
        """The logins of those who wrote it, without what no login has (``<`` and ``>``)."""
        found = [each.text or "" for each in self.fields.groups.get("dc:creator", ())]
        return [login for text in found if (login := " ".join(text.split()).strip("<> "))]

    def first(self, *keys: str) -> str:
        """Return the first value that the post has under one of ``keys``."""
        return next((value for key in keys for value in self.meta.get(key, ()) if value), "")

    def called(self) -> str:
        """Return how messages name it."""
        named = f"“{self.title[:80]}”" if self.title else "an entry without a title"
        return f"{named} ({self.kind} {self.number})" if self.number else named


def terms_of(entry: Entry) -> list[tuple[str, str, str]]:
    """Return what an entry is sorted under: taxonomy, slug and name.

    WXR 1.0 lists each category twice, without and with its slug; the importer of WordPress
    takes the latter alone, unless there is none.
    """
    found = []
    for element in entry.fields.groups.get("category", ()):
        name = plain("".join(part for part in element.itertext() if isinstance(part, str)))
        slug = (element.get("nicename") or "").strip()
        taxonomy = (element.get("domain") or "category").strip()
        if name or slug:
            found.append(("post_tag" if taxonomy == "tag" else taxonomy, slug, name or slug))
    named = [each for each in found if each[1]]
    return named or [(taxonomy, name, name) for taxonomy, _, name in found]


def unread_fields(entry: Entry) -> list[str]:
    """Return the names of an entry's own fields that hold words and are not read."""
    return [
        key
        for key, values in entry.meta.items()
        if key[:1] not in {"", "_"}
        and key not in _READ_FIELDS
        and any(_is_text(value) for value in values)
    ]


def _is_text(value: str) -> bool:
    is_data = value[:2] in {"a:", "O:", "s:"} or value[:1] in {"{", "["}
    return not is_data and len(value.split(maxsplit=_FEWEST_WORDS)) > _FEWEST_WORDS


def number_in(text: str) -> int:
    """Return the number that ``text`` is; 0 for what is none."""
    is_number = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    return int(text) if is_number else 0
