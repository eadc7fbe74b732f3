"""ninjs, the IPTC's JSON for news, in all its versions, and what suppliers send in its manner.

    read the JSON            leniently; one document, a list, one a line, or within an answer
    for each document:
        hold it to the rules what breaks them is told as an oddity (``ninjs_check``)
        read its members     whatever case and generation they are written in
        choose               the headline, the body in its best form, the photos

Besides ninjs 1.0 to 3.1 it reads what Superdesk, AP's Media API, dpa and the BBC make of it,
and what this paper writes itself (``press/ninjs.py``).
Source: https://iptc.org/standards/ninjs/.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import HEAD, Incoming
from broadsheet.wire.items import ItemKind, Unread, WireItem, WirePhoto, WireRecord
from broadsheet.wire.language import language_of
from broadsheet.wire.likeness import folded
from broadsheet.wire.parsers import json_input, ninjs_check, ninjs_facts, ninjs_photos, ninjs_words
from broadsheet.wire.parsers.ninjs_members import Members, folded_name

FORMAT = "ninjs"

# What answers of news services carry their items in.
_LISTS = ("items", "item", "data", "results", "articles", "documents", "docs", "news", "entries",
          "stories", "hits", "feed", "response", "content", "_source", "ninjs", "newsitem",
          "newsitems", "records", "list")  # fmt: skip
# Members of which an item of news has some; two of them, or one that only ninjs has.
_SURE = {
    "uri", "guid", "headlines", "bodies", "versioncreated", "pubstatus", "firstcreated",
    "representationtype", "altids", "trustindicators", "trustindicator", "eventdetails",
    "plannedcoverage", "infosources", "infosource", "copyrightholder", "standard",
}  # fmt: skip
_LIKELY = {
    "headline", "title", "byline", "by", "slugline", "language", "subject", "subjects", "body",
    "description", "descriptions", "associations", "renditions", "type", "urgency", "usageterms",
    "ednote", "located", "articlehtml", "version", "id", "published", "keywords", "urn", "source",
    "dateline", "place", "person", "people", "places", "organisation", "object", "event",
}  # fmt: skip
_DEEPEST = 6
_MOST_ITEMS = 5_000
_LONGEST_GUID = 1_000
_KINDS: dict[str, ItemKind] = {
    "text": "text", "story": "text", "article": "text", "preformatted": "text", "advisory": "text",
    "component": "text", "news": "text", "liveblog": "text", "picture": "picture",
    "photo": "picture", "image": "picture", "graphic": "graphic", "infographic": "graphic",
    "video": "video", "audio": "audio", "composite": "package", "package": "package",
    "event": "planning", "planning": "planning", "gallery": "package",
}  # fmt: skip
# JSON Feed, and the exports of Ghost.
_OTHERS = re.compile(r'jsonfeed\.org/version/|"db"\s{0,20}:\s{0,20}\[\s{0,20}\{')
_ADDRESS = re.compile(r"https?://[^\s]{1,2000}", re.IGNORECASE)


def recognises(incoming: Incoming) -> bool:
    """Tell whether ``incoming`` is JSON, but none of the forms that others read."""
    if not json_input.looks_like_json(incoming):
        return False
    head = incoming.decoded.text[:HEAD]
    may_be_another = '"db"' in head or "jsonfeed" in head
    return not (may_be_another and _OTHERS.search(head))


def parse(incoming: Incoming, version: str = "") -> Sequence[WireRecord]:
    """Return the items in ``incoming``, held to ninjs ``version`` where the caller knows it.

    Raises :class:`WireError` for what is no JSON, or holds no news.
    """
    loaded = json_input.read(incoming)
    documents = [each for value in loaded.values for each in _documents_in(value, 0)]
    if not documents:
        raise WireError(
            "The form of this JSON is not known: no item of news, with a headline, a body or a "
            "uri, is in it. Have the supplier send ninjs."
        )
    if len(documents) > _MOST_ITEMS:
        raise WireError(
            f"The JSON holds {len(documents)} items; at most {_MOST_ITEMS} are read at once. "
            "Split the file."
        )
    is_alone = len(documents) == 1
    records: list[WireRecord] = []
    along = [each for document in documents for each in _stories_along(Members(document))]
    for number, document in enumerate((*documents, *along[:_MOST_ITEMS]), 1):
        is_along = number > len(documents)
        is_whole = is_alone and not is_along
        origin = incoming.origin if is_whole else f"{incoming.origin}#{number}"
        try:
            made = _item(document, incoming, origin, is_whole=is_whole)
        except RecursionError:
            records.append(Unread(origin, "story", "It is nested too deeply to be read."))
        else:
            # What comes along was held to the rules with the item that it came along with.
            findings = () if is_along else ninjs_check.findings(document, version)
            said = tuple(dict.fromkeys((*loaded.oddities, *findings, *made.oddities)))
            records.append(made if said == made.oddities else replace(made, oddities=said))
    if not any(isinstance(record, WireItem) for record in records):
        raise WireError(
            "The JSON is nested too deeply to be news. Have the supplier send it again."
        )
    return records


def _documents_in(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _documents_in(each, depth + 1)
    elif isinstance(value, dict) and depth <= _DEEPEST:
        if _is_item(value):
            yield value
            return
        for name in _LISTS:
            for key, inner in value.items():
                if key.casefold() == name and isinstance(inner, dict | list):
                    for document in _documents_in(inner, depth + 1):
                        yield _with_body_beside(document, value)


def _with_body_beside(document: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """Return an item with the body that was fetched for it and stands beside it in ``answer``.

    AP's Media API tells of an item and where its NITF is; Superdesk keeps both in one file.
    """
    body = answer.get("nitf")
    if not isinstance(body, dict) or any(name.startswith("body") for name in document):
        return document
    return {**document, **{name: said for name, said in body.items() if name.startswith("body")}}


def _is_item(value: Mapping[str, Any]) -> bool:
    names = {folded_name(name) for name in value}
    if names & {"items", "itemlist"} and not names & {"body", "bodies", "headline", "headlines"}:
        return False
    if {"$schema", "properties"} <= value.keys():
        return False
    open_names = any(name.startswith(("body", "description", "headline")) for name in names)
    return bool(names & _SURE) or open_names + len(names & _LIKELY) > 1


def _stories_along(item: Members) -> Iterator[dict[str, Any]]:
    """Yield the whole stories among what is associated: members of a package, related ones."""
    for each in ninjs_photos.associated(item):
        is_text = _KINDS.get(folded_name(each.text("type"))) == "text"
        if is_text and ninjs_photos.guid_of(each) and ninjs_words.body_of(each).blocks:
            yield {name: value for name, value in each.raw.items() if name not in {"name", "rel"}}


def _item(document: dict[str, Any], incoming: Incoming, origin: str, *, is_whole: bool) -> WireItem:
    item = Members(document)
    raw = None if is_whole else json.dumps(document, ensure_ascii=False).encode()
    sha256 = incoming.sha256 if raw is None else hashlib.sha256(raw).hexdigest()
    body = ninjs_words.body_of(item)
    headline = ninjs_words.headline_of(item) or (body.nitf.headline if body.nitf else "")
    kind = _kind_of(item, has_body=bool(body.blocks))
    blocks = ninjs_words.without_headline(body.blocks, headline)
    lead = ninjs_words.lead_of(item) or (body.nitf.lead if body.nitf else "")
    photos = ninjs_photos.photos_of(item, verbatim=_is_ours(item))
    own = _own_photo(item, kind)
    if own is not None:
        photos = (own, *(photo for photo in photos if photo.guid != own.guid))
    if kind in {"picture", "graphic"}:
        # The words of a picture are its caption, wherever they are said again.
        caption = folded(own.caption) if own else ""
        blocks = tuple(b for b in blocks if folded(ninjs_words.plain(b.html)) != caption)
        lead = ""
    elif not blocks:
        blocks, lead = ninjs_words.blocks_of_lead(item), ""
    if _is_ours(item):
        blocks = tuple(replace(block, html=_as_edited(block.html)) for block in blocks)
    blocks, photos = ninjs_photos.placed(item, blocks, body.photos, photos)
    made = WireItem(
        guid=_bounded(ninjs_photos.guid_of(item)) or f"sha256:{sha256}",
        origin=origin,
        format=FORMAT,
        sha256=sha256,
        headline=headline,
        body=blocks,
        kind=kind,
        lead=lead,
        photos=photos,
        links=ninjs_photos.links_of(item, lists_members=kind == "package"),
        raw=raw,
        **ninjs_facts.facts_of(item, body.nitf),
    )
    return _finished(made, item, (*body.oddities, *item.oddities))


def _own_photo(item: Members, kind: ItemKind) -> WirePhoto | None:
    """Return the picture that the item is, or shows of itself."""
    if kind not in {"picture", "graphic", "video", "audio"}:
        return None
    own = ninjs_photos.photo_of(item, 1)
    if kind in {"video", "audio"}:
        # What the recording is about is its body, not the caption of a picture of it.
        return replace(own, caption="") if own.url else None
    return own if own.url or own.caption else None


def _finished(made: WireItem, item: Members, said: tuple[str, ...]) -> WireItem:
    """Return ``made`` with what follows from all its words together."""
    paragraphs = plain_paragraphs(made)
    text = " ".join([made.headline, made.lead, *paragraphs, *(p.caption for p in made.photos)])
    is_ours = _is_ours(item)
    repeats = (
        bool(made.lead) and not is_ours and _squeezed(made.lead) in _squeezed(" ".join(paragraphs))
    )
    return replace(
        made,
        lead="" if repeats else made.lead,
        language=language_of(text, item.text("language", "lang", "languagecode")),
        old_urls=(made.guid,) if is_ours and _ADDRESS.fullmatch(made.guid) else (),
        hold=made.hold or _hold(made, item),
        oddities=tuple(dict.fromkeys(said)),
    )


def _is_ours(item: Members) -> bool:
    return ninjs_facts.news_id_of(item) is not None


def _bounded(guid: str) -> str:
    if len(guid) <= _LONGEST_GUID:
        return guid
    return f"sha256:{hashlib.sha256(guid.encode()).hexdigest()}"


def _as_edited(html: str) -> str:
    """Return inline HTML with the elements the newsroom's editor writes, as it was exported."""
    for ours, theirs in (("b", "strong"), ("i", "em")):
        html = html.replace(f"<{theirs}>", f"<{ours}>").replace(f"</{theirs}>", f"</{ours}>")
    return html


def _squeezed(text: str) -> str:
    return "".join(char for char in folded(text) if char.isalnum())


def _hold(made: WireItem, item: Members) -> str:
    if folded_name(item.text("type")) == "advisory":
        return "The supplier sends this as an advisory to editors."
    if not made.headline and not made.body and not made.photos and made.kind == "text":
        return "It has neither a headline nor a body."
    return ""


def _kind_of(item: Members, *, has_body: bool) -> ItemKind:
    stated = folded_name(item.text("type"))
    kind = _KINDS.get(stated)
    if kind is None:
        if item.get("eventdetails", "plannedcoverage") is not None:
            return "planning"
        if stated and not has_body:
            kind = next((known for name, known in _KINDS.items() if name in stated), "text")
        elif not has_body and not stated and ninjs_photos.is_picture(item):
            return "picture"
    if kind == "package" and has_body:
        return "text"
    return kind or "text"
