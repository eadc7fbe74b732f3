"""Verbs of saying in the three orders of words: where their source and their content stand.

========  ====================================  ===========================================
order     source                                content
========  ====================================  ===========================================
before    «وزیر … گفت»: before the verb        behind it, after "که" or a colon
behind    «قال الوزير إن»: behind the verb      after "أن", "إن" or a colon
second    "X sagte, …": before the verb where   after a comma, "dass" or a colon; before the
          it stands second, else behind it      comma in "…, sagte X"
========  ====================================  ===========================================

A verb without a subject of its own goes on with the source of the one before it. The second place
is in :mod:`second`. Each function returns ``None`` where the verb has no content; ``prior`` is the
attribution of the verb before it in the unit.
"""

from __future__ import annotations

from broadsheet.attribution.extraction.reporting.clause import COLON, COMMAS, Clause, Cue, Found
from broadsheet.attribution.relation import Span

FAR = 40
MARKED, BARE, OBJECT, INVERTED = 1.0, 0.84, 0.72, 0.95
"""How well the content is told: by a mark or conjunction, by nothing, as an object, inverted."""
OWN, INHERITED = 1.0, 0.82
"""How well the source is told: it stands there, or it is that of the verb before."""
NEAR = 25
_SOON = 8
"""Words behind a subject among which a time parts it from its object."""


def led_on(clause: Clause, first: int, limit: int) -> int:
    """Return where the words at ``first`` that only lead on from before end."""
    at = first
    while at < limit:
        if clause.is_comma(at) or clause.is_time(at) or clause.words[at] in {"-", "–", "—"}:
            at += 1
            continue
        step = clause.grammar.opener(clause.words, at) if clause.words[at] else 0
        if not step:
            break
        at += step
    return min(at, limit)


def _subject_before(clause: Clause, first: int, verb_at: int) -> Span | None:
    """Return the subject among the atoms from ``first`` up to the verb."""
    at = led_on(clause, first, verb_at)
    if at < verb_at and clause.has(at, "adjuncts"):
        commas = [here for here in range(at, verb_at) if clause.is_comma(here)]
        after = led_on(clause, commas[0], verb_at) if commas else verb_at
        if after >= verb_at or clause.has(after, "stops"):
            return None
        at = after
    if at >= verb_at:
        return None
    if clause.is_pronoun((at, at + 1)):
        return at, at + 1
    end = clause.name_end(at, verb_at)
    return (at, end) if end > at else None


def _marked_content(clause: Clause, at: int) -> tuple[int, float] | None:
    """Return where a content that is announced at ``at`` begins, and how well it is told."""
    while clause.is_comma(at) or clause.has(at, "skipped"):
        at += 1
    if at >= clause.end:
        return None
    if clause.words[at] == COLON:
        return (at + 1, MARKED) if at + 1 < clause.end else None
    if clause.has(at, "that") or clause.is_said(at):
        return at, MARKED
    return None


def _said_before(clause: Clause, at: int) -> Span | None:
    """Return the quotation that ends right before ``at``, but for a comma."""
    here = at - 1
    while here >= 0 and (clause.words[here] in COMMAS or clause.words[here] in {"-", "–", "—"}):
        here -= 1
    return (here, here + 1) if clause.is_said(here) else None


# -- the verb behind its subject: Persian ---------------------------------------------------------


def before(clause: Clause, cue: Cue, prior: Found | None) -> Found | None:
    """Return the attribution of a verb that stands behind its subject."""
    floor = clause.floor(cue.first, _after(clause, cue))
    asides = [
        one
        for one in clause.cues
        if one.entry.role == "aside" and one.last <= cue.first and one.first >= _after(clause, cue)
    ]
    if asides:
        floor = clause.floor(asides[0].first, _after(clause, cue))
    source = _subject_before(clause, floor, cue.first)
    if source is None and prior is None and clause.is_finite(floor - 1):
        # «X به Y اشاره کرد و گفت»: the subject is that of the clause before.
        source = _subject_before(clause, clause.floor(floor - 1, _after(clause, cue)), floor - 1)
    if cue.entry.within:
        inner = [at for at in range(floor, cue.first) if clause.words[at] == cue.entry.within]
        if not inner:
            return None
        source = (inner[-1] + 1, cue.first)
    found = Found(cue.entry, [(cue.first, cue.last)], [], source)
    if cue.entry.rest:
        return _around_object(clause, cue, found)
    told = _marked_content(clause, cue.last)
    limit = clause.limit(cue.last)
    behind_source = range(source[1] if source else floor, cue.first)
    brings = [at for at in behind_source if clause.words[at] in cue.entry.brings]
    objective = "object" in cue.entry.takes and (
        "clause" not in cue.entry.takes
        or bool(brings)
        or any(clause.words[at] == "را" for at in behind_source)
    )
    if objective:
        told = None
    if told is not None:
        found.content, strength = [(told[0], limit)], told[1]
    elif not objective and cue.last < clause.end and not clause.has(cue.last, "openers"):
        found.content, strength = [(cue.last, limit)], BARE
    else:
        said = _said_before(clause, floor)
        if not brings:
            source, begin = _before_object(clause, source, cue.first)
        found.source = source
        if said is not None:
            found.content, strength = [said], INVERTED
        elif brings:
            found.content, strength = [(brings[0], cue.first)], OBJECT
        elif begin < cue.first and (
            "object" in cue.entry.takes or "را" in clause.words[begin : cue.first]
        ):
            found.content, strength = [(begin, cue.first)], OBJECT
        else:
            return None
    found.inherits = source is None
    if found.inherits and prior is not None and prior.content:
        cut(prior, floor)
    found.strength = cue.entry.prior * strength * (INHERITED if found.inherits else OWN)
    return found


