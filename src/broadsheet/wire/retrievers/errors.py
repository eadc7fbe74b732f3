"""What a retriever says when a place gives nothing."""

from __future__ import annotations

from datetime import timedelta

from broadsheet.wire.errors import WireError


class RetrieveError(WireError):
    """A place could not be asked, or answered with nothing that can be used.

    ``is_temporary`` tells what may be over by itself (a server that is busy or away) from what
    somebody has to change. ``retry_after`` is how long the place asked to be left alone, where
    it said so (``Retry-After``, RFC 9110 section 10.2.3). ``status`` is the answer's, if any.
    """

    def __init__(
        self,
        message: str,
        *,
        is_temporary: bool = False,
        retry_after: timedelta | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.is_temporary = is_temporary
        self.retry_after = retry_after
        self.status = status


class GoneError(RetrieveError):
    """The place is gone for good, and says so (410, RFC 9110 section 15.5.11): ask no more."""


class RefusedAddressError(RetrieveError):
    """The address is one that this server must not connect to."""
