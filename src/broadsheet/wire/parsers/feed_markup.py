"""A feed's document: its head, and its entries one by one.

Reading entries apart from each other keeps a bad one from taking the others along, and keeps
memory from growing with their number.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from html import escape

from lxml import etree
from lxml.etree import _Element

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.parsers.xml_input import local, read_text

# Feeds list ten to a few hundred entries; archives in one feed, some thousands.
MOST_ENTRIES = 5000
# In bytes; the longest stories have a tenth of it.
LARGEST_ENTRY = 1024 * 1024
# Of the same name within one entry. feedparser compares each topic with all others.
_MOST_ALIKE = 200
_MOST_ELEMENTS = 1_500_000
_PERSONS = {
    "author", "contributor", "creator", "editor", "managingeditor", "owner", "publisher",
    "webmaster",
}  # fmt: skip
_LONGEST_NAME = 1000
_START = re.compile(
    r"<(?:[A-Za-z_][\w.-]{0,60}:)?(?:rss|feed|RDF|entry|channel)(?=[\s>])[^<>]{0,20000}>",
    re.IGNORECASE,
)
_ENTRY = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|(?P<entry><(?:[A-Za-z_][\w.-]{0,60}:)?(?:item|entry)(?=[\s>/]))",
    re.DOTALL | re.IGNORECASE,
)
# A file of JSON, whose texts may speak of a feed's elements.
_JSON = re.compile(r'[\s\ufeff]*[{\[][\s{\[]{0,1000}"')
# Pictures written into the text: they would be most of it.
_DATA_ADDRESS = re.compile(r"data:[\w/+.-]{0,60};base64,[A-Za-z0-9+/=\s]{200,}")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]{0,40}):[A-Za-z_]")
_ATTRIBUTE_PREFIX = re.compile(r"""\s([A-Za-z_][\w.-]{0,40}):[\w.-]{1,60}\s?=\s?["']""")
_DECLARED = re.compile(r"xmlns:([A-Za-z_][\w.-]{0,40})\s?=")
_DECLARATION = re.compile(r"""xmlns:([A-Za-z_][\w.-]{0,40})\s?=\s?["']([^"'<>\s&]{1,300})["']""")
_MOST_PREFIXES = 50

# WordPress writes its exports as RSS, with all that a feed never carries.
_EXPORT = "wordpress.org/export/"

ATOM = "http://www.w3.org/2005/Atom"
MEDIA = "http://search.yahoo.com/mrss"
# What feeds use without saying so.
_NAMESPACES = {
    "atom": ATOM,
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": f"{MEDIA}/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}


@dataclass(frozen=True)
class FeedMarkup:
    """``shell`` is the root without its entries; ``channel`` holds what is said of the feed."""

    shell: _Element
    channel: _Element
    entries: tuple[_Element, ...]
    left_out: int
    oddities: tuple[str, ...]


def looks_like_feed(text: str) -> bool:
    """Tell whether ``text`` has the root element of a feed, whatever stands before it."""
    match = _START.search(text[:20_000])
    if not match or _JSON.match(text):
        return False
    before = _COMMENT.sub("", text[: match.start()])
    if re.search(r"<(?:html|body)\b", before, re.IGNORECASE):
        return False
    if _EXPORT in match[0]:
        return False
    tag, name = match[0].lower(), match[0].lower()[1:].split()[0].rstrip(">").rpartition(":")[2]
    if name == "rdf":
        known = ("purl.org/rss/", "netscape.com/rdf/simple", "purl.org/net/rss1.1")
        return any(each in tag for each in known)
    if name == "entry":
        return ATOM.lower() in tag
    # NewsML and others have an element of that name somewhere within.
    return not re.search(r"<[A-Za-z]", before) or name == "rss"


def load(incoming: Incoming) -> FeedMarkup:
    """Return the feed in ``incoming``. Raises :class:`WireError` where it cannot be read."""
    text = incoming.decoded.text
    oddities = list(incoming.decoded.oddities)
    start = _START.search(text[:20_000])
    if start is None:
        raise WireError("The feed has no root element. Have the supplier send it again.")
    before = text[: start.start()]
    # Declarations and comments may stand before it, and nothing else.
    stray = re.sub(r"<[?!][^<>]{0,5000}>|\]>", "", _COMMENT.sub("", before)).strip(
        " \t\r\n\ufeff\x00"
    )
    if stray and "<!DOCTYPE" not in before.upper():
        oddities.append("Something stood before the feed; it was left out.")
    text, left_out = _bounded(_DATA_ADDRESS.sub("data:,", text[start.start() :]))
    if text.count("<") > 2 * _MOST_ELEMENTS:
        raise WireError("The feed has more elements than any feed of news. Fetch a shorter one.")
    text, undeclared = _with_namespaces(text)
    if undeclared:
        names = ", ".join(f"“{name}”" for name in undeclared)
        oddities.append(f"The feed uses prefixes it does not declare: {names}.")
    try:
        markup = read_text(text)
    except WireError:
        # Mostly a root element that is damaged, with which the parser gives all else up.
        markup = read_text(_with_sound_root(text))
        oddities.append("The feed’s first element is damaged; it was read as a plain one.")
    oddities.extend(markup.oddities)
    root = markup.root
    entries = tuple(each for each in root.iter() if _is_entry(each))
    if local(root).lower() == "entry":
        shell = etree.Element(f"{{{ATOM}}}feed")
        return FeedMarkup(shell, shell, (root,), left_out, tuple(oddities))
    for entry in entries:
        parent = entry.getparent()
        if parent is not None:
            entry.tail = None
            parent.remove(entry)
    channel = next((each for each in root if local(each).lower() == "channel"), root)
    for element in (root, channel):
        prune(element)
    return FeedMarkup(root, channel, entries, left_out, tuple(oddities))


