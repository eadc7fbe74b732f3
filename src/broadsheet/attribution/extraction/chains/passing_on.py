"""Who is cited: "A, as cited by B, said", "in a report carried by B", "according to A, via B"."""

from __future__ import annotations

from broadsheet.attribution.extraction import phrases
from broadsheet.attribution.extraction.chains.stations import Stations
from broadsheet.attribution.extraction.chains.words import (
    CITES,
    STATEMENTS,
    commas_at,
    hop,
    is_outlet,
    is_source,
)
from broadsheet.attribution.extraction.finding import Finding
from broadsheet.attribution.relation import CueKind

_DESCRIBES = frozenset({"acl", "advcl", "relcl", "prep", "conj", "dep", "pcomp"})


class PassingOn(Stations):
    """The forms in which the one nearer to this paper stands in the passive, or behind."""

    def passes_on(self, at: int) -> None:
        """Link "quoted by B", "as relayed by B", "in a report carried by B", "which B relayed"."""
        tokens = self.tokens
        own = self.by_head.get(at)
        if own is not None and own.rule == "quoted as":
            self._quoted_by(own)
        if own is not None and own.rule in {"citing", "quoted as"}:
            return
        as_ = next((t for t in (at - 1, at - 2) if t >= 0 and tokens.lower[t] == "as"), None)
        source = self._agent(at, as_) or self._relaying(at)
        base = self._passed_on(at, tokens.head[at]) if source else None
        if source and base is None:
            base = self._unsaid(at, as_)
        if base is None or source == base.source:
            return
        if (
            is_outlet(tokens, source)
            or is_source(tokens, max(source))
            or as_ is not None
            or tokens.lemma[at] in CITES
        ):
            self._link(at, as_, source, base)

    def _quoted_by(self, own: Finding) -> None:
        """Link "A was quoted by B as saying X": B is who quoted, A who is saying."""
        tokens = self.tokens
        say = max(own.cue)
        by = [c for at in (own.head, say) for c in tokens.kids(at, "agent", "prep")]
        noun = next((tokens.child(c, "pobj") for c in by if tokens.lower[c] == "by"), None)
        if noun is None or say == own.head:
            return
        said = {at for at in range(own.head + 1, say + 1) if at in own.cue}
        origin, own.source = own.source, phrases.noun_phrase(tokens, noun)
        own.cue -= said
        own.content -= own.source | {tokens.head[noun]}
        self.add(say, said, origin, own, rule="citing")
        own.chain = (hop(tokens, origin), hop(tokens, own.source))

    def _agent(self, at: int, as_: int | None) -> set[int]:
        """Return B of "quoted by B", where the participle describes a noun or a saying."""
        tokens = self.tokens
        agent = tokens.child(at, "agent")
        if agent is None:
            agent = next(
                (c for c in tokens.kids(at, "prep") if tokens.lower[c] in {"by", "in", "on"}), None
            )
        if tokens.tag[at] != "VBN" or agent is None:
            return set()
        if tokens.dep[at] not in _DESCRIBES and as_ is None:
            return set()
        noun = tokens.child(agent, "pobj")
        if noun is None or (tokens.lower[agent] != "by" and tokens.lemma[at] not in CITES):
            return set()
        return phrases.noun_phrase(tokens, noun)

    def _relaying(self, at: int) -> set[int]:
        """Return B of "which B relayed", where nothing else is the verb's object."""
        tokens = self.tokens
        subject = phrases.own_subject(tokens, at)
        if tokens.dep[at] != "relcl" or not tokens.is_finite(at) or subject is None:
            return set()
        object_ = tokens.child(at, "dobj")
        is_statement = (
            object_ is None or tokens.lemma[object_] in STATEMENTS or tokens.tag[object_] == "WDT"
        )
        if tokens.lower[subject] in {"which", "that", "who"} or not is_statement:
            return set()
        return phrases.noun_phrase(tokens, subject, before=at)

    def _link(self, at: int, as_: int | None, source: set[int], base: Finding) -> None:
        """Put ``source``, which passed on what ``base`` says, behind the chain of ``base``."""
        tokens = self.tokens
        cue = phrases.verb_group(tokens, at)
        whole = set(tokens.subtree(at))
        if as_ is not None:
            cue |= set(range(as_, at + 1))
            whole.add(as_)
        base.source = phrases.trim(tokens, base.source - whole, comma=True)
        base.content -= whole | commas_at(tokens, whole)
        one = self.add(at, cue, source, base, rule="passed on")
        one.chain = (*self.chain_of(base), hop(tokens, source))

    def _passed_on(self, at: int, noun: int) -> Finding | None:
        """Return whose words were passed on."""
        tokens = self.tokens
        # The source of a quotation may stand in the sentence before it.
        for one in self.beside(at, after=1):
            if one.head == at or not one.content or one.rule in {"attributive", "adverb"}:
                continue
            if at in one.source or (noun in one.source and not tokens.is_verb(noun)):
                return one
        if tokens.dep[at] in {"acl", "relcl"} and tokens.tag[noun].startswith("NN"):
            above = noun
            for _ in range(4):
                above = tokens.head[above]
                one_ = self.by_head.get(above)
                if one_ is not None and one_.speaks and above != at:
                    return one_
            return None
        return self.near(at, after=True)

    def _unsaid(self, at: int, as_: int | None) -> Finding | None:
        """Make the relation of who is quoted, where the main verb is none of saying.

        "Residents, quoted by the website, gave a third version": what follows is theirs.
        """
        tokens = self.tokens
        noun = tokens.head[at]
        verb = tokens.head[noun]
        if as_ is not None or tokens.dep[at] != "acl" or tokens.dep[noun] != "nsubj":
            return None
        if not tokens.is_verb(verb) or verb < at or tokens.lemma[at] not in CITES:
            return None
        one = self.by_head.get(verb)
        if one is not None:
            return one
        _, high = tokens.bounds[tokens.sentence[at]]
        while high > verb and (tokens.space[high - 1] or tokens.words[high - 1] == "."):
            high -= 1
        one = Finding(
            head=verb,
            cue=phrases.verb_group(tokens, verb),
            content=phrases.trim(tokens, set(range(verb + 1, high))),
            source=phrases.noun_phrase(tokens, noun, before=verb),
            cue_kind=CueKind.VERB,
            rule="quoted subject",
            strength=0.7,
        )
        if not one.content:
            return None
        return self.keep(one)

    def via(self, at: int) -> None:
        """Link "according to A, via B"."""
        tokens = self.tokens
        noun = tokens.child(at, "pobj")
        base = self.near(at) or self.near(at, after=True)
        if noun is None or base is None or not tokens.tag[noun].startswith("NN"):
            return
        source = phrases.noun_phrase(tokens, noun)
        if not (
            is_outlet(tokens, source) or tokens.lemma[noun] == "forum" or base.rule == "preposition"
        ):
            return
        whole = set(tokens.subtree(at))
        base.source = phrases.trim(tokens, base.source - whole)
        base.content -= whole | commas_at(tokens, whole)
        chain = base.chain or (hop(tokens, base.source),)
        one = self.add(at, {at}, source, base, rule="via", kind=CueKind.PREPOSITION)
        one.chain = (*chain, hop(tokens, source))
