"""Past or future: what the verb that governs an expression of time says, or its neighbours."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from broadsheet.attribution.extraction.lexicon import word_set
from broadsheet.attribution.extraction.times.context import FUTURE, PAST, PRESENT, UNTOLD

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_WILL = frozenset({"will", "’ll", "'ll", "wo", "shall", "would", "’d", "may", "might", "ca"})
_MODALS = frozenset({"will", "shall", "would", "may", "might", "can", "could", "should", "must"})
_PROSPECTS = word_set(
    "expect plan schedule intend set due want hope aim propose promise vow pledge threaten agree "
    "prepare invite slate poise likely order tell ask urge decide try seek vote demand call "
    "request instruct wait need have go about bind ready able allow require summon advise warn "
    "encourage beg implore pressure invite"
)
_SCHEDULED = word_set(
    "open begin start meet arrive leave expire end close run come take play face vote return visit "
    "travel hold go resume host kick fall depart fly head"
)
_SAYS = word_set("say tell report announce claim write state add")
_AHEAD = frozenset({"until", "till", "for", "through", "by", "from", "before"})
_DEMANDS = word_set("threaten demand propose promise announce urge want request vow pledge")
_POSTPONES = word_set(
    "extend postpone delay adjourn suspend defer schedule set plan call slate reschedule remand "
    "expect push move due"
)
_CLAUSE = re.compile(r"[.!?;\n]")
_WINDOW = 90
_FUTURE_WORDS = re.compile(
    r"\b(?:will|shall|won['’]t|to be|is to|are to|[a-z]+['’]ll|due|set to|scheduled|expected to|"
    r"plans? to|would|ahead of|until|going to|planned for|upcoming|"
    r"wird|werden|soll|sollen|will|wollen|خواهد|خواهند|قرار است)\b",
    re.IGNORECASE,
)
_PAST_WORDS = re.compile(
    r"\b(?:was|were|had|did|said|told|has|[a-z]{3,}ed|went|began|came|took|held|gave|made|met|won|"
    r"lost|left|saw|found|got|war|waren|hatte|hat|haben|wurde|wurden|sagte|کرد|کردند|شد|شدند|گفت|"
    r"بود|بودند|داد|دادند)\b",
    re.IGNORECASE,
)


def by_words(text: str) -> Callable[[int, int], str]:
    """Return a function that tells the tense around two characters from the words beside them."""

    def tense(start: int, end: int) -> str:
        head = text[max(0, start - _WINDOW) : start]
        cuts = [cut.end() for cut in _CLAUSE.finditer(head)]
        head = head[cuts[-1] :] if cuts else head
        tail = _CLAUSE.split(text[end : end + _WINDOW], maxsplit=1)[0]
        future = [found.end() for found in _FUTURE_WORDS.finditer(head)]
        past = [found.end() for found in _PAST_WORDS.finditer(head)]
        if future or past:
            return FUTURE if max(future, default=0) > max(past, default=0) else PAST
        ahead, behind = _FUTURE_WORDS.search(tail), _PAST_WORDS.search(tail)
        if ahead and (behind is None or ahead.start() < behind.start()):
            return FUTURE
        return PAST if behind else UNTOLD

    return tense


def _verb_above(token: Token) -> Token:
    # Up from the words of time to the verb, or the root where there is none.
    at = token
    for _ in range(12):
        if at.pos_ in {"VERB", "AUX"} or at.head == at:
            break
        at = at.head
    return at


def _of_verb(verb: Token, depth: int = 0) -> str:
    helpers = [child for child in verb.children if child.dep_ in {"aux", "auxpass"}]
    lowered = {child.lower_ for child in helpers}
    if lowered & _WILL or any(child.lemma_ in {"will", "shall"} for child in helpers):
        return FUTURE
    if any(child.lemma_ == "have" or child.tag_ == "VBD" for child in helpers):
        return PAST
    if any(child.tag_ == "MD" for child in helpers):
        return FUTURE
    if "to" in lowered:
        return _of_infinitive(verb, depth)
    if verb.tag_ == "VBD":
        return PAST
    if verb.tag_ in {"VBN", "VBG"}:
        if helpers:
            progressive = verb.tag_ == "VBG" and verb.lemma_ in _SCHEDULED
            return FUTURE if progressive else PRESENT
        if verb.tag_ == "VBN" and verb.lemma_ in _POSTPONES:
            return FUTURE
        if verb.head != verb and depth < 4:  # noqa: PLR2004 -- deep enough for any sentence
            return _of_verb(_verb_above(verb.head), depth + 1)
        return PAST
    if verb.tag_ in {"VBZ", "VBP"}:
        if verb.lemma_ in _SAYS or verb.lemma_ == "be":
            return PRESENT
        return FUTURE if verb.lemma_ in _SCHEDULED else PRESENT
    if verb.tag_ == "VB" and verb.head != verb and verb.dep_ in {"conj", "ccomp"}:
        return _of_verb(_verb_above(verb.head), depth + 1) if depth < 4 else UNTOLD  # noqa: PLR2004
    return UNTOLD


def _of_infinitive(verb: Token, depth: int) -> str:
    governor = verb.head
    if governor.pos_ == "ADJ" and governor.lemma_ not in _PROSPECTS:
        above = _verb_above(governor)
        # "was willing to skip it on Thursday", but "is ready to meet on Friday"
        return PAST if above.tag_ == "VBD" else FUTURE
    if governor == verb or verb.dep_ == "relcl" or governor.pos_ not in {"VERB", "AUX"}:
        return FUTURE
    if governor.lemma_ in _PROSPECTS or governor.lemma_ == "be":
        return FUTURE
    return _of_verb(governor, depth + 1) if depth < 4 else UNTOLD  # noqa: PLR2004


def _of_noun(token: Token) -> str:
    """Return what the noun phrase around the words of time says by itself, or nothing."""
    at = token
    for _ in range(4):
        if at.pos_ in {"VERB", "AUX"} or at.head == at:
            return UNTOLD
        head = at.head
        if head.lower_ == "ahead" or (head.lower_ == "of" and head.head.lower_ == "ahead"):
            return FUTURE
        if any(
            child.lower_ in {"upcoming", "planned", "scheduled", "expected", "looming"}
            for child in head.children
        ):
            return FUTURE
        at = head
    return UNTOLD


def _looks_ahead(root: Token, verb: Token) -> bool:
    """Whether what the verb did concerns a time to come: "extended it until Friday"."""
    prepositions = set()
    at = root
    while at not in {verb, at.head}:
        at = at.head
        if at.pos_ in {"ADP", "SCONJ"}:
            prepositions.add(at.lower_)
    if prepositions & _AHEAD and verb.lemma_ in _POSTPONES | _DEMANDS:
        return True
    if prepositions & {"until", "till"} and verb.tag_ in {"VBZ", "VBP"}:
        return True
    if verb.lemma_ in {"declare", "proclaim"} and verb.i + 1 == root.i:
        return root.i + 1 < len(root.doc) and root.nbor().lower_ in {"a", "an", "the"}
    return verb.lemma_ == "be" and any(
        child.dep_ == "nsubj" and child.lemma_ == "deadline" for child in verb.children
    )


def by_parse(doc: Doc) -> Callable[[int, int], str]:
    """Return a function that tells the tense around two characters from the parse ``doc``."""
    words = by_words(doc.text)

    def tense(start: int, end: int) -> str:
        span = doc.char_span(start, end, alignment_mode="expand")
        if span is None:
            return words(start, end)
        root = span.root
        noun = _of_noun(root)
        if noun:
            return noun
        verb = _verb_above(root)
        if verb.pos_ not in {"VERB", "AUX"}:
            return words(start, end)
        if _looks_ahead(root, verb):
            return FUTURE
        return _of_verb(verb) or words(start, end)

    return tense