def prune(element: _Element) -> bool:
    """Take out what stands in ``element`` more often than anything can; tell whether any did.

    Names that are longer than any are cut: feedparser looks for an address in them with a
    pattern that takes the square of their length.
    """
    seen: dict[str, int] = {}
    surplus = []
    for child in element:
        name = local(child)
        if name.lower() in _PERSONS:
            for each in child.iter("*"):
                each.text = (each.text or "")[:_LONGEST_NAME]
                each.tail = (each.tail or "")[:_LONGEST_NAME]
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > _MOST_ALIKE:
            surplus.append(child)
    for child in surplus:
        element.remove(child)
    return bool(surplus)


def alone(feed: FeedMarkup, entry: _Element) -> bytes:
    """Return a feed that has ``entry`` only, and says of itself what entries inherit."""
    shell = _bare(feed.shell)
    place = shell
    if feed.channel is not feed.shell:
        channel = _bare(feed.channel)
        shell.append(channel)
        # In RSS 0.9x and 2.0 items stand within the channel, in RSS 1.0 beside it.
        place = shell if local(shell).lower() == "rdf" else channel
    place.append(entry)
    return etree.tostring(shell, encoding="utf-8", xml_declaration=True)


def head(feed: FeedMarkup) -> bytes:
    """Return the feed without its entries."""
    return etree.tostring(feed.shell, encoding="utf-8", xml_declaration=True)


def _bare(element: _Element) -> _Element:
    bare = etree.Element(element.tag, element.attrib, element.nsmap)
    for child in element:
        if local(child) == "language":
            bare.append(deepcopy(child))
    return bare


def _is_entry(element: _Element) -> bool:
    if local(element).lower() not in {"item", "entry"}:
        return False
    parent = element.getparent()
    within = local(parent).lower() if parent is not None else ""
    # Elements of that name occur in content, too. One within another is one that was not closed.
    return within in {"", "rss", "channel", "feed", "rdf", "items", "item", "entry"}


def _bounded(text: str) -> tuple[str, int]:
    """Return ``text`` with as many entries as are read, and how many were left out."""
    seen, cut = 0, 0
    for match in _ENTRY.finditer(text):
        if match["entry"]:
            seen += 1
            if seen == MOST_ENTRIES + 1:
                cut = match.start()
    if not cut:
        return text, 0
    end = text.rfind("</")
    after = max(text.rfind(f"</{name}>") for name in ("item", "entry"))
    tail = text[text.find(">", after) + 1 :] if 0 < after < end else ""
    return text[:cut] + tail, seen - MOST_ENTRIES


def _with_sound_root(text: str) -> str:
    start = _START.match(text)
    if start is None:
        return text
    name = start[0][1:].split()[0].rstrip("/>").rpartition(":")[2]
    declared = {prefix: uri for prefix, uri in _DECLARATION.findall(start[0]) if ":" not in prefix}
    known = {prefix: _NAMESPACES.get(prefix, uri) for prefix, uri in declared.items()}
    attributes = "".join(
        f' xmlns:{prefix}="{escape(uri)}"' for prefix, uri in (_NAMESPACES | known).items()
    )
    if name.lower() in {"feed", "entry"}:
        attributes += f' xmlns="{ATOM}"'
    elif name.lower() == "rdf":
        name, attributes = "rdf:RDF", f'{attributes} xmlns="http://purl.org/rss/1.0/"'
    text = text[start.end() :]
    closing = text.rfind("</")
    return f"<{name}{attributes}>{text[:closing] if closing > 0 else text}</{name}>"


def _with_namespaces(text: str) -> tuple[str, list[str]]:
    """Declare the prefixes that ``text`` uses without declaring them."""
    start = _START.match(text)
    if start is None:
        return text, []
    plain = _CDATA.sub("", text)
    declared = set(_DECLARED.findall(plain)) | {"xml", "xmlns"}
    used = dict.fromkeys((*_PREFIX.findall(plain), *_ATTRIBUTE_PREFIX.findall(start[0])))
    missing = [name for name in used if name not in declared][:_MOST_PREFIXES]
    if not missing:
        return text, []
    added = "".join(
        f' xmlns:{name}="{_NAMESPACES.get(name.lower(), f"urn:undeclared:{name}")}"'
        for name in missing
    )
    end = start.end() - (2 if start[0].endswith("/>") else 1)
    return text[:end] + added + text[end:], missing
