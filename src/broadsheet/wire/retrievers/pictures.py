"""Telling pictures by their first bytes, and by their names."""

from __future__ import annotations

_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".png", ".gif", ".webp", ".tif", ".tiff", ".avif", ".heic"}
)
# SVG is none of them: it is a document, which may carry scripts.
_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
# ISO 14496-12: the brand of a file stands behind its first length.
_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
}


def media_type(content: bytes) -> str:
    """Return the media type of the picture that ``content`` is, or begins; empty for others."""
    for start, name in _STARTS:
        if content.startswith(start):
            return name
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], "")
    return ""


def is_called_picture(name: str) -> bool:
    """Tell whether a file called ``name`` should be a picture."""
    return any(name.lower().endswith(suffix) for suffix in _SUFFIXES)
