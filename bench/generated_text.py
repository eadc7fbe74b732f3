"""Text for measurements: made-up words with the frequencies of natural ones, in six languages.

The words are put together from syllables of a language's own letters; how often each occurs
follows Zipf's law as Mandelbrot corrected it, so that a few words stand in every story and
most in a handful. The same seed gives the same text.
"""

from __future__ import annotations

import json
import random
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate

VOCABULARY = 60_000
_EXPONENT = 1.07
_SHIFT = 2.7
# From these ranks on words have a syllable more.
_LONGER_FROM = (120, 6_000)

# Onsets and rhymes; German and French have longer words and their own letters.
_SYLLABLES = {
    "en": ("b c d f g h l m n p r s t w st tr", "a e i o u er an ing ed on"),
    "de": ("b d f g h k l m n r s t w sch z", "a e i o u ä ö ü er en ung ei"),
    "fr": ("b c d f g l m n p r s t v ch", "a e i o é è ou ai on eur"),
    "ru": ("б в г д ж з к л м н п р с т", "а е и о у ы ий ов ой"),
    "fa": ("ب پ ت ج چ خ د ر ز س ش ف ق ک گ ل م ن ه", "ا و ی ان ار ید"),
    "ar": ("ب ت ج ح خ د ر س ش ع ف ق ك ل م ن ه", "ا و ي ات ين ون"),
}
LANGUAGES = tuple(_SYLLABLES)


@dataclass(frozen=True)
class Tongue:
    """The words of one language, the commonest first, and how their frequencies add up."""

    language: str
    words: tuple[str, ...]
    cumulative: tuple[float, ...]

    def draw(self, chance: random.Random, count: int) -> list[str]:
        """Return ``count`` words as a text would have them."""
        return chance.choices(self.words, cum_weights=self.cumulative, k=count)


def tongue(language: str, size: int = VOCABULARY) -> Tongue:
    """Return the generated words of ``language``, one of :data:`LANGUAGES`."""
    chance = random.Random(f"broadsheet {language}")  # noqa: S311 - text, no secret
    onsets, rhymes = (part.split() for part in _SYLLABLES[language])
    words: dict[str, None] = {}
    while len(words) < size:
        # Common words are short, in every language (Zipf's law of abbreviation).
        syllables = 1 + bisect(_LONGER_FROM, len(words)) + chance.randrange(2)
        word = "".join(chance.choice(onsets) + chance.choice(rhymes) for _ in range(syllables))
        words[word] = None
    weights = (1 / (rank + _SHIFT) ** _EXPONENT for rank in range(1, size + 1))
    return Tongue(language, tuple(words), tuple(accumulate(weights)))


def sentence(chance: random.Random, words: Tongue) -> str:
    """Return one sentence."""
    drawn = words.draw(chance, chance.randint(9, 27))
    return " ".join(drawn).capitalize() + "."


def paragraphs(chance: random.Random, words: Tongue, characters: int) -> list[str]:
    """Return paragraphs of two or three sentences, about ``characters`` in all."""
    made: list[str] = []
    while sum(map(len, made)) < characters:
        made.append(" ".join(sentence(chance, words) for _ in range(chance.randint(2, 3))))
    return made


def headline(chance: random.Random, words: Tongue) -> str:
    """Return six to ten words."""
    return " ".join(words.draw(chance, chance.randint(6, 10))).capitalize()


def body(texts: list[str]) -> str:
    """Return paragraphs as a StreamField stores them."""
    return json.dumps([{"type": "paragraph", "value": f"<p>{text}</p>"} for text in texts])
