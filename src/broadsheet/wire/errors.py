"""What the wire says when it cannot take something in."""

from __future__ import annotations


class WireError(Exception):
    """Something that came in cannot be read; the message says what it was and what to do.

    ``str()`` of it is one or two plain sentences for the person at the keyboard, without the
    name of the file: whoever reports it knows which one it was.
    """
