"""What reports without a verb of saying: prepositions, adverbs, passives, headings, quotations."""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.attribution.extraction.reporting.atoms import QUOTE, SIGN, WORD
from broadsheet.attribution.extraction.reporting.clause import COLON, Clause, Cue, Found
from broadsheet.attribution.extraction.reporting.grammar import Entry
from broadsheet.attribution.extraction.reporting.orders import led_on
from broadsheet.attribution.relation import Span

_HEADING_NAME = 9
_HEADING = 30
_BACK = 8
_HEARD = 3
"""Words of the shortest "soll … getötet haben"."""
MARK = Entry("mark", 0.5)
HEADING = Entry("heading", 0.8)
HEARSAY = Entry("agentless", 0.85)
GUARD = 60


def preposition(clause: Clause, cue: Cue, verbs: list[Found]) -> Found | None:
    """Return the attribution of "به گزارش X", "laut X", or of a station cited alone."""
    # "به گزارش ایسنا، حسن رضایی، …": at the head of a sentence another name may follow the comma.
    grammar = clause.grammar
    at_head = led_on(clause, 0, cue.first) == cue.first
    person = grammar.order == "before" and not clause.has(cue.last - 1, "reports")
    described = not at_head or grammar.cased or person
    end = clause.name_end(cue.last, clause.end, apposition=described, closed=at_head)
    if clause.is_pronoun((cue.last, cue.last + 1)):
        end = cue.last + 1
    if end == cue.last:
        return None
    begin, limit = _around(clause, cue.first, verbs)
    before = (begin, cue.first)
    tail = end
    while clause.is_comma(tail):
        tail += 1
    # "وفق المرصد، الذي …": what is said about the source is not what it said.
    after = (end, end if clause.has(tail, "relative") else limit)
    content = [one for one in (before, after) if clause.chars(one) is not None]
    if not content:
        return None
    found = Found(cue.entry, [(cue.first, cue.last)], content, (cue.last, end))
    closed = end >= clause.end or clause.words[end][:1] in {",", "،", "-", "–", ")", COLON}
    # Without a comma the name may go on into what is told; capitals tell where it ends.
    found.strength = cue.entry.prior * (0.93 if closed or clause.grammar.cased else 0.75)
    return found


def postposition(clause: Clause, cue: Cue, verbs: list[Found]) -> Found | None:
    """Return the attribution of "X zufolge"."""
    first = cue.first
    while first > max(0, cue.first - _BACK):
        before = first - 1
        quoted = clause.atoms[before].kind == QUOTE
        if clause.atoms[before].kind == SIGN or clause.is_said(before):
            break
        small = clause.has(before, "inner") or clause.words[before].endswith(("en", "er", "em"))
        if not (quoted or small or clause.is_capital(before)):
            break
        first = before
    if first == cue.first:
        return None
    begin, limit = _around(clause, first, verbs)
    parts = [(begin, first), (cue.last, limit)]
    content = [one for one in parts if clause.chars(one) is not None]
    if not content:
        return None
    found = Found(cue.entry, [(cue.first, cue.last)], content, (first, cue.first))
    found.strength = cue.entry.prior * 0.9
    return found


def _around(clause: Clause, at: int, verbs: list[Found]) -> Span:
    """Return the smallest content that holds the atom ``at``, or else its unit."""
    best = (led_on(clause, 0, at), clause.limit(at))
    for one in verbs:
        for first, last in one.content:
            if first <= at < last and last - first < best[1] - best[0]:
                best = (first + clause.has(first, "that"), last)
    return best


def nobody(clause: Clause, cue: Cue, verbs: list[Found]) -> Found | None:
    """Return the attribution of an adverb or of a passive that names nobody."""
    begin, limit = _around(clause, cue.first, verbs)
    if (
        cue.entry.role == "adverb"
        and clause.grammar.cased
        and clause.words[cue.first][-1] in "enrs"
    ):
        inflected = clause.words[cue.first].endswith(("e", "en", "er", "es"))
        if inflected and clause.word(cue.first) != "offenbar":
            end = _noun(clause, cue.last)
            content = [(cue.last, end)] if end > cue.last else []
            return _unnamed(clause, cue, content, 0.9)
    if cue.entry.role == "adverb":
        return _unnamed(clause, cue, [(begin, cue.first), (cue.last, limit)], 1.0)
    at = cue.last
    while clause.is_comma(at):
        at += 1
    if at >= clause.end:
        # A passive behind its subject tells what happened: «صدایی شنیده شده است».
        closed = clause.is_comma(cue.first - 1) or clause.grammar.cased
        return _unnamed(clause, cue, [(begin, cue.first)], 0.8) if closed else None
    floor = clause.floor(cue.first, begin) if not clause.grammar.cased else cue.first
    head = (led_on(clause, floor, cue.first), cue.first)
    if clause.has(at, "that") or head[0] == head[1]:
        return _unnamed(clause, cue, [(at, limit)], 1.0)
    return _unnamed(clause, cue, [head, (at, limit)], 0.8)


