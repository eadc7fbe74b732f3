"""What a pronoun may stand for, and which of it stands out most.

What stands out is a subject, a source, a proper name, and what is near (Lappin and Leass 1994,
much reduced). Where two stand out alike, it cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from broadsheet.attribution.extraction import mentions
from broadsheet.attribution.extraction.mentions import Mention, Sort
from broadsheet.attribution.extraction.tokens import Tokens

Candidate = tuple[Mention, int | None]
"""A mention, and the number of the finding whose source it is, if it is one."""
REACH = 5
"""Sentences back that a pronoun reaches."""
_SUBJECT, _PROPER, _SOURCE, _SAME_GENDER = 0.6, 1.5, 0.3, 0.6
_OBLIQUE, _DOUBTFUL, _DOUBTFUL_SOURCE, _QUOTED, _OTHER_LINE = 0.7, 0.3, 0.9, 2.3, 0.5
"""What a mention gains by what it is, and loses; each sentence between costs 1. Fitted on the
antecedents noted in the annotated stories that are not of the split ``test``."""
_MARGIN = 0.4
_NAME_PARTS = 4


@dataclass(frozen=True)
class Suited:
    """What a pronoun can stand for: sorts, a gender (empty: any), and whom it does not mean."""

    sorts: frozenset[Sort]
    gender: str = ""
    not_name: str = ""


class Antecedents:
    """The mentions of one text, and the whole names among them."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.mentions = mentions.find(tokens)
        self._whole: dict[str, list[Mention]] = {}
        for one in self.mentions:
            if one.proper and " " in one.name:
                self._whole.setdefault(one.key, []).append(one)

    def full(self, one: Mention) -> Mention:
        """Return the first mention that names ``one`` whole, with all that the text tells of it."""
        if not one.proper or not one.name:
            return one
        others = self._whole.get(one.key, [])
        titles = mentions.people().titles
        bare = [part for part in one.name.split() if part.casefold().rstrip(".") not in titles]
        best = one
        best_bare = bare
        for other in others:
            parts = [p for p in other.name.split() if p.casefold().rstrip(".") not in titles]
            if (
                len(parts) > len(best_bare)
                and parts[-len(bare) :] == bare
                and len(parts) <= _NAME_PARTS
            ):
                best, best_bare = other, parts
                break
        if best is one:
            return one
        sort = best.sort if best.sort is not Sort.UNKNOWN else one.sort
        return replace(
            one,
            name=best.name,
            words=best.words,
            sort=sort,
            gender=one.gender or best.gender,
            nouns=one.nouns | best.nouns,
        )

    def best(self, candidates: Iterable[Candidate], at: int, suited: Suited) -> Candidate | None:
        """Return what suits and stands out most at the word ``at``, named whole.

        ``None`` where nothing suits, or where somebody else stands out nearly as much.
        """
        scores: dict[str, float] = {}
        best: tuple[float, int] | None = None
        chosen: Candidate | None = None
        for one, source in candidates:
            full = self.full(one)
            if not self._suits(one, full, source, suited):
                continue
            away = self.tokens.sentence[at] - self.tokens.sentence[one.head]
            if away > REACH:
                continue
            score = self._salience(one, full, source, at) - away
            if suited.gender and full.gender == suited.gender:
                score += _SAME_GENDER
            scores[full.name] = max(score, scores.get(full.name, score))
            if best is None or (score, one.head) >= best:
                best, chosen = (score, one.head), (full, source)
        if chosen is None:
            return None
        least = scores[chosen[0].name] - _MARGIN
        close = any(score > least for name, score in scores.items() if name != chosen[0].name)
        return None if close else chosen

    def _suits(self, one: Mention, full: Mention, source: int | None, suited: Suited) -> bool:
        if full.sort not in suited.sorts and one.sort not in suited.sorts:
            return False
        if suited.gender and full.gender and full.gender != suited.gender:
            return False
        if full.name == suited.not_name:
            return False
        return not (suited.gender and source is None and _is_hardly_anyone(one, full))

    def _salience(self, one: Mention, full: Mention, source: int | None, at: int) -> float:
        """Return how much the mention ``one``, ``full`` where named whole, stands out at ``at``."""
        tokens = self.tokens
        score = _SUBJECT * one.subject + _PROPER * full.proper
        if source is not None:
            score += _SOURCE
        elif tokens.dep[one.head] in {"poss", "pobj"}:
            score -= _OBLIQUE
        if full.sort is Sort.UNKNOWN:
            score -= _DOUBTFUL if source is None else _DOUBTFUL_SOURCE
        if tokens.inside[one.head] >= 0 > tokens.inside[at]:
            score -= _QUOTED
        if tokens.line[one.head] != tokens.line[at]:
            score -= _OTHER_LINE
        return score


def _is_hardly_anyone(one: Mention, full: Mention) -> bool:
    """Whether nothing tells that somebody is meant, or somebody who stands out."""
    if not full.proper:
        return not one.subject
    return full.sort is Sort.UNKNOWN and " " not in full.name
