"""Text that XML can carry."""

from __future__ import annotations

import re

# XML 1.0, section 2.2: everything but most control characters, surrogates and two non-characters.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """Return ``text`` without the characters that no XML document may contain."""
    return _FORBIDDEN.sub("", text)
