"""What is printed where a terminal, a log or a pipe takes fewer characters than a paper has."""

from __future__ import annotations

import codecs
import io
import sys

_ESCAPES = "broadsheet.escapes"


def for_any_terminal() -> None:
    r"""Print what the encoding of standard output lacks (``LANG=C`` has ASCII alone) as escapes.

    They are those of JSON (RFC 8259, section 7: ``\u2019``, two of them beyond the sixteenth
    bit), so that what a program is to read stays what it was.
    """
    codecs.register_error(_ESCAPES, _escaped)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors=_ESCAPES)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    pairs = (units[at : at + 2] for at in range(0, len(units), 2))
    return "".join(f"\\u{pair.hex()}" for pair in pairs), error.end
