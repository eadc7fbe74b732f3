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

import re

from broadsheet.attribution.extraction import phrases
from broadsheet.attribution.extraction.finding import Finding, kind_of
from broadsheet.attribution.extraction.reading import dangling
from broadsheet.attribution.extraction.tokens import Tokens
from broadsheet.attribution.relation import CueKind, Hop, SourceKind

_CITES = frozenset({"cite", "quote", "paraphrase"})
_PASSES_ON = frozenset(
    "cite quote carry relay pick pass publish report copy repeat run reprint republish broadcast "
    "distribute air translate post circulate obtain release issue leak summarize summarise "
    "circulate share forward reproduce".split()
)
_STATEMENTS = frozenset(
    "report statement remark interview comment letter dispatch memo message document list account "
    "summary word video transcript article note communique communiqué recording".split()
)
_OUTLETS = frozenset(
    "agency radio television tv paper newspaper daily weekly magazine channel station broadcaster "
    "website site network outlet press news wire media journal tabloid portal blog newswire "
    "post times herald tribune gazette courier monitor dispatch messenger chronicle "
    "telegraph guardian beacon mail review observer ledger bulletin afp ap reuters cnn bbc".split()
)
_REPORTS = frozenset(
    "report say write tell claim announce declare state add note publish assert disclose reveal "
    "maintain allege warn put confirm".split()
)
_PERSONS = frozenset(
    "source official resident witness driver person people doctor priest expert analyst diplomat "
    "activist family relative listener general minister officer spokesman spokeswoman member "
    "handler lawyer villager cleaner circle police prosecutor woman man neighbour neighbor "
    "ministry agency military army government authority negotiator mill service company".split()
)
_DOCUMENTS = frozenset(
    "report document statement cable letter memo record data information study survey book "
    "filing email e-mail note transcript order list".split()
)
_AGENTIVE = re.compile(r"(?:er|or|ist|man|men|woman|women|ian|ent|ant|ee)s?$")
_NAME_ENDS = re.compile(r",| (?:who|whom|which|whose|that|where|there|briefed|familiar)\b")
_FAR = 40


def hop(tokens: Tokens, source: set[int]) -> Hop:
    """Return the station that ``source`` names, its name without what only describes it."""
    kind = kind_of(tokens, source)
    name = tokens.say(source)
    cut = _NAME_ENDS.search(name)
    if cut and cut.start() > 0:
        name = name[: cut.start()]
    return Hop(name.strip(" ,;:—–-"), kind, tokens.spans(source))


def link(tokens: Tokens, found: list[Finding]) -> list[Finding]:
    """Return ``found`` with its chains, and with a relation for each station that has none."""
    return _Chains(tokens, found).linked()


