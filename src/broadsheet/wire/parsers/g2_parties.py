"""Who stands behind a NewsML-G2 item: the agency, its sources, the persons who wrote it.

Source: IPTC NewsML-G2 2.35: ``provider``, ``infoSource``, ``creator``, ``contributor``,
``hopHistory``, ``rightsInfo``.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml.etree import _Element

from broadsheet.wire.agencies import agency_named
from broadsheet.wire.parsers.bylines import names_in
from broadsheet.wire.parsers.g2_properties import (
    XML_LANG,
    attribute,
    child,
    children,
    ending,
    name_of,
    plain,
    role_of,
    unique,
)

_LEGAL_FORM = re.compile(
    r"[,\s]+(?:GmbH(?:\s*&\s*Co\.?\s*KG)?|AG|LLC|LLP|Inc\.?|Ltd\.?|plc|S\.?p\.?A\.?|S\.?A\.?|"
    r"Oy|AB|AS|A/S|B\.?V\.?|N\.?V\.?)$",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s+[-–—|/]\s+|\s*[()]\s*")
_HOST = re.compile(r"^(?:https?://)?(?:www\.)?([a-z0-9-]{2,60})(?:\.[a-z0-9-]{2,20}){1,3}(?:/|$)")
# Creators that are no persons, by the scheme of their code or the role they have.
_SCHEMES_OF_PARTIES = {"web", "nprov", "prov", "comp", "ns", "org", "codesource", "is"}
_NO_AUTHORS = {
    "source",
    "origprov",
    "provider",
    "enhancer",
    "redistributor",
    "publisher",
    "supplier",
}
_OF_ORGANISATIONS = re.compile(
    r"\b(?:agence|agencia|agency|agentur|broadcasting|company|corporation|data|enews|fernsehen|"
    r"group|holding|institute|limited|media|ministry|network|news|newswire|office|photo|press|"
    r"presse|radio|service|services|sports?|studio|team|television|tv|union|university|website|"
    r"wire)\b",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"[A-Z]{2}")
_MOST_WORDS = 5


def agency_of(item: _Element, header: _Element | None, language: str) -> str:
    """Return who sent ``item``: its provider, else who sent the message or holds the rights.

    A known agency that sends the message goes before a provider that is none: AP distributes
    what "Automated Insights" provides, BusinessDesk's provider is "CL", a person's initials.
    """
    holder = child(item, "rightsInfo", "copyrightHolder")
    provider, sender = child(item, "itemMeta", "provider"), child(header, "sender")
    named = _agency_name(provider, language, holder)
    sent_by = _agency_name(sender, language, None)
    is_surer = bool(agency_named(sent_by) or _INITIALS.fullmatch(named))
    if sent_by and is_surer and not agency_named(named):
        return sent_by
    for name in (named, sent_by, _agency_name(holder, language, holder)):
        if name:
            return name
    creditline = plain(child(item, "contentMeta", "creditline"))
    return agency_named(creditline) if creditline else ""


def sources_of(item: _Element, language: str) -> tuple[str, ...]:
    """Return whom the copy passed through or rests on: hops in order, then stated sources."""
    hops = children(child(item, "hopHistory"), "hop")
    hops.sort(key=lambda hop: int(seq) if (seq := attribute(hop, "seq")).isdecimal() else 0)
    parties = [party for hop in hops for party in children(hop, "party")]
    content = child(item, "contentMeta")
    parties.extend(children(content, "infoSource"))
    named = [party_name(party, language) for party in parties]
    named.extend(
        party_name(creator, language)
        for creator in children(content, "creator")
        if not _is_person(creator, party_name(creator, language))
        and _is_organisation(creator, party_name(creator, language))
    )
    named.extend(
        party_name(each, language)
        for each in children(content, "contributor")
        if role_of(each) in _NO_AUTHORS
    )
    return unique(named)


def persons_of(item: _Element, language: str) -> tuple[str, ...]:
    """Return the persons among the creators; logins and initials are none."""
    creators = children(child(item, "contentMeta"), "creator")
    named = [(creator, party_name(creator, language)) for creator in creators]
    return unique([name for creator, name in named if _is_person(creator, name)])


def byline_of(item: _Element) -> tuple[str, tuple[str, ...]]:
    """Return the printed byline of ``item`` and the persons it names."""
    printed = unique([plain(by) for by in children(child(item, "contentMeta"), "by")])
    byline = ", ".join(printed)
    names = [
        name
        for text in printed
        for name in names_in(text)
        if not _OF_ORGANISATIONS.search(name) and not agency_named(name)
    ]
    return byline, unique(names)


def party_name(party: _Element | None, language: str) -> str:
    """Return what a party is called: its name, its literal, or the end of its code."""
    if party is None:
        return ""
    if name := name_of(party, language):
        return name
    if literal := attribute(party, "literal"):
        return literal
    code = attribute(party, "qcode", "code")
    if code:
        return code.rpartition(":")[2]
    if uri := attribute(party, "uri"):
        return host_of(uri) or uri
    return "" if len(party) else plain(party)


def rights_of(item: _Element, language: str) -> tuple[str, str]:
    """Return the terms under which ``item`` may be used, and who holds the rights."""
    notices: list[str] = []
    terms: list[str] = []
    holders: list[str] = []
    for rights in children(item, "rightsInfo"):
        notices.extend(_in_language(children(rights, "copyrightNotice"), language))
        terms.extend(_in_language(children(rights, "usageTerms"), language))
        holders.extend(
            party_name(holder, language) for holder in children(rights, "copyrightHolder")
        )
    # An address names nobody to readers.
    holder = next((name for name in unique(holders) if " " in name or "." not in name), "")
    said = unique([*notices, *terms])
    if holder and not any(holder.casefold() in text.casefold() for text in notices):
        said = (holder, *said) if notices else (f"© {holder}", *said)
    return " · ".join(unique(said)), holder


def _in_language(elements: list[_Element], language: str) -> list[str]:
    """Return the texts in ``language`` where the same is said in several."""
    wanted = language.split("-", maxsplit=1)[0].casefold()
    spoken = {(each.get(XML_LANG) or "").split("-")[0].casefold() for each in elements}
    if wanted in spoken and len(spoken) > 1:
        elements = [
            each
            for each in elements
            if (each.get(XML_LANG) or wanted).split("-")[0].casefold() == wanted
        ]
    return [text for each in elements if (text := plain(each) or attribute(each, "href"))]


def _agency_name(party: _Element | None, language: str, holder: _Element | None) -> str:
    if party is None:
        return ""
    names = [plain(name) for name in children(party, "name")]
    values = [attribute(party, name) for name in ("literal", "qcode", "code", "uri")]
    for text in [*names, *values, "" if len(party) else plain(party)]:
        if known := known_agency(text):
            return known
    name = party_name(party, language)
    address = attribute(party, "uri")
    if not names and address and host_of(address) == host_of(attribute(holder, "uri")):
        # Named by an address alone; who holds the rights has the same one, and a name.
        return name_of(holder, language) or name
    return name


def host_of(address: str) -> str:
    """Return the host of a web address without its "www"; empty where it is none."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def known_agency(text: str) -> str:
    """Return the agency that a name, code or address of a party means; empty if not known."""
    candidates = [text, text.rpartition(":")[2], *_PARTS.split(text)]
    if host := _HOST.match(text.casefold()):
        candidates.append(host[1])
    for candidate in candidates:
        short = _LEGAL_FORM.sub("", candidate.strip())
        if known := agency_named(short):
            return known
    return ""


def _is_organisation(party: _Element, name: str) -> bool:
    kind = ending(attribute(party, "type"))
    if kind in {"organisation", "organization"} or child(party, "organisationDetails") is not None:
        return True
    scheme = attribute(party, "qcode").partition(":")[0].casefold()
    return (
        scheme in _SCHEMES_OF_PARTIES
        or role_of(party) in _NO_AUTHORS
        or bool(known_agency(name))
        or bool(_OF_ORGANISATIONS.search(name))
    )


def _is_person(party: _Element, name: str) -> bool:
    if not name or (_is_organisation(party, name) and ending(attribute(party, "type")) != "person"):
        return False
    if ending(attribute(party, "type")) == "person" or child(party, "personDetails") is not None:
        return True
    words = name.split()
    if not 1 < len(words) <= _MOST_WORDS:
        return False
    return not any(char.isdigit() or char in "@_/:" for char in name) and not (
        words[0][0].islower() or words[-1][0].islower()
    )
