"""Phrases around a word: the noun phrase of a source, the verb group of a cue, its subject.

How far each reaches follows the annotation guide (``tests/data/attribution/GUIDE.md``): a source
is the whole noun phrase up to its relative clause, a cue the verb with its auxiliaries, negation
and adverbs.
"""

from __future__ import annotations

from broadsheet.attribution.extraction.lexicon import word_set
from broadsheet.attribution.extraction.tokens import QUOTES, RELATIVE, SUBJECTS, Tokens

CATENATIVE = word_set(
    "come begin start continue go keep try seem appear happen tend get use proceed fail cease stop "
    "manage rush be"
)
"""Verbs that only colour the next one: the cue of "came to believe" is all of it."""
_MINDS = frozenset({"believe", "think", "know", "understand", "realize", "realise", "regard"})
"""What one "comes to" do without coming anywhere."""
_TO_NEXT = 4
"""Words at most from such a verb to the next for the cue to be both."""
_STEPS_UP = 6
"""Words above a verb among which its subject is looked for; no sentence of news needs more."""
_EDGE = frozenset(",;:—–-") | {"--", "and", "or", "but"}


def trim(tokens: Tokens, found: set[int], *, comma: bool = False) -> set[int]:
    """Return ``found`` without separators and white space at its ends.

    With ``comma`` one at the end stays: it closes an apposition.
    """
    order = sorted(found)
    while order and (tokens.space[order[0]] or tokens.lower[order[0]] in _EDGE):
        order.pop(0)
    while order and (
        tokens.space[order[-1]]
        or (tokens.lower[order[-1]] in _EDGE and not (comma and tokens.words[order[-1]] == ","))
    ):
        order.pop()
    return set(order)


def without_stop(tokens: Tokens, found: set[int]) -> set[int]:
    """Return ``found`` without a stop at its end, but for one that a quotation holds."""
    order = sorted(found)
    while order and tokens.words[order[-1]] in {".", "!", "?"} and tokens.inside[order[-1]] < 0:
        order.pop()
    return set(order)


def noun_phrase(tokens: Tokens, head: int, *, before: int | None = None) -> set[int]:
    """Return the noun phrase whose head is ``head``, as a source is marked.

    A relative clause after a comma is left out where the cue follows (at ``before``), for it only
    tells news; one that says who is meant stays, as do appositions.
    """
    cut: list[int] = []
    for child in tokens.children[head]:
        dep = tokens.dep[child]
        is_aside = (
            dep == "relcl"
            and tokens.left[child] > 0
            and (_comma_before(tokens, tokens.left[child]) or before is None)
        )
        if (
            (before is not None and is_aside and before > child)
            or (before is not None and dep == "relcl" and tokens.is_below(before, child))
            or dep in {"preconj", "meta", "intj", "parataxis", "ccomp", "mark", "advcl"}
            or (
                dep in {"advmod", "cc", "preconj"}
                and child < head
                and tokens.left[child] == child
                and tokens.lower[child]
                in {"meanwhile", "and", "but", "however", "still", "yet", "also", "so"}
            )
            or (dep == "conj" and tokens.is_verb(child))
        ):
            cut.append(child)
    found = set(tokens.subtree(head, cut))
    if before is not None:
        found = {at for at in found if (at < before) == (head < before)}
    found = _together(tokens, found, head)
    appositive = any(tokens.dep[c] == "appos" for c in tokens.children[head])
    found = trim(tokens, found)
    if appositive and found:
        after = max(found) + 1
        if (
            before is not None
            and after < before
            and after < len(tokens)
            and tokens.words[after] == ","
            and any(tokens.words[at] == "," for at in found)
        ):
            found.add(after)
    if (
        found
        and tokens.words[max(found)] in {"himself", "herself", "themselves", "itself"}
        and len(found) > 1
    ):
        found.discard(max(found))
    return found


def _together(tokens: Tokens, found: set[int], head: int) -> set[int]:
    # One stretch around the head; a branch that stands apart is a mistake of the parser.
    low = high = head
    while low - 1 in found:
        low -= 1
    limit = len(tokens)
    while high + 1 < limit and (high + 1 in found):
        high += 1
    return set(range(low, high + 1))
    # A word in quotation marks may leave its marks with another head.


