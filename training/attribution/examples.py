"""Annotated stories as what the network learns from: readings, and the words of each relation."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from broadsheet.attribution.annotated import AnnotatedStory, Marked
from broadsheet.attribution.extraction import english, reading
from broadsheet.attribution.extraction.finding import Finding
from broadsheet.attribution.extraction.tagger.features import Reading, read
from broadsheet.attribution.extraction.tokens import Tokens

_NAMES_AS_TEXT = """
    Abbott Aldana Alvarez Ames Baptiste Barlow Beltran Bishop Boyd Brandt Brooks Burke Cabrera
    Calloway Cardenas Carver Castellano Chen Chu Clayton Coyle Crane Cruz Dalton Delgado Denham
    Diaz Dolan Donovan Doyle Drummond Duarte Easton Ellison Ericson Farley Farrell Fischer Flynn
    Foley Fontaine Fuentes Gallagher Garza Gibbs Goldberg Graves Greer Guerrero Haley Hamlin
    Hargrove Hatch Hendricks Herrera Hollis Ibarra Ingram Jarvis Jensen Kaminski Kaplan Keating
    Kessler Khan Kline Kowalski Kramer Lang Larkin Levin Lindqvist Lowell Lujan Lyons Maddox
    Maloney Mancini Marsh Mendez Mercer Meyers Monroe Moody Munoz Nakamura Nash Navarro Nolan
    Norwood Novak Okafor Olson Ortega Osborne Padilla Park Patel Payne Pike Pollard Quigley Ramos
    Rangel Redmond Reyes Rios Rosen Rowland Russo Salazar Sandoval Schmidt Shaw Singh Sloan Stokes
    Sutton Tanner Thornton Tran Underwood Valdez Vance Vega Wagner Walsh Webb Whitaker Winslow
    Wolfe Xu Yates Young Zamora Ziegler
"""
NAMES = tuple(_NAMES_AS_TEXT.split())
_TITLES_AS_TEXT = """
    Mr Mrs Ms Dr Sen Rep Gov Sens Reps President Senator Governor Congressman Congresswoman
    Secretary Mayor Judge Justice Director Chairman Chairwoman Speaker Justice General Attorney
