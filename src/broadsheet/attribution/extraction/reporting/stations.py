"""Chains: who had it from whom, and the attributions of one unit put together.

========================================  =================
ایسنا به نقل از رویترز گزارش داد          رویترز → ایسنا
به گزارش ایسنا به نقل از رویترز           رویترز → ایسنا
wie AFP unter Berufung auf X meldete      X → AFP
ذكرت سانا نقلا عن X أن                    X → سانا
نقلت رويترز عن X قوله إن                  X → رويترز
X در گفت‌وگو با ایسنا گفت                 X → ایسنا
========================================  =================
"""

from __future__ import annotations

from collections.abc import Callable

from broadsheet.attribution.extraction.reporting import orders, particles, second
from broadsheet.attribution.extraction.reporting.clause import Clause, Cue, Found
from broadsheet.attribution.relation import Span

_ORDERS: dict[str, Callable[[Clause, Cue, Found | None], Found | None]] = {
    "before": orders.before,
    "behind": orders.behind,
    "second": second.second,
}
_REACH = 30
"""Atoms between a verb and what it cites."""


def found_in(clause: Clause) -> list[Found]:
    """Return the attributions of a unit in order of their cues, the stations of chains too."""
    verbs: list[Found] = []
    others: list[Found] = []
    prior: Found | None = None
    for cue in clause.cues:
        if cue.entry.role == "verb":
            one = _ORDERS[clause.grammar.order](clause, cue, prior)
            if one is not None:
                verbs.append(one)
                prior = one
    for cue in clause.cues:
        done: Found | None = None
        if cue.entry.role == "before":
            done = particles.preposition(clause, cue, verbs)
        elif cue.entry.role == "after":
            done = particles.postposition(clause, cue, verbs)
        elif cue.entry.role == "aside":
            done = particles.aside(clause, cue, verbs)
        elif cue.entry.role in {"adverb", "agentless"}:
            done = particles.nobody(clause, cue, verbs)
        if done is not None:
            others.append(done)
    found = [*verbs, *others]
    for cue in clause.cues:
        if cue.entry.role == "relay":
            _relay(clause, cue, found)
        elif cue.entry.role == "recipient":
            _recipient(clause, cue, found)
    _listeners(clause, verbs)
    if clause.grammar.words["hearsay"]:
        found.extend(particles.hearsay(clause))
    found.extend(origin for one in verbs for origin in one.said_in if origin not in found)
    if not found:
        told = particles.heading(clause)
        if told is not None:
            found.append(told)
    found.extend(particles.loose(clause, found))
    return sorted(
        (one for one in found if clause.spans(one.content) or one.opening or one.takes_up),
        key=lambda one: one.cue[0],
    )


def _head(clause: Clause, one: Found) -> Span:
    """Return the atoms around the cue of ``one``, up to its content, in which it cites."""
    starts = [one.cue[0][0]] + ([one.source[0]] if one.source else [])
    ends = [one.cue[-1][1]] + ([one.source[1]] if one.source else [])
    last = max(ends)
    begins = [first for first, _ in one.content if first >= last]
    if begins:
        last = begins[0]
    elif clause.grammar.order != "before":
        last = min(clause.end, last + _REACH)
    return min(starts), last


def _relay(clause: Clause, cue: Cue, found: list[Found]) -> None:
    """Add the station that ``cue`` names to the attribution in whose head it stands."""
    end = clause.name_end(cue.last, clause.end, apposition=False)
    if end == cue.last:
        return
    owner = _owner(clause, cue, end, found)
    if owner is None:
        alone = particles.preposition(
            clause, cue, [one for one in found if one.entry.role == "verb"]
        )
        if alone is not None:
            found.append(alone)
        return
    if owner.entry.role == "before":
        # "به گزارش ایسنا به نقل از رویترز، …": both begin the sentence.
        owner.content = [
            part for part in owner.content if part[0] >= end or part[1] <= cue.first
        ] or [(end, clause.limit(end))]
        owner.content = [
            (max(first, end) if last > end else first, last) for first, last in owner.content
        ]
    station = Found(cue.entry, [(cue.first, cue.last)], list(owner.content), (cue.last, end))
    station.strength = min(owner.strength, cue.entry.prior * 0.95)
    station.cited_by = owner
    owner.said_in.append(station)
    found.append(station)


def _owner(clause: Clause, cue: Cue, end: int, found: list[Found]) -> Found | None:
    near = [
        (last - first, one)
        for one in found
        if one.cited_by is None and one.entry.role in {"verb", "before"}
        for first, last in (_head(clause, one),)
        if (first <= cue.first < last)
        or (one.entry.role == "before" and one.source is not None and one.source[1] == cue.first)
    ]
    if near:
        return min(near, key=lambda pair: pair[0])[1]
    # "ذكرت الوكالة أن …، نقلا عن مصدر": behind what it told, at the end.
    if end < clause.end and not clause.is_comma(end):
        return None
    for one in found:
        if one.entry.role != "verb" or one.cited_by is not None:
            continue
        for place, (first, last) in enumerate(one.content):
            if first < cue.first < last and clause.is_comma(cue.first - 1):
                one.content[place] = (first, cue.first)
                if end < clause.end:
                    one.content.insert(place + 1, (end, last))
                return one
    return None


def _recipient(clause: Clause, cue: Cue, found: list[Found]) -> None:
    """Note the outlet that somebody spoke to as the next station."""
    first = cue.last - 1 if cue.entry.cites == "self" else cue.last
    end = max(clause.name_end(first, clause.end), first + 1 if cue.entry.cites == "self" else first)
    if cue.entry.cites == "self":
        end = max(end, clause.name_end(first + 1, clause.end))
    if end == first:
        return
    for one in found:
        begin, last = _head(clause, one)
        if clause.grammar.order == "before":
            begin -= _REACH
        if one.entry.role == "verb" and begin <= cue.first < max(last, one.cue[-1][1]):
            one.recipient = one.recipient or (first, end)
            return


def _listeners(clause: Clause, verbs: list[Found]) -> None:
    """Note the outlets that somebody spoke to, told by a small word: "der Zeitung", "به ایسنا"."""
    for one in verbs:
        if one.recipient is not None or one.source is None:
            continue
        first, last = one.source[1], one.cue[-1][1]
        if clause.grammar.order == "second":
            last = min(clause.end, max(last, one.source[1]) + 6)
        for at in range(first, last):
            if not clause.has(at, "to"):
                continue
            end = clause.name_end(at + 1, clause.end)
            if any(clause.has(here, "outlets") for here in range(at + 1, min(end, at + 4))):
                one.recipient = (at + 1, end)
                break
