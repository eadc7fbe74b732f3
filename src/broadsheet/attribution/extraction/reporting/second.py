"""A verb of saying in the second place, or the last of "wie X meldete": German.

The subject stands before the verb, or behind it where an adverbial or what was said comes first.
"""

from __future__ import annotations

from broadsheet.attribution.extraction.reporting.clause import COLON, Clause, Cue, Found
from broadsheet.attribution.extraction.reporting.orders import (
    BARE,
    FAR,
    INHERITED,
    INVERTED,
    MARKED,
    NEAR,
    OBJECT,
    OWN,
    cut,
    led_on,
)
from broadsheet.attribution.relation import Span

_NEARBY = 10
_PHRASES = 6
"""Phrases between commas in which the subject is looked for."""


def second(clause: Clause, cue: Cue, prior: Found | None) -> Found | None:
    """Return the attribution of the verb ``cue``, or ``None`` where it has no content.

    ``prior`` is that of the verb before it in the unit.
    """
    cues = [(cue.first, cue.last)]
    verb_at, end = cue.first, cue.last
    forms = cue.entry.forms
    if "participle" in forms:
        auxiliary = _auxiliary(clause, cue.first)
        if auxiliary is not None:
            cues.insert(0, (auxiliary, auxiliary + 1))
            verb_at = auxiliary
        elif forms == {"participle"}:
            return None
    if len(cues) == 1 and _is_infinitive(clause, cue):
        return None
    if "last" in forms and len(cues) == 1:
        as_told = _as_told(clause, cue)
        if as_told is not None:
            return as_told
        if forms == {"last"}:
            return None
    if cue.entry.rest:
        particle = _particle(clause, cue)
        if particle is None:
            return None
        end = particle + 1
        if particle == cue.last:
            cues = [(cue.first, end)]
        else:
            cues.append((particle, end))
    found = Found(cue.entry, cues, [])
    if cue.entry.cites:
        return _zitiert(clause, cue, found)
    stop = min(
        end - 1 if cue.entry.rest else cue.first if len(cues) > 1 else clause.end, clause.end
    )
    behind = _subject_behind(clause, verb_at + 1, stop if stop > verb_at else clause.end)
    floor = _clause_start(clause, verb_at, prior)
    first = led_on(clause, floor, verb_at)
    joined = verb_at > 0 and (clause.is_comma(verb_at - 1) or clause.is_said(verb_at - 1))
    if joined and behind is not None and not _names_subject(clause, cue, first, verb_at):
        return _inverted(clause, found, behind, (verb_at, end), prior)
    takes_up = verb_at == first + 1 and clause.has(first, "takes_up")
    adverbial = clause.has(first, "adverbials") or clause.is_time(floor) or first >= verb_at
    adverbial = adverbial or takes_up
    joined = joined and behind is None
    if adverbial and behind is not None:
        found.source = behind
    elif first < verb_at and not adverbial and not (joined and prior is not None):
        first, until = _adjacent(clause, first, verb_at)
        found.source = (first, until) if until > first else None
        if found.source is None:
            return None
    done = _with_content(clause, found, max(end, found.source[1] if found.source else 0), prior)
    if takes_up and "object" in cue.entry.takes:
        found.content, found.strength = [(first, first + 1)], cue.entry.prior * OBJECT
        return found
    if done is None and takes_up and found.source is not None:
        # „…“ Das sagte sie am Montag.
        found.takes_up, found.strength = True, cue.entry.prior * INVERTED
        return found
    return done


def _adjacent(clause: Clause, first: int, verb_at: int) -> Span:
    """Return the subject before the verb: the first phrase that reaches up to it, if one does."""
    begins = [first, *(at + 1 for at in range(first, verb_at - 1) if clause.is_comma(at))]
    for begin in begins[:_PHRASES]:
        if clause.is_pronoun((begin, begin + 1)):
            if begin + 1 == verb_at:
                return begin, begin + 1
        elif clause.name_end(begin, verb_at) == verb_at:
            return begin, verb_at
    if clause.is_pronoun((first, first + 1)):
        return first, first + 1
    return first, clause.name_end(first, verb_at)


