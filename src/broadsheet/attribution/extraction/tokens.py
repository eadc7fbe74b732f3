"""The parsed text as plain lists: what every rule asks of a token, looked up once.

spaCy makes an object for each question about a token; the rules ask some hundred questions of
each, so the answers are laid out as lists first. Token positions are those of the document.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from broadsheet.attribution.extraction.quotations import Quotation
from broadsheet.attribution.relation import Spans

if TYPE_CHECKING:
    from spacy.tokens import Doc

QUOTES = frozenset("\"“”„‟«»‹›‘’‚'`") | {"``", "''"}
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass"})
RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
FINITE = frozenset({"VBD", "VBP", "VBZ", "MD"})
VERBAL = frozenset({"VB", "VBD", "VBG", "VBN", "VBP", "VBZ"})


class Tokens:
    """The tokens of a text with their grammar and their quotations.

    ``inside[i]`` is the position of the outermost quotation that holds token ``i``, or -1; a
    quotation's marks are part of it. ``sentence[i]`` is the position of the token's sentence and
    ``bounds[s]`` its half-open range; ``line[i]`` counts the lines of the text.
    """

    def __init__(self, doc: Doc, quotations: tuple[Quotation, ...]) -> None:
        self.text = doc.text
        self.quotations = quotations
        self.words = [token.text for token in doc]
        self.lower = [word.lower() for word in self.words]
        self.lemma = [token.lemma_.lower() for token in doc]
        self.tag = [token.tag_ for token in doc]
        self.dep = [token.dep_ for token in doc]
        self.head = [token.head.i for token in doc]
        self.start = [token.idx for token in doc]
        self.end = [at + len(word) for at, word in zip(self.start, self.words, strict=True)]
        self.space = [word.isspace() for word in self.words]
        count = len(self.words)
        self.children: list[list[int]] = [[] for _ in range(count)]
        for child, head in enumerate(self.head):
            if child != head:
                self.children[head].append(child)
        self.bounds: list[tuple[int, int]] = []
        self.sentence = [0] * count
        for number, sentence in enumerate(doc.sents):
            self.bounds.append((sentence.start, sentence.end))
            self.sentence[sentence.start : sentence.end] = [number] * len(sentence)
        self.left = [token.left_edge.i for token in doc]
        self.right = [token.right_edge.i for token in doc]
        self.line = self._lines()
        self.inside, self.extent = self._quoted()

    def __len__(self) -> int:
        return len(self.words)

    def _lines(self) -> list[int]:
        found, line = [], 0
        for word, space in zip(self.words, self.space, strict=True):
            found.append(line)
            if space and any(mark in word for mark in "\n\r\u2028\u2029"):
                line += 1
        return found

    def _quoted(self) -> tuple[list[int], list[tuple[int, int]]]:
        inside = [-1] * len(self.words)
        extent: list[tuple[int, int]] = []
        at = 0
        for number, one in enumerate(self.quotations):
            if one.level:
                extent.append((0, 0))
                continue
            while at < len(self.words) and self.end[at] <= one.start:
                at += 1
            begin = at
            while at < len(self.words) and self.start[at] < one.end:
                inside[at] = number
                at += 1
            extent.append((begin, at))
        return inside, extent

    def child(self, at: int, *deps: str) -> int | None:
        """Return the first child of ``at`` with one of ``deps``, or ``None``."""
        for child in self.children[at]:
            if self.dep[child] in deps:
                return child
        return None

    def kids(self, at: int, *deps: str) -> list[int]:
        """Return the children of ``at`` with one of ``deps``."""
        return [child for child in self.children[at] if self.dep[child] in deps]

    def subtree(self, at: int, without: Iterable[int] = ()) -> list[int]:
        """Return ``at`` and all below it, in order, leaving out the branches at ``without``."""
        cut = set(without)
        found, open_ = [], [at]
        while open_:
            here = open_.pop()
            if here in cut:
                continue
            found.append(here)
            open_.extend(self.children[here])
        return sorted(found)

    def is_below(self, at: int, above: int) -> bool:
        """Whether ``at`` stands under ``above`` in the tree, or is it."""
        while at != above:
            if self.head[at] == at:
                return False
            at = self.head[at]
        return True

    def is_verb(self, at: int) -> bool:
        """Whether the token is a verb form."""
        return self.tag[at] in VERBAL

    def is_finite(self, at: int) -> bool:
        """Whether the verb at ``at`` is finite, by itself or by an auxiliary."""
        if self.tag[at] in FINITE:
            return True
        return any(
            self.dep[child] in {"aux", "auxpass"} and self.tag[child] in FINITE
            for child in self.children[at]
        )

    def is_infinitive(self, at: int) -> bool:
        """Whether the verb at ``at`` has "to" before it."""
        return any(
            self.dep[child] == "aux" and self.tag[child] == "TO" for child in self.children[at]
        )

    def is_passive(self, at: int) -> bool:
        """Whether the verb at ``at`` is passive."""
        return self.child(at, "auxpass", "nsubjpass") is not None

    def spans(self, tokens: Iterable[int]) -> Spans:
        """Return the character spans of ``tokens``: neighbours joined over white space."""
        found: list[tuple[int, int]] = []
        last = -2
        for at in sorted(set(tokens)):
            if self.space[at]:
                if last == at - 1:
                    last = at
                continue
            if found and last == at - 1:
                found[-1] = (found[-1][0], self.end[at])
            else:
                found.append((self.start[at], self.end[at]))
            last = at
        return tuple(found)

    def say(self, tokens: Iterable[int]) -> str:
        """Return the words of ``tokens`` as the text has them, white space made single."""
        return " ".join(" ".join(self.text[start:end].split()) for start, end in self.spans(tokens))
