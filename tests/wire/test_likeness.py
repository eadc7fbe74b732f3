"""Sketches: the same numbers as ever, since those of an archive are stored."""

from __future__ import annotations

import heapq
import random
import re
import zlib

import pytest

from broadsheet.wire.likeness import folded, sketch

_HARBOUR = (
    "The harbour’s new crane (the 2nd of three) was lifted on Friday, “slowly but surely”, said "
    "its builder: at 14:30, after a day’s delay – nobody was hurt. The mayor, who had come for "
    "the ceremony, spoke for ten minutes; a band played; then it rained, and everybody went home."
)
_PERSIAN = (
    "وزیر امور خارجه گفت: «می‌خواهیم گفت‌وگوها را تا پایان هفته ادامه دهیم»، و افزود که هیئت‌ها "
    "روز شنبه در ژنو دیدار می‌کنند؛ جزئیات بیشتر بعداً اعلام می‌شود و کارشناسان نیز می‌آیند."
)
_JAPANESE = "東京の港で金曜日、新しいクレーンが据え付けられた。市長は式典で十分間話した。" * 3


def _by_definition(text: str) -> tuple[int, ...]:
    words = re.findall(r"[^\W_]+", folded(text)[:40_000])
    if sum(map(len, words)) > 15 * len(words):
        whole = "".join(words)
        words = [whole[at : at + 2] for at in range(0, len(whole) - 1, 2)]
    if len(words) < 12:
        return ()
    ends = range(5, len(words) + 1)
    runs = {zlib.crc32(" ".join(words[end - 5 : end]).encode()) for end in ends}
    return tuple(heapq.nsmallest(8, runs))


def _mixed(seed: int) -> str:
    chance = random.Random(seed)  # noqa: S311 - text
    letters = "abcé ß İ ﬁ ½ ² ـ يی\u200c_’'\u2028\u00a0\u0345中–.,:;/ \n"
    return "".join(chance.choices(letters, k=chance.randint(40, 900)))


@pytest.mark.parametrize(
    "text",
    [
        _HARBOUR,
        _HARBOUR.replace(" ", "\u00a0\n"),
        _HARBOUR.replace("crane", "crane_of_steel"),
        _HARBOUR.replace("Friday", "Friday \U0001f3d7 †"),
        _PERSIAN,
        _JAPANESE,
        f"{_HARBOUR} " * 200,
        "Too short a text.",
        *map(_mixed, range(40)),
    ],
)
def test_a_sketch_is_what_its_definition_says(text: str) -> None:
    assert sketch([text]) == _by_definition(text)


def test_texts_that_say_nearly_the_same_share_some_of_their_sketches() -> None:
    cut = _HARBOUR.replace("slowly but surely", "slowly")
    assert set(sketch([_HARBOUR])) & set(sketch([cut]))
    assert not set(sketch([_HARBOUR])) & set(sketch([_PERSIAN]))