def _names_subject(clause: Clause, cue: Cue, first: int, verb_at: int) -> bool:
    """Whether what stands before "…, kritisierte" is a subject with an apposition, nothing said."""
    if "object" not in cue.entry.takes or clause.has(first, "adverbials"):
        return False
    return not any(
        clause.is_said(at) or clause.has(at, "konjunktiv") for at in range(first, verb_at)
    )


def _inverted(clause: Clause, found: Found, source: Span, verb: Span, prior: Found | None) -> Found:
    """Return ``found`` with what stands before "…, sagte X", and what goes on behind it."""
    found.source = source
    begin = prior.cue[-1][1] if prior is not None else 0
    begin = led_on(clause, begin, verb[0])
    last = max(verb[1], source[1])
    if any(clause.has(at, "questions") for at in range(begin, min(begin + 3, verb[0]))):
        answer = _with_content(clause, found, last, prior)
        if answer is not None:
            return answer
    found.content = [(begin, verb[0])]
    if clause.is_comma(last) and last + 1 < clause.end and _goes_on(clause, last + 1):
        found.content.append((last + 1, clause.limit(last)))
    said = clause.is_said(verb[0] - 1 - clause.is_comma(verb[0] - 1))
    found.strength = found.entry.prior * (MARKED if said else INVERTED)
    return found


def _with_content(clause: Clause, found: Found, at: int, prior: Found | None) -> Found | None:
    limit = clause.limit(at)
    told: tuple[int, float] | None = None
    for here in range(at, min(limit, at + FAR)):
        if clause.words[here] == COLON:
            told = here + 1, MARKED
        elif clause.is_said(here):
            told = here, MARKED
        elif clause.is_comma(here) or clause.has(here, "that"):
            begin = here + clause.is_comma(here)
            sure = clause.has(begin, "that") or clause.is_said(begin)
            told = begin, MARKED if sure else BARE
        elif clause.has(here, "openers") and not clause.has(here, "skipped"):
            break
        if told is not None:
            break
    entry = found.entry
    first_cue = found.cue[-1 if len(found.cue) > 1 and not entry.rest else 0]
    if "object" in entry.takes and (told is None or told[1] < MARKED):
        begin = max(first_cue[1], found.source[1] if found.source else 0)
        ends = [here for here in range(begin, clause.end) if clause.is_comma(here)]
        last = found.cue[-1][0] if entry.rest else (ends[0] if ends else clause.end)
        if last > begin:
            both = entry.rest and told is not None
            found.content = [(told[0], limit)] if both and told is not None else []
            told = begin, OBJECT
            limit = last
    if told is None or told[0] >= clause.end:
        return None
    found.content = [(told[0], limit), *found.content]
    found.inherits = found.source is None
    if found.inherits and prior is not None:
        cut(prior, _back_over_openers(clause, found.cue[0][0]))
    found.strength = entry.prior * told[1] * (INHERITED if found.inherits else OWN)
    return found


def _back_over_openers(clause: Clause, at: int) -> int:
    while at > 0 and (clause.has(at - 1, "openers") or clause.is_comma(at - 1)):
        at -= 1
    return at


def _goes_on(clause: Clause, at: int) -> bool:
    """Whether what stands behind "…, sagte X," is more of what was said."""
    if clause.is_said(at) or clause.has(at, "that"):
        return True
    return any(clause.has(here, "konjunktiv") for here in range(at, min(at + 12, clause.end)))


def _clause_start(clause: Clause, verb_at: int, prior: Found | None) -> int:
    here = verb_at
    floor = prior.cue[-1][1] if prior is not None else 0
    while here > floor:
        before = here - 1
        if clause.is_said(before) or clause.words[before] in {COLON, ";"}:
            break
        # "Meier und Schulz sagten": between names it joins them.
        joins = clause.is_capital(before - 1) and clause.is_capital(here)
        if clause.words[before] in {"und", "aber", "doch"} and not joins:
            break
        here = before
    return here


