"""The gate before every letter: where a request comes from, how large it is, and whose key.

No session and no CSRF token: a pressed page is the same for all and can carry none. What a
forged request from another site could abuse is the reader's security key alone; its cookie is
SameSite=Strict, and browsers say where a request comes from (Sec-Fetch-Site, Origin), which is
checked here. OWASP's CSRF cheat sheet describes that defence ("Fetch Metadata headers").
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from broadsheet.letters import keys

COOKIE = "letters"
_COOKIE_PATH = "/letters/"
# 3000 characters of four bytes each, percent-encoded, with room for the other fields.
_LONGEST_BODY = 64 * 1024
_FORM_TYPE = "application/x-www-form-urlencoded"


def is_from_here(request: HttpRequest) -> bool:
    """Tell whether ``request`` was made by a page of this paper, or by hand.

    A browser too old to say so passes: without the cookie, which it does not send along from
    elsewhere either, no letter is stored.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    ours = {request.get_host(), urlsplit(settings.BASE_URL).netloc}
    return urlsplit(origin).netloc in ours


def is_prefetch(request: HttpRequest) -> bool:
    """Tell whether a browser asks ahead of the reader, who may never come."""
    said = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return "prefetch" in said


def refused_body(request: HttpRequest) -> HTTPStatus | None:
    """Return the status with which to refuse the body of ``request``, before it is read."""
    if request.content_type != _FORM_TYPE:
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    length = request.META.get("CONTENT_LENGTH", "")
    if not length.isascii() or not length.isdigit():
        # A body of unknown length could not be refused before it is in memory.
        return HTTPStatus.LENGTH_REQUIRED
    if int(length[:12]) > _LONGEST_BODY:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return None


def visitor_of(request: HttpRequest) -> str:
    """Return the name of the visitor behind ``request``, a new one for a newcomer."""
    token = request.COOKIES.get(COOKIE)
    return token if token is not None and keys.is_visitor(token) else keys.new_visitor()


def remember(response: HttpResponseBase, visitor: str) -> None:
    """Have the browser name ``visitor`` as long as the keys it was shown are good."""
    response.set_cookie(
        COOKIE,
        visitor,
        max_age=keys.LIFETIME,
        path=_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