def _noun(clause: Clause, at: int) -> int:
    """Return where the noun that an adjective at ``at`` belongs to ends."""
    while at < clause.end and clause.atoms[at].kind == WORD and not clause.is_capital(at):
        at += 1
    while at < clause.end and clause.is_capital(at):
        at += 1
    return at


def _unnamed(clause: Clause, cue: Cue, content: list[Span], share: float) -> Found | None:
    content = [one for one in content if clause.chars(one) is not None]
    if not content:
        return None
    found = Found(cue.entry, [(cue.first, cue.last)], content)
    found.strength = cue.entry.prior * share
    return found


def aside(clause: Clause, cue: Cue, verbs: list[Found]) -> Found | None:
    """Return the attribution of a participle beside a verb, with the source of that verb."""
    later = [one for one in verbs if one.cue[0][0] > cue.first]
    earlier = [one for one in verbs if one.cue[0][0] < cue.first]
    limit = clause.limit(cue.last)
    owner: Found | None = None
    following = [one.first for one in clause.cues if one.first > cue.first]
    if clause.grammar.order == "before" and later:
        owner, until = later[0], later[0].cue[0][0]
        commas = [at for at in range(cue.last, until) if clause.is_comma(at)]
        limit = commas[-1] if commas else until
    elif earlier:
        owner = earlier[-1]
        limit = min([limit, *(at for at in following if clause.at_cue[at].entry.role == "aside")])
        owner.content = [
            (first, min(last, cue.first)) for first, last in owner.content if first < cue.first
        ]
    elif clause.grammar.order == "before" or not clause.has(cue.last, "that"):
        return None
    begin = cue.last
    source = owner.source if owner is not None else None
    found = Found(cue.entry, [(cue.first, begin)], [(begin, limit)], source)
    found.inherits = source is None
    marked = clause.grammar.order == "before" or clause.has(begin, "that") or clause.is_said(begin)
    found.strength = cue.entry.prior * (0.95 if marked else 0.8) * (1.0 if source else 0.85)
    return found if begin < limit else None


def hearsay(clause: Clause) -> Iterator[Found]:
    """Yield "soll … getötet worden sein", which repeats what was heard (not a duty to come)."""
    for at in range(clause.end):
        if not clause.has(at, "hearsay"):
            continue
        last = next(
            (here for here in range(at + 1, min(at + GUARD, clause.end)) if clause.is_comma(here)),
            min(clause.end, at + GUARD),
        )
        if last - at < _HEARD or not clause.has(last - 1, "perfect"):
            continue
        if not _is_participle(clause.word(last - 2)):
            continue
        first = at
        while first > 0 and not clause.is_comma(first - 1) and not clause.is_said(first - 1):
            if clause.words[first - 1] == COLON or clause.has(first - 1, "that"):
                break
            first -= 1
        content = [(led_on(clause, first, at), at), (at + 1, last)]
        found = Found(HEARSAY, [(at, at + 1)], content)
        found.strength = HEARSAY.prior
        yield found


def _is_participle(word: str) -> bool:
    return word in {"worden", "gewesen"} or (
        word.endswith(("t", "en"))
        and ("ge" in word[:6] or word.startswith(("be", "ver", "er", "zer")))
    )


def heading(clause: Clause) -> Found | None:
    """Return the attribution of a line "X: Y" that ends without a full stop."""
    unit = clause.unit
    if not unit.whole or unit.nested or len(clause.atoms) > _HEADING or COLON not in clause.words:
        return None
    at = clause.words.index(COLON)
    if not 0 < at <= _HEADING_NAME or at + 1 >= clause.end or unit.ended:
        return None
    if any(cue.first < at for cue in clause.cues) or any(map(clause.is_time, range(at))):
        return None
    if clause.atoms[at].start != clause.atoms[at - 1].end or at + 2 > clause.end - 1:
        return None
    if any(clause.is_finite(here) for here in range(at)) or clause.atoms[0].kind == QUOTE:
        return None
    found = Found(HEADING, [(at, at + 1)], [(at + 1, clause.end)], (0, at))
    found.strength = HEADING.prior
    return found


def loose(clause: Clause, found: list[Found]) -> Iterator[Found]:
    """Yield the quotations that nobody in the unit says, each by its opening mark."""
    taken = [span for one in found for span in one.content]
    for at in range(clause.end):
        if clause.is_said(at) and not any(first <= at < last for first, last in taken):
            one = Found(MARK, [(at, at + 1)], [(at, at + 1)])
            one.opening = one.inherits = True
            one.strength = MARK.prior
            yield one
