"""Nouns that attribute: "X's claim that", "fears among voters", "made a promise to".

The content is what the noun takes ("that", "to", "of"), the source its possessor, an agent after
"by", "from" or "among", or the subject of the support verb that holds it up.
"""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.attribution.extraction import phrases
from broadsheet.attribution.extraction.finding import Finding
from broadsheet.attribution.extraction.lexicon import Lexicon, Noun
from broadsheet.attribution.extraction.tokens import Tokens
from broadsheet.attribution.relation import CueKind

_AGENTS = frozenset({"by", "from", "among", "amongst"})
_COPULA = frozenset({"be", "remain", "become"})
_TO_NOUN = 6
"""Words at most from a support verb to its noun for the cue to be all of them."""


def find(tokens: Tokens, lexicon: Lexicon) -> Iterator[Finding]:
    """Yield what the nouns of the text attribute."""
    for at in range(len(tokens)):
        if tokens.tag[at] not in {"NN", "NNS"} or tokens.dep[at] == "compound":
            continue
        entry = lexicon.nouns.get(tokens.lemma[at])
        if entry is None:
            continue
        found = _NounCue(tokens, lexicon, entry, at).finding()
        if found is not None:
            yield found


class _NounCue:
    """One noun and what its sentence offers it."""

    def __init__(self, tokens: Tokens, lexicon: Lexicon, entry: Noun, at: int) -> None:
        self.tokens = tokens
        self.lexicon = lexicon
        self.entry = entry
        self.at = at
        self.cue = {at}
        self.source: set[int] = set()
        self.content: set[int] = set()
        self.weight = 1.0

    def finding(self) -> Finding | None:
        """Return what this noun attributes, or ``None``."""
        tokens = self.tokens
        self._agents()
        self._content()
        if not self.content:
            return None
        self._support()
        self.content -= self.cue | self.source
        self.content = phrases.trim(tokens, self.content)
        if not self.content:
            return None
        strength = self.entry.prior * self.weight
        return Finding(
            head=self.at,
            cue=self.cue,
            content=self.content,
            source=self.source,
            cue_kind=CueKind.NOUN,
            rule="noun",
            strength=strength if self.source else strength * 0.75,
        )

    def _range(self, at: int) -> set[int]:
        return set(range(self.tokens.left[at], self.tokens.right[at] + 1))

    def _agents(self) -> None:
        tokens = self.tokens
        self.source = phrases.possessor(tokens, self.at)
        for prep in tokens.kids(self.at, "prep", "agent"):
            is_agent = tokens.lower[prep] in _AGENTS or (
                tokens.lower[prep] == "of" and self.entry.of == "source"
            )
            noun = tokens.child(prep, "pobj")
            if is_agent and noun is not None and not self.source:
                self.source = phrases.noun_phrase(tokens, noun, before=None)
                clause = next((c for c in tokens.children[noun] if self._is_that(c)), None)
                if clause is not None:
                    self.source -= self._range(clause)
                    self.content |= self._range(clause)

    def _is_that(self, at: int) -> bool:
        tokens = self.tokens
        if tokens.dep[at] not in {"acl", "ccomp", "relcl"}:
            return False
        mark = tokens.child(at, "mark")
        subjects = tokens.kids(at, "nsubj")
        if mark is None and len(subjects) > 1:
            mark = subjects[0]  # "that" as the parser sees it before another noun
        return mark is not None and tokens.lower[mark] in {"that", "whether", "if"}

    def _content(self) -> None:
        tokens, entry = self.tokens, self.entry
        lent = self._lent()
        for child in tokens.kids(self.at, "acl", "ccomp", "xcomp", "relcl", "advcl"):
            if child < self.at or child == lent:
                continue
            if self._is_that(child) or (
                tokens.is_verb(child)
                and tokens.is_infinitive(child)
                and tokens.dep[child] != "relcl"
                and bool(entry.classes & {"commissive", "directive", "belief", "judging"})
            ):
                self.content |= self._range(child)
                return
        if self.content:
            return
        for prep in tokens.kids(self.at, "prep"):
            word = tokens.lower[prep]
            if word in _AGENTS or not self._range(prep) - {prep}:
                continue
            if (word == "of" and entry.of == "content") or (word in entry.about and word != "of"):
                self.content |= self._range(prep)
                self.weight = 0.85
                return
        self._predicate()

    def _lent(self) -> int | None:
        """Return the clause that is not the noun's own but the verb's: "said in a report that"."""
        tokens = self.tokens
        verb = tokens.head[tokens.head[self.at]]
        if tokens.dep[self.at] != "pobj" or tokens.child(verb, "ccomp") is not None:
            return None
        known = self.lexicon.verb(tokens.lower[verb], tokens.lemma[verb])
        if known is None or "clause" not in known.frames:
            return None
        return phrases.lent_clause(tokens, verb)

    def _predicate(self) -> None:
        """Take "Her hope is that X", "the plan is to Y"."""
        tokens = self.tokens
        copula = tokens.head[self.at]
        if tokens.dep[self.at] != "nsubj" or tokens.lemma[copula] not in _COPULA:
            return
        for child in tokens.kids(copula, "ccomp", "xcomp"):
            if child > copula and (
                tokens.child(child, "mark") is not None or tokens.is_infinitive(child)
            ):
                self.content |= self._range(child)
                return

    def _support(self) -> None:
        """Take the subject of "made the claim", "expressed concern", "has plans"."""
        tokens = self.tokens
        verb = tokens.head[self.at]
        if tokens.dep[self.at] not in {"dobj", "attr"} or not tokens.is_verb(verb):
            return
        lemma = tokens.lemma[verb]
        if lemma not in self.lexicon.support or tokens.is_passive(verb):
            return
        if lemma in self.lexicon.passive_support and self.source:
            return
        subject = phrases.subject(tokens, verb)
        if (
            subject is None
            or self.source
            or lemma in {"reject", "dismiss", "deny", "spark", "prompt"}
        ):
            return
        self.source = phrases.source_of(tokens, subject, self.at)
        group = phrases.verb_group(tokens, verb)
        if verb < self.at and self.at - verb <= _TO_NOUN:
            self.cue |= group | set(range(verb, self.at + 1))
