"""The words that chains are told by: who passes on, what is passed on, and how."""

from __future__ import annotations

import re

from broadsheet.attribution.extraction.finding import kind_of
from broadsheet.attribution.extraction.lexicon import word_set
from broadsheet.attribution.extraction.tokens import Tokens
from broadsheet.attribution.relation import Hop

CITES = frozenset({"cite", "quote", "paraphrase"})
PASSES_ON = word_set(
    "cite quote carry relay pick pass publish report copy repeat run reprint republish broadcast "
    "distribute air translate post circulate obtain release issue leak summarize summarise "
    "circulate share forward reproduce"
)
STATEMENTS = word_set(
    "report statement remark interview comment letter dispatch memo message document list account "
    "summary word video transcript article note communique communiqué recording"
)
OUTLETS = word_set(
    "agency radio television tv paper newspaper daily weekly magazine channel station broadcaster "
    "website site network outlet press news wire media journal tabloid portal blog newswire post "
    "times herald tribune gazette courier monitor dispatch messenger chronicle telegraph guardian "
    "beacon mail review observer ledger bulletin afp ap reuters cnn bbc"
)
REPORTS = word_set(
    "report say write tell claim announce declare state add note publish assert disclose reveal "
    "maintain allege warn put confirm"
)
PERSONS = word_set(
    "source official resident witness driver person people doctor priest expert analyst diplomat "
    "activist family relative listener general minister officer spokesman spokeswoman member "
    "handler lawyer villager cleaner circle police prosecutor woman man neighbour neighbor "
    "ministry agency military army government authority negotiator mill service company aide "
    "critic voter senator mayor judge nurse student crew"
)
DOCUMENTS = word_set(
    "report document statement cable letter memo record data information study survey book filing "
    "email e-mail note transcript order list"
)
_AGENTIVE = re.compile(r"(?:er|or|ist|man|men|woman|women|ian|ent|ant|ee)s?$")
_NAME_ENDS = re.compile(r",| (?:who|whom|which|whose|that|where|there|briefed|familiar)\b")


def hop(tokens: Tokens, source: set[int]) -> Hop:
    """Return the station that ``source`` names, its name without what only describes it."""
    kind = kind_of(tokens, source)
    name = tokens.say(source)
    cut = _NAME_ENDS.search(name)
    if cut and cut.start() > 0:
        name = name[: cut.start()]
    return Hop(name.strip(" ,;:—–-"), kind, tokens.spans(source))


def is_outlet(tokens: Tokens, source: set[int]) -> bool:
    """Whether ``source`` is one that publishes: an agency, a paper, a channel."""
    return any(
        tokens.lower[t] in OUTLETS
        or tokens.lemma[t] in OUTLETS
        or (len(tokens.words[t]) > 1 and tokens.words[t].isupper() and tokens.words[t].isalpha())
        for t in source
    )


def is_source(tokens: Tokens, noun: int) -> bool:
    """Whether the noun at ``noun`` is somebody who can be cited."""
    return (
        tokens.tag[noun] in {"NNP", "NNPS"}
        or tokens.lemma[noun] in PERSONS
        or tokens.lemma[noun] in OUTLETS
        or bool(_AGENTIVE.search(tokens.lower[noun]))
    )


def commas_at(tokens: Tokens, found: set[int]) -> set[int]:
    """Return the commas right beside ``found``."""
    return {
        t for t in (min(found) - 1, max(found) + 1) if t < len(tokens) and tokens.words[t] == ","
    }
