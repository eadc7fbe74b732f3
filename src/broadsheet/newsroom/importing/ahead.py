"""What the process that reads an archive works out for the index, beside the one that stores.

A story's body is made there, and its texts are cut into words, as the story will have them; a text
that comes out otherwise after all (a headline that had to be made, say) is cut when it is indexed.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from types import SimpleNamespace

from broadsheet.newsroom.actions.writing import language_of
from broadsheet.search import cutting, own_texts
from broadsheet.search.documents import body_texts
from broadsheet.wire.copies import Copy
from broadsheet.wire.items import WireItem
from broadsheet.wire.stream import foresee

# As the room has it done when it starts (``wire.ahead``).
_NAME = "words"


def known_words(copies: Iterable[Copy]) -> AbstractContextManager[None]:
    """Return a block in which the index need not cut what was cut ahead of ``copies``."""
    known: own_texts.Known = {}
    for copy in copies:
        known.update(copy.ahead.get(_NAME, {}))
    return own_texts.worked_out(known)


def words_of(item: WireItem) -> own_texts.Known:
    """Return what the texts of ``item`` come to, as a story made of it will have them.

    To be called only where archives are read, and little else is done.
    """
    cutting.keep_more()
    body, _captions, _pictures = body_texts(SimpleNamespace(raw_data=foresee(item).blocks))
    texts = (" ".join(item.headline.split()), item.lead, "\n".join(body), language_of(item, []))
    return {own_texts.key_of(*texts): own_texts.of(*texts)}
