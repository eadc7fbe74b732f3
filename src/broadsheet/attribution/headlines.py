"""Headlines beside hedges: whether a headline states as fact what its text keeps at a distance.

Pure: no database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from broadsheet.attribution.extraction.lexicon import english
from broadsheet.attribution.relation import AttributionRelation, HedgeKind, Span
from broadsheet.search.words import words_of
from broadsheet.stories.languages import main_language

# A headline says the same as a claim that has this share of its words, and at least so many.
_SHARE = 0.5
_FEWEST = 2
_SURE = 0.7
# "The so-called observatory" says nothing against what the observatory reports.
_WEAKENING = frozenset({HedgeKind.HEARSAY, HedgeKind.DISTANCING, HedgeKind.AGENTLESS})
_QUOTES = re.compile(r"[\"“”„«»]|(?<!\w)['‘‚](?=\w)")
# "Minister: no talks planned", "No talks planned: minister"; not the hours of "at 10:30".
_SAYS = re.compile(r"\w:\s|\s[–—]\s[^\W\d]\w*(?:\s\w+)?$")
# Headlines say so with few verbs; of the lexicon's others, many mean something else there
# ("Airline adds flights", "Court holds hearing").
_SAYING = frozenset(
    {
        "say", "tell", "claim", "allege", "insist", "assert", "maintain", "argue", "warn",
        "predict", "deny", "accuse", "suspect", "blame", "suggest", "hint", "vow", "pledge",
        "promise", "threaten", "urge", "fear", "forecast", "estimate", "believe", "expect",
        "report", "contend", "complain", "admit", "concede", "acknowledge", "reveal", "disclose",
        "announce", "confirm", "declare",
    }
)  # fmt: skip
_UNSURE = frozenset(
    {
        "may", "might", "could", "would", "likely", "possibly", "possible", "apparent",
        "apparently", "seem", "seems", "suspected", "feared", "fears", "believed", "thought",
        "unconfirmed", "claim", "claims", "report", "reports", "rumour", "rumours", "rumor",
        "rumors", "sources", "via", "per",
    }
)  # fmt: skip
_ACCORDING = re.compile(r"\baccording to\b", re.IGNORECASE)
_EMPTY = frozenset(
    {
        "a", "an", "the", "and", "or", "but", "nor", "of", "in", "on", "at", "to", "from", "by",
        "for", "with", "as", "into", "over", "under", "after", "before", "out", "up", "down", "off",
        "about", "amid", "than", "that", "this", "these", "those", "it", "its", "he", "she", "they",
        "his", "her", "their", "them", "is", "are", "was", "were", "be", "been", "being", "has",
        "have", "had", "do", "does", "did", "will", "not", "no", "new", "who", "which", "what",
        "when", "where", "while", "more", "most",
    }
)  # fmt: skip


def says_so_itself(headline: str, language: str) -> bool:
    """Tell whether ``headline`` keeps a distance: attributes, hedges, quotes or asks.

    Signs count in every language; words are known for English.
    """
    if _QUOTES.search(headline) or _SAYS.search(headline) or headline.rstrip().endswith("?"):
        return True
    if main_language(language) != "en":
        return False
    words = re.findall(r"[\w-]+", headline.lower())
    return bool(_ACCORDING.search(headline)) or any(map(_keeps_a_distance, words))


def hedged_elsewhere(
    headline: str, language: str, text: str, relations: Iterable[AttributionRelation]
) -> list[AttributionRelation]:
    """Return those of ``relations`` that weaken in ``text`` what ``headline`` says outright.

    None where the headline keeps a distance of its own, or speaks of something else.
    """
    if says_so_itself(headline, language):
        return []
    said = content_words(headline, language)
    return [
        relation
        for relation in relations
        if any(hedge.kind in _WEAKENING for hedge in relation.hedges)
        and _same(said, words_in(relation.content, text, language))
    ]


def words_in(spans: Iterable[Span], text: str, language: str) -> frozenset[str]:
    """Return the words of these places that mean something, each as the stem it is known by."""
    return content_words(" ".join(text[start:end] for start, end in spans), language)


def content_words(text: str, language: str) -> frozenset[str]:
    """Return the words of ``text`` that mean something, each as the stem it is known by."""
    found = set()
    for word in words_of(text, language):
        written = text[word.start : word.end]
        short = len(written) < 3 and not written.isupper()  # noqa: PLR2004 - "US" is a name
        if not short and written.lower() not in _EMPTY:
            found.add(word.forms.other[0] if word.forms.other else word.forms.main[0])
    return frozenset(found)


def _keeps_a_distance(word: str) -> bool:
    lexicon = english()
    # "alleged", and not "planned".
    sure = lexicon.attributives.get(word, 0.0) >= _SURE
    verb = lexicon.verb(word, word)
    says = verb is not None and verb.lemma in _SAYING
    return sure or says or word in _UNSURE or word in lexicon.adverbs


def _same(said: frozenset[str], claimed: frozenset[str]) -> bool:
    shared = len(said & claimed)
    return shared >= _FEWEST and shared >= _SHARE * len(said)
