"""Own texts: what a story's headline, lead and body come to in the index.

They are nearly all of its words, and known before it is stored: whoever reads an archive beside
the process that stores it works them out there (``wire.ahead``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from broadsheet.search.cutting import cut
from broadsheet.search.impacts import Weighed, weigh
from broadsheet.stories.languages import main_language


@dataclass(frozen=True)
class OwnTexts:
    """The main forms of headline, lead and body, in their order, and what their words weigh."""

    headline: str
    lead: str
    body: str
    weighed: Weighed


# Own texts by what :func:`key_of` calls them.
Known = dict[bytes, OwnTexts]
_known: ContextVar[Known] = ContextVar("own_texts_known")


def key_of(headline: str, lead: str, body: str, language: str) -> bytes:
    """Return what tells these texts in ``language`` from all others."""
    head = f"{main_language(language)}\n{len(headline)}\n{len(lead)}\n{headline}{lead}"
    whole = f"{head}{body}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(whole, digest_size=16).digest()


@contextmanager
def worked_out(known: Known) -> Generator[None]:
    """Have :func:`of` return what is ``known``, within the block."""
    token = _known.set(known)
    try:
        yield
    finally:
        _known.reset(token)


def of(headline: str, lead: str, body: str, language: str) -> OwnTexts:
    """Return what these texts, in ``language``, come to."""
    known = _known.get(None)
    if known and (before := known.get(key_of(headline, lead, body, language))) is not None:
        return before
    top, below, rest = (cut(text, language) for text in (headline, lead, body))
    weighed = weigh({"body": rest, "headline": top, "lead": below})
    return OwnTexts(top.main, below.main, rest.main, weighed)
