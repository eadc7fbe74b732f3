"""The authors of a page's story: names alone, without what stands about them in a byline."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from broadsheet.wire.agencies import agency_named
from broadsheet.wire.likeness import folded
from broadsheet.wire.parsers.structured import (
    Meta,
    Node,
    nodes_of,
    plain,
    text_of,
    texts_of,
    types_of,
)

if TYPE_CHECKING:
    from trafilatura.settings import Document

_STATED = (
    "author", "article:author", "byl", "dc.creator", "parsely-author", "sailthru.author",
    "dcterms.creator", "citation_author", "og:article:author",
)  # fmt: skip
_LONGEST_NAME = 80
_LONGEST_BYLINE = 500
_SHORTEST_SITE = 6
_BY = re.compile(
    r"^\W{0,2}(?:(?:written|posted|published|reported|story|text|article|words|view\s+all\s+posts)\s+"
    r"(?:by|von)|by|von|por|par|door|nga|przez|(?-i:di|da|af|av)|autore?|autora|autor(?:en|es|in)?|auteure?|"
    r"author|authors|redakteur|text|texto|texte|testo|نویسنده|گزارش|بقلم|کتابة|作者|記者|记者|文|글)"
    r"(?:\s*[:：/]\s*|\s+)(?=\S)|^(?:作者|记者|記者)\s*[:：]?\s*",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\s*(?:;|,|、|\s(?:and|und)\s|&|\|)\s*")
_JOINED = re.compile(r"\s+(?:et|y|e|و)\s+")
_NO_NAME = re.compile(
    r"https?:|www\.|@|^\d+$|"
    r"^(?:admin|administrator|user\s+admin|super\s*user|editor|staff|author|none|null|guest|"
    r"submitted|webmaster|contributor|undefined|unknown|anonymous|view\s+all\s+posts|"
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\.?)$",
    re.IGNORECASE,
)
# Academic degrees stand behind a comma like another name; "Jr." belongs to the name before it.
_DEGREE = re.compile(
    r"^(?:m\.?d|ph\.?d|m\.?a|mph|r\.?n|m\.?s|msc|bsc|mba|j\.?d|esq|cfa|r\.?d|ll\.?m)\.?$",
    re.IGNORECASE,
)
_JUNIOR = re.compile(r"^(?:jr|sr|ii|iii|iv)\.?$", re.IGNORECASE)
# What follows a name in a byline: a handle, an address, a day, the author's trade or whereabouts.
_AFTER = re.compile(
    r"\s*(?:"
    r"[(<\[]?\s*\S{1,80}@\S{0,80}.*|"
    r"\(.*\)\s*|"
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.*|(?<=\w\s)(?:tue|wed|thu|fri)\b\.?|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.?\s+\d.*|"
    r"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}.*|"
    r"\s(?:(?:senior|chief|special|political|foreign|health|science|business|staff|national|washington)"
    r"\s+){0,2}(?:correspondents?|reporters?|writers?|columnists?|editors?|producers?)\b.*|"
    r"\s(?:envoy[ée]e?s?\s+sp[ée]cia\w+|correspondante?s?|corresponsal(?:es)?|enviad[oa]s?\s+especial\w*|"
    r"korrespondent(?:in)?|redakteur(?:in)?)\b.*"
    r")$",
    re.IGNORECASE,
)


def authors_of(meta: Meta, article: Node, library: Document, url: str) -> list[str]:
    """Return the authors in order, persons and signing agencies, each name once.

    The name of the paper itself, which templates put beside its writers, counts only where no
    other is said. ``library`` is what trafilatura makes of the page.
    """
    named = [
        text_of(node, "name")
        or " ".join(filter(None, (text_of(node, "givenName"), text_of(node, "familyName"))))
        for node in nodes_of(article, "author")
        if "Person" in types_of(node) or not types_of(node)
    ]
    organisations = [
        text_of(node, "name")
        for node in nodes_of(article, "author")
        if agency_named(text_of(node, "name"))
    ]
    sites = _sites(meta, article, url)
    names = _names([*named, *organisations], sites)
    stated = _names(meta.all(*_STATED), sites)
    printed = _names((library.author or "").split("; "), sites)
    # One word is mostly the name of a site or an account: only where nothing else is said.
    for found in (names, [name for name in stated if " " in name], printed, stated):
        others = [name for name in found if not _is_site(name, sites)]
        if others:
            return others
    return names or stated or printed


def _names(printed: Iterable[str], sites: set[str]) -> list[str]:
    names: dict[str, str] = {}
    for text in printed:
        last = ""
        for part in _parts(plain(text)[:_LONGEST_BYLINE]):
            if last and _JUNIOR.match(part):
                names[last] = f"{names[last].rstrip('.')} {part}"
                continue
            for name in _both(_bare(part, sites)):
                if name and len(name) <= _LONGEST_NAME and not _NO_NAME.search(name):
                    last = folded(name)
                    names.setdefault(last, name)
    return list(names.values())


def _parts(byline: str) -> list[str]:
    cut = _AFTER.sub("", _BY.sub("", byline)) or byline
    parts = [
        part.strip(" .,·–-") if not part.endswith(("Jr.", "Sr.")) else part.strip(" ,·–-")
        for part in _SEVERAL.split(cut)
    ]
    return [part for part in parts if part and not _DEGREE.match(part)]


def _bare(part: str, sites: set[str]) -> str:
    """Return a name without "by", a trade behind it, and the paper or agency it writes for."""
    name = _AFTER.sub("", _BY.sub("", part)).strip(" ,·–-/")
    words = name.split()
    for count in (3, 2, 1):
        behind = " ".join(words[-count:])
        if len(words) >= count + 2 and (agency_named(behind) or _is_site(behind, sites)):
            return " ".join(words[:-count])
    return name


def _both(text: str) -> list[str]:
    """Take two names joined by a word apart, but not one: "José Ortega y Gasset"."""
    parts = _JOINED.split(text)
    return parts if all(" " in part for part in parts) else [text]


def _sites(meta: Meta, article: Node, url: str) -> set[str]:
    names = [
        meta.first("og:site_name", "application-name"),
        meta.first("twitter:site"),
        *texts_of(article, "publisher"),
    ]
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    names += [host, host.rpartition(".")[0]]
    return {_squashed(name) for name in names if name}


def _is_site(name: str, sites: set[str]) -> bool:
    squashed = _squashed(name)
    if squashed in sites:
        return True
    # Trafilatura makes "Lefigaro Fr" of lefigaro.fr.
    words = name.split()
    return len(words) > 1 and any(
        site.endswith(squashed) and "." not in name
        for site in sites
        if len(squashed) >= _SHORTEST_SITE
    )


def _squashed(text: str) -> str:
    return re.sub(r"[\W_]+", "", folded(text.removeprefix("www.")))
