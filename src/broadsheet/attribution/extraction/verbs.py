"""Verbs that attribute: who says, wants, fears or denies what, by the grammar around the verb.

Each verb of the lexicon is looked at once. Which of its frames the sentence fills decides what the
content is; the subject, or in the passive the agent, is the source.
"""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.attribution.extraction import phrases
from broadsheet.attribution.extraction.finding import Finding
from broadsheet.attribution.extraction.lexicon import Lexicon, Verb
from broadsheet.attribution.extraction.tokens import RELATIVE, VERBAL, Tokens
from broadsheet.attribution.relation import CueKind

_DOCUMENTS = frozenset(
    "poll survey study report research analysis data figure statistic record document finding "
    "result evidence memo letter email e-mail test review investigation audit census ruling "
    "estimate paper file transcript tape recording video footage log ledger filing chart map model "
    "forecast index article story book statement text message note bill law constitution "
    "resolution tweet post website web site newspaper magazine agency official measurement number "
    "analyst researcher scientist autopsy exam experiment satellite image poster sign banner "
    "headline account history reading rating projection count tally return indicator".split()
)
"""What can "show" or "suggest": things that hold words or numbers."""
_ONLY_DOCUMENTS = frozenset(
    "show suggest indicate demonstrate prove illustrate reveal read".split()
)
_PERSONAL = frozenset(
    "i we you he she they who everyone everybody nobody someone somebody many some most few others one".split()
)
_HEARERS = frozenset(
    "tell inform advise remind assure notify warn brief reassure ask teach convince persuade".split()
)
_AUDIENCE = frozenset(
    "reporter journalist crowd audience voter people colleague friend aide supporter".split()
)
_AUDIENCE = frozenset(
    "reporter journalist crowd audience voter people colleague friend aide supporter committee "
    "interviewer lawmaker host official newspaper network".split()
)
_AS_VERBS = frozenset(
    "say put note report tell describe explain know suggest argue point warn observe claim write predict see think expect recall acknowledge remember announce".split()
)


def find(tokens: Tokens, lexicon: Lexicon) -> Iterator[Finding]:
    """Yield what the verbs of the text attribute."""
    for at in range(len(tokens)):
        if tokens.tag[at] not in VERBAL and not _is_verb_in_disguise(tokens, at):
            continue
        entry = _entry(tokens, lexicon, at)
        if entry is None or tokens.dep[at] in {
            "aux",
            "auxpass",
            "amod",
            "compound",
            "prep",
            "case",
        }:
            continue
        found = _VerbCue(tokens, entry, at).finding()
        if found is not None:
            yield found


def _entry(tokens: Tokens, lexicon: Lexicon, at: int) -> Verb | None:
    particle = tokens.child(at, "prt")
    if particle is not None:
        phrasal = lexicon.verbs.get(f"{tokens.lemma[at]}_{tokens.lower[particle]}")
        if phrasal is not None:
            return phrasal
    return lexicon.verb(tokens.lower[at], tokens.lemma[at])


def _is_verb_in_disguise(tokens: Tokens, at: int) -> bool:
    """Whether a noun is the verb of its clause after all: "shopkeepers nearby hope that …"."""
    if tokens.tag[at] not in {"NN", "NNS", "NNP", "NNPS"} or tokens.dep[at] == "compound":
        return False
    if tokens.child(at, "det", "poss", "amod", "nummod", "compound") is not None:
        return tokens.child(at, "nsubj") is not None and tokens.child(at, "det", "poss") is None
    if tokens.child(at, "nsubj") is not None:
        return True
    before = at - 1
    return (
        at > 0
        and tokens.dep[at] in {"ROOT", "ccomp", "conj"}
        and (tokens.tag[before] in {"NNS", "NNPS", "PRP", "RB"})
        and tokens.child(at, "acl", "ccomp", "xcomp", "dobj") is not None
    )


