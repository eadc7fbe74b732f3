"""What a colon or a dash attributes: "X: Y", transcripts, "…" — Name, "caption. Image: Name"."""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.attribution.extraction import phrases
from broadsheet.attribution.extraction.finding import Finding
from broadsheet.attribution.extraction.lexicon import word_set
from broadsheet.attribution.extraction.tokens import FINITE, QUOTES, Tokens
from broadsheet.attribution.relation import CueKind

_LABELS = word_set(
    "latest exclusive analysis opinion breaking update updated photos photo video live watch "
    "editorial factbox timeline explainer column review correction note monday tuesday wednesday "
    "thursday friday saturday sunday politics election elections election2016 key security read "
    "more related published id topics tags question answer"
)
"""Words before a colon that name a kind of text, not a speaker."""
_PICTURES = word_set("image images photo photos photograph picture video audio graphic map file")
_LONGEST_SPEAKER = 7
_LONGEST_CREDIT = 4
"""Words of a source behind the colon of a headline: "Bridge will close: police"."""
_SOURCES = word_set(
    "police report reports official officials poll polls study source sources lawyer lawyers court "
    "judge mayor governor minister ministry aide aides media agency watchdog expert experts "
    "analyst analysts survey ap reuters afp spokesman spokeswoman"
)


def find(tokens: Tokens) -> Iterator[Finding]:
    """Yield what colons and dashes attribute, line by line."""
    count = len(tokens)
    at = 0
    while at < count:
        end = at
        while end < count and tokens.line[end] == tokens.line[at]:
            end += 1
        begin, stop = at, end
        while begin < stop and tokens.space[begin]:
            begin += 1
        while stop > begin and tokens.space[stop - 1]:
            stop -= 1
        if stop - begin > 1:
            found = (
                _credit(tokens, begin, stop)
                or _line(tokens, begin, stop)
                or _signature(tokens, begin, stop)
            )
            if found is not None:
                yield found
        at = end


def _finding(tokens: Tokens, cue: int, source: range, content: range, strength: float) -> Finding:
    return Finding(
        head=cue,
        cue={cue},
        content=phrases.trim(tokens, set(content)),
        source=phrases.trim(tokens, set(source)),
        cue_kind=CueKind.PUNCTUATION,
        rule="colon",
        strength=strength,
    )


def _line(tokens: Tokens, begin: int, stop: int) -> Finding | None:
    colon = next((t for t in range(begin, stop) if tokens.words[t] == ":"), None)
    if colon is None or colon + 1 >= stop or tokens.inside[colon] >= 0:
        return None
    words = [t for t in range(begin, colon) if tokens.words[t] not in QUOTES]
    ends = tokens.words[stop - 1] in {".", "!", "?", "”", '"', "''"}
    if not words:
        return None
    if _is_speaker(tokens, words) and tokens.words[colon + 1] != "//":
        spoken = tokens.words[colon + 1] in QUOTES
        shouted = all(tokens.words[t].isupper() or not tokens.words[t].isalpha() for t in words)
        if not ends or spoken or shouted:
            return _finding(
                tokens,
                colon,
                range(begin, colon),
                range(colon + 1, stop),
                0.9 if shouted or spoken else 0.7,
            )
    last = list(range(colon + 1, stop))
    if not ends and len(last) <= _LONGEST_CREDIT and any(tokens.lower[t] in _SOURCES for t in last):
        return _finding(tokens, colon, range(colon + 1, stop), range(begin, colon), 0.8)
    return None


def _is_speaker(tokens: Tokens, words: list[int]) -> bool:
    if len(words) > _LONGEST_SPEAKER or any(tokens.lower[t] in _LABELS for t in words):
        return False
    if any(tokens.tag[t] in {"VBD", "VBZ", "MD", "VBP", "CD"} for t in words):
        return False
    if len(words) == 1 and tokens.lower[words[0]] in {"q", "a"}:
        return True
    return all(
        tokens.words[t][0].isupper()
        or not tokens.words[t].isalpha()
        or tokens.tag[t] in {"IN", "CC", "DT", "POS"}
        for t in words
    ) or (tokens.words[words[0]][0].isupper() and any(tokens.lower[t] in _SOURCES for t in words))


def _credit(tokens: Tokens, begin: int, stop: int) -> Finding | None:
    """Return who stands behind the picture that the caption before tells of."""
    for label in range(stop - 3, max(begin, stop - _LONGEST_SPEAKER - 3), -1):
        if tokens.lower[label] not in _PICTURES or tokens.words[label + 1] != ":":
            continue
        name = range(label + 2, stop)
        starts = tokens.words[label][0].isupper() and tokens.words[name[0]][0].isupper()
        if not starts or any(tokens.tag[t] in FINITE for t in name):
            return None
        one = _finding(tokens, label + 1, name, range(begin, label), 0.6)
        one.cue.add(label)
        one.source = phrases.without_stop(tokens, one.source)
        return one
    return None


def _signature(tokens: Tokens, begin: int, stop: int) -> Finding | None:
    """A quotation, a dash, and a name at the end of the line."""
    for at in range(stop - 2, max(begin, stop - 12), -1):
        if tokens.words[at] in {"—", "–", "--", "―"} and tokens.inside[at] < 0:
            quoted = tokens.inside[at - 1]
            name = range(at + 1, stop)
            if (
                quoted >= 0
                and tokens.extent[quoted][0] <= begin + 1
                and tokens.words[at + 1][0].isupper()
            ):
                return _finding(tokens, at, name, range(begin, at), 0.9)
            return None
    return None
