"""Words to the numbers of word pieces (WordPiece, as BERT cuts them).

The vocabulary is one piece a line; a piece inside a word begins with ``##``. Words are lower-cased
and lose their accents, and typographic quotation marks and dashes become plain ones, so that the
same copy from two desks is cut alike. (Schuster and Nakajima 2012; Devlin et al. 2019.)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

MOST = 6
"""Pieces of one word that are kept; an address or a number has no more to say."""
_PLAIN = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"}
)


class Pieces:
    """A vocabulary that cuts words; remembers the words it has cut."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}
        self.unknown = self._numbers["[UNK]"]
        self.separator = self._numbers["[SEP]"]
        self.start = self._numbers["[CLS]"]
        self._known: dict[str, tuple[int, ...]] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def cut(self, word: str) -> tuple[int, ...]:
        """Return the numbers of the pieces of ``word``: at least one, at most ``MOST``."""
        found = self._known.get(word)
        if found is None:
            found = tuple(self._cut(word))[:MOST] or (self.unknown,)
            if len(self._known) < 100_000:  # noqa: PLR2004 - a bound, so that memory has one
                self._known[word] = found
        return found

    def _cut(self, word: str) -> Iterable[int]:
        plain = unicodedata.normalize("NFD", word.translate(_PLAIN).lower())
        letters = "".join(sign for sign in plain if unicodedata.category(sign) != "Mn")
        run = ""
        for sign in letters:
            if sign.isalnum():
                run += sign
                continue
            yield from self._longest(run)
            run = ""
            if not sign.isspace():
                yield self._numbers.get(sign, self.unknown)
        yield from self._longest(run)

    def _longest(self, run: str) -> Iterable[int]:
        # The longest piece that fits, from the left; a word with no such cut is unknown whole.
        found = []
        at = 0
        while at < len(run):
            end = len(run)
            while end > at:
                number = self._numbers.get(("##" if at else "") + run[at:end])
                if number is not None:
                    break
                end -= 1
            else:
                return (self.unknown,)
            found.append(number)
            at = end
        return found
