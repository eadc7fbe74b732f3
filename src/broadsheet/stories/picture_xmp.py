"""XMP, the words of a picture as RDF (ISO 16684-1), read with entities and network off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from lxml.etree import _Element

# More is no packet of words: thumbnails and edit histories are.
_LARGEST = 8 * 1024 * 1024
_TIFF_XMP = 700
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DEEPEST = 8
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://ns.useplus.org/ldf/xmp/1.0/": "plus",
    "http://ns.adobe.com/exif/1.0/": "exif",
}

Properties = Mapping[str, list[str]]


def read(image: Image.Image) -> Properties:
    """Return the texts of ``image`` by property, such as ``dc:description``.

    Of the languages of a text, the default comes first. Empty where the picture has no XMP, or
    none that can be read.
    """
    packet = _packet_of(image)
    if not packet or len(packet) > _LARGEST or _DOCTYPE.search(packet):
        return {}
    # Late: processes that serve readers import this module and read no pictures.
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_pis=True,
        remove_comments=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(packet, parser)
    except (etree.XMLSyntaxError, ValueError):
        return {}
    if root is None:
        return {}
    found: dict[str, list[str]] = {}
    for described in filter(_is_described, root.iter()):
        for name, value in described.attrib.items():
            if not str(name).startswith(f"{{{_RDF}}}") and (text := _clean(str(value))):
                found.setdefault(_name(str(name)), []).append(text)
        for child in described:
            if isinstance(child.tag, str):
                texts = list(_texts(child, 0))
                found.setdefault(_name(child.tag), []).extend(texts)
    return found


def _is_described(element: _Element) -> bool:
    """Tell whether ``element`` has properties: RDF writes it in two ways."""
    is_resource = element.get(f"{{{_RDF}}}parseType") == "Resource"
    return element.tag == f"{{{_RDF}}}Description" or is_resource


def _packet_of(image: Image.Image) -> bytes:
    for name in ("xmp", "XML:com.adobe.xmp"):
        value = image.info.get(name)
        if isinstance(value, str):
            return value.encode("utf-8", "replace")
        if isinstance(value, bytes):
            return value.strip(b"\x00 \r\n\t")
    tags = getattr(image, "tag_v2", None)
    value = tags.get(_TIFF_XMP) if tags is not None else None
    return value.strip(b"\x00 \r\n\t") if isinstance(value, bytes) else b""


def _texts(element: _Element, depth: int) -> Iterator[str]:
    """Yield the texts in a property: its own, or those in its list, the default language first."""
    if depth > _DEEPEST:
        return
    children = [child for child in element if isinstance(child.tag, str)]
    if not children:
        text = _clean(element.text or "") or _clean(element.get(f"{{{_RDF}}}resource") or "")
        if text:
            yield text
        return
    children.sort(key=lambda child: child.get(_LANG) not in {None, "x-default"})
    for child in children:
        if _is_described(child):
            # A structure: its members are found by themselves.
            continue
        yield from _texts(child, depth + 1)


def _clean(text: str) -> str:
    return text.replace("\x00", " ").strip()


def _name(tag: str) -> str:
    namespace, _, local = tag.rpartition("}")
    return f"{_PREFIXES.get(namespace[1:], '')}:{local}"
