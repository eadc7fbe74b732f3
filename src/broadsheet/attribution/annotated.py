"""Annotated stories: plain files in which people marked sources, cues and contents.

The format and the rules of marking are in ``tests/data/attribution/GUIDE.md``. A file is a head
of ``name: value`` lines, a line ``---``, and the text with tags ``<s1>``, ``<c1>`` and ``<t1>``
around the words of relation 1's source, cue and content (*t*ext). A second ``---`` may follow,
with lines ``1 chain="local residents > SANA" said=2017-12-29`` on single relations.
"""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from broadsheet.attribution.relation import Span, Spans

_TAG = re.compile(r"<(/?)([sct])(\d+)>")
_RULE = re.compile(r"^---$", re.MULTILINE)
_PARTS_AT_LEAST, _PARTS_AT_MOST = 2, 3


class AnnotationError(ValueError):
    """An annotated file cannot be read; the message names the line and what to do."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A relation as somebody marked it; ``notes`` are the values given after the text."""

    number: int
    source: Spans
    cue: Spans
    content: Spans
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnnotatedStory:
    """A text with what was marked in it; ``head`` are the ``name: value`` lines."""

    name: str
    head: dict[str, str]
    text: str
    relations: tuple[Marked, ...]


def _line_of(raw: str, at: int) -> int:
    return raw.count("\n", 0, at) + 1


def _trimmed(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _joined(text: str, spans: list[Span]) -> Spans:
    # Two spans with nothing but white space between them are one.
    out: list[Span] = []
    for span in sorted(_trimmed(text, span) for span in spans):
        if out and not text[out[-1][1] : span[0]].strip():
            out[-1] = (out[-1][0], max(out[-1][1], span[1]))
        else:
            out.append(span)
    return tuple(span for span in out if span[0] < span[1])


def _unmarked(marked: str, where: str, line: int) -> tuple[str, dict[tuple[str, int], list[Span]]]:
    plain: list[str] = []
    length = at = 0
    opened: list[tuple[str, int, int]] = []
    found: dict[tuple[str, int], list[Span]] = defaultdict(list)
    for tag in _TAG.finditer(marked):
        plain.append(marked[at : tag.start()])
        length += tag.start() - at
        at = tag.end()
        role, number = tag[2], int(tag[3])
        if not tag[1]:
            opened.append((role, number, length))
            continue
        if not opened or opened[-1][:2] != (role, number):
            expected = f"</{opened[-1][0]}{opened[-1][1]}>" if opened else "no closing tag"
            raise AnnotationError(
                f"{where}, line {line + _line_of(marked, tag.start()) - 1}: found {tag[0]}, "
                f"expected {expected}"
            )
        _, _, start = opened.pop()
        found[role, number].append((start, length))
    if opened:
        raise AnnotationError(f"{where}: <{opened[-1][0]}{opened[-1][1]}> is never closed")
    plain.append(marked[at:])
    return "".join(plain), found


def parse(raw: str, name: str) -> AnnotatedStory:
    """Return the story in ``raw``, the content of the file ``name``.

    Raises :class:`AnnotationError` where tags do not match or a relation lacks a cue or a content.
    """
    parts = _RULE.split(raw)
    if not _PARTS_AT_LEAST <= len(parts) <= _PARTS_AT_MOST:
        raise AnnotationError(f"{name}: expected one or two lines '---', found {len(parts) - 1}")
    head: dict[str, str] = {}
    for row in parts[0].strip().splitlines():
        key, colon, value = row.partition(":")
        if not colon:
            raise AnnotationError(f"{name}: '{row}' in the head is not 'name: value'")
        head[key.strip()] = value.strip()
    marked = parts[1].strip("\n")
    first = _line_of(raw, raw.index(marked)) if marked else 1
    text, found = _unmarked(marked, name, first)
    notes: dict[int, dict[str, str]] = {}
    for row in parts[2].strip().splitlines() if len(parts) == _PARTS_AT_MOST else ():
        number, *values = shlex.split(row)
        pairs = (value.partition("=") for value in values)
        notes[int(number)] = {key: value for key, _, value in pairs}
    relations = []
    for identity in sorted({number for _, number in found}):
        source, cue, content = (_joined(text, found.get((role, identity), [])) for role in "sct")
        if not cue or not content:
            lacking = f"cue <c{identity}>" if not cue else f"content <t{identity}>"
            raise AnnotationError(f"{name}: relation {identity} has no {lacking}")
        relations.append(Marked(identity, source, cue, content, notes.pop(identity, {})))
    if notes:
        raise AnnotationError(f"{name}: notes on {sorted(notes)}, which mark nothing in the text")
    return AnnotatedStory(name, head, text, tuple(relations))


def read(path: Path) -> AnnotatedStory:
    """Return the annotated story in the file ``path``; raises as :func:`parse` does."""
    return parse(path.read_text(encoding="utf-8"), path.name)


def read_all(folder: Path) -> Iterator[AnnotatedStory]:
    """Yield the annotated stories of ``folder``, in the order of their names."""
    for path in sorted(folder.glob("*.txt")):
        yield read(path)
