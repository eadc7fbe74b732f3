"""Verbs that attribute: who says, wants, fears or denies what, by the grammar around the verb.

Each verb of the lexicon is looked at once. Which of its frames the sentence fills decides what the
content is; the subject, or in the passive the agent, is the source.
"""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.attribution.extraction import phrases
from broadsheet.attribution.extraction.finding import Finding
from broadsheet.attribution.extraction.lexicon import Lexicon, Verb
from broadsheet.attribution.extraction.tokens import VERBAL, Tokens
from broadsheet.attribution.extraction.verbs.clauses import Clauses
from broadsheet.attribution.extraction.verbs.objects import Objects
from broadsheet.attribution.relation import CueKind


def find(tokens: Tokens, lexicon: Lexicon) -> Iterator[Finding]:
    """Yield what the verbs of the text attribute."""
    told: set[int] = set()
    for at in range(len(tokens)):
        if at in told:
            continue
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
            if found.rule == "quoted as":
                told |= found.cue
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


class _VerbCue(Clauses, Objects):
    """One verb with all its frames."""

    def finding(self) -> Finding | None:
        """Return what this verb attributes, or ``None``."""
        tokens = self.tokens
        if not (self.quoted_as() or self.clause() or self.aside() or self.two_subjects()):
            self.other_frames()
        if not self.content and not self.as_clause():
            return None
        if self.quoted is not None:
            self.rule = "quoted as"
        source = self.find_source()
        self.content -= self.cue | source
        self.content = phrases.trim(tokens, phrases.without_stop(tokens, self.content))
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
