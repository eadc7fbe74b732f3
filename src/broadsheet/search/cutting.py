"""Cutting: a whole text at once, as the index takes it in; what words come to is remembered."""

from __future__ import annotations

from collections import Counter
from functools import cache
from threading import Lock
from typing import NamedTuple

from broadsheet.search.words import Forms, new_forms, pattern_for, pieces_of
from broadsheet.stories.languages import main_language

# So many words are kept as they go into the index, of all languages together: some two hundred
# bytes each. An archive in many languages must not take more for them; a process that does nothing
# else may (:func:`keep_more`), beside one that stores an archive or as a hand of the index.
_KEPT_WORDS, _MANY_WORDS = 160_000, 400_000
_LOOKED_UP_AT_ONCE = 20_000
# What stands around a word in most texts, and is never part of one.
_AROUND = '.,;:!?()[]{}«»„“”"…–—-*/،؛؟٪%।'


class Cut(NamedTuple):
    """A text as the index takes it in.

    ``main`` are its main forms in its order, a space between, ``length`` is how many words it
    has, where those that nothing white parts may count as one. ``forms`` and ``others`` say how
    often each main form and each other form occurs.
    """

    main: str
    length: int
    forms: dict[str, int]
    others: dict[str, int]


def cut(text: str, language: str) -> Cut:
    """Return ``text`` cut into its words."""
    words = cut_words(main_language(language))
    # Splitting at spaces is much faster: the words of each piece are looked for once.
    pieces = pieces_of(text)
    found: list[str] = []
    others: Counter[str] = Counter()
    for start in range(0, len(pieces), _LOOKED_UP_AT_ONCE):
        some = pieces[start : start + _LOOKED_UP_AT_ONCE]
        with _kept.looking:
            found.extend(filter(None, map(words.__getitem__, some)))
            others.update(filter(None, map(words.others.get, some)))
            _kept.make_room()
    main = " ".join(found)
    forms = dict(Counter(found))
    if main.count(" ") >= len(found):
        _part(forms)
    _part(others)
    return Cut(main, len(found), forms, dict(others))


def _part(counts: dict[str, int]) -> None:
    """Have ``counts`` say of each form how often it occurs, where some stand for several.

    Those have a space between; each of them counts as often as they did together.
    """
    for several in [form for form in counts if " " in form]:
        count = counts.pop(several)
        for form in several.split(" "):
            counts[form] = counts.get(form, 0) + count


class _CutWords(dict[str, str]):
    """The words of one language as they go into the index, worked out when they are first met.

    Looked up are words, or what stands between two spaces. What they come to are their main
    forms, with a space between; ``others`` has the other forms of those that have any, likewise.

    A dictionary, since indexing an archive looks a hundred million words up. Where it is full,
    it begins anew, and remembers of the words before those that come again.
    """

    def __init__(self, language: str, kept: _Kept) -> None:
        self.others: dict[str, str] = {}
        self._language = language
        self._kept = kept
        self._before: dict[str, str] = {}
        self._others_before: dict[str, str] = {}
        kept.words.append(self)

    def __missing__(self, written: str) -> str:
        if (main := self._before.get(written)) is not None:
            other = self._others_before.get(written, "")
        else:
            bare = written.strip(_AROUND)
            # Nearly all are letters only; the pattern would find the same.
            main, other = self._of_word(written, bare) if bare.isalpha() else self._within(written)
        self._kept.count_one()
        self[written] = main
        if other:
            self.others[written] = other
        return main

    def _of_word(self, written: str, bare: str) -> tuple[str, str]:
        """Return the forms of ``written``, which is the word ``bare`` and signs around it."""
        # Before a full stop, or at the beginning of a sentence, it is the same word.
        alike = bare.lower() if bare.isascii() else bare
        if (main := self.get(alike)) is not None:
            return main, self.others.get(alike, "")
        if (main := self._before.get(alike)) is not None:
            return main, self._others_before.get(alike, "")
        return _joined(written, new_forms(bare, self._language))

    def _within(self, written: str) -> tuple[str, str]:
        main: list[str] = []
        other: list[str] = []
        for word in pattern_for(written).findall(written):
            forms = new_forms(word, self._language)
            main.extend(forms.main)
            other.extend(forms.other)
        return _joined(written, Forms(tuple(main), tuple(other)))

    def begin_anew(self) -> None:
        """Let go of the words that have not come since this was called before."""
        self._before, self._others_before = dict(self), self.others
        self.clear()
        self.others = {}


def _joined(written: str, forms: Forms) -> tuple[str, str]:
    main = forms.main[0] if len(forms.main) == 1 else " ".join(forms.main)
    other = forms.other[0] if len(forms.other) == 1 else " ".join(forms.other)
    return (written if main == written else main), other


class _Kept:
    """How many words are kept, of all languages together.

    Whoever looks words up holds ``looking``: none is let go between its forms and its others.
    """

    def __init__(self) -> None:
        self.words: list[_CutWords] = []
        self.looking = Lock()
        self.most = _KEPT_WORDS
        self._count = 0

    def count_one(self) -> None:
        """Count one that is kept from now on."""
        self._count += 1

    def make_room(self) -> None:
        """Begin anew where there are too many."""
        if self._count > self.most // 2:
            self._count = 0
            for words in self.words:
                words.begin_anew()


_kept = _Kept()


def keep_more() -> None:
    """Keep more words in this process, which has hardly anything else in memory."""
    _kept.most = _MANY_WORDS


@cache
def cut_words(language: str) -> _CutWords:
    """Return the words of ``language`` met so far, as they go into the index."""
    return _CutWords(language, _kept)