"""
_TITLES = tuple(_TITLES_AS_TEXT.split())
_NAMED = re.compile(r"\b(?:(?:" + "|".join(_TITLES) + r")\.? )?([A-Z][a-z]+) ([A-Z][a-z]{2,})\b")
_TAIL_WORDS = (4, 16)
_LENGTHENED = 0.4
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*[”\"]?")


@dataclass(frozen=True)
class Wanted:
    """A marked relation in words of a reading; ``anchor`` is the word that stands for its cue."""

    anchor: int
    cue: frozenset[int]
    source: frozenset[int]
    content: frozenset[int]


@dataclass(frozen=True)
class Example:
    """A reading with what should be found in it."""

    story: AnnotatedStory
    reading: Reading
    wanted: tuple[Wanted, ...]
    tokens: Tokens
    findings: tuple[Finding, ...]


def anchor_of(words: Reading, cue: frozenset[int]) -> int:
    """Return the word of ``cue`` that grammar puts on top; of several, the last verb or noun."""
    tops = [word for word in sorted(cue) if int(words.head[word]) not in cue] or sorted(cue)
    tops += [word for word in sorted(cue) if int(words.head[word]) == word and word not in tops]
    heavy = [word for word in tops if words.features[word, 0] in _HEAVY]
    return max(heavy or tops[:1])


def _heavy() -> frozenset[int]:
    from broadsheet.attribution.extraction.tagger.features import TAGS

    return frozenset(n for n, tag in enumerate(TAGS, 1) if tag[:2] in {"VB", "NN"})


_HEAVY = _heavy()


def example(story: AnnotatedStory) -> Example:
    """Return ``story`` read by the parser and the rules."""
    doc = reading.read(story.text)
    tokens = Tokens(doc, reading.quoted(story.text))
    findings = tuple(english.findings(tokens))
    words = read(tokens, findings)
    wanted = []
    taken: set[int] = set()
    for one in story.relations:
        cue = words.covered(one.cue)
        source = words.covered(one.source)
        if source & cue:  # a mark on the verb for a source that stands elsewhere
            source = source - cue
        anchor = anchor_of(words, cue)
        if anchor in taken:
            anchor = next((word for word in sorted(cue) if word not in taken), anchor)
        taken.add(anchor)
        content = words.covered(one.content) - cue - source
        wanted.append(Wanted(anchor, cue, source, content))
    return Example(story, words, tuple(wanted), tokens, findings)


def edited(story: AnnotatedStory, edits: Iterable[tuple[int, int, str]]) -> AnnotatedStory:
    """Return ``story`` with the stretches replaced, its marks moved along."""
    ordered = sorted(edits)
    out: list[str] = []
    steps: list[tuple[int, int, int, int]] = []  # old start, old end, new start, new end
    at = length = 0
    for start, end, new in ordered:
        if start < at:
            continue
        out.append(story.text[at:start])
        length += start - at
        steps.append((start, end, length, length + len(new)))
        out.append(new)
        length += len(new)
        at = end
    out.append(story.text[at:])

    def moved(place: int, *, closing: bool) -> int:
        shift = 0
        for start, end, first, last in steps:
            if place <= start:
                break
            if place < end:
                return last if closing else first
            shift = last - end
        return place + shift

    def spans(old: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        new = ((moved(a, closing=False), moved(b, closing=True)) for a, b in old)
        return tuple((a, b) for a, b in new if a < b)

    relations = [
        Marked(one.number, spans(one.source), spans(one.cue), spans(one.content), one.notes)
        for one in story.relations
    ]
    kept = tuple(one for one in relations if one.cue and one.content)
    return AnnotatedStory(story.name, story.head, "".join(out), kept)


def _other_marks(text: str) -> list[tuple[int, int, str]]:
    if "“" in text or "’" in text:
        plain = {"“": '"', "”": '"', "’": "'", "‘": "'"}
        return [(n, n + 1, plain[sign]) for n, sign in enumerate(text) if sign in plain]
    edits = []
    for found in re.finditer(r"[\"']", text):
        at = found.start()
        opens = at == 0 or text[at - 1].isspace() or text[at - 1] in "([—"
        new = ("“" if opens else "”") if found[0] == '"' else ("‘" if opens else "’")
        edits.append((at, at + 1, new))
    return edits


def _other_names(text: str, chance: random.Random) -> list[tuple[int, int, str]]:
    surnames = {match[2] for match in _NAMED.finditer(text)}
    swapped = {name: chance.choice(NAMES) for name in sorted(surnames) if chance.random() < 0.7}
    return [
        (match.start(), match.end(), swapped[match[0]])
        for match in re.finditer(r"\b[A-Z][a-z]{2,}\b", text)
        if match[0] in swapped
    ]


def _careless(text: str, chance: random.Random) -> list[tuple[int, int, str]]:
    edits = []
    for sentence in _SENTENCE.finditer(text):
        luck = chance.random()
        if luck < 0.08:  # all in lower case
            edits.append((*sentence.span(), sentence[0].lower()))
        elif luck < 0.25:  # commas forgotten
            edits += [
                (sentence.start() + comma.start(), sentence.start() + comma.end(), "")
                for comma in re.finditer(r",(?= )", sentence[0])
                if chance.random() < 0.6
            ]
        elif luck < 0.35:  # cut into tokens, as much collected text is
            edits += [
                (sentence.start() + sign.start(), sentence.start() + sign.end(), f" {sign[0]}")
                for sign in re.finditer(r"(?<=\w)[,.;:?!](?= |$)", sentence[0])
            ]
    return edits


def tails(stories: Iterable[AnnotatedStory]) -> list[str]:
    """Return ends of sentences by which another sentence can be made longer.

    They are phrases and clauses that hang on the sentence before them ("in a district that has not
    had a doctor since May", "after the vote was put off twice"), and attribute nothing themselves.
    """
    found = []
    for story in stories:
        cues = [span for one in story.relations for span in one.cue]
        doc = reading.read(story.text)
        for sentence in doc.sents:
            last = next((token for token in reversed(sentence) if token.is_alpha), None)
            if last is None:
                continue
            for token in sentence:
                if token.dep_ not in {"prep", "advcl", "acl"} or token.right_edge.i != last.i:
                    continue
                start, end = token.left_edge.idx, last.idx + len(last)
                words = story.text[start:end]
                if not _TAIL_WORDS[0] <= len(words.split()) <= _TAIL_WORDS[1]:
                    continue
                if re.search(r"[\n\"“”:;—]|(?<!\w)['’‘]", words) or words[0].isupper():
                    continue
                if any(first < end and start < stop for first, stop in cues):
                    continue
                found.append(words)
    return sorted(set(found))


def _longer(
    story: AnnotatedStory, chance: random.Random, ends: Sequence[str]
) -> list[tuple[int, int, str]]:
    """Real copy has longer clauses than invented one: add to what ends a sentence."""
    edits = []
    for place in {span[1] for one in story.relations for span in one.content}:
        if chance.random() > _LENGTHENED:
            continue
        last = re.search(r"(\w+)([.,]?[”\"]?)$", story.text[max(0, place - 30) : place])
        if last is None or not re.match(r"[.,”\"]*(?:\s|$)", story.text[place : place + 3]):
            continue
        start = max(0, place - 30) + last.start(1)
        more = " ".join(chance.sample(ends, 1 + (chance.random() < 0.4)))
        edits.append((start, start + len(last[1]), f"{last[1]} {more}"))
    return edits


def varied(story: AnnotatedStory, seed: int, ends: Sequence[str] = ()) -> AnnotatedStory:
    """Return ``story`` as another desk might have sent it: other marks, names, carelessness.

    With ``ends`` (:func:`tails`) some of its contents are made longer.
    """
    chance = random.Random(f"{story.name}{seed}")
    if ends:
        story = edited(story, _longer(story, chance, ends))
    if seed % 2 == 0:
        story = edited(story, _other_marks(story.text))
    story = edited(story, _other_names(story.text, chance))
    return edited(story, _careless(story.text, chance))
