"""Who cites: "B, citing A, reported X", "B quoted A as saying X", "A told B X"."""

from __future__ import annotations

from broadsheet.attribution.extraction import phrases
from broadsheet.attribution.extraction.chains.stations import Stations
from broadsheet.attribution.extraction.chains.words import (
    DOCUMENTS,
    REPORTS,
    commas_at,
    hop,
    is_outlet,
    is_source,
)
from broadsheet.attribution.extraction.finding import Finding
from broadsheet.attribution.relation import CueKind

_FAR = 40
"""Words at most from "quoted" to "as saying"."""


class Citing(Stations):
    """The forms in which the one nearer to this paper is the subject."""

    def told_outlet(self, one: Finding) -> None:
        """Link "A told B": an outlet that was told passed it on."""
        tokens = self.tokens
        if one.chain or not one.source:
            return
        object_ = None
        if tokens.lemma[one.head] == "tell":
            object_ = tokens.child(one.head, "dobj", "dative")
        if object_ is None:
            object_ = self._interviewer(one.head)
        if object_ is None or object_ < one.head or object_ in one.content:
            return
        phrase = phrases.noun_phrase(tokens, object_, before=tokens.right[object_] + 1)
        phrase -= {
            t for c in tokens.kids(object_, "relcl", "acl", "prep") for t in tokens.subtree(c)
        }
        if tokens.tag[object_].startswith("NN") and is_outlet(tokens, phrase):
            one.chain = (hop(tokens, one.source), hop(tokens, phrases.trim(tokens, phrase)))

    def _interviewer(self, verb: int) -> int | None:
        """Return who held the interview in which something was said."""
        tokens = self.tokens
        for prep in tokens.kids(verb, "prep"):
            noun = tokens.child(prep, "pobj")
            if noun is None or tokens.lemma[noun] not in {"interview", "statement", "remark"}:
                continue
            for with_ in tokens.kids(noun, "prep"):
                if tokens.lower[with_] in {"with", "to"}:
                    return tokens.child(with_, "pobj")
        return None

    def cites(self, at: int) -> None:
        """Link "B, citing A, reported X" and "B quoted A as saying X"."""
        tokens = self.tokens
        noun = tokens.child(at, "dobj")
        own = self.by_head.get(at)
        said = self._as_saying(at)
        if noun is not None and said is not None and not tokens.is_passive(at):
            content = said.content
            source = phrases.noun_phrase(tokens, noun, before=said.head)
            if own is None:
                subject = phrases.subject(tokens, at)
                cited = phrases.source_of(tokens, subject, at) if subject is not None else set()
                own = self.add(at, phrases.verb_group(tokens, at), cited, said, rule="citing")
            said.source = source
            own.content = set(content) - own.cue - own.source
            own.chain = (hop(tokens, source), hop(tokens, own.source))
            return
        if noun is None or tokens.tag[at] != "VBG" or noun < at:
            return
        base = self._cited_for(at) or self._robbed(at, noun)
        if base is None or not (is_source(tokens, noun) or self._from_outlet(noun, base)):
            return
        source = self._origin(noun)
        one = self.add(at, {at}, source, base, rule="citing")
        base.content -= one.cue | source | commas_at(tokens, one.cue | source)
        base.content -= set(tokens.subtree(at, tokens.kids(at, "ccomp")))
        one.content = set(base.content)
        base.chain = (hop(tokens, source), hop(tokens, base.source))

    def _robbed(self, at: int, noun: int) -> Finding | None:
        """Make the relation of the verb above, whose clause the parser gave to the one at ``at``.

        "The Gazette reported on Monday, citing two engineers, that X".
        """
        tokens = self.tokens
        above = tokens.head[at]
        clause = tokens.child(at, "ccomp")
        if clause is None or above > at or tokens.lemma[above] not in REPORTS:
            return None
        first = tokens.left[clause]
        if first <= noun or tokens.words[first - 1] != "," or above in self.by_head:
            return None
        subject = phrases.own_subject(tokens, above)
        if subject is None:
            return None
        self.drop(at)
        made = Finding(
            head=above,
            cue=phrases.verb_group(tokens, above),
            content=set(range(first, tokens.right[clause] + 1)),
            source=phrases.source_of(tokens, subject, above),
            cue_kind=CueKind.VERB,
            rule="clause",
            strength=0.9,
            speaks=True,
        )
        return self.keep(made)

    def _from_outlet(self, noun: int, base: Finding) -> bool:
        tokens = self.tokens
        if tokens.inside[noun] >= 0:
            return True
        return tokens.lemma[noun] in DOCUMENTS and (
            tokens.lemma[base.head] == "report" or is_outlet(tokens, base.source)
        )

    def _cited_for(self, at: int) -> Finding | None:
        """Return the report in which somebody is cited: that of the verb above, or the nearest."""
        tokens = self.tokens
        above = tokens.head[at]
        for _ in range(3):
            one = self.by_head.get(above)
            if one is not None and tokens.lemma[above] in REPORTS:
                return one
            if tokens.head[above] == above:
                break
            above = tokens.head[above]
        one = self.near(at, after=True)
        return one if one is not None and tokens.lemma[one.head] in REPORTS else None

    def _origin(self, noun: int) -> set[int]:
        """Return who stands behind what is cited: "information received from residents"."""
        tokens = self.tokens
        if tokens.lemma[noun] in DOCUMENTS | {"source", "account"}:
            for child in tokens.children[noun]:
                prep = child if tokens.dep[child] == "prep" else None
                if tokens.dep[child] == "acl":
                    prep = tokens.child(child, "prep", "agent")
                if prep is not None and tokens.lower[prep] in {"from", "by"}:
                    person = tokens.child(prep, "pobj")
                    if person is not None and is_source(tokens, person):
                        return phrases.noun_phrase(tokens, person)
        return phrases.noun_phrase(tokens, noun)

    def _as_saying(self, at: int) -> Finding | None:
        """Return the finding of "saying" in "quoted A as saying X", its cue made whole."""
        tokens = self.tokens
        end = tokens.bounds[tokens.sentence[at]][1]
        for here in range(at + 1, min(at + _FAR, end - 1)):
            if tokens.lower[here] == "as" and tokens.tag[here + 1] == "VBG":
                one = self.by_head.get(here + 1)
                own = self.by_head.get(at)
                if one is None and own is not None and own.content:
                    one = self.add(here + 1, {here, here + 1}, set(), own, rule="citing")
                if one is not None:
                    one.cue |= {here}
                return one
        return None
