"""What the model and the rules found, as one list.

The model reads the rules' finds, so where both see a cue the model's parts are taken. The rules
keep what they alone can know: a missing source, a chain of hops, and a quotation that the model
would leave without a speaker.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from broadsheet.attribution.extraction import lexicon
from broadsheet.attribution.relation import CueKind, SourceKind

if TYPE_CHECKING:
    from broadsheet.attribution.extraction.finding import Finding
    from broadsheet.attribution.extraction.tagger.decoding import Linked
    from broadsheet.attribution.extraction.tagger.features import Reading
    from broadsheet.attribution.extraction.tokens import Tokens

ALONE = 0.5
"""Chance of a cue that the rules do not know, from which it is taken."""
UNHEARD_OF = 0.98
"""The same for one whose word is in no lexicon: few words that attribute are missing there."""
_SPOKEN = frozenset({"clause", "quote", "so"})
"""What verbs take that say something or nothing: "continue", "go on"."""
TOGETHER = 0.3
"""The same for one that the rules found too."""
LEAST = min(ALONE, TOGETHER)
_GRAMMAR = frozenset({"citing", "passed on", "quoted subject", "via", "dangling"})
"""Rules that read a form which leaves no doubt who stands where."""
_GAP = 2
_NOMINAL = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP", "PRP$", "WP", "WP$", "WDT", "CD", "FW"})
_QUOTED_AT_LEAST = 4
_MOST_OF = 0.5
_MARKS = frozenset({'"', "“", "”", "``", "''", "«", "»", "'", "‘", "’"})


@dataclass(frozen=True)
class Merged:
    """A finding, and what the model and the rules say of it, for the confidence."""

    finding: Finding
    linked: Linked | None
    rule: Finding | None


def _kind(tokens: Tokens, anchor: int) -> CueKind:
    tag = tokens.tag[anchor]
    if tag.startswith("V") or tag == "MD":
        return CueKind.VERB
    if tag.startswith("NN"):
        return CueKind.NOUN
    if tag in {"IN", "TO", "RP"}:
        return CueKind.PREPOSITION
    if tag.startswith(("RB", "JJ")):
        return CueKind.ADVERB
    return CueKind.VERB if any(map(str.isalnum, tokens.words[anchor])) else CueKind.PUNCTUATION


def _runs(part: set[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for at in sorted(part):
        if runs and at == runs[-1][-1] + 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _joined(tokens: Tokens, part: set[int], others: set[int]) -> set[int]:
    """Return ``part`` with gaps of a word or two filled, where nothing else stands in them."""
    out = set(part)
    runs = _runs(part)
    for left, right in itertools.pairwise(runs):
        gap = range(left[-1] + 1, right[0])
        words = [at for at in gap if not tokens.space[at]]
        same = tokens.line[left[-1]] == tokens.line[right[0]]
        if len(words) <= _GAP and same and others.isdisjoint(gap):
            out.update(gap)
    return out


def _one_phrase(tokens: Tokens, source: set[int]) -> set[int]:
    """Return the longest run of ``source``, without signs at its edges but a closing comma."""
    if not source:
        return source
    best = max(_runs(source), key=lambda run: (sum(_is_word(tokens, at) for at in run), -run[0]))
    while best and (not _is_word(tokens, best[0]) and tokens.words[best[0]] not in "$#@"):
        best = best[1:]
    while best and tokens.words[best[-1]] in _MARKS | {".", ";", ":", "(", "—", "–", "--"}:
        if tokens.words[best[-1]] in {"'", "’"}:
            break
        best = best[:-1]
    return set(best)


def _is_word(tokens: Tokens, at: int) -> bool:
    return any(sign.isalnum() for sign in tokens.words[at])


def _whole(tokens: Tokens, content: set[int], others: set[int]) -> set[int]:
    """Return ``content`` without lone signs, and with the whole of a quotation it mostly holds."""
    out = set(content)
    for number in {tokens.inside[at] for at in content} - {-1}:
        low, high = tokens.extent[number]
        quotation = {at for at in range(low, high) if not tokens.space[at]} - others
        if len(quotation & out) >= _MOST_OF * len(quotation):
            out |= quotation
    for run in _runs(out):
        if not any(_is_word(tokens, at) for at in run) and len(out) > len(run):
            out.difference_update(run)
    return out


def _shaped(tokens: Tokens, one: Finding) -> Finding:
    source = _one_phrase(tokens, _joined(tokens, one.source, one.cue))
    cue = one.cue - source
    content = _joined(tokens, one.content, cue | source) - cue - source
    content = _whole(tokens, content, cue | source)
    return replace(one, source=source, cue=cue or one.cue, content=content)


def _rule_of(findings: Sequence[Finding], anchor: int, used: set[int]) -> int | None:
    for number, one in enumerate(findings):
        if number not in used and anchor in one.cue:
            return number
    return None


def merged(
    tokens: Tokens, reading: Reading, findings: Sequence[Finding], linked: Sequence[Linked]
) -> list[Merged]:
    """Return the relations of both; every one has a cue and a content."""
    out: list[Merged] = []
    used: set[int] = set()
    place = reading.place

    def there(part: frozenset[int]) -> set[int]:
        return {int(place[word]) for word in part}

    for one in sorted(linked, key=lambda one: -one.chance):
        anchor = int(place[one.anchor])
        number = _rule_of(findings, anchor, used)
        if one.chance < (_alone(tokens, anchor) if number is None else TOGETHER):
            continue
        if number is None and any(anchor in other.finding.cue for other in out):
            continue
        rule = None if number is None else findings[number]
        if number is not None:
            used.add(number)
        content = there(one.content)
        if not content:
            if rule is None:
                continue
            content = set(rule.content)
        if rule is not None:
            content = _whole_clause(tokens, content, rule.content)
        source = _somebody(tokens, there(one.source))
        if rule is None and one.source and not source:
            continue
        if rule is not None and not source:
            source = rule.source - content
        if rule is not None and (rule.chain or rule.rule in _GRAMMAR):
            out.append(Merged(rule, one, rule))
            continue
        if rule is not None:
            made = replace(
                rule, head=anchor, cue=there(one.cue), source=source, content=content,
                source_kind=rule.source_kind if not source else None,
            )  # fmt: skip
        else:
            made = _new(tokens, anchor, there(one.cue), source, content)
            if _says_nothing(tokens, anchor, content):
                continue
        out.append(Merged(_shaped(tokens, made), one, rule))
    for number, rule in enumerate(findings):
        if number not in used and (rule.source_kind is SourceKind.MISSING or rule.chain):
            out.append(Merged(rule, None, rule))
            used.add(number)
    _with_quotations(tokens, out, findings, used)
    out = _without_parts(out)
    out.sort(key=lambda one: (min(one.finding.cue), max(one.finding.cue)))
    return out


def _alone(tokens: Tokens, anchor: int) -> float:
    """Return the chance from which a cue that only the model sees is taken."""
    words = lexicon.english()
    lemma = tokens.lemma[anchor]
    known = words.verb(tokens.lower[anchor], lemma) is not None or lemma in words.nouns
    return ALONE if known or not _is_word(tokens, anchor) else UNHEARD_OF


def _somebody(tokens: Tokens, source: set[int]) -> set[int]:
    """Return ``source`` if a word in it can mean somebody; "the" and "Iranian" cannot."""
    return source if any(tokens.tag[at] in _NOMINAL for at in source) else set()


def _without_parts(found: list[Merged]) -> list[Merged]:
    """Return ``found`` without cues of the model that are part of another one's: "declared aim"."""
    return [
        one
        for one in found
        if one.rule is not None
        or not any(
            one.finding.cue < other.finding.cue
            or (one.finding.cue <= other.finding.cue and other.rule is not None)
            for other in found
            if other is not one
        )
    ]


