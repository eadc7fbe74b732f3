"""One verb and what its sentence offers it: what every frame of the verb asks."""

from __future__ import annotations

from broadsheet.attribution.extraction import phrases
from broadsheet.attribution.extraction.lexicon import Verb, word_set
from broadsheet.attribution.extraction.tokens import RELATIVE, Tokens

_DOCUMENTS = word_set(
    "poll survey study report research analysis data figure statistic record document finding "
    "result evidence memo letter email e-mail test review investigation audit census ruling "
    "estimate paper file transcript tape recording video footage log ledger filing chart map model "
    "forecast index article story book statement text message note bill law constitution "
    "resolution tweet post website web site newspaper magazine agency official measurement number "
    "analyst researcher scientist autopsy exam experiment satellite image poster sign banner "
    "headline account history reading rating projection count tally return indicator"
)
"""What can "show" or "suggest": things that hold words or numbers."""
_ONLY_DOCUMENTS = word_set("show suggest indicate demonstrate prove illustrate reveal read")
_PERSONAL = word_set(
    "i we you he she they who everyone everybody nobody someone somebody many some most few others "
    "one"
)
HEARERS = word_set(
    "tell inform advise remind assure notify warn brief reassure ask teach convince persuade"
)


class VerbCue:
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
        self.quoted: int | None = None
        """The "saying" of "was quoted as saying", whose subject is the source."""
        self.subject = phrases.subject(tokens, at)
        self.content: set[int] = set()
        self.rule = ""
        self.strength = 0.0

    def find_source(self) -> set[int]:
        """Return the subject, or in the passive the agent; empty where there is none."""
        tokens = self.tokens
        if self.passive and self.quoted is None:
            if self.agent is None:
                return set()
            noun = tokens.child(self.agent, "pobj")
            return set() if noun is None else phrases.noun_phrase(tokens, noun)
        if self.subject is None:
            clause = tokens.head[self.at] if tokens.tag[self.at] == "VBG" else self.at
            return self._inverted_subject() or phrases.nominal_before(tokens, clause)
        return phrases.source_of(tokens, self.subject, self.at)

    def _inverted_subject(self) -> set[int]:
        # "…," said the official -- where the parser took the speaker for an object.
        object_ = self.tokens.child(self.at, "dobj", "attr", "oprd", "npadvmod")
        if object_ is not None and object_ > self.at and self.rule in {"clause before", "aside"}:
            return phrases.noun_phrase(self.tokens, object_)
        return set()

    def take(self, rule: str, strength: float, content: set[int]) -> bool:
        """Note what a frame found, and return whether that is anything."""
        if not content:
            return False
        self.rule, self.strength, self.content = rule, strength, content
        return True

    def reach(self, at: int) -> set[int]:
        """Return all from the first to the last word below ``at``, the verb itself left out."""
        tokens = self.tokens
        low, high = tokens.left[at], tokens.right[at]
        if low <= self.at <= high:
            return set(tokens.subtree(at))
        return set(range(low, high + 1))

    def speaks(self) -> bool:
        """Whether the verb is one of saying, not only of wanting or doing."""
        return bool({"clause", "quote"} & set(self.entry.frames))

    def can_show(self) -> bool:
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

    def with_passive(self, content: set[int]) -> set[int]:
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