class _VerbCue:
    """One verb and what its sentence offers it."""

    def __init__(self, tokens: Tokens, entry: Verb, at: int) -> None:
        self.tokens = tokens
        self.entry = entry
        self.at = at
        self.cue = phrases.verb_group(tokens, at)
        self.passive = tokens.is_passive(at) or (
            tokens.tag[at] == "VBN"
            and tokens.dep[at] in {"acl", "advcl"}
            and tokens.child(at, "dobj") is None
            and tokens.child(at, "aux") is None
        )
        self.agent = tokens.child(at, "agent")
        self.subject = self._subject()
        self.content: set[int] = set()
        self.rule = ""
        self.strength = 0.0

    def _subject(self) -> int | None:
        return phrases.subject(self.tokens, self.at)

    def finding(self) -> Finding | None:
        """Return what this verb attributes, or ``None``."""
        tokens = self.tokens
        if not self._quoted_as() and not self._clause() and not self._aside():
            self._other_frames()
        if not self.content and not self._as_clause():
            return None
        source = self._source()
        self.content -= self.cue | source
        self.content = phrases.trim(tokens, self.content)
        if not self.content:
            return None
        if not source:
            self.strength *= 0.75 if self.passive else 0.5
        return Finding(
            head=self.at,
            cue=self.cue,
            content=self.content,
            source=source,
            cue_kind=CueKind.VERB,
            rule=self.rule,
            strength=self.strength,
            speaks="quote" in self.entry.frames,
        )

    def _source(self) -> set[int]:
        tokens = self.tokens
        if self.passive and self.rule != "quoted as":
            if self.agent is None:
                return set()
            noun = tokens.child(self.agent, "pobj")
            return set() if noun is None else phrases.noun_phrase(tokens, noun)
        if self.subject is None:
            return self._inverted_subject() or phrases.nominal_before(tokens, self.at)
        return phrases.source_of(tokens, self.subject, self.at)

    def _inverted_subject(self) -> set[int]:
        # "…," said the official -- where the parser took the speaker for an object.
        object_ = self.tokens.child(self.at, "dobj", "attr", "oprd", "npadvmod")
        if object_ is not None and object_ > self.at and self.rule in {"clause before", "aside"}:
            return phrases.noun_phrase(self.tokens, object_)
        return set()

    def _take(self, rule: str, strength: float, content: set[int]) -> bool:
        if not content:
            return False
        self.rule, self.strength, self.content = rule, strength, content
        return True

    def _range(self, at: int) -> set[int]:
        tokens = self.tokens
        low, high = tokens.left[at], tokens.right[at]
        if low <= self.at <= high:
            return set(tokens.subtree(at))
        return set(range(low, high + 1))

    # Frames ------------------------------------------------------------------------------------

    def _quoted_as(self) -> bool:
        """ "was quoted as saying that X"; the subject of the passive is the source."""
        tokens = self.tokens
        if self.entry.lemma not in {"quote", "cite", "report"}:
            return False
        as_ = next(
            (c for c in tokens.kids(self.at, "prep", "mark", "advmod") if tokens.lower[c] == "as"),
            None,
        )
        say = tokens.child(as_, "pcomp") if as_ is not None else tokens.child(self.at, "advcl")
        if say is None or not tokens.is_verb(say) or not self.passive:
            return False
        clause = tokens.child(say, "ccomp")
        self.cue |= set(range(self.at, say + 1)) if say - self.at <= 3 else {say}
        content = self._range(clause) if clause is not None else set()
        return self._take("quoted as", 0.95, content)

    def _clause(self) -> bool:
        tokens, entry = self.tokens, self.entry
        prior = max(entry.frames.get("clause", 0), 0)
        clauses = [c for c in tokens.kids(self.at, "ccomp") if not self._is_false_clause(c)]
        if not clauses:
            clauses = [c for c in tokens.kids(self.at, "advcl", "acl") if self._is_question(c)]
        if not clauses:
            return False
        first = clauses[0]
        if first > self.at and not tokens.is_finite(first):
            if self._small_clause(first):
                return True
        if not prior:
            prior = entry.frames.get("quote", 0) if self._in_quotation(clauses) else 0
        if not prior or not self._can_show():
            return False
        content: set[int] = set()
        for clause in clauses:
            content |= self._range(clause)
        before = first < self.at
        if before:
            content |= self._left_over(min(content))
        if self.passive and self.subject is not None and tokens.lower[self.subject] != "it":
            if entry.lemma not in _HEARERS and tokens.tag[self.subject] not in {"EX"}:
                content |= self._range(self.subject) if not before else set()
        return self._take("clause before" if before else "clause", prior, content)

    def _is_question(self, clause: int) -> bool:
        """Whether an adverbial clause is the verb's after all: "asked if X", "told her that Y"."""
        tokens = self.tokens
        mark = tokens.child(clause, "mark")
        if mark is None or clause < self.at or tokens.left[clause] - self.at > 4:
            return False
        wanted = (
            {"if", "whether"}
            if self.entry.lemma in {"ask", "wonder", "know", "say"}
            else {"that", "whether"}
        )
        return tokens.lower[mark] in wanted

    def _in_quotation(self, clauses: list[int]) -> bool:
        inside = self.tokens.inside
        return any(inside[c] >= 0 and inside[c] != inside[self.at] for c in clauses)

    def _is_false_clause(self, clause: int) -> bool:
        tokens = self.tokens
        if tokens.line[clause] != tokens.line[self.at]:
            return True
        return tokens.inside[self.at] >= 0 and tokens.inside[clause] != tokens.inside[self.at]

    def _can_show(self) -> bool:
        """Whether the subject is of those that can "show" something in words or numbers."""
        if self.entry.lemma not in _ONLY_DOCUMENTS or self.passive:
            return True
        subject = self.subject
        if subject is None:
            return False
        tokens = self.tokens
        if tokens.lemma[subject] in _DOCUMENTS or tokens.lower[subject] in _PERSONAL:
            return True
        return tokens.tag[subject] in {"NNP", "NNPS"} and self.entry.lemma != "show"

    def _small_clause(self, clause: int) -> bool:
        """ "urged voters to stay", "called him a liar", "denied lying", "wants it gone"."""
        tokens, entry = self.tokens, self.entry
        if tokens.is_infinitive(clause):
            has_subject = phrases.own_subject(tokens, clause) is not None
            prior = entry.frames.get("whom_to" if has_subject else "to", 0)
            return bool(prior) and self._take(
                "infinitive", prior, self._with_passive(self._range(clause))
            )
        if tokens.tag[clause] == "VBG" and phrases.own_subject(tokens, clause) is None:
            prior = entry.frames.get("ing", 0)
            return bool(prior) and self._take("gerund", prior, self._range(clause))
        if not tokens.is_verb(clause):
            prior = max(entry.frames.get("complement", 0), entry.frames.get("clause", 0))
            return bool(prior) and self._take("complement", prior, self._range(clause))
        return False

    def _left_over(self, first: int) -> set[int]:
        """Return what stands before an inverted clause and belongs to it: "In Ohio, X, he said"."""
        tokens = self.tokens
        start = tokens.bounds[tokens.sentence[self.at]][0]
        if first == start or tokens.inside[first] >= 0:
            return set()
        branch = [c for c in tokens.children[self.at] if tokens.left[c] < first]
        if not all(
            tokens.dep[c] in {"prep", "advmod", "advcl", "npadvmod", "punct", "cc", "mark"}
            for c in branch
        ):
            return set()
        covered = {at for c in branch for at in range(tokens.left[c], tokens.right[c] + 1)}
        rest = set(range(start, first))
        return rest if rest <= covered and tokens.left[self.at] == start else set()

    def _aside(self) -> bool:
        """ "The trick, she has learned, is not to ask": the sentence around is the content."""
        tokens = self.tokens
        if tokens.dep[self.at] not in {"parataxis", "ccomp", "dep"} or not self._speaks():
            return False
        up = tokens.head[self.at]
        if not tokens.is_finite(self.at) or tokens.is_infinitive(self.at):
            return False
        if tokens.inside[up] != tokens.inside[self.at] and tokens.inside[self.at] >= 0:
            return False
        if tokens.dep[self.at] == "ccomp" and not self._between_commas():
            return False
        if tokens.kids(self.at, "dobj", "xcomp") and self.entry.lemma not in _HEARERS:
            return False
        whole = set(tokens.subtree(up, [self.at]))
        own = set(tokens.subtree(self.at))
        low, high = min(whole), max(whole)
        content = set(range(low, high + 1)) - own
        return self._take("aside", 0.85, content)

    def _speaks(self) -> bool:
        return bool({"clause", "quote"} & set(self.entry.frames))

    def _between_commas(self) -> bool:
        tokens = self.tokens
        low, high = tokens.left[self.at], tokens.right[self.at]
        return (
            low > 0
            and tokens.words[low - 1] in {",", "—", "–", "-", '"', "”"}
            and high + 1 < len(tokens)
            and tokens.words[high + 1] in {",", ".", "—", "–", "-"}
            or (tokens.words[low] == ",")
        )

    def _with_passive(self, content: set[int]) -> set[int]:
        """In the passive the subject is part of what is said: "X is expected to Y"."""
        tokens = self.tokens
        if not self.passive or self.subject is None or self.subject in content:
            return content
        if tokens.lower[self.subject] == "it" and tokens.child(self.at, "ccomp") is not None:
            return content
        if (
            tokens.lower[self.subject] in RELATIVE
            and tokens.dep[tokens.head[self.subject]] == "relcl"
        ):
            return content
        if tokens.dep[self.at] in {"acl", "advcl"}:
            return content | phrases.noun_phrase(tokens, self.subject, before=self.at)
        return content | phrases.noun_phrase(tokens, self.subject, before=self.at)

    def _other_frames(self) -> None:
        for frame in (
            self._infinitive,
            self._complement,
            self._object_with,
            self._particle,
            self._gerund,
            self._as,
            self._about,
            self._so,
            self._object,
        ):
            if frame():
                return

    def _infinitive(self) -> bool:
        tokens, entry = self.tokens, self.entry
        for clause in tokens.kids(self.at, "xcomp", "advcl"):
            if not tokens.is_infinitive(clause) or clause < self.at:
                continue
            dep = tokens.dep[clause]
            object_ = tokens.child(self.at, "dobj", "dative")
            whom = object_ is not None and object_ < clause
            if dep == "advcl" and not ("whom_to" in entry.frames and whom):
                continue
            prior = entry.frames.get("whom_to" if whom or self.passive else "to", 0)
            if not prior and self.passive:
                prior = max(entry.frames.get("clause", 0) - 0.1, 0)
            if not prior:
                continue
            content = self._range(clause)
            if whom and object_ is not None:
                content |= self._range(object_)
            return self._take("infinitive", prior, self._with_passive(content))
        return False

    def _complement(self) -> bool:
        tokens, entry = self.tokens, self.entry
        prior = entry.frames.get("complement", 0)
        named = tokens.child(self.at, "oprd", "acomp")
        if not prior or named is None or named < self.at:
            return False
        content = self._range(named)
        object_ = tokens.child(self.at, "dobj")
        if object_ is not None and object_ < named and object_ > self.at:
            content |= self._range(object_)
        return self._take("complement", prior, self._with_passive(content))

    def _object_with(self) -> bool:
        tokens, entry = self.tokens, self.entry
        object_ = tokens.child(self.at, "dobj")
        for prep in self._prepositions(object_):
            prior = entry.object_with.get(tokens.lower[prep], 0)
            if not prior:
                continue
            content = self._range(prep)
            if object_ is not None and object_ > self.at:
                content |= self._range(object_)
            elif not self.passive and not self._object_is_relative():
                continue
            return self._take("object and preposition", prior, self._with_passive(content))
        return False

    def _object_is_relative(self) -> bool:
        tokens = self.tokens
        object_ = tokens.child(self.at, "dobj")
        return tokens.dep[self.at] == "relcl" or (
            object_ is not None and tokens.lower[object_] in RELATIVE
        )

    def _prepositions(self, object_: int | None) -> list[int]:
        tokens = self.tokens
        found = [
            c
            for c in tokens.kids(self.at, "prep", "agent")
            if c > self.at and tokens.lower[c] != "by"
        ]
        if object_ is not None:
            found += [c for c in tokens.kids(object_, "prep") if c > object_]
        if self.agent is not None:
            found += tokens.kids(self.agent, "prep")
            noun = tokens.child(self.agent, "pobj")
            if noun is not None:
                found += tokens.kids(noun, "prep")
        return found

    def _particle(self) -> bool:
        tokens, entry = self.tokens, self.entry
        for prep in tokens.kids(self.at, "prep", "prt"):
            prior = entry.particles.get(tokens.lower[prep], 0)
            if not prior or prep < self.at:
                continue
            content = self._range(prep) - {prep}
            later = next(
                (c for c in tokens.kids(self.at, "xcomp", "advcl") if tokens.is_infinitive(c)), None
            )
            if later is not None and later > prep:
                content |= self._range(later)
            if content:
                self.cue.add(prep)
                return self._take("particle", prior, content)
        return False

    def _gerund(self) -> bool:
        tokens, entry = self.tokens, self.entry
        prior = entry.frames.get("ing", 0)
        clause = next(
            (
                c
                for c in tokens.kids(self.at, "xcomp", "dobj")
                if tokens.tag[c] == "VBG" and c > self.at
            ),
            None,
        )
        if not prior or clause is None:
            return False
        return self._take("gerund", prior, self._range(clause))

    def _as(self) -> bool:
        tokens, entry = self.tokens, self.entry
        prior = entry.frames.get("as", 0)
        as_ = next(
            (
                c
                for c in tokens.kids(self.at, "prep", "advcl", "mark")
                if tokens.lower[c] == "as" and c > self.at
            ),
            None,
        )
        if not prior or as_ is None or not self._range(as_) - {as_}:
            return False
        return self._take("as", prior, self._with_passive(self._range(as_)))

    def _about(self) -> bool:
        tokens, entry = self.tokens, self.entry
        if tokens.child(self.at, "dobj") is not None or self.passive:
            return False
        for prep in tokens.kids(self.at, "prep"):
            prior = entry.about.get(tokens.lower[prep], 0)
            if prior and prep > self.at and self._range(prep) - {prep}:
                return self._take("about", prior, self._range(prep))
        return False

    def _so(self) -> bool:
        tokens = self.tokens
        if "so" not in self.entry.frames:
            return False
        so = next(
            (
                c
                for c in tokens.kids(self.at, "advmod", "dobj")
                if tokens.lower[c] in {"so", "otherwise"} and c == self.at + 1
            ),
            None,
        )
        return so is not None and self._take("so", 0.8, {so})

    def _object(self) -> bool:
        tokens, entry = self.tokens, self.entry
        prior = entry.frames.get("object", 0)
        if not prior or not self._can_show():
            return False
        object_ = tokens.child(self.at, "dobj")
        if self.passive:
            if object_ is not None and object_ > self.at:
                return self._take("object", prior * 0.9, self._range(object_))
            if self.subject is None or not (self.agent is not None or self._foretold()):
                return False
            if tokens.dep[self.at] == "advcl":
                return False
            if tokens.dep[self.at] == "acl":
                prior *= 0.7
            later = [c for c in tokens.kids(self.at, "prep", "npadvmod") if c > self.at]
            content = {t for c in later for t in self._range(c)} if self.agent is None else set()
            return self._take("object", prior * 0.9, self._with_passive(content))
        if object_ is None:
            return False
        if object_ < self.at:
            if tokens.lower[object_] in RELATIVE and tokens.dep[self.at] == "relcl":
                return self._take(
                    "object",
                    prior * 0.6,
                    phrases.noun_phrase(tokens, tokens.head[self.at], before=self.at),
                )
            return False
        if tokens.lower[object_].endswith(("self", "selves")):
            return False
        if entry.lemma in _HEARERS and (
            tokens.tag[object_] in {"PRP", "NNP", "NNPS"} or tokens.lemma[object_] in _AUDIENCE
        ):
            return False
        return self._take("object", prior, self._range(object_))

    def _foretold(self) -> bool:
        """ "is expected on Monday", "are planned": somebody expects, and nobody is named."""
        tokens = self.tokens
        return tokens.child(self.at, "auxpass") is not None and self.entry.lemma in {
            "expect",
            "plan",
            "propose",
            "anticipate",
            "suspect",
            "dispute",
        }

    def _as_clause(self) -> bool:
        """ "as X put it", "as he said": the clause around is the content."""
        tokens = self.tokens
        mark = next(
            (c for c in tokens.kids(self.at, "mark", "advmod") if tokens.lower[c] == "as"), None
        )
        if mark is None or tokens.lemma[self.at] not in _AS_VERBS or tokens.dep[self.at] != "advcl":
            return False
        up = tokens.head[self.at]
        self.cue |= {mark}
        it = next((c for c in tokens.kids(self.at, "dobj") if tokens.lower[c] == "it"), None)
        if it is not None:
            self.cue.add(it)
        own = set(tokens.subtree(self.at))
        whole = set(tokens.subtree(up))
        return self._take("as clause", 0.85, set(range(min(whole), max(whole) + 1)) - own)
