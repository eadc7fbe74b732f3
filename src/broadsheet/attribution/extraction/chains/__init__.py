"""Chains: how a claim came here, from whom it began to the last one that passed it on.

An explicit grammar, origin A first:

========================================  =========================
B, citing (quoting) A, reported X         A → B
B quoted (cited) A as saying X            A → B
A, as cited (quoted by) B, said X         A → B
according to A, quoted by B               A → B
A said in a report carried by B           A → B
A told B, in remarks relayed by C         A → B → C
A told B, which C quoted                  A → B → C
according to A, via B                     A → B
B reported X, citing A …, reported        A → B → [missing]
========================================  =========================

Each station that attributes has a relation of its own with the same content; the one nearest this
paper carries the whole chain.
"""

from __future__ import annotations

from broadsheet.attribution.extraction.chains.citing import Citing
from broadsheet.attribution.extraction.chains.passing_on import PassingOn
from broadsheet.attribution.extraction.chains.words import CITES, PASSES_ON
from broadsheet.attribution.extraction.finding import Finding
from broadsheet.attribution.extraction.reading import dangling
from broadsheet.attribution.extraction.tokens import Tokens
from broadsheet.attribution.relation import CueKind, Hop, SourceKind


def link(tokens: Tokens, found: list[Finding]) -> list[Finding]:
    """Return ``found`` with its chains, and with a relation for each station that has none."""
    return _Chains(tokens, found).linked()


class _Chains(Citing, PassingOn):
    """The chains of one text."""

    def linked(self) -> list[Finding]:
        """Return the findings, those of every form of the grammar linked."""
        tokens = self.tokens
        missing = dangling(tokens.words)
        for at in missing:
            self.drop(at)
        for one in self.found:
            self.told_outlet(one)
        for at in range(len(tokens)):
            lemma = tokens.lemma[at]
            if lemma in CITES and tokens.tag[at] in {"VBG", "VBD", "VBZ", "VBP"}:
                self.cites(at)
        for at in range(len(tokens)):
            if tokens.lemma[at] in PASSES_ON and tokens.is_verb(at):
                self.passes_on(at)
            elif tokens.lower[at] == "via":
                self.via(at)
        for at in missing:
            self._missing(at)
        self._shared()
        return self.found

    def _missing(self, at: int) -> None:
        """Make the relation of a verb of saying whose subject was lost: ", reported"."""
        tokens = self.tokens
        low, _ = tokens.bounds[tokens.sentence[at]]
        base = self.near(at)
        content = {t for t in range(low, at - 1) if not tokens.space[t]}
        empty = Hop("", SourceKind.MISSING)
        one = Finding(
            head=at,
            cue={at},
            content=content,
            source=set(),
            cue_kind=CueKind.VERB,
            rule="dangling",
            strength=0.9,
            source_kind=SourceKind.MISSING,
            speaks=True,
        )
        if base is not None:
            main = self._main(low, at) or base
            one.chain = (*self.chain_of(main), empty)
        else:
            one.chain = (empty,)
        self.keep(one)

    def _main(self, low: int, high: int) -> Finding | None:
        """Return the saying between two tokens that has the longest chain, the first of these."""
        here = [
            one
            for one in self.beside(low)
            if low <= one.head < high and one.speaks and one.source and one.rule != "citing"
        ]
        return max(here, key=lambda one: (len(one.chain), -one.head), default=None)

    def _shared(self) -> None:
        """Carry a chain on to "adding that" in the same sentence."""
        tokens = self.tokens
        for one in self.found:
            if (
                one.chain
                or tokens.tag[one.head] != "VBG"
                or tokens.dep[one.head] not in {"advcl", "conj"}
            ):
                continue
            above = self.by_head.get(tokens.head[one.head])
            if above is not None and above.chain and above.source == one.source:
                one.chain = above.chain
