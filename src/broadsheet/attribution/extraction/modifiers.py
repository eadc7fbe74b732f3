"""Adverbs, adjectives and prepositions that attribute: "reportedly", "alleged", "according to"."""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.attribution.extraction import phrases
from broadsheet.attribution.extraction.finding import Finding
from broadsheet.attribution.extraction.lexicon import Lexicon, word_set
from broadsheet.attribution.extraction.tokens import Tokens
from broadsheet.attribution.relation import CueKind

_COPULA = word_set("be feel seem become remain sound look get stay appear grow")
_ABOUT = word_set("about of with at to for on over by that in against toward")
_RATES = word_set(
    "cent day week month year hour minute second person capita se annum head gallon pound mile "
    "barrel game share household square"
)

_TO_ADJECTIVE = 4
"""Words at most from a copula to its adjective for the cue to be all of them."""


def find(tokens: Tokens, lexicon: Lexicon) -> Iterator[Finding]:
    """Yield what adjectives, adverbs and prepositions of the text attribute."""
    for at in range(len(tokens)):
        word, tag = tokens.lower[at], tokens.tag[at]
        found: Finding | None = None
        if tag in {"RB", "JJ"} and word in lexicon.adverbs:
            found = _adverb(tokens, at, lexicon.adverbs[word])
        elif word in lexicon.attributives and tokens.dep[at] == "amod":
            found = _attributive(tokens, at, lexicon.attributives[word])
        elif word == "so" and tokens.lower[at + 1 : at + 3] == ["-", "called"]:
            found = _so_called(tokens, at)
        elif word in lexicon.adjectives and tag in {"JJ", "VBN", "JJR", "VBD", "IN", "RB"}:
            found = _predicate(tokens, at, lexicon.adjectives[word].prior)
        elif tag in {"IN", "VBG", "RB", "TO"}:
            found = _preposition(tokens, lexicon, at) or _in_view(tokens, lexicon, at)
        if found is not None and found.content:
            yield found


def _finding(
    head: int,
    cue: set[int],
    source: set[int],
    content: set[int],
    *,
    kind: CueKind,
    rule: str,
    strength: float,
) -> Finding:
    return Finding(
        head=head,
        cue=cue,
        content=content,
        source=source,
        cue_kind=kind,
        rule=rule,
        strength=strength,
    )


def clause_around(tokens: Tokens, at: int) -> int:
    """Return the head of the clause that the word at ``at`` modifies."""
    here = at
    while tokens.head[here] != here:
        here = tokens.head[here]
        if tokens.is_verb(here) and (
            tokens.is_finite(here) or tokens.dep[here] in {"ROOT", "relcl", "acl", "advcl"}
        ):
            return here
    return here


def _adverb(tokens: Tokens, at: int, prior: float) -> Finding | None:
    head = tokens.head[at]
    if tokens.is_verb(head):
        content = set(tokens.subtree(head))
    else:
        content = set(range(tokens.left[head], tokens.right[head] + 1))
    content.discard(at)
    content = _without_commas_at(tokens, content, at)
    return _finding(
        at,
        {at},
        set(),
        phrases.trim(tokens, phrases.without_stop(tokens, content)),
        kind=CueKind.ADVERB,
        rule="adverb",
        strength=prior,
    )


def _without_commas_at(tokens: Tokens, content: set[int], at: int) -> set[int]:
    return content - {
        near for near in (at - 1, at + 1) if 0 <= near < len(tokens) and tokens.words[near] == ","
    }


def _attributive(tokens: Tokens, at: int, prior: float) -> Finding | None:
    noun = tokens.head[at]
    if noun < at:
        return None
    end = noun
    while end + 1 <= tokens.right[noun] and tokens.words[end + 1] not in {
        ",",
        "(",
        "—",
        "–",
        "--",
        ";",
        ":",
    }:
        end += 1
    return _finding(
        at,
        {at},
        set(),
        phrases.trim(tokens, set(range(at + 1, end + 1))),
        kind=CueKind.ADVERB,
        rule="attributive",
        strength=prior,
    )


def _so_called(tokens: Tokens, at: int) -> Finding | None:
    noun = at + 2
    while (
        tokens.dep[noun] in {"amod", "compound", "punct", "advmod", "npadvmod"}
        and tokens.head[noun] > noun - 1
    ):
        noun = tokens.head[noun]
    end = at + 2
    while (
        end + 1 < len(tokens)
        and end + 1 <= max(noun, tokens.right[noun])
        and tokens.words[end + 1] not in {",", ".", "(", "—"}
    ):
        end += 1
    return _finding(
        at,
        {at, at + 1, at + 2},
        set(),
        set(range(at + 3, end + 1)),
        kind=CueKind.ADVERB,
        rule="attributive",
        strength=0.75,
    )


