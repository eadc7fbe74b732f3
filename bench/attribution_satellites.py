"""Attribution satellites of GUM's news documents; no measurement by itself.

In the rhetorical trees (``rst/*.rs4``) a unit in an ``attribution-*`` relation names who said, or
thought, what its nucleus says. Such a unit is found if a source or a cue of ours stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from lxml import etree

HELD_OUT = (
    "nasa", "sensitive", "homeopathic", "iodine", "election", "korea", "hackers", "worship",
)  # fmt: skip
_CLOSING = set(".,;:!?)]}%’”'") | {"'s", "n't", "'re", "'ve", "'ll", "'m", "'d", "’s"}


def _units(path: Path) -> tuple[list[tuple[str, str]], set[str]]:
    # resolve_entities off: the files are another's.
    tree = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True))
    relations: dict[str, tuple[str, str]] = {}
    units = []
    for node in tree.iter("segment", "group"):
        relations[node.get("id")] = (node.get("parent") or "", node.get("relname") or "")
        if node.tag == "segment":
            units.append((node.get("id"), (node.text or "").strip()))

    def attributes(unit: str) -> bool:
        # A satellite can be a group: of one nucleus, or of the two halves of an interrupted unit.
        parent, name = relations.get(unit, ("", ""))
        if name in ("span", "same-unit"):
            return attributes(parent)
        return name.startswith("attribution")

    return units, {unit for unit, _ in units if attributes(unit)}


def _text(xml: Path) -> tuple[str, list[tuple[int, int]]]:
    """The document's text, in paragraphs, and the span of each token."""
    tree = etree.parse(str(xml), etree.XMLParser(resolve_entities=False, no_network=True))
    text, spans = "", []
    fresh = True
    opened = False

    def walk(node: etree._Element) -> None:
        nonlocal text, fresh, opened
        if node.tag in ("p", "head", "item", "caption", "list"):
            text = text.rstrip() + ("\n\n" if text.strip() else "")
            fresh = True
        add(node.text)
        for child in node:
            walk(child)
            add(child.tail)
        if node.tag in ("p", "head", "item", "caption", "list"):
            fresh = True

    def add(block: str | None) -> None:
        nonlocal text, fresh, opened
        for line in (block or "").splitlines():
            word = line.split("\t")[0].strip()
            if not word:
                continue
            closes = word in _CLOSING or (word == '"' and opened)
            if not fresh and not closes:
                text += " "
            spans.append((len(text), len(text) + len(word)))
            text += word
            # A sign that opens takes the next word without a space.
            fresh = word in ("(", "[", "“", "‘", "$", "£", "€") or (word == '"' and not opened)
            if word == '"':
                opened = not opened

    walk(tree.getroot())
    return text, spans


def recall(
    folder: Path, names: Iterable[str], find: Callable[[str], Iterable[object]]
) -> tuple[int, int]:
    """Return how many satellites of the documents ``names`` are found, and how many there are."""
    right = there = 0
    for name in names:
        text, spans = _text(folder / "xml" / f"GUM_news_{name}.xml")
        units, satellites = _units(folder / "rst" / f"GUM_news_{name}.rs4")
        places = [
            place
            for relation in find(text)
            for part in ("source", "cue")
            for place in getattr(relation, part)
        ]
        at = 0
        for unit, words in units:
            count = len(words.split())
            if count == 0:
                continue
            start, end = spans[at][0], spans[min(at + count, len(spans)) - 1][1]
            at += count
            if unit in satellites:
                there += 1
                right += any(a < end and start < b for a, b in places)
        if at != len(spans):
            raise ValueError(f"{name}: {at} words in the units, {len(spans)} in the text")
    return right, there
