"""How a NewsML-G2 item is tied to others: its links, the members of a package, deliveries.

Source: IPTC NewsML-G2 2.35: ``link`` (scheme ``itemrelation``, alias ``irel``), ``groupSet``,
``itemRef``, ``newsCoverage/delivery``.
"""

from __future__ import annotations

from lxml.etree import _Element

from broadsheet.wire.items import LinkRel, WireLink, WirePhoto
from broadsheet.wire.parsers.g2_properties import (
    attribute,
    child,
    children,
    ending,
    plain,
    role_of,
    unique,
    value_of,
    within,
)

_RELATIONS: dict[str, LinkRel] = {
    "previousversion": "replaces", "prevversion": "replaces", "replaces": "replaces",
    "isreplacementof": "replaces", "updates": "replaces", "updateof": "replaces",
    "supersedes": "replaces", "corrects": "corrects", "correctionof": "corrects",
    "iscorrectionof": "corrects", "correctionto": "corrects", "kills": "kills", "cancels": "kills",
    "canceled": "kills", "killof": "kills", "retracts": "kills", "translatedfrom": "translates",
    "translationof": "translates", "istranslationof": "translates", "derivedfrom": "derived",
    "dervfrom": "derived", "derived": "derived", "evolvedfrom": "derived", "excerptfrom": "derived",
    "createdfrom": "derived", "member": "member", "haspart": "member", "contains": "member",
}  # fmt: skip
_MOST_LINKS = 2000


def links_of(item: _Element, guid: str) -> tuple[WireLink, ...]:
    """Return the links of ``item`` to others; what links to itself is its own history."""
    found = []
    for about in (child(item, "itemMeta"), child(item, "contentMeta")):
        for link in children(about, "link"):
            target = _target(link)
            if target and target != guid:
                found.append(WireLink(_relation(link, guid, target), target, _title(link)))
    found.extend(_replaced(item, guid))
    found.extend(_members(item))
    return tuple(dict.fromkeys(found))[:_MOST_LINKS]


def _replaced(item: _Element, guid: str) -> list[WireLink]:
    """Return what TT's signal "replace" replaces: each revision has a guid of its own there."""
    signals = {ending(value_of(each)) for each in children(child(item, "itemMeta"), "signal")}
    if "replace" not in signals:
        return []
    names = children(child(item, "contentMeta"), "altId")
    own = next((plain(each) for each in names if _kind_of_name(each) == "uno"), "")
    stem = guid.removesuffix(own) if own and guid.endswith(own) else ""
    others = [plain(each) for each in names if _kind_of_name(each) == "refuno"]
    return [WireLink("replaces", f"{stem}{name}") for name in others if name and name != own]


def _kind_of_name(name: _Element) -> str:
    return ending(attribute(name, "type"))


def linked_photos(item: _Element) -> list[WirePhoto]:
    """Return the pictures that a story offers as links, as far as the links describe them."""
    photos = []
    for link in children(child(item, "itemMeta"), "link"):
        if not _is_picture(link):
            continue
        captions = [
            plain(each)
            for each in children(link, "title", "description", "headline")
            if "caption" in role_of(each)
        ]
        url = attribute(link, "href")
        file_name = plain(child(link, "filename")) or plain(child(link, "fileName"))
        photos.append(
            WirePhoto(
                caption=next(iter(unique(captions)), ""),
                headline="" if captions else _title(link),
                url=url or file_name,
                guid=attribute(link, "residref", "guidref"),
                key=attribute(link, "residref", "guidref", "href"),
                file_name=file_name,
                media_type=_media_type(link),
            )
        )
    return photos


def groups_of(package: _Element) -> list[list[str]]:
    """Return the guids of the members of ``package``, a list for each group."""
    groups = [
        [_target(reference) for reference in children(group, "itemRef")]
        for group in within(package, "group")
    ]
    loose = [_target(reference) for reference in children(package, "itemRef")]
    return [group for group in [*groups, loose] if group]


def _members(item: _Element) -> list[WireLink]:
    references = list(within(child(item, "groupSet"), "itemRef", "conceptRef"))
    references.extend(children(item, "itemRef"))
    references.extend(within(child(item, "newsCoverageSet"), "deliveredItemRef"))
    references.extend(
        each
        for coverage in children(item, "newsCoverage")
        for each in within(coverage, "deliveredItemRef")
    )
    if item.tag is not None and not references and child(item, "group") is not None:
        references.extend(within(item, "itemRef", "conceptRef"))
    return [
        WireLink("member", target, _title(each)) for each in references if (target := _target(each))
    ]


def _target(link: _Element) -> str:
    return attribute(link, "residref", "guidref", "idref", "qcode", "uri", "href", "persistidref")


def _title(link: _Element) -> str:
    for name in ("headline", "title", "name", "description"):
        if text := plain(child(link, name)):
            return text[:500]
    return ""


def _relation(link: _Element, guid: str, target: str) -> LinkRel:
    stated = ending(attribute(link, "rel", "reluri"))
    if stated:
        return _RELATIONS.get(stated, "related")
    # STT: an update links to the version before it without saying so, under a guid that only
    # ends as its own does.
    if attribute(link, "version") and ending(guid) and ending(guid) == ending(target):
        return "replaces"
    return "related"


def _is_picture(link: _Element) -> bool:
    kind = ending(value_of(child(link, "itemClass")))
    return kind in {"picture", "photo", "graphic"} or _media_type(link).startswith("image/")


def _media_type(link: _Element) -> str:
    stated = attribute(link, "contenttype").casefold()
    return stated if "/" in stated and "iptc" not in stated else ""