def _around_object(clause: Clause, cue: Cue, found: Found) -> Found | None:
    """Return ``found``, whose verb stands around its object: «خواستار آتش‌بس شد»."""
    for at in range(cue.last + 1, min(cue.last + NEAR, clause.end)):
        if clause.words[at] in cue.entry.rest:
            found.cue.append((at, at + 1))
            found.content = [(cue.last, at)]
            found.inherits = found.source is None
            found.strength = cue.entry.prior * (INHERITED if found.inherits else OWN)
            return found
    return None


def _before_object(clause: Clause, source: Span | None, limit: int) -> tuple[Span | None, int]:
    """Return ``source`` without an object that it ran into, and where that object begins."""
    if source is None:
        return None, limit
    for at in range(source[0] + 1, limit):
        if clause.has(at, "objects"):
            return (source[0], min(source[1], at)), at
    begin = led_on(clause, source[1], limit)
    if clause.has(begin, "stops") and clause.has(begin + 1, "channels"):
        begin += 2
    if clause.word(begin) == "را" and begin - 1 > source[0]:
        # «مدرسه نتیجه را اعلام کرد»: the last word before "را", where nothing else parts them.
        return (source[0], begin - 1), begin - 1
    return source, min(begin, limit)


def _after(clause: Clause, cue: Cue) -> int:
    """Return where the last cue with a name of its own before ``cue`` leaves off."""
    best = 0
    for one in clause.cues:
        if one.last > cue.first:
            break
        if one.entry.role == "verb":
            best = max(best, one.last)
        elif one.entry.role == "before":
            end = clause.name_end(one.last, cue.first, apposition=False)
            end = next((at for at in range(end, cue.first) if clause.is_comma(at)), end)
            best = max(best, end)
    return best


def cut(prior: Found, at: int) -> None:
    """End the content of ``prior`` before the atom ``at``."""
    kept = [(first, min(last, at)) for first, last in prior.content if first < at]
    prior.content = kept or prior.content


# -- the verb before its subject: Arabic ----------------------------------------------------------


def behind(clause: Clause, cue: Cue, prior: Found | None) -> Found | None:
    """Return the attribution of a verb that stands before its subject, as a rule."""
    limit = clause.limit(cue.last)
    at = cue.last
    while clause.has(at, "saying"):
        at += 1
    found = Found(cue.entry, [(cue.first, at)], [])
    told = _marked_content(clause, at)
    if told is None:
        while clause.has(at, "skipped") or clause.is_time(at):
            at += 1
        end = clause.name_end(at, limit)
        if end > at or clause.is_pronoun((at, at + 1)):
            found.source = (at, max(end, at + 1))
        told = _next_content(clause, max(end, at), limit, cue.entry.brings)
    if found.source is None:
        floor = clause.floor(cue.first, _after(clause, cue))
        found.source = _subject_before(clause, floor, cue.first)
    if cue.entry.cites:
        return _cited(clause, cue, found)
    if told is None:
        said = _said_before(clause, cue.first)
        if said is not None and found.source is not None:
            found.content, strength = [said], INVERTED
        elif "object" in cue.entry.takes and found.source is not None:
            source, begin = _before_object(clause, found.source, limit)
            timed = [at for at in range(begin, min(begin + _SOON, limit)) if clause.is_time(at)]
            if source == found.source and timed:
                begin = timed[-1] + 1
            elif source == found.source:
                return None
            if begin >= limit:
                return None
            commas = [at for at in range(begin, limit) if clause.is_comma(at)]
            found.source, found.content = source, [(begin, commas[0] if commas else limit)]
            strength = OBJECT
        else:
            return None
    else:
        begin, strength = told
        found.content = [(begin, limit)]
    found.inherits = found.source is None
    if prior is not None and prior.content and clause.words[cue.first][:1] == "و":
        cut(prior, cue.first)
    found.strength = cue.entry.prior * strength * (INHERITED if found.inherits else OWN)
    return found


def _next_content(
    clause: Clause, first: int, limit: int, brings: frozenset[str] = frozenset()
) -> tuple[int, float] | None:
    """Return the first announced content from ``first`` on, over places and times."""
    for at in range(first, min(limit, first + FAR)):
        met = clause.at_cue.get(at)
        if met is not None and met.entry.role in {"verb", "agentless", "aside"}:
            return None
        if clause.words[at] in brings and met is None:
            return at, MARKED
        if clause.words[at] == COLON or clause.has(at, "that") or clause.is_said(at):
            return _marked_content(clause, at)
    return None


def _cited(clause: Clause, cue: Cue, found: Found) -> Found | None:
    """Return ``found``, an outlet, with the origin that it names behind the word it cites with."""
    first = found.source[1] if found.source else cue.last
    limit = clause.limit(cue.last)
    for at in range(first, min(limit, first + NEAR)):
        if clause.words[at] != cue.entry.cites:
            continue
        end = clause.name_end(at + 1, limit)
        told = _next_content(clause, end, limit)
        if end == at + 1 or told is None:
            return None
        said = [(here, here + 1) for here in range(end, told[0]) if clause.has(here, "said")]
        found.content = [(told[0], limit)]
        found.strength = cue.entry.prior
        origin = Found(cue.entry, said or [(at, at + 1)], list(found.content), (at + 1, end))
        origin.strength = cue.entry.prior * 0.95
        origin.cited_by = found
        found.said_in.append(origin)
        return found
    return None