class _Chains:
    """The chains of one text."""

    def __init__(self, tokens: Tokens, found: list[Finding]) -> None:
        self.tokens = tokens
        self.found = found
        self.by_head = {one.head: one for one in found}

    def linked(self) -> list[Finding]:
        tokens = self.tokens
        missing = dangling(tokens.words)
        for at in missing:
            self._drop(at)
        for one in self.found:
            self._told_outlet(one)
        for at in range(len(tokens)):
            lemma = tokens.lemma[at]
            if lemma in _CITES and tokens.tag[at] in {"VBG", "VBD", "VBZ", "VBP"}:
                self._cites(at)
        for at in range(len(tokens)):
            if tokens.lemma[at] in _PASSES_ON and tokens.is_verb(at):
                self._passes_on(at)
            elif tokens.lower[at] == "via":
                self._via(at)
        for at in missing:
            self._missing(at)
        self._shared()
        return self.found

    # What is needed all over ------------------------------------------------------------------

    def _drop(self, head: int) -> None:
        one = self.by_head.pop(head, None)
        if one is not None:
            self.found.remove(one)

    def _add(
        self,
        head: int,
        cue: set[int],
        source: set[int],
        base: Finding,
        rule: str,
        kind: CueKind = CueKind.VERB,
    ) -> Finding:
        self._drop(head)
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
        self.found.append(made)
        self.by_head[head] = made
        return made

    def _chain_of(self, one: Finding) -> tuple[Hop, ...]:
        return one.chain or (hop(self.tokens, one.source),)

    def _is_outlet(self, source: set[int]) -> bool:
        tokens = self.tokens
        return any(
            tokens.lower[t] in _OUTLETS
            or tokens.lemma[t] in _OUTLETS
            or (
                len(tokens.words[t]) > 1 and tokens.words[t].isupper() and tokens.words[t].isalpha()
            )
            for t in source
        )

    def _is_source(self, noun: int) -> bool:
        tokens = self.tokens
        return (
            tokens.tag[noun] in {"NNP", "NNPS"}
            or tokens.lemma[noun] in _PERSONS
            or tokens.lemma[noun] in _OUTLETS
            or bool(_AGENTIVE.search(tokens.lower[noun]))
        )

    def _near(self, at: int, *, after: bool = False) -> Finding | None:
        """Return the saying in the sentence of ``at`` that stands nearest before it."""
        tokens = self.tokens
        low, high = tokens.bounds[tokens.sentence[at]]
        best: Finding | None = None
        for one in self.found:
            if not low <= one.head < high or one.head == at or tokens.inside[one.head] >= 0:
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

    # The grammar --------------------------------------------------------------------------------

    def _told_outlet(self, one: Finding) -> None:
        """ "A told B": an outlet that was told passed it on."""
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
        if tokens.tag[object_].startswith("NN") and self._is_outlet(phrase):
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

    def _cites(self, at: int) -> None:
        """ "B, citing A, reported X", "B quoted A as saying X"."""
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
                own = self._add(at, phrases.verb_group(tokens, at), cited, said, "citing")
            said.source = source
            own.content = set(content) - own.cue - own.source
            own.chain = (hop(tokens, source), *self._chain_of_source(own))
            return
        if noun is None or tokens.tag[at] != "VBG" or noun < at:
            return
        base = self._cited_for(at)
        if base is None or not (self._is_source(noun) or self._from_outlet(noun, base)):
            return
        source = self._origin(noun)
        one = self._add(at, {at}, source, base, "citing")
        base.content -= one.cue | source | self._comma_at(one.cue | source)
        base.content -= set(tokens.subtree(at))
        one.content = set(base.content)
        base.chain = (hop(tokens, source), *self._chain_of_source(base))

    def _chain_of_source(self, one: Finding) -> tuple[Hop, ...]:
        return (hop(self.tokens, one.source),)

    def _comma_at(self, found: set[int]) -> set[int]:
        return {
            t
            for t in (min(found) - 1, max(found) + 1)
            if t < len(self.tokens) and self.tokens.words[t] == ","
        }

    def _from_outlet(self, noun: int, base: Finding) -> bool:
        tokens = self.tokens
        if tokens.inside[noun] >= 0:
            return True
        return tokens.lemma[noun] in _DOCUMENTS and (
            tokens.lemma[base.head] == "report" or self._is_outlet(base.source)
        )

    def _cited_for(self, at: int) -> Finding | None:
        """Return the report in which somebody is cited: that of the verb above, or the nearest."""
        tokens = self.tokens
        above = tokens.head[at]
        for _ in range(3):
            one = self.by_head.get(above)
            if one is not None and tokens.lemma[above] in _REPORTS:
                return one
            if tokens.head[above] == above:
                break
            above = tokens.head[above]
        one = self._near(at, after=True)
        return one if one is not None and tokens.lemma[one.head] in _REPORTS else None

    def _origin(self, noun: int) -> set[int]:
        """Return who stands behind what is cited: "information received from residents"."""
        tokens = self.tokens
        if tokens.lemma[noun] in _DOCUMENTS | {"source", "account"}:
            for child in tokens.children[noun]:
                prep = child if tokens.dep[child] == "prep" else None
                if tokens.dep[child] == "acl":
                    prep = tokens.child(child, "prep", "agent")
                if prep is not None and tokens.lower[prep] in {"from", "by"}:
                    person = tokens.child(prep, "pobj")
                    if person is not None and self._is_source(person):
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
                    one = self._add(here + 1, {here, here + 1}, set(), own, "citing")
                if one is not None:
                    one.cue |= {here}
                return one
        return None

    def _passes_on(self, at: int) -> None:
        """ "quoted by B", "as relayed by B", "in a report carried by B", "which B relayed"."""
        tokens = self.tokens
        dep = tokens.dep[at]
        own = self.by_head.get(at)
        if own is not None and own.rule in {"citing", "quoted as"}:
            return
        source: set[int] = set()
        agent = tokens.child(at, "agent")
        if agent is None:
            agent = next(
                (c for c in tokens.kids(at, "prep") if tokens.lower[c] in {"by", "in", "on"}), None
            )
        as_ = next((t for t in (at - 1, at - 2) if t >= 0 and tokens.lower[t] == "as"), None)
        noun_above = tokens.head[at]
        if (
            tokens.tag[at] == "VBN"
            and agent is not None
            and (
                dep in {"acl", "advcl", "relcl", "prep", "conj", "dep", "pcomp"} or as_ is not None
            )
        ):
            noun = tokens.child(agent, "pobj")
            if noun is None or tokens.lower[agent] != "by" and tokens.lemma[at] not in _CITES:
                return
            source = phrases.noun_phrase(tokens, noun)
        elif dep == "relcl" and tokens.is_finite(at):
            subject = phrases.own_subject(tokens, at)
            object_ = tokens.child(at, "dobj")
            relative = subject is not None and tokens.lower[subject] in {"which", "that", "who"}
            if subject is None or relative:
                return
            if (
                object_ is not None
                and tokens.lemma[object_] not in _STATEMENTS
                and tokens.tag[object_] != "WDT"
            ):
                return
            source = phrases.noun_phrase(tokens, subject, before=at)
        else:
            return
        base = self._passed_on(at, noun_above)
        if not source:
            return
        if base is None:
            base = self._unsaid(at, as_)
        if base is None or source == base.source:
            return
        if not (
            self._is_outlet(source)
            or self._is_source(max(source))
            or as_ is not None
            or tokens.lemma[at] in _CITES
        ):
            return
        cue = phrases.verb_group(tokens, at)
        if as_ is not None:
            cue |= set(range(as_, at + 1))
        whole = set(tokens.subtree(at)) | ({as_} if as_ is not None else set())
        chain = self._chain_of(base)
        base.source = phrases.trim(tokens, base.source - whole, comma=True)
        base.content -= whole | self._comma_at(whole)
        one = self._add(at, cue, source, base, "passed on")
        if not base.chain:
            chain = (hop(tokens, base.source),)
        one.chain = (*chain, hop(tokens, source))

    def _passed_on(self, at: int, noun: int) -> Finding | None:
        """Return whose words were passed on."""
        tokens = self.tokens
        for one in self.found:
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
        return self._near(at, after=True)

    def _unsaid(self, at: int, as_: int | None) -> Finding | None:
        """Make the relation of who is quoted, where the main verb is none of saying.

        "Residents, quoted by the website, gave a third version": what follows is theirs.
        """
        tokens = self.tokens
        noun = tokens.head[at]
        verb = tokens.head[noun]
        if as_ is not None or tokens.dep[at] != "acl" or tokens.dep[noun] != "nsubj":
            return None
        if not tokens.is_verb(verb) or verb < at or tokens.lemma[at] not in _CITES:
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
        self.found.append(one)
        self.by_head[verb] = one
        return one

    def _via(self, at: int) -> None:
        tokens = self.tokens
        noun = tokens.child(at, "pobj")
        base = self._near(at)
        if noun is None or base is None or not tokens.tag[noun].startswith("NN"):
            return
        source = phrases.noun_phrase(tokens, noun)
        if not (
            self._is_outlet(source) or tokens.lemma[noun] in {"forum"} or base.rule == "preposition"
        ):
            return
        whole = set(tokens.subtree(at))
        base.source = phrases.trim(tokens, base.source - whole)
        base.content -= whole | self._comma_at(whole)
        chain = base.chain or (hop(tokens, base.source),)
        one = self._add(at, {at}, source, base, "via", CueKind.PREPOSITION)
        one.chain = (*chain, hop(tokens, source))

    # What was lost ------------------------------------------------------------------------------

    def _missing(self, at: int) -> None:
        """Make the relation of a verb of saying whose subject was lost: ", reported"."""
        tokens = self.tokens
        low, _ = tokens.bounds[tokens.sentence[at]]
        base = self._near(at)
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
            one.chain = (*self._chain_of(main), empty)
        else:
            one.chain = (empty,)
        self.found.append(one)
        self.by_head[at] = one

    def _main(self, low: int, high: int) -> Finding | None:
        """Return the saying between two tokens that has the longest chain, the first of these."""
        here = [
            one
            for one in self.found
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
