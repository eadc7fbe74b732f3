"""How tightly pressed text is packed: no block of the disk for its last few bytes."""

from __future__ import annotations

import random
from pathlib import Path

import deflate
import pytest

from broadsheet.press.store import Store

_BLOCK = 4096


def _text(size: int) -> bytes:
    """Return a text that takes about ``size`` bytes when it is packed as usual."""
    chance = random.Random(7)  # noqa: S311 - a text
    words = ["".join(chance.choices("abcdefghijklmno", k=6)) for _ in range(400)]
    text = ""
    while len(deflate.gzip_compress(text.encode(), 6)) < size:
        text += " ".join(chance.choices(words, k=3)) + " "
    return text.encode()


@pytest.mark.parametrize(
    ("size", "blocks"),
    [(_BLOCK - 20, 1), (_BLOCK + 60, 1), (_BLOCK + 1500, 2), (2 * _BLOCK + 60, 2)],
)
def test_a_page_just_above_a_block_is_packed_into_it(
    tmp_path: Path, size: int, blocks: int
) -> None:
    content = _text(size)
    (staged,) = Store(tmp_path).stage("/news/7/", content)
    assert -(-staged.size // _BLOCK) == blocks
    assert deflate.gzip_decompress(staged.temporary.read_bytes()) == content
