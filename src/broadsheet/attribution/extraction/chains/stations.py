"""The relations of a text while they are linked, one for each station of a chain."""

from __future__ import annotations

from broadsheet.attribution.extraction.chains.words import hop
from broadsheet.attribution.extraction.finding import Finding
from broadsheet.attribution.extraction.tokens import Tokens
from broadsheet.attribution.relation import CueKind, Hop


class Stations:
    """The findings of one text, by their heads."""

    def __init__(self, tokens: Tokens, found: list[Finding]) -> None:
        self.tokens = tokens
        self.found = found
        self.by_head = {one.head: one for one in found}
        self.by_sentence: dict[int, list[Finding]] = {}
        for one in found:
            self.by_sentence.setdefault(tokens.sentence[one.head], []).append(one)

    def drop(self, head: int) -> None:
        """Forget the finding whose head is ``head``, if there is one."""
        one = self.by_head.pop(head, None)
        if one is not None:
            self.found.remove(one)
            self.by_sentence[self.tokens.sentence[head]].remove(one)

    def keep(self, one: Finding) -> Finding:
        """Add a new finding, and return it."""
        self.found.append(one)
        self.by_head[one.head] = one
        self.by_sentence.setdefault(self.tokens.sentence[one.head], []).append(one)
        return one

    def beside(self, at: int, after: int = 0) -> list[Finding]:
        """Return the findings whose heads stand in the sentence of ``at``, or ``after`` it."""
        sentence = self.tokens.sentence[at]
        return [
            one
            for number in range(sentence, sentence + after + 1)
            for one in self.by_sentence.get(number, ())
        ]

    def add(
        self,
        head: int,
        cue: set[int],
        source: set[int],
        base: Finding,
        *,
        rule: str,
        kind: CueKind = CueKind.VERB,
    ) -> Finding:
        """Return a new finding with the content of ``base``, in the place of that at ``head``."""
        self.drop(head)
        made = Finding(
            head=head,
            cue=cue - base.cue,
            content=set(base.content) - cue - source,
            source=source,
            cue_kind=kind,
            rule=rule,
            strength=0.9,
            speaks=True,
        )
        return self.keep(made)

    def chain_of(self, one: Finding) -> tuple[Hop, ...]:
        """Return the chain of ``one``, or its source alone."""
        return one.chain or (hop(self.tokens, one.source),)

    def near(self, at: int, *, after: bool = False) -> Finding | None:
        """Return the saying in the sentence of ``at`` that stands nearest before it."""
        tokens = self.tokens
        best: Finding | None = None
        for one in self.beside(at):
            if one.head == at or tokens.inside[one.head] >= 0:
                continue
            if one.head > at and not after:
                continue
            if one.rule in {"attributive", "adverb"} or not one.content:
                continue
            if one.cue_kind is CueKind.VERB and not one.speaks:
                continue
            if best is None or abs(one.head - at) < abs(best.head - at):
                best = one
        return best