def _comma_before(tokens: Tokens, at: int) -> bool:
    while at > 0 and tokens.space[at - 1]:
        at -= 1
    return at > 0 and tokens.words[at - 1] in {",", "—", "–", "--", "-", "("}


def verb_group(tokens: Tokens, verb: int) -> set[int]:
    """Return the verb at ``verb`` with auxiliaries, negation, particles and adverbs before it."""
    found = {verb}
    lowest = verb
    parts = [
        c
        for c in tokens.children[verb]
        if tokens.dep[c] in {"aux", "auxpass", "neg", "prt"} and not tokens.space[c]
    ]
    for child in parts:
        if tokens.tag[child] == "TO":
            continue
        if tokens.dep[child] == "prt" and child > verb + 3:
            continue
        found.add(child)
        lowest = min(lowest, child)
    for child in tokens.children[verb]:
        if (
            tokens.dep[child] in {"advmod", "npadvmod"}
            and child < verb
            and tokens.tag[child] in {"RB", "RBR", "RBS"}
            and not tokens.children[child]
            and tokens.tag[child] != "WRB"
        ):
            between = set(range(child + 1, verb))
            if child > lowest or between <= found:
                found.add(child)
    head = tokens.head[verb]
    if (
        (tokens.dep[verb] == "xcomp" or tokens.lemma[verb] in _MINDS)
        and head < verb
        and tokens.lemma[head] in CATENATIVE
        and tokens.is_verb(head)
        and verb - head <= _TO_NEXT
    ):
        found |= {at for at in range(head + 1, verb) if tokens.dep[at] in {"aux", "neg", "prt"}}
        found |= verb_group(tokens, head)
    return found


def subject(tokens: Tokens, verb: int) -> int | None:
    """Return the word that is the subject of ``verb``, going up where the verb has none.

    A conjoined verb shares the first one's, an infinitive its controller's, a participle that of
    the clause it stands in or the noun it describes. ``None`` where nothing is found.
    """
    here = verb
    for _ in range(_STEPS_UP):
        own = own_subject(tokens, here)
        if own is not None:
            return own
        up, dep = tokens.head[here], tokens.dep[here]
        if up == here:
            return None
        if dep in {"acl", "relcl"} and not tokens.is_verb(up):
            return up
        if dep in {"xcomp", "ccomp"} and not tokens.is_finite(here):
            controller = _controller(tokens, here, up)
            if controller is not None:
                return controller
            here = up
        elif dep not in _SHARES_SUBJECT or (dep == "advcl" and tokens.is_finite(here)):
            return None
        elif dep == "conj" and _joins_unlike(tokens, here, up):
            if tokens.dep[up] not in {"acomp", "attr", "oprd"}:
                return None
            here = tokens.head[up]
        else:
            here = up
    return None


_SHARES_SUBJECT = word_set("conj xcomp advcl aux pcomp prep acl dep parataxis oprd attr acomp")


def _controller(tokens: Tokens, verb: int, above: int) -> int | None:
    """Return the object of ``above`` that is the infinitive's subject: "told him to go"."""
    object_ = tokens.child(above, "dobj", "dative")
    if object_ is None or object_ > verb or tokens.dep[verb] != "xcomp":
        return None
    return object_ if tokens.is_infinitive(verb) else None


def _joins_unlike(tokens: Tokens, verb: int, up: int) -> bool:
    """Whether a finite verb is joined to what is no verb: "was angry and said"."""
    return (
        not tokens.is_verb(up)
        and tokens.tag[verb] not in {"VBG", "VBN"}
        and tokens.lemma[up] != "be"
    )


_DAYS = word_set("monday tuesday wednesday thursday friday saturday sunday today yesterday")
_NOMINAL = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP", "CD", "JJ", "DT", "PRP$", "POS", "JJS"})


