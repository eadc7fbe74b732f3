"""What keeps readings in step with the stories."""

from __future__ import annotations


def connect() -> None:
    """Listen from now on."""
