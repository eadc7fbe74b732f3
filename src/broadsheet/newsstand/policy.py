"""Which headers an answer carries, by its address: kind of content, caching, safety. All pure.

``deploy/nginx.conf`` says the same for nginx; a test compares the two.
"""

from __future__ import annotations

import mimetypes

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".xsl": "text/xsl; charset=utf-8",
    ".json": "application/json",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".ico": "image/x-icon",
    ".webp": "image/webp",
    ".avif": "image/avif",
}

# A correction must be seen at once, so a page is stale after two seconds; while it is fetched
# anew in the background, a reader may get the old one for eight more (RFC 5861).
_PAGE = "public, max-age=2, stale-while-revalidate=8"
# The name changes with the bytes.
_HASHED = "public, max-age=31536000, immutable"
_PHOTO = "public, max-age=604800"

_SOURCES = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "img-src": "'self' data:",
    "manifest-src": "'self'",
    "media-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "worker-src": "'self'",
}
CONTENT_SECURITY_POLICY = "; ".join(f"{name} {value}" for name, value in _SOURCES.items())
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)
_ONE_YEAR = 31_536_000


def suffix_of(name: str) -> str:
    """Return the last suffix of a file name, with its dot, or an empty text."""
    last = name.rpartition("/")[2]
    stem, dot, suffix = last.rpartition(".")
    return f".{suffix.lower()}" if dot and stem else ""


def content_type(address: str, file: str) -> str:
    """Return the Content-Type of the pressed ``file`` that stands at ``address``."""
    suffix = suffix_of(file)
    if suffix == ".json" and address.startswith("/feeds/"):
        return "application/feed+json"  # JSON Feed 1.1, "Suggestions for Publishers"
    if address.startswith("/news/") and address.endswith("/attributions.json"):
        # Web Annotation Protocol, 3.3, and Data Model, 3.1: JSON-LD with this profile.
        return 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    return _TYPES.get(suffix) or mimetypes.guess_type(file)[0] or "application/octet-stream"


def cache_control(address: str) -> str:
    """Return the Cache-Control of what stands at ``address``."""
    if address.startswith("/assets/"):
        return _HASHED
    if address.startswith("/photos/"):
        return _PHOTO
    return _PAGE


def is_open_to_other_sites(address: str) -> bool:
    """Tell whether scripts of other sites may read it: feeds and ninjs are made for that."""
    return address.startswith("/feeds/") or (
        address.startswith("/news/") and address.endswith(".json")
    )


def safety_headers(*, https: bool) -> list[tuple[bytes, bytes]]:
    """Return the headers that keep a browser from being led astray, for every pressed file.

    ``https`` adds the promise that the paper is to be had by https only (RFC 6797).
    """
    headers = [
        (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"strict-origin-when-cross-origin"),
        (b"permissions-policy", PERMISSIONS_POLICY.encode()),
        (b"cross-origin-opener-policy", b"same-origin"),
    ]
    if https:
        headers.append((b"strict-transport-security", f"max-age={_ONE_YEAR}".encode()))
    return headers
