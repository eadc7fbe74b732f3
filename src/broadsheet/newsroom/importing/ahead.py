"""What the process that reads an archive works out for the index, beside the one that stores.

A story's texts are cut into words there. They are foreseen as the story will have them; a text
that comes out otherwise after all (a headline that had to be made, say) is cut when it is indexed.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from types import SimpleNamespace

from broadsheet.newsroom.actions.writing import language_of
from broadsheet.search import words
from broadsheet.search.documents import body_texts
from broadsheet.wire.copies import Copy
from broadsheet.wire.items import WireItem
from broadsheet.wire.stream import stream_of

# As the room has it done when it starts (``wire.ahead``).
_NAME = "words"


def known_words(copies: Iterable[Copy]) -> AbstractContextManager[None]:
    """Return a block in which the index need not cut what was cut ahead of ``copies``."""
    known: words.CutAhead = {}
    for copy in copies:
        known.update(copy.ahead.get(_NAME, {}))
    return words.cut_ahead(known)


def words_of(item: WireItem) -> words.CutAhead:
    """Return the words of the texts of ``item``, as a story made of it will have them."""
    language = language_of(item, [])
    stream = stream_of(block for block in item.body if block.kind != "photo")
    body, _captions, _pictures = body_texts(SimpleNamespace(raw_data=stream))
    texts = (" ".join(item.headline.split()), item.lead, "\n".join(body))
    return {words.key_of(text, language): words.cut(text, language) for text in texts if text}