def nominal_before(tokens: Tokens, verb: int) -> set[int]:
    """Return the noun phrase before ``verb`` by the order of words, where the grammar has none.

    It steps over what stands between two commas: "Trumbull, gripping the lectern, replied".
    """
    # The tagger takes "reported" for a participle where a name before it is none that it knows.
    is_past = tokens.tag[verb] == "VBN" and tokens.child(verb, "ccomp") is not None
    if not tokens.is_finite(verb) and not (is_past and tokens.dep[verb] == "ROOT"):
        return set()
    begin = tokens.bounds[tokens.sentence[verb]][0]
    group = verb_group(tokens, verb)
    at = min(group) - 1
    while at >= begin and tokens.tag[at] == "RB":
        at -= 1
    if at >= begin and tokens.words[at] == ",":
        at -= 1
        while at >= begin and tokens.words[at] != ",":
            at -= 1
        at -= 1
    high = at
    while at >= begin and tokens.tag[at] in _NOMINAL and tokens.inside[at] == tokens.inside[verb]:
        at -= 1
    found = set(range(at + 1, high + 1))
    if all(tokens.lower[t] in _DAYS for t in found):
        return set()  # "said Thursday, blaming the weather"
    if not any(
        tokens.tag[t].startswith(("NN", "PRP")) or tokens.words[t][0].isupper() for t in found
    ):
        return set()
    return found


def own_subject(tokens: Tokens, verb: int) -> int | None:
    """Return the subject that hangs on ``verb`` itself, or ``None``."""
    found = [
        c for c in tokens.children[verb] if tokens.dep[c] in SUBJECTS and tokens.dep[c] != "csubj"
    ]
    found = [c for c in found if tokens.dep[c] != "expl"]
    if not found:
        return None
    return min(found, key=lambda c: abs(c - verb)) if len(found) > 1 else found[0]


def source_of(tokens: Tokens, subject_: int, cue: int) -> set[int]:
    """Return the source whose head word is ``subject_``, for a cue at ``cue``.

    A relative pronoun gives way to the noun phrase it stands for.
    """
    if tokens.lower[subject_] in RELATIVE and tokens.tag[subject_] in {
        "WP",
        "WDT",
        "WP$",
        "IN",
        "DT",
    }:
        above = tokens.head[subject_]
        steps = 0
        while tokens.dep[above] not in {"relcl", "ROOT"} and steps < _STEPS_UP - 1:
            above = tokens.head[above]
            steps += 1
        if tokens.dep[above] == "relcl":
            noun = tokens.head[above]
            if not tokens.is_verb(noun):
                found = noun_phrase(tokens, noun, before=cue)
                gap = list(range(max(found, default=0) + 1, subject_))
                if all(tokens.words[t] == "," for t in gap):
                    found |= {*gap, subject_}
                return found
        return {subject_} if tokens.tag[subject_] != "WDT" else set()
    if tokens.tag[subject_] == "PRP$":
        return {subject_}
    return noun_phrase(tokens, subject_, before=cue)


def possessor(tokens: Tokens, noun: int) -> set[int]:
    """Return the possessor of ``noun``, without its "'s"; empty where there is none."""
    owner = tokens.child(noun, "poss")
    if owner is None:
        return set()
    cut = [c for c in tokens.children[owner] if tokens.dep[c] == "case" or tokens.tag[c] == "POS"]
    if tokens.tag[owner] == "PRP$":
        return {owner}
    return trim(tokens, set(tokens.subtree(owner, cut)))


def without_quotes(tokens: Tokens, found: set[int]) -> set[int]:
    """Return ``found`` without quotation marks."""
    return {at for at in found if tokens.words[at] not in QUOTES}


_STATEMENTS = word_set(
    "report statement remark interview comment letter dispatch memo message document article note "
    "communique speech address post tweet email e-mail testimony filing study release briefing "
    "conference call video broadcast column editorial essay hearing meeting investor reporter"
)
"""In, at or to what something is said."""


def lent_clause(tokens: Tokens, verb: int) -> int | None:
    """Return the clause of ``verb`` that the parser hung on the noun before it.

    In "said in a report carried by the agency that X" it is what the army said, not what the
    report is about.
    """
    for prep in tokens.kids(verb, "prep"):
        noun = tokens.child(prep, "pobj")
        if noun is None or prep < verb or tokens.lemma[noun] not in _STATEMENTS:
            continue
        for clause in tokens.kids(noun, "acl", "ccomp"):
            mark = tokens.child(clause, "mark")
            if mark is not None and tokens.lower[mark] == "that" and tokens.is_finite(clause):
                return clause
    return None
