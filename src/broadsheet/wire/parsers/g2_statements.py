"""What a NewsML-G2 item says of itself: status, signals, notes, headlines, descriptions.

The status, the signals and the notes are kept as they stand, since acting on them is somebody
else's part. Source: IPTC NewsML-G2 2.35: ``pubStatus``, ``signal``, ``edNote``, ``headline``,
``slugline``, ``description``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import _Element

from broadsheet.wire.items import ItemKind
from broadsheet.wire.parsers.g2_properties import (
    XML_LANG,
    attribute,
    child,
    children,
    ending,
    has_markup,
    lines_of,
    name_of,
    plain,
    role_of,
    unique,
    value_of,
    within,
)

# The scheme behind the alias "stat" in every catalogue of the IPTC.
_STATUS_URI = re.compile(
    r"^https?://cv\.iptc\.org/newscodes/pubstatusg2/(\w{1,20})/?$", re.IGNORECASE
)
_STATUSES = {"usable", "withheld", "canceled", "cancelled"}
_KINDS: dict[str, ItemKind] = {
    "text": "text", "story": "text", "article": "text", "picture": "picture", "photo": "picture",
    "image": "picture", "graphic": "graphic", "graphics": "graphic", "animated": "graphic",
    "video": "video", "audio": "audio", "composite": "package", "package": "package",
}  # fmt: skip
_SECONDARY = re.compile(r"sub|deck|secondary|second|bank|standfirst|kicker|overline", re.IGNORECASE)
_LEADS = {
    "summary", "teaser", "abstract", "intro", "lead", "standfirst", "ingress", "synthe", "short",
    "shortdescription", "moreinfo",
}  # fmt: skip
_CAPTIONS = re.compile(r"caption", re.IGNORECASE)
_LONGEST_HEADLINE = 300


@dataclass(frozen=True)
class Headlines:
    """The headline of an item, the one under it, and what else it calls itself."""

    main: str = ""
    under: str = ""
    further: tuple[str, ...] = ()
    oddities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Description:
    """A description with its role, without scheme and folded: ``caption``, ``summary``."""

    role: str
    text: str
    lines: tuple[str, ...]

    @property
    def is_caption(self) -> bool:
        """Whether it describes what is to be seen."""
        return bool(_CAPTIONS.search(self.role))

    @property
    def is_lead(self) -> bool:
        """Whether it sums a story up for its readers."""
        return not self.role or self.role in _LEADS


def pub_status_of(item: _Element) -> tuple[str, tuple[str, ...]]:
    """Return the publishing status as it stands, and what was odd about it.

    A URI of the IPTC's own scheme is given as the QCode that stands for it: ``stat:canceled``.
    """
    said = [
        value_of(each) or plain(each) for each in children(child(item, "itemMeta"), "pubStatus")
    ]
    status = next(iter(unique(said)), "")
    if uri := _STATUS_URI.match(status):
        status = f"stat:{uri[1]}"
    status = "".join(status.split())
    if status and ending(status) not in _STATUSES:
        return status, (f"The status “{status[:60]}” is none that the IPTC knows.",)
    return status, ()


def signals_of(item: _Element, header: _Element | None) -> tuple[str, ...]:
    """Return all signals of the item and of the message it came in, as they stand."""
    elements = [*children(child(item, "itemMeta"), "signal"), *children(header, "signal")]
    return unique([value_of(each) or name_of(each) for each in elements])


def ed_note_of(item: _Element) -> str:
    """Return all notes to editors, a line each; what one repeats of another stands once."""
    elements = [
        *children(child(item, "itemMeta"), "edNote"),
        *children(child(item, "contentMeta"), "edNote"),
    ]
    return "\n".join(unique([line for each in elements for line in lines_of(each)]))


def kind_of(item: _Element) -> tuple[ItemKind | None, str]:
    """Return the kind by ``itemClass``, ``None`` where it says none; and its code."""
    code = value_of(child(item, "itemMeta", "itemClass"))
    return _KINDS.get(ending(code)), code


def headlines_of(item: _Element, language: str) -> Headlines:
    """Return the headlines by their roles, ranks and languages; a title where there is none."""
    content, about = child(item, "contentMeta"), child(item, "itemMeta")
    elements = [*children(content, "headline"), *children(about, "headline")]
    ranked = sorted(
        (
            (_is_secondary(each), _is_foreign(each, language), _rank(each), place, text)
            for place, each in enumerate(elements)
            if (text := plain(each))
        ),
    )
    main = next((text for secondary, *_, text in ranked if not secondary), "")
    under = next((text for secondary, *_, text in ranked if secondary), "")
    if not main:
        main = plain(child(about, "title")) or plain(child(content, "title")) or under
    further = [text for *_, text in ranked if text not in {main, under}]
    oddities = []
    if any(has_markup(each) for each in elements):
        oddities.append("The headline had HTML in it; the mark-up was taken out.")
    oddities.extend(f"A further headline: “{text[:200]}”." for text in unique(further))
    return Headlines(
        main[:_LONGEST_HEADLINE], under if under != main else "", unique(further), tuple(oddities)
    )


def slugline_of(item: _Element, language: str) -> str:
    """Return the slugline as it stands, whatever separates its parts."""
    elements = children(child(item, "contentMeta"), "slugline")
    own = [each for each in elements if not _is_foreign(each, language)]
    texts = unique([plain(each) for each in [*own, *elements]])
    return next(iter(texts), "")


def descriptions_of(element: _Element | None) -> list[Description]:
    """Return the descriptions among the children of ``element``, in order."""
    return [
        Description(role_of(each), " ".join(lines), tuple(lines))
        for each in children(element, "description")
        if (lines := lines_of(each))
    ]


def part_descriptions_of(item: _Element) -> list[str]:
    """Return what is said of the parts of a film or sound (``partMeta``), a line each."""
    return [
        line
        for part in children(item, "partMeta")
        for description in descriptions_of(part)
        for line in description.lines
    ]


def languages_of(item: _Element) -> tuple[str, str]:
    """Return the language of the content, and that of the metadata; either may be empty."""
    stated = [
        attribute(each, "tag") or plain(each)
        for each in children(child(item, "contentMeta"), "language")
    ]
    inline = [each.get(XML_LANG) or "" for each in within(child(item, "contentSet"), "inlineXML")]
    own = item.get(XML_LANG) or ""
    return next(iter(unique([*stated, *inline, own])), ""), own


def _is_secondary(element: _Element) -> bool:
    return bool(_SECONDARY.search(role_of(element)))


def _is_foreign(element: _Element, language: str) -> bool:
    spoken = (element.get(XML_LANG) or "").split("-")[0].casefold()
    wanted = language.split("-", maxsplit=1)[0].casefold()
    return bool(spoken and wanted and spoken != wanted)


def _rank(element: _Element) -> int:
    rank = attribute(element, "rank")
    return int(rank[:4]) if rank.isdecimal() else 0
