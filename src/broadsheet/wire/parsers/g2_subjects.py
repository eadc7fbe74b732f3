"""What a NewsML-G2 item is about and where it plays: subjects, genres, keywords, places.

Codes are kept as they stand; names that only an ``assert`` of the item gives are looked up
there. Source: IPTC NewsML-G2 2.35: ``subject``, ``genre``, ``located``, ``assert``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml.etree import _Element

from broadsheet.wire.items import WireSubject
from broadsheet.wire.likeness import folded
from broadsheet.wire.parsers.g2_properties import (
    attribute,
    child,
    children,
    ending,
    name_of,
    plain,
    within,
)

_PLACES = {"geoarea", "city", "country", "statprov", "region"}
_NOT_TOPICS = {
    *_PLACES, "poi", "event", "category", "cat", "subcat", "department", "desk", "product"
}  # fmt: skip
_SECTIONS = {"category", "department", "desk", "dpacat", "apadesk", "sttdepartment"}
_CODE = re.compile(r"[A-Z]{1,3}")
# TT: "TT:02000000:LAG", a code of the IPTC and TT's own.
_TT_CODE = re.compile(r"TT:(\d{8}):[A-Z]{1,5}")
# Shorter "names" of sections are codes: "sp", "wi".
_SHORTEST_SECTION = 3


@dataclass(frozen=True)
class About:
    """Subjects with their codes, and what of them readers can be told."""

    subjects: tuple[WireSubject, ...] = ()
    topics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    genre: str = ""
    section: str = ""


def about(item: _Element, language: str) -> About:
    """Return what ``item`` is about; names in ``language`` where there are several."""
    content = child(item, "contentMeta")
    names = _Names(item, language)
    subjects: list[WireSubject] = []
    topics: list[str] = []
    places: list[str] = []
    section = ""
    for element in _subjects(item):
        subject = names.subject(element)
        if subject is None:
            continue
        subjects.append(subject)
        kind = ending(attribute(element, "type"))
        if kind in _PLACES:
            places.append(subject.name)
        elif _is_section(element, kind):
            section = section or (subject.name if len(subject.name) >= _SHORTEST_SECTION else "")
        elif kind not in _NOT_TOPICS and ending(attribute(element, "why")) != "ancestor":
            topics.extend([subject.name] if _is_for_readers(element, subject) else [])
        subjects.extend(names.broader(element))
    located = [*children(content, "located"), *children(child(item, "itemMeta"), "located")]
    places = [place for each in located for place in names.places(each)] + places
    places.extend(names.place(each) for each in names.located)
    genres = [found for each in children(content, "genre") if (found := names.subject(each))]
    topics.extend(plain(keyword) for keyword in children(content, "keyword"))
    return About(
        subjects=tuple(dict.fromkeys([*subjects, *genres[1:]])),
        topics=_each_once(topics),
        places=_each_once(places),
        genre=(genres[0].name or genres[0].code) if genres else "",
        section=section,
    )


def _subjects(item: _Element) -> list[_Element]:
    """Return the subjects, those with facets as their concepts (G2 2.28 and later)."""
    found: list[_Element] = []
    for element in [
        *children(child(item, "contentMeta"), "subject"),
        *(each for each in within(child(item, "concept"), "subject")),
    ]:
        parts = children(element, "mainConcept", "facetConcept")
        found.extend(parts or [element])
    return found


def _is_for_readers(element: _Element, subject: WireSubject) -> bool:
    """Tell a name that readers can be told from a code, or a label for machines."""
    if attribute(element, "literal") == subject.name and (
        # STT: literal="Related topic id" beside a number; ANSA: "ALR", a category.
        attribute(element, "qcode") or _CODE.fullmatch(subject.name)
    ):
        return False
    # AP: the category "f" is called "f".
    return subject.name != subject.code.rpartition(":")[2] or len(subject.name) > 1


def _is_section(element: _Element, kind: str) -> bool:
    scheme = attribute(element, "qcode").partition(":")[0].casefold()
    return kind in _SECTIONS or scheme in _SECTIONS


class _Names:
    """Looks up what a concept is called, in itself or in what the item asserts of it."""

    def __init__(self, item: _Element, language: str) -> None:
        self.language = language
        self.asserted: dict[str, _Element] = {}
        # STT tells where a story plays in what it asserts of places, and points there by number.
        self.located: list[_Element] = []
        for each in children(item, "assert"):
            for name in ("qcode", "uri", "literal"):
                if value := attribute(each, name):
                    self.asserted.setdefault(value, each)
            if (code := attribute(each, "qcode")).startswith("sttlocmeta:"):
                self.located.append(each)
                self.asserted.setdefault(f"sttlocationalias:{ending(code)}", each)

    def of(self, element: _Element) -> str:
        if name := name_of(element, self.language):
            return name
        for attribute_name in ("qcode", "uri", "literal"):
            known = self.asserted.get(attribute(element, attribute_name))
            if known is not None and (name := self.place(known)):
                return name
        return ""

    def place(self, asserted: _Element) -> str:
        """Return the name of what is asserted, or of the narrowest around it that has one."""
        named = [asserted, *children(asserted, "broader")]
        names = (name_of(each, self.language) for each in named)
        return next((name for name in names if name not in {"", "N/A"}), "")

    def subject(self, element: _Element) -> WireSubject | None:
        code = attribute(element, "qcode", "code", "uri")
        name = self.of(element)
        literal = attribute(element, "literal")
        if literal in self.asserted:
            # Only a pointer ("poiID"): what it points at is a place with an address.
            name, literal = name or self._address(self.asserted[literal]), ""
        if not code and not name:
            name = literal or ("" if len(element) else plain(element))
        elif not name and literal:
            name = literal
        if not code and not name:
            return None
        if not code and (known := _TT_CODE.fullmatch(name)):
            name, code = "", f"subj:{known[1]}"
        return WireSubject(name, code, _scheme(code))

    def _address(self, asserted: _Element) -> str:
        address = child(asserted, "POIDetails", "address")
        for part in ("locality", "area", "country"):
            if name := name_of(child(address, part), self.language):
                return name
        return ""

    def broader(self, element: _Element) -> list[WireSubject]:
        found = [self.subject(each) for each in children(element, "broader")]
        return [each for each in found if each is not None and each.name]

    def places(self, element: _Element) -> list[str]:
        own = self.subject(element)
        name = own.name if own else ""
        if own and not name:
            name = own.code.rpartition(":")[2]
        return [name, *(each.name for each in self.broader(element))]


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    """Return ``names`` that say anything, each once whatever its case."""
    kept: dict[str, str] = {}
    for name in names:
        if name:
            kept.setdefault(folded(name), name)
    return tuple(kept.values())


def _scheme(code: str) -> str:
    """Return the scheme of a code: the alias of a QCode, all but the last part of a URI."""
    if code.startswith(("http://", "https://")):
        return code.rstrip("/").rpartition("/")[0]
    return code.partition(":")[0] if ":" in code else ""
