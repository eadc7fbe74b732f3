"""What a supplier means by sending an item: news, a newer state of it, or a word to the desk.

Pure. What machines were told comes first (the publishing status, links, signals: IPTC
NewsCodes ``pubstatusg2`` and ``signal``), then the words that agencies set before, behind or
above a story. Such a word counts by its place and form alone: "KILL: …" at the head of a
headline takes a story back, "… kill three" in it does not. Where several apply, the gravest is
meant: kill, advisory, correction, update.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from broadsheet.wire import intent_words as words
from broadsheet.wire import needles
from broadsheet.wire.fields import paragraphs_of
from broadsheet.wire.items import WireItem

Intent = Literal["new", "update", "correction", "kill", "advisory"]

_GRAVEST_FIRST: tuple[Intent, ...] = ("kill", "advisory", "correction", "update")
_IN_TEXT: frozenset[Intent] = frozenset({"kill", "correction"})
_FOUND = "intent found"
_LONGEST_LABEL = 400
_LONGEST_NOTE = 4000
# What tells editors of a withdrawal is short; a story that does is no kill.
_LONGEST_KILL = 4000
# Numbers above are times or counters of the supplier's whole output, not states of one story.
_HIGHEST_VERSION = 999
_LINKED: dict[str, Intent] = {"kills": "kill", "corrects": "correction", "replaces": "update"}
_LAST_PART = re.compile(r"[:/#|]")
_SPACES = re.compile(r"[\s_-]+")


def intent_of(item: WireItem) -> Intent:
    """Return what the supplier of ``item`` means by it.

    "kill" takes a story back, "correction" mends an error in one, "update" is a newer state of
    one, "advisory" speaks to editors and must never be published by itself (agendas, daybooks,
    budgets, tests); anything else is "new", a flash and an urgent as well.
    """
    # Many ask, and an item never changes: what is found goes where a cached property would lie,
    # and along into another process.
    known: Intent | None = item.__dict__.get(_FOUND)
    if known is None:
        known = item.__dict__[_FOUND] = _found(item)
    return known


def _found(item: WireItem) -> Intent:
    if item.kept or item.stage:
        # A story of a paper or site, whose desk has decided what it is: none of its words are an
        # agency's to a desk, and a post that is called "Withdrawal" takes nothing back.
        return "new"
    heads = [text[:_LONGEST_NOTE].strip() for text in paragraphs_of(item.body[:3])]
    hay = needles.folded(item.headline, item.slugline, *item.signals, *heads[:1])
    said = hay if needles.holds(hay, _labels()) else None
    found = {
        *_by_status(item),
        *(_LINKED[link.rel] for link in item.links if link.rel in _LINKED),
        *_by_code(item, said),
        *_by_label(item.headline, said),
        *_by_label(item.slugline, said, is_slug=True),
        *_by_note(item, heads, said),
    }
    if item.kind == "planning":
        found.add("advisory")
    if not found and item.version.isdecimal() and 1 < int(item.version[:9]) <= _HIGHEST_VERSION:
        return "update"
    return next((intent for intent in _GRAVEST_FIRST if intent in found), "new")


def kills_guids(item: WireItem) -> tuple[str, ...]:
    """Return the guids of what ``item`` takes back; empty where it takes nothing back.

    A kill that names nothing is of the item under its own guid; one that only says which item
    it corrects or replaces is of that.
    """
    if intent_of(item) != "kill":
        return ()
    named = [link.guid for link in item.links if link.rel == "kills"]
    if not named:
        named = [link.guid for link in item.links if link.rel in _LINKED]
    return tuple(dict.fromkeys((*named, item.guid)))


def _code(text: str) -> str:
    """Return ``http://cv.iptc.org/newscodes/signal/correction`` as ``correction``."""
    last = _LAST_PART.split(text[:_LONGEST_LABEL].strip().rstrip(":/#|"))[-1]
    return _SPACES.sub(" ", last).strip(" .!()[]").casefold()


def _by_status(item: WireItem) -> set[Intent]:
    return {"kill"} if _code(item.pub_status) in words.STATUSES_OF_KILLS else set()


def _by_code(item: WireItem, said: needles.Hay | None) -> set[Intent]:
    found: set[Intent] = set()
    for signal in (*item.signals, item.genre):
        code = _code(signal)
        found.update(intent for intent in _GRAVEST_FIRST if code in words.CODES[intent])
        if signal is not item.genre:
            found |= _by_label(signal, said)
    return found


@cache
def _labels() -> needles.Needles:
    tables = (words.LABELS, words.SLUGS, words.TIGHT)
    return needles.needles_of(
        *(each for table in tables for some in table.values() for each in some)
    )


@cache
def _sought(kind: str) -> dict[Intent, needles.Sought]:
    tables = {"label": words.LABELS, "slug": words.SLUGS, "tight": words.TIGHT}
    return {intent: needles.Sought(tables[kind][intent]) for intent in _GRAVEST_FIRST}


def _by_label(text: str, said: needles.Hay | None, *, is_slug: bool = False) -> set[Intent]:
    """Read what stands before or behind a headline, or in a slug.

    ``said`` is all such text of the item; ``None`` where no label can be in it.
    """
    text = " ".join(text[:_LONGEST_LABEL].split())
    if not text or said is None:
        return set()
    kinds = ["slug" if is_slug else "label"]
    # Capitals mark a word only among words that are not all in capitals.
    if not text.isupper() or " " not in text:
        kinds.append("tight")
    return {
        intent
        for kind in kinds
        for intent, sought in _sought(kind).items()
        if any(pattern.search(text) for pattern in sought.among(said))
    }


def _by_note(item: WireItem, heads: list[str], said: needles.Hay | None) -> set[Intent]:
    """Read what is addressed to editors: the note, and paragraphs at the head that are one."""
    found: set[Intent] = set()
    addressed = [text for text in heads if words.TO_EDITORS.match(text)]
    for note in filter(None, (item.ed_note[:_LONGEST_NOTE], *addressed)):
        found.update(
            intent
            for intent in _GRAVEST_FIRST
            if any(pattern.search(note) for pattern in words.NOTES[intent])
        )
    for text in heads[:1]:
        if item.headline and text == item.headline:
            continue
        found |= _by_label(text, said) & _IN_TEXT
    if heads and words.KILL_SENTENCE.match(heads[0]):
        size = sum(len(block.html) for block in item.body)
        if size <= _LONGEST_KILL:
            found.add("kill")
    return found
