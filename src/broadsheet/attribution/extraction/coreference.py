"""Who "it", "she", "the agency" and "Keller" are: sources resolved to what the text calls them.

::

    for each finding, in reading order:
        "who said"            → the noun its clause belongs to
        "I", "we" in a quote  → whoever is quoted there
        "she", "it", "they"   → the mention before that suits and stands out most
        "the agency"          → the last that is one, with its name
        "Keller"              → Anna Keller, where the text named her whole
    and what it was passed on by goes with it: "It said" after "state television, as cited by AFP"

What stands out is a subject, a source, and what is near (Lappin and Leass 1994, much reduced).
Where nothing suits, the source keeps its own words and its kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from broadsheet.attribution.extraction import mentions, phrases
from broadsheet.attribution.extraction.antecedents import (
    REACH,
    Antecedents,
    Candidate,
    Suited,
)
from broadsheet.attribution.extraction.finding import Finding, kind_of
from broadsheet.attribution.extraction.mentions import Mention, Sort
from broadsheet.attribution.extraction.tokens import Tokens
from broadsheet.attribution.relation import Hop, SourceKind

_FIRST = frozenset(["i", "we", "me", "us", "my", "our", "mine", "ours", "myself", "ourselves"])
_HE = frozenset(["he", "him", "his", "himself"])
_SHE = frozenset(["she", "her", "hers", "herself"])
_IT = frozenset(["it", "its", "itself"])
_THEY = frozenset(["they", "them", "their", "theirs", "themselves", "both"])
_RELATIVE = frozenset(["who", "whom", "whose", "which", "that"])
_PRONOUNS = _FIRST | _HE | _SHE | _IT | _THEY | _RELATIVE
_POINTS_BACK = frozenset(["the", "this", "that", "these", "those"])
_REPORT_REACH = 4
"""Sentences over which "the report" still means the last one told of."""
_PASSED_ON_REACH = 3
"""Sentences over which a source goes on to be heard through the same outlets."""
_MOSTLY = 0.8
_SHORT = 3
_STEPS = 8


def resolve(tokens: Tokens, findings: Sequence[Finding]) -> list[Finding]:
    """Return ``findings`` with ``name``, ``source_kind`` and ``chain`` as the text resolves them.

    They come in order of their cues; so does the answer.
    """
    return _Resolver(tokens, findings).resolved()


class _Resolver:
    def __init__(self, tokens: Tokens, findings: Sequence[Finding]) -> None:
        self.tokens = tokens
        self.findings = findings
        self.known = Antecedents(tokens)
        self.sources: dict[int, Mention] = {}
        """Resolved sources by the number of their finding."""
        self.told_by: dict[int, int] = {}
        """For a finding whose source was resolved, the finding it was resolved to."""
        self.by_head: dict[int, tuple[Mention, int | None]] = {}
        self._at_source = {at: n for n, one in enumerate(findings) for at in one.source}

    def resolved(self) -> list[Finding]:
        out = []
        for number, one in enumerate(self.findings):
            found = self._resolve(number, one) if one.source else None
            if found is not None:
                self.sources[number] = found
            out.append(self._named(number, one, found))
        return out

    def _named(self, number: int, one: Finding, found: Mention | None) -> Finding:
        chain = tuple(self._hop(hop) for hop in one.chain)
        if found is None:
            return replace(one, chain=chain)
        kind = self._kind(one, found)
        made = replace(one, name=found.name, source_kind=one.source_kind or kind, chain=chain)
        if not chain and (before := self.told_by.get(number)) is not None:
            made = replace(made, chain=self._passed_on(made, before))
        if made.chain:
            spans = self.tokens.spans(one.source)
            made = replace(
                made,
                chain=tuple(
                    replace(hop, name=found.name, kind=kind) if hop.spans == spans else hop
                    for hop in made.chain
                ),
            )
        return made

    def _kind(self, one: Finding, found: Mention) -> SourceKind:
        named = found.proper and not self._is_pronoun(one.source)
        if named and mentions.head_of(self.tokens, one.source) == found.head:
            return kind_of(self.tokens, one.source)
        return kind_of(self.tokens, set(found.words))

    def _hop(self, hop: Hop) -> Hop:
        """Return ``hop`` by the name of whoever its words turned out to be."""
        if not hop.spans:
            return hop
        words = {
            at
            for start, end in hop.spans
            for at in range(len(self.tokens))
            if start <= self.tokens.start[at] < end and not self.tokens.space[at]
        }
        if not words:
            return hop
        number = self._at_source.get(min(words))
        found = self.sources.get(number) if number is not None else None
        if found is None:
            if self._is_pronoun(words):
                return hop
            found = self.known.full(mentions.mention(self.tokens, words))
        return replace(hop, name=found.name or hop.name)

    def _passed_on(self, one: Finding, before: int) -> tuple[Hop, ...]:
        """Return the way by which what ``before`` says came, for one that goes on from it."""
        tokens = self.tokens
        earlier = self.done(before)
        if not earlier[1:]:
            return ()
        away = tokens.sentence[one.head] - tokens.sentence[self.findings[before].head]
        if not 0 <= away <= _PASSED_ON_REACH or tokens.inside[one.head] >= 0:
            return ()
        own = tokens.spans(self.findings[before].source)
        spans = tokens.spans(one.source)
        return tuple(replace(hop, spans=spans) if hop.spans == own else hop for hop in earlier)

    def done(self, number: int) -> tuple[Hop, ...]:
        """Return the chain of finding ``number``, whether it has it or follows another's."""
        seen: set[int] = set()
        at: int | None = number
        while at is not None and at not in seen:
            seen.add(at)
            one = self.findings[at]
            longest = max(
                (other.chain for other in self._same_saying(at) if other.chain), key=len, default=()
            )
            if longest:
                named = tuple(self._hop(hop) for hop in longest)
                own = self.sources.get(at)
                spans = self.tokens.spans(one.source)
                return tuple(
                    replace(hop, name=own.name) if own and hop.spans == spans else hop
                    for hop in named
                )
            at = self.told_by.get(at)
        return ()

    def _same_saying(self, number: int) -> list[Finding]:
        """Return the finding and those that pass on the same words."""
        one = self.findings[number]
        return [one, *(o for o in self.findings if o is not one and _same_words(o, one))]

    # Who it is ----------------------------------------------------------------------------------

    def _is_pronoun(self, words: set[int]) -> bool:
        return all(self.tokens.lower[at] in _PRONOUNS for at in words)

    def _resolve(self, number: int, one: Finding) -> Mention | None:
        tokens = self.tokens
        lead = min(one.source)
        word = tokens.lower[lead]
        if len(one.source) == 1 and word in _PRONOUNS:
            return self._pronoun(number, one, lead, word)
        here = mentions.mention(tokens, one.source)
        if here.proper:
            return self.known.full(here)
        return self._description(number, one, here) or here

    def _pronoun(self, number: int, one: Finding, at: int, word: str) -> Mention | None:
        tokens = self.tokens
        if word in _FIRST:
            return self._speaker(number)
        if word in _RELATIVE:
            head = self._relative(at)
            if head is not None:
                return self._by_head(number, head)
            if word != "that":
                return None
        if word in _HE:
            return self._before(number, at, {Sort.PERSON, Sort.UNKNOWN}, "m")
        if word in _SHE:
            return self._before(number, at, {Sort.PERSON, Sort.UNKNOWN}, "f")
        if word in _THEY:
            return self._before(number, at, {Sort.PEOPLE}, "")
        if word in _IT:
            if tokens.lower[at] == "it" and self._is_report(one):
                told = self._last_report(number, at)
                if told is not None:
                    return told
            return self._before(number, at, {Sort.THING, Sort.UNKNOWN}, "")
        return None

    def _is_report(self, one: Finding) -> bool:
        return one.speaks or one.cue_kind.value == "preposition"

    def _speaker(self, number: int) -> Mention | None:
        """Return whoever is quoted where finding ``number`` stands."""
        one = self.findings[number]
        best: int | None = None
        for other, outer in enumerate(self.findings):
            if other == number or not one.cue <= outer.content:
                continue
            if best is None or len(outer.content) < len(self.findings[best].content):
                best = other
        if best is None:
            return None
        if best not in self.sources and self.findings[best].source:
            found = self._resolve(best, self.findings[best]) if best > number else None
            if found is not None:
                self.sources[best] = found
        return self.sources.get(best)

    def _relative(self, at: int) -> int | None:
        tokens = self.tokens
        verb = at
        for _ in range(_STEPS):
            if tokens.dep[verb] == "relcl":
                return tokens.head[verb]
            if tokens.head[verb] == verb:
                return None
            verb = tokens.head[verb]
        return None

    def _by_head(self, number: int, head: int) -> Mention:
        tokens = self.tokens
        inside = self._at_source.get(head)
        if inside is not None and inside != number and inside in self.sources:
            return self.sources[inside]
        words = phrases.noun_phrase(tokens, head, before=None)
        cut = {t for child in tokens.kids(head, "relcl") for t in tokens.subtree(child)}
        words = {at for at in words if at not in cut} or {head}
        return self.known.full(mentions.mention(tokens, words))

    def _before(self, number: int, at: int, sorts: set[Sort], gender: str) -> Mention | None:
        """Return the mention before ``at`` that suits and stands out most."""
        speaker = self._speaker(number) if self.tokens.inside[at] >= 0 else None
        suited = Suited(frozenset(sorts), gender, "" if speaker is None else speaker.name)
        found = self.known.best(self._candidates(number, at), at, suited)
        if found is None:
            return None
        if found[1] is not None:
            self.told_by[number] = found[1]
        return found[0]

    def _candidates(self, number: int, at: int) -> list[Candidate]:
        tokens = self.tokens
        low = tokens.sentence[at] - REACH
        found: list[Candidate] = []
        for other, known in self.sources.items():
            words = self.findings[other].source
            if words and min(words) < at and other != number:
                place = mentions.head_of(tokens, words)
                if tokens.sentence[place] >= low:
                    found.append((replace(known, head=place, subject=True), other))
        heads = {one.head for one, _ in found}
        own = self.findings[number].source
        found += [
            (one, None)
            for one in self.known.mentions
            if one.head < at
            and one.head not in heads
            and one.head not in own
            and tokens.sentence[one.head] >= low
        ]
        return found

    def _last_report(self, number: int, at: int) -> Mention | None:
        """Return who told the last report before ``at``, if it was an outlet or a document."""
        tokens = self.tokens
        for other in range(number - 1, -1, -1):
            one = self.findings[other]
            away = tokens.sentence[at] - tokens.sentence[one.head]
            if away > _REPORT_REACH:
                break
            known = self.sources.get(other)
            if known is None or one.head > at or not self._is_report(one):
                continue
            if known.sort in {Sort.PERSON, Sort.PEOPLE} or tokens.inside[one.head] >= 0:
                continue
            if self._hands_on(other):
                continue
            if known.sort is Sort.UNKNOWN and away > 1:
                continue
            self.told_by[number] = other
            return known
        return None

    def _hands_on(self, number: int) -> bool:
        """Whether finding ``number`` is of an outlet that only passed on another's words."""
        one = self.findings[number]
        return (
            bool(one.chain)
            and one.chain[0].spans != self.tokens.spans(one.source)
            and any(
                other is not one and _same_words(other, one) and not other.chain
                for other in self.findings
            )
        )

    def _description(self, number: int, one: Finding, here: Mention) -> Mention | None:
        """Return whom "the agency", "this report" or "the general" means, if it points back."""
        tokens = self.tokens
        lead = min(one.source)
        if tokens.lower[lead] not in _POINTS_BACK or len(one.source) > _SHORT:
            return None
        lemma = tokens.lemma[here.head]
        words = mentions.people()
        if lemma in words.reports and self._is_report(one):
            told = self._last_report(number, lead)
            if told is not None:
                return told
        kin = {lemma}.union(*(row for row in words.alike if lemma in row))
        best: Candidate | None = None
        for known, from_ in sorted(
            self._candidates_all(number, lead), key=lambda pair: -pair[0].head
        ):
            if known.head in one.source:
                continue
            if lemma in known.nouns or lemma in {part.casefold() for part in known.name.split()}:
                best = known, from_
                break
            if best is None and known.proper and kin & known.nouns:
                best = known, from_
        if best is None and lemma in words.outlets:
            told = self._last_report(number, lead)
            if told is not None and told.proper:
                return told
        if best is None:
            return None
        full = self.known.full(best[0])
        if len(full.name) <= len(here.name) and not full.proper:
            return None
        if best[1] is not None:
            self.told_by[number] = best[1]
        return full

    def _candidates_all(self, number: int, at: int) -> list[Candidate]:
        found: list[Candidate] = [
            (replace(known, head=mentions.head_of(self.tokens, self.findings[other].source)), other)
            for other, known in self.sources.items()
            if self.findings[other].source and min(self.findings[other].source) < at
        ]
        heads = {one.head for one, _ in found}
        return found + [
            (one, None) for one in self.known.mentions if one.head < at and one.head not in heads
        ]


def _same_words(one: Finding, other: Finding) -> bool:
    """Whether two findings attribute the same words, give or take a few at the edges."""
    shared = len(one.content & other.content)
    return shared >= _MOSTLY * len(one.content | other.content)
