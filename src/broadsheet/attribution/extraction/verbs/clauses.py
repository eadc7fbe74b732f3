"""Verbs with a clause: "said that X", "X, he said", "as he put it", "was quoted as saying X"."""

from __future__ import annotations

from broadsheet.attribution.extraction import phrases
from broadsheet.attribution.extraction.lexicon import word_set
from broadsheet.attribution.extraction.verbs.cue import HEARERS, VerbCue

_AS_VERBS = word_set(
    "say put note report tell describe explain know suggest argue point warn observe claim write "
    "predict see think expect recall acknowledge remember announce"
)
_TO_SAYING = 3
"""Words from "quoted" to "saying" that make one cue of both."""
_TO_QUESTION = 4
"""Words at most between "asked" and its "if", for whoever was asked."""


class Clauses(VerbCue):
    """The frames in which a clause is the content."""

    def quoted_as(self) -> bool:
        """Take "was quoted as saying that X"; the subject of the passive is the source."""
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
        self.quoted = say
        near = range(self.at, say + 1) if say - self.at <= _TO_SAYING else {as_ or say, say}
        self.cue |= set(near)
        clause = tokens.child(say, "ccomp")
        content = self.reach(clause) if clause is not None else set()
        return self.take("quoted as", 0.95, content)

    def clause(self) -> bool:
        """Take the clauses the verb governs, behind it or before it."""
        tokens, entry = self.tokens, self.entry
        prior = max(entry.frames.get("clause", 0), 0)
        clauses = [c for c in tokens.kids(self.at, "ccomp") if not self._is_false_clause(c)]
        if not clauses:
            clauses = [c for c in tokens.kids(self.at, "advcl", "acl") if self._is_question(c)]
        if not clauses:
            lent = phrases.lent_clause(tokens, self.at)
            clauses = [] if lent is None else [lent]
        if not clauses:
            return False
        first = clauses[0]
        if first > self.at and not tokens.is_finite(first) and self._small_clause(first):
            return True
        if not prior:
            prior = entry.frames.get("quote", 0) if self._in_quotation(clauses) else 0
        if not prior or not self.can_show():
            return False
        content: set[int] = set()
        for clause in clauses:
            content |= self.reach(clause)
        before = first < self.at
        if before:
            content |= self._left_over(min(content))
        else:
            content |= self._subject_of_passive()
        return self.take("clause before" if before else "clause", prior, content)

    def _subject_of_passive(self) -> set[int]:
        """Return the subject of "X is said to have Y", which is part of what is said."""
        tokens, subject = self.tokens, self.subject
        if not self.passive or subject is None or self.entry.lemma in HEARERS:
            return set()
        if tokens.lower[subject] == "it" or tokens.tag[subject] == "EX":
            return set()
        return self.reach(subject)

    def _is_question(self, clause: int) -> bool:
        """Whether an adverbial clause is the verb's after all: "asked if X", "told her that Y"."""
        tokens = self.tokens
        mark = tokens.child(clause, "mark")
        if mark is None or clause < self.at or tokens.left[clause] - self.at > _TO_QUESTION:
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

    def _small_clause(self, clause: int) -> bool:
        """Take "urged voters to stay", "called him a liar", "denied lying", "wants it gone"."""
        tokens, entry = self.tokens, self.entry
        if tokens.is_infinitive(clause):
            has_subject = phrases.own_subject(tokens, clause) is not None
            prior = entry.frames.get("whom_to" if has_subject else "to", 0)
            return bool(prior) and self.take(
                "infinitive", prior, self.with_passive(self.reach(clause))
            )
        if tokens.tag[clause] == "VBG" and phrases.own_subject(tokens, clause) is None:
            prior = entry.frames.get("ing", 0)
            return bool(prior) and self.take("gerund", prior, self.reach(clause))
        if not tokens.is_verb(clause):
            prior = max(entry.frames.get("complement", 0), entry.frames.get("clause", 0))
            return bool(prior) and self.take("complement", prior, self.reach(clause))
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

    def aside(self) -> bool:
        """Take the sentence around: "The trick, she has learned, is not to ask"."""
        tokens = self.tokens
        if tokens.dep[self.at] not in {"parataxis", "ccomp", "dep"} or not self.speaks():
            return False
        up = tokens.head[self.at]
        if not tokens.is_finite(self.at) or tokens.is_infinitive(self.at):
            return False
        if tokens.inside[up] != tokens.inside[self.at] and tokens.inside[self.at] >= 0:
            return False
        if tokens.dep[self.at] == "ccomp" and not self._between_commas():
            return False
        if tokens.kids(self.at, "dobj", "xcomp") and self.entry.lemma not in HEARERS:
            return False
        whole = set(tokens.subtree(up, [self.at]))
        own = set(tokens.subtree(self.at))
        low, high = min(whole), max(whole)
        content = set(range(low, high + 1)) - own
        return self.take("aside", 0.85, content)

    def two_subjects(self) -> bool:
        """Take the clause before in "The convoy left on Friday, she said".

        The parser may take its verb for a participle and its subject for a second one of "said".
        """
        tokens = self.tokens
        subjects = [c for c in tokens.kids(self.at, "nsubj") if c < self.at]
        if len(subjects) <= 1 or not self.speaks() or self.subject != subjects[-1]:
            return False
        first, comma = subjects[0], tokens.left[subjects[-1]] - 1
        lost = any(tokens.tag[c] in {"VBD", "VBN"} for c in tokens.kids(first, "acl"))
        starts = tokens.left[first] == tokens.bounds[tokens.sentence[self.at]][0]
        if not lost or not starts or tokens.words[comma] != ",":
            return False
        return self.take("clause before", 0.85, set(range(tokens.left[first], comma)))

    def _between_commas(self) -> bool:
        tokens = self.tokens
        low, high = tokens.left[self.at], tokens.right[self.at]
        return (
            low > 0
            and tokens.words[low - 1] in {",", "—", "–", "-", '"', "”"}
            and high + 1 < len(tokens)
            and tokens.words[high + 1] in {",", ".", "—", "–", "-"}
        ) or (tokens.words[low] == ",")

    def as_clause(self) -> bool:
        """Take the clause around: "as X put it", "as he said"."""
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
        return self.take("as clause", 0.85, set(range(min(whole), max(whole) + 1)) - own)
