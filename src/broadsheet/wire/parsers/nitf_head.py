"""What the head of an NITF story says: who sent it, when, for whom, and about what.

Source: IPTC NITF 3.6, elements ``head``, ``docdata``, ``pubdata``, ``tobject`` and
``revision-history``; names in ``meta`` are those of the suppliers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element

from broadsheet.wire.items import WireLink, WireSubject
from broadsheet.wire.parsers.xml_input import local, text_of

_IPTC = "http://cv.iptc.org/newscodes/subjectcode/"
_SLUGS = ("ntbstikkord", "slugline", "slug", "anpa-keyword", "storyname", "topic", "catchword")
_NOTES = ("ednote", "editorsnote", "editors-note", "ed-note", "editor-note", "ntbtil-red")
_SOURCES = ("ntbkilde", "source", "provider", "credit")
_LANGUAGES = ("article-language", "language", "lang", "ntbsprak")
_GENERAL_TYPES = {"", "news", "text", "article", "story", "data"}
_STATUSES_OF_KILLS = {"canceled", "cancelled", "kill", "killed", "withheld", "withdrawn"}
_HIGHEST_URGENCY = 9


@dataclass(frozen=True)
class NitfHead:
    """The head of a story, its times as written. ``guid`` names the story, ``version`` its state.

    ``keywords`` are names, ``places`` where it happened; ``meta`` are the supplier's own fields,
    their names without case. ``senders`` are the parties named as sending it, the surest first.
    """

    guid: str = ""
    version: str = ""
    title: str = ""
    status: str = ""
    issued: str = ""
    released: str = ""
    expires: str = ""
    printed: str = ""
    revised: tuple[str, ...] = ()
    language: str = ""
    slugline: str = ""
    section: str = ""
    genre: str = ""
    kind: str = ""
    urgency: int | None = None
    senders: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    subjects: tuple[WireSubject, ...] = ()
    places: tuple[str, ...] = ()
    rights: str = ""
    ed_note: str = ""
    signals: tuple[str, ...] = ()
    links: tuple[WireLink, ...] = ()


class _Found:
    """The elements of a head by their names, wherever suppliers put them in it."""

    def __init__(self, head: _Element) -> None:
        self.by_name: dict[str, list[_Element]] = {}
        for element in head.iter():
            self.by_name.setdefault(local(element), []).append(element)
        self.meta: dict[str, str] = {}
        for element in self.by_name.get("meta", []):
            name = (element.get("name") or "").strip().casefold()
            self.meta.setdefault(name, (element.get("content") or "").strip())

    def all(self, name: str) -> list[_Element]:
        return self.by_name.get(name, [])

    def values(self, name: str, *attributes: str) -> Iterator[str]:
        for element in self.all(name):
            for attribute in attributes:
                if value := (element.get(attribute) or "").strip():
                    yield value

    def value(self, name: str, *attributes: str) -> str:
        return next(self.values(name, *attributes), "")

    def time(self, name: str) -> str:
        return self.value(name, "norm") or text_of(next(iter(self.all(name)), None))

    def meta_of(self, *names: str) -> str:
        return next((value for name in names if (value := self.meta.get(name))), "")


def head_of(nitf: _Element) -> NitfHead:
    """Return what the ``head`` of ``nitf`` says; an empty one where it has none."""
    head = next((child for child in nitf if local(child) == "head"), None)
    language = nitf.get("baselang") or nitf.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    if head is None:
        return NitfHead(language=language)
    found = _Found(head)
    guid, version = _identity(found)
    kind = found.value("tobject", "tobject.type")
    listed = [word.strip() for word in found.meta_of("article-keywords").split(",")]
    keywords = tuple(
        dict.fromkeys(
            filter(
                None,
                (
                    *found.values("keyword", "key"),
                    *(text_of(each) for each in found.all("keyword")),
                    *_classified(found),
                    *listed,
                ),
            )
        )
    )
    return NitfHead(
        guid=guid,
        version=version,
        title=text_of(next(iter(found.all("title")), None)),
        status=found.value("docdata", "management-status"),
        issued=found.time("date.issue"),
        released=found.time("date.release"),
        expires=found.time("date.expire"),
        printed=found.value("pubdata", "date.publication") or found.meta_of("article-pubdate"),
        revised=tuple(found.values("revision-history", "norm")),
        language=language or found.meta_of(*_LANGUAGES),
        slugline=_slugline(found, guid),
        section=_section(found, kind),
        genre=found.value("tobject.property", "tobject.property.type")
        or found.meta_of("ntbmeldingstype"),
        kind=kind,
        urgency=_urgency(found.value("urgency", "ed-urg") or found.meta_of("ntbprioritet")),
        senders=tuple(
            dict.fromkeys(
                filter(
                    None,
                    (
                        found.meta_of(*_SOURCES),
                        # AAP sends the copy of others as well, under their copyright.
                        "AAP" if "aap-selectors" in found.meta else "",
                        found.value("from-src", "src-name"),
                        found.value("doc.copyright", "holder"),
                        found.value("doc-id", "regsrc"),
                        found.value("doc.rights", "owner"),
                    ),
                )
            )
        ),
        keywords=keywords,
        subjects=_subjects(found),
        places=_places(found),
        rights=_rights(found),
        ed_note=_ed_note(found),
        signals=_signals(found),
        links=_links(found),
    )


def _identity(found: _Found) -> tuple[str, str]:
    """Return what names the story in all its states, and the state.

    Some suppliers number the states within ``id-string`` ("faktisk-1_47", "…:20240105:17:2");
    another field then tells where the name ends.
    """
    said = found.value("doc-id", "id-string")
    version = found.value("du-key", "version")
    names = [
        *(found.meta.get(name, "") for name in ("ntbid", "docid", "doc-id", "guid")),
        *found.values("du-key", "key"),
        *found.values("key-list", "key"),
        _target(found).rpartition(":")[0],
    ]
    for name in names:
        rest = said[len(name) + 1 :]
        if name and said.startswith(name) and rest.isdecimal() and said[len(name)] in "_:-.":
            return name, version or rest
    if not said:
        return "", version
    if not version and found.meta.get("article-revision", "").isdecimal():
        version = found.meta["article-revision"]
    return said, version


def _target(found: _Found) -> str:
    return found.value("docdata", "management-doc-idref")


def _slugline(found: _Found, guid: str) -> str:
    if slug := found.meta_of(*_SLUGS):
        return slug
    keywords = list(found.values("keyword", "key"))
    if len(keywords) == 1:
        return keywords[0]
    key = found.value("du-key", "key")
    return "" if key == guid else key


def _section(found: _Found, kind: str) -> str:
    said = found.value("pubdata", "position.section") or found.value("doc-scope", "scope")
    if said or kind.casefold() in _GENERAL_TYPES or kind.casefold() == "advisory":
        return said or found.meta_of("section", "department")
    return kind


def _urgency(said: str) -> int | None:
    urgency = int(said) if said.isascii() and said.isdecimal() and len(said) == 1 else 0
    return urgency if 1 <= urgency <= _HIGHEST_URGENCY else None


def _classified(found: _Found) -> Iterator[str]:
    for identified in found.all("identified-content"):
        for element in identified:
            name = local(element)
            if name in {"person", "org", "event", "object.title"} and (text := text_of(element)):
                yield text


def _subjects(found: _Found) -> tuple[WireSubject, ...]:
    subjects: dict[WireSubject, None] = {}
    for element in found.all("tobject.subject"):
        said = {
            name: (element.get(f"tobject.subject.{name}") or "").strip()
            for name in ("detail", "matter", "type", "refnum", "ipr", "code")
        }
        name = said["detail"] or said["matter"] or said["type"]
        code, scheme = said["refnum"] or said["code"], said["ipr"]
        if scheme.casefold() in {"", "iptc"} and code.isdecimal():
            code, scheme = f"subj:{code}", _IPTC
        if name or code:
            subjects[WireSubject(name, code, scheme)] = None
    # ANSA has no element for it.
    if (code := found.meta.get("category_iptc", "")).isdecimal():
        subjects[WireSubject("", f"subj:{code}", _IPTC)] = None
    for element in found.all("classifier"):
        value = (element.get("value") or "").strip()
        if text := text_of(element) or value:
            scheme = (element.get("type") or "").strip()
            subjects[WireSubject("" if text == value else text, value, scheme)] = None
    for code in found.values("fixture", "fix-id"):
        subjects[WireSubject("", code, "fixture")] = None
    return tuple(subjects)


def _places(found: _Found) -> tuple[str, ...]:
    places = [*found.values("evloc", "city", "state-prov", "county-dist")]
    places.extend(text_of(element) for element in found.all("location"))
    places.extend(text_of(element) for element in found.all("evloc"))
    return tuple(dict.fromkeys(filter(None, places)))


def _rights(found: _Found) -> str:
    holder, year = found.value("doc.copyright", "holder"), found.value("doc.copyright", "year")
    said = [" ".join(filter(None, ("©", year, holder)))] if holder else []
    for element in found.all("doc.rights"):
        said.extend(
            value
            for name in ("type", "limitations")
            if (value := (element.get(name) or "").strip())
        )
    return " ".join(dict.fromkeys(said))


def _ed_note(found: _Found) -> str:
    notes = [*found.values("ed-msg", "info"), *(text_of(each) for each in found.all("ed-msg"))]
    notes.extend(found.values("correction", "info"))
    # The Canadian Press: "ADDS military statement"
    notes.extend(found.values("revision-history", "comment"))
    notes.append(found.meta_of(*_NOTES))
    return "\n".join(dict.fromkeys(filter(None, notes)))


def _signals(found: _Found) -> tuple[str, ...]:
    signals = [*found.values("docdata", "management-signal"), *found.values("signal", "name")]
    if found.all("correction"):
        signals.append("correction")
    return tuple(dict.fromkeys(signals))


def _links(found: _Found) -> tuple[WireLink, ...]:
    """Return what the story does to others: ``management-idref-status`` is the other's state."""
    links = [WireLink("corrects", guid) for guid in found.values("correction", "id-string")]
    if target := _target(found):
        state = found.value("docdata", "management-idref-status").casefold()
        links.append(WireLink("kills" if state in _STATUSES_OF_KILLS else "replaces", target))
    links.extend(WireLink("replaces", ref) for ref in found.values("del-list", "id-string"))
    return tuple(dict.fromkeys(links))
