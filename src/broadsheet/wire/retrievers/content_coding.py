"""The codings of an answer undone piece by piece, never past a bound.

A kilobyte of gzip can unfold to a megabyte, and one of Brotli to a gigabyte: what comes out is
counted while it comes out, and asked for in small pieces only.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator

import brotli

from broadsheet.wire.retrievers.errors import RetrieveError

ACCEPTED = "gzip, deflate, br"
_PIECE = 64 * 1024
_MOST_CODINGS = 2
_GZIP_MARK = b"\x1f\x8b"


def decoded(chunks: Iterable[bytes], codings: str, size: int) -> bytes:
    """Return what ``chunks`` hold once their ``codings`` (``Content-Encoding``) are undone.

    Raises :class:`RetrieveError` where that is more than ``size`` bytes at any stage, for a
    coding that is not known and for bytes that are broken or end early.
    """
    names = [name for part in codings.split(",") if (name := part.strip().lower())]
    names = [name for name in names if name != "identity"]
    if len(names) > _MOST_CODINGS or any(name not in _CODINGS for name in names):
        raise RetrieveError(
            "The server packs its answer in a way that was not asked for "
            f"({', '.join(names)[:60]}). Tell whoever runs it."
        )
    pieces: Iterable[bytes] = _bounded(chunks, size)
    for name in reversed(names):
        pieces = _bounded(_CODINGS[name](pieces), size)
    try:
        return b"".join(pieces)
    except (zlib.error, brotli.error):
        raise _broken() from None


def _bounded(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    so_far = 0
    for chunk in chunks:
        so_far += len(chunk)
        if so_far > size:
            raise RetrieveError(
                f"The answer has more than {size / 1024 / 1024:.0f} MB, which is more than is "
                "fetched."
            )
        yield chunk


def _gzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    start, rest = _start(chunks)
    if start and start != _GZIP_MARK[: len(start)]:
        # Servers that are set up wrongly say gzip of what they send as it is.
        yield start
        yield from rest
        return
    yield from _inflate(rest, 31, start)


def _deflate(chunks: Iterable[bytes]) -> Iterator[bytes]:
    start, rest = _start(chunks)
    # The name means zlib's form (RFC 9110 section 8.4.1.2); some send the bare one (RFC 1951).
    is_zlib = len(start) == 2 and start[0] & 15 == 8 and int.from_bytes(start) % 31 == 0  # noqa: PLR2004
    yield from _inflate(rest, 15 if is_zlib else -15, start)


def _start(chunks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the first two bytes and what follows them."""
    rest = iter(chunks)
    start = b""
    for chunk in rest:
        start += chunk
        if len(start) >= len(_GZIP_MARK):
            return start[:2], _chained(start[2:], rest)
    return start, rest


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _inflate(chunks: Iterable[bytes], window: int, start: bytes) -> Iterator[bytes]:
    if not start:
        return
    inflate = zlib.decompressobj(window)
    for chunk in _chained(start, iter(chunks)):
        data = chunk
        while data:
            if inflate.eof:
                if not data.startswith(_GZIP_MARK):
                    return  # Padding after the end, which gzip allows.
                inflate = zlib.decompressobj(window)
            yield inflate.decompress(data, _PIECE)
            data = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
    yield inflate.flush()
    if not inflate.eof:
        raise _broken()


def _brotli(chunks: Iterable[bytes]) -> Iterator[bytes]:
    unpack = brotli.Decompressor()
    is_empty = True
    for chunk in chunks:
        is_empty = is_empty and not chunk
        yield unpack.process(chunk, output_buffer_limit=_PIECE)
        while not unpack.can_accept_more_data():
            yield unpack.process(b"", output_buffer_limit=_PIECE)
    if not is_empty and not unpack.is_finished():
        raise _broken()


_CODINGS: dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
}


def _broken() -> RetrieveError:
    return RetrieveError(
        "The answer is packed, and broken or cut off. It is asked for again.", is_temporary=True
    )