def _predicate(tokens: Tokens, at: int, prior: float) -> Finding | None:
    """Take "is willing to X", "are worried about Y", "was sure of it"."""
    dep = tokens.dep[at]
    verb = tokens.head[at] if dep in {"acomp", "attr", "oprd", "xcomp", "conj"} else at
    if dep == "conj":
        verb = tokens.head[tokens.head[at]] if tokens.dep[tokens.head[at]] == "acomp" else verb
    if verb == at and tokens.child(at, "auxpass", "aux") is None:
        if dep not in {"acl", "relcl", "amod", "advcl"} or tokens.tag[at] not in {"JJ", "VBN"}:
            return None
        return _postposed(tokens, at, prior)
    if verb != at and tokens.lemma[verb] not in _COPULA:
        return None
    content = _complement(tokens, at)
    if not content and verb != at:
        content = _complement(tokens, verb, only_clauses=True)
    if not content:
        return None
    subject = phrases.subject(tokens, verb)
    if subject is None or tokens.lower[subject] in {"it", "there", "this", "that", "what"}:
        return None
    cue = phrases.verb_group(tokens, verb)
    if verb < at and at - verb <= _TO_ADJECTIVE:
        cue |= set(range(verb, at + 1))
    cue.add(at)
    source = phrases.source_of(tokens, subject, verb)
    cue -= source
    return _finding(
        at, cue, source, content - cue - source, kind=CueKind.VERB, rule="predicate", strength=prior
    )


def _postposed(tokens: Tokens, at: int, prior: float) -> Finding | None:
    """Take "teachers opposed to the plan", "officials familiar with it"."""
    content = _complement(tokens, at)
    noun = tokens.head[at]
    if not content or tokens.dep[at] == "advcl" or noun >= at or tokens.is_verb(noun):
        return None
    source = phrases.noun_phrase(tokens, noun, before=at)
    return _finding(
        at,
        {at},
        source,
        content - source,
        kind=CueKind.VERB,
        rule="predicate",
        strength=prior * 0.9,
    )


def _complement(tokens: Tokens, at: int, *, only_clauses: bool = False) -> set[int]:
    for child in tokens.kids(at, "xcomp", "ccomp", "advcl"):
        if child < at:
            continue
        clause = tokens.dep[child] != "advcl" or tokens.is_infinitive(child)
        if clause:
            return set(range(tokens.left[child], tokens.right[child] + 1))
    if only_clauses:
        return set()
    for prep in tokens.kids(at, "prep"):
        if prep > at and tokens.lower[prep] in _ABOUT and tokens.children[prep]:
            return set(range(tokens.left[prep], tokens.right[prep] + 1))
    return set()


def _preposition(tokens: Tokens, lexicon: Lexicon, at: int) -> Finding | None:
    """Take "according to X": the clause around is the content."""
    word = tokens.lower[at]
    if word == "per":
        return _per(tokens, at)
    for phrase, prior in lexicon.prepositions.items():
        if phrase[0] == word and tuple(tokens.lower[at : at + len(phrase)]) == phrase:
            last = at + len(phrase) - 1
            noun = tokens.child(last, "pobj", "pcomp")
            if noun is None:
                return None
            source = phrases.noun_phrase(tokens, noun)
            return _around(tokens, at, set(range(at, last + 1)), source, prior)
    return None


def _per(tokens: Tokens, at: int) -> Finding | None:
    noun = tokens.child(at, "pobj")
    if noun is None or noun < at or tokens.lower[noun] in _RATES or tokens.tag[noun] == "NN":
        return None
    if at == 0 or (tokens.words[at - 1] not in {",", "(", ".", "—"} and tokens.words[at] != "Per"):
        return None
    return _around(tokens, at, {at}, phrases.noun_phrase(tokens, noun), 0.8)


def _in_view(tokens: Tokens, lexicon: Lexicon, at: int) -> Finding | None:
    """Take "in her view", "in the senator's words"."""
    if tokens.lower[at] not in {"in", "by", "to"}:
        return None
    noun = tokens.child(at, "pobj")
    prior = lexicon.possessive_nouns.get(tokens.lower[noun], 0) if noun is not None else 0
    if noun is None or not prior or tokens.dep[at] != "prep":
        return None
    source = phrases.possessor(tokens, noun)
    own = tokens.child(noun, "poss")
    if own is None or (tokens.lower[at] == "to" and tokens.lower[noun] not in {"mind", "eyes"}):
        return None
    if tokens.lower[at] == "by" and tokens.lower[noun] not in {
        "account",
        "reckoning",
        "estimation",
    }:
        return None
    return _around(tokens, at, {at, noun}, source, prior)


def _around(
    tokens: Tokens, at: int, cue: set[int], source: set[int], prior: float
) -> Finding | None:
    """Return the finding whose content is the clause that the phrase at ``at`` hangs in."""
    begin, stop = tokens.bounds[tokens.sentence[at]]
    own = cue | source
    low, high = min(own), max(own)
    while stop > begin and (tokens.space[stop - 1] or tokens.words[stop - 1] in {".", "!", "?"}):
        stop -= 1
    after = high + 1 < stop and tokens.words[high + 1] in {",", "—", "–"}
    if tokens.inside[at] >= 0:
        first, last = tokens.extent[tokens.inside[at]]
        begin, stop = max(begin, first + 1), min(stop, last - 1)
    if low <= begin + 1:
        content = set(range(high + 1, stop))
    else:
        head = clause_around(tokens, at)
        content = {t for t in tokens.subtree(head) if begin <= t < stop}
        if high + 1 >= stop - 1:
            content |= set(range(tokens.left[head], low))
        elif not after and not content - own:
            content = set(range(begin, low))
    content -= own
    content -= {t for t in content if not _near_ok(tokens, t, own)}
    return _finding(
        at,
        cue,
        source,
        phrases.trim(tokens, content),
        kind=CueKind.PREPOSITION,
        rule="preposition",
        strength=prior,
    )


def _near_ok(tokens: Tokens, at: int, own: set[int]) -> bool:
    # The commas that set the phrase off are neither its nor the content's.
    return not (tokens.words[at] in {",", "—", "–", "--"} and (at + 1 in own or at - 1 in own))
