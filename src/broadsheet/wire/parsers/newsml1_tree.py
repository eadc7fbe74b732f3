"""The elements of NewsML 1 and their ways to name things.

Source: IPTC NewsML 1.2 DTD and Functional Specification: ``FormalName``, ``Role``, ``Party``,
``Property``; the nearest statement in the tree of ``NewsComponent`` wins (5.4.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml.etree import _Element

from broadsheet.wire.parsers.inline import clean, to_text
from broadsheet.wire.parsers.xml_input import local, text_of

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TAG = re.compile(r"<[A-Za-z/]")
_LONGEST_LINE = 5000


def children(element: _Element | None, *names: str) -> list[_Element]:
    """Return the children of ``element`` that have one of ``names``."""
    return [] if element is None else [child for child in element if local(child) in names]


def child(element: _Element | None, *path: str) -> _Element | None:
    """Return the first element down ``path`` from ``element``."""
    for name in path:
        element = next(iter(children(element, name)), None)
    return element


def below(element: _Element | None, *names: str) -> Iterator[_Element]:
    """Yield the elements of ``names`` within ``element``, at any depth."""
    if element is not None:
        yield from (each for each in element.iter() if local(each) in names)


def formal(element: _Element | None) -> str:
    """Return the ``FormalName`` of ``element``, or its text where suppliers put it there."""
    if element is None:
        return ""
    return (element.get("FormalName") or "").strip() or text_of(element)


def role_of(component: _Element) -> str:
    """Return the role of a ``NewsComponent``, without case and spaces ("bodytext")."""
    return "".join(formal(child(component, "Role")).casefold().split())


def line_of(element: _Element | None) -> str:
    """Return the words of a line, without the HTML that some suppliers put in as text."""
    text = text_of(element)[:_LONGEST_LINE]
    return " ".join(to_text(clean(text)).split()) if _TAG.search(text) else text


def language_at(path: Sequence[_Element]) -> str:
    """Return the language that the innermost of ``path`` (outermost first) states."""
    for element in reversed(path):
        stated = next(below_metadata(element, "Language"), None)
        if said := formal(stated) or element.get(XML_LANG) or "":
            return said
    return ""


def below_metadata(component: _Element, *names: str) -> Iterator[_Element]:
    """Yield what the metadata of ``component`` itself, not of its parts, say."""
    for each in component:
        name = local(each)
        # "DescriptiveMetada" is TASS's spelling.
        if name.startswith("DescriptiveMetada") or name in {
            "AdministrativeMetadata", "RightsMetadata", "Metadata", "TopicSet"
        }:  # fmt: skip
            yield from below(each, *names)


def lines(path: Sequence[_Element], name: str, language: str = "") -> list[str]:
    """Return the lines ``name`` of the innermost of ``path`` that has any, in ``language``."""
    for component in reversed(path):
        found = [
            each
            for news_lines in children(component, "NewsLines")
            for each in news_lines.iter()
            # Belga writes "Headline", others "Slugline".
            if local(each).casefold() == name.casefold() and line_of(each)
        ]
        spoken = [each for each in found if _speaks(each, language)]
        if found:
            return list(dict.fromkeys(line_of(each) for each in spoken or found))
    return []


def line(path: Sequence[_Element], name: str, language: str = "") -> str:
    """Return the first of :func:`lines`; empty where there is none."""
    return next(iter(lines(path, name, language)), "")


def party_names(component: _Element, *kinds: str) -> list[str]:
    """Return the parties named in elements of ``kinds`` ("Provider", "Creator")."""
    named = []
    for holder in below_metadata(component, *kinds):
        for party in children(holder, "Party"):
            full = (
                prop.get("Value") or ""
                for prop in children(party, "Property")
                if prop.get("FormalName") in {"FullName", "Name", "Organization"}
            )
            named.append(formal(party) or next(filter(None, full), ""))
    return list(dict.fromkeys(filter(None, named)))


def properties(component: _Element, *names: str) -> list[str]:
    """Return the values of the properties ``names`` (without case) in a component's metadata."""
    wanted = {name.casefold() for name in names}
    return [
        value
        for prop in below_metadata(component, "Property")
        if (prop.get("FormalName") or "").casefold() in wanted
        and (value := (prop.get("Value") or "").strip())
    ]


def _speaks(element: _Element, language: str) -> bool:
    said = (element.get(XML_LANG) or "").split("-")[0].casefold()
    return bool(language) and said == language.split("-", maxsplit=1)[0].casefold()