def _auxiliary(clause: Clause, participle: int) -> int | None:
    for at in range(participle - 1, max(participle - NEAR, -1), -1):
        if clause.has(at, "auxiliaries"):
            return at
        if clause.words[at] == COLON or clause.is_said(at) or clause.has(at, "that"):
            return None
        if clause.is_comma(at) and not clause.is_capital(at - 1):
            return None
    return None


def _is_infinitive(clause: Clause, cue: Cue) -> bool:
    """Whether the verb hangs on a modal one: "das könne man nicht sagen"."""
    if not clause.words[cue.first].endswith("en"):
        return False
    for at in range(cue.first - 1, max(cue.first - _NEARBY, -1), -1):
        if clause.is_comma(at) or clause.words[at] == COLON or clause.is_said(at):
            return False
        if clause.has(at, "modals"):
            return True
    return False


def _particle(clause: Clause, cue: Cue) -> int | None:
    for at in range(cue.last, min(cue.last + NEAR, clause.end)):
        if clause.words[at] in cue.entry.rest:
            after = at + 1
            if after >= clause.end or clause.is_comma(after) or clause.words[after] == COLON:
                return at
            if clause.is_said(after) or clause.has(after, "openers") or clause.has(after, "that"):
                return at
        if clause.words[at] == COLON or clause.is_said(at):
            return None
    return None


def _as_told(clause: Clause, cue: Cue) -> Found | None:
    """Return the attribution of "wie X meldete", before or behind what was told."""
    after = cue.last
    if after < clause.end and not clause.is_comma(after) and clause.words[after] not in {")", "–"}:
        return None
    for at in range(cue.first - 1, max(cue.first - NEAR, -1), -1):
        if clause.words[at] == "wie" and (at == 0 or not clause.words[at - 1].isalpha()):
            source = _subject_behind(clause, at + 1, cue.first)
            if source is None:
                return None
            rest = (after + 1, clause.limit(after))
            content = [rest] if at == 0 else [(0, at), rest]
            found = Found(cue.entry, [(cue.first, cue.last)], content, source)
            found.strength = cue.entry.prior * 0.96
            return found
        if clause.words[at] == COLON or clause.is_said(at):
            return None
    return None


def _subject_behind(clause: Clause, at: int, limit: int) -> Span | None:
    while at < limit and (clause.is_time(at) or clause.has(at, "skipped")):
        at += 1
    if at >= limit:
        return None
    if clause.is_pronoun((at, at + 1)):
        return at, at + 1
    end = clause.name_end(at, limit)
    end = _without_listener(clause, at, end)
    return (at, end) if end > at else None


def _without_listener(clause: Clause, first: int, end: int) -> int:
    """End a name before the outlet that was spoken to: "sagte Keller der Zeitung"."""
    for at in range(first + 1, end):
        if clause.has(at, "to") and any(
            clause.has(here, "outlets") for here in range(at + 1, min(at + 4, end))
        ):
            return at
    return end


def _zitiert(clause: Clause, cue: Cue, found: Found) -> Found | None:
    """Return "A zitierte B mit den Worten: …" as two stations."""
    first = led_on(clause, _clause_start(clause, cue.first, None), cue.first)
    until = clause.name_end(first, cue.first)
    origin_end = clause.name_end(cue.last, clause.end)
    if until == first or origin_end == cue.last:
        return None
    found.source = (first, until)
    done = _with_content(clause, found, origin_end, None)
    if done is None:
        return None
    words = [at for at in range(origin_end, done.content[0][0]) if clause.words[at] == "worten"]
    said = (origin_end, words[0] + 1) if words else (cue.first, cue.last)
    origin = Found(cue.entry, [said], list(done.content), (cue.last, origin_end))
    origin.strength, origin.cited_by = done.strength * 0.95, done
    done.said_in.append(origin)
    return done