def _says_nothing(tokens: Tokens, anchor: int, content: set[int]) -> bool:
    """Whether a verb that only speaks with words beside it has none: "evacuations continue".

    A clause beside it the rules would have seen; what is left are words in quotation marks.
    """
    verb = lexicon.english().verb(tokens.lower[anchor], tokens.lemma[anchor])
    if verb is None or not verb.frames.keys() <= _SPOKEN or verb.particles or verb.about:
        return False
    return not any(tokens.inside[at] >= 0 for at in content)


def _whole_clause(tokens: Tokens, content: set[int], whole: set[int]) -> set[int]:
    """Return ``content``, or ``whole``, the rules' clause, where both begin alike and it has more.

    Long clauses, and what is thrown in between commas, are rare in what the model learnt.
    """
    if not content < whole or min(content) != min(whole):
        return content
    sentences = {tokens.sentence[at] for at in content}
    more = {tokens.sentence[at] for at in whole - content}
    return set(whole) if more <= sentences else content


def _new(
    tokens: Tokens, anchor: int, cue: set[int], source: set[int], content: set[int]
) -> Finding:
    from broadsheet.attribution.extraction.finding import Finding

    return Finding(
        head=anchor,
        cue=cue,
        content=content,
        source=source,
        cue_kind=_kind(tokens, anchor),
        rule="model",
        strength=0.0,
    )


def _with_quotations(
    tokens: Tokens, out: list[Merged], findings: Sequence[Finding], used: set[int]
) -> None:
    """Give each quotation that no content holds back to the rule that knew its speaker."""
    held = {at for one in out for at in one.finding.content}
    for number, quotation in enumerate(tokens.quotations):
        low, high = tokens.extent[number]
        words = {at for at in range(low, high) if not tokens.space[at]}
        if quotation.level or len(words) < _QUOTED_AT_LEAST + 2:
            continue
        if len(words & held) >= _MOST_OF * len(words):
            continue
        for at, rule in enumerate(findings):
            if len(words & rule.content) < _MOST_OF * len(words):
                continue
            if at not in used:
                used.add(at)
                out.append(Merged(rule, None, rule))
            else:
                for place, one in enumerate(out):
                    if one.rule is rule:
                        more = words - one.finding.cue - one.finding.source
                        content = one.finding.content | more
                        out[place] = replace(one, finding=replace(one.finding, content=content))
            held |= words
            break
