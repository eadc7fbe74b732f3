"""What a parser may stumble over, and what is said where it does.

Suppliers send what nobody has thought of, and so do people who wish no good. A parser is written
for what there is; where it meets something else, one file is refused, in a sentence, and the log
says where to look.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

from broadsheet.wire.errors import WireError

STUMBLES: tuple[type[Exception], ...] = (
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    RecursionError,
    etree.Error,
)


@contextmanager
def guarded(name: str, origin: str) -> Iterator[None]:
    """Raise :class:`WireError` where reading ``origin`` as the format ``name`` stumbles."""
    try:
        yield
    except STUMBLES as error:
        logging.getLogger(__name__).info("reading %s as %s failed", origin, name, exc_info=True)
        raise WireError(
            f"It looks like {name}, but is built in a way that could not be read. Have it sent "
            "again, or save its words as plain text."
        ) from error
