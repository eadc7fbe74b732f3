"""Keys as a browser fetches them: the picture, the sound, and what a script needs.

``new`` in place of a key's name makes one. No cache may keep any of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from whitenoise.responders import StaticFile

from broadsheet.letters import gate, keys, proof, rates, readers
from broadsheet.letters.models import SecurityKey
from broadsheet.stories.models import Story

NEW = "new"
_EVERYONE = "everyone"

View = Callable[[HttpRequest, SecurityKey], HttpResponseBase]


def make_key(story_id: int, visitor: str, address_mark: str) -> SecurityKey:
    """Return a new key. Raises ``rates.TooManyError`` for an address that asks too often."""
    rates.count((rates.KEYS, address_mark), (rates.ALL_KEYS, _EVERYONE))
    return keys.issue(story_id, visitor)


def _of_a_key(*, reuse: bool) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """Give a view the key its address names; ``reuse`` takes the newest good one for "new"."""

    def decorator(view: View) -> Callable[..., HttpResponseBase]:
        @never_cache
        @require_GET
        @wraps(view)
        def answer(request: HttpRequest, news_id: int, key_id: str) -> HttpResponseBase:
            if gate.is_prefetch(request) or not gate.is_from_here(request):
                return HttpResponse(status=HTTPStatus.FORBIDDEN)
            visitor = gate.visitor_of(request)
            try:
                key = _key(request, news_id, key_id, visitor, reuse=reuse)
                response = (
                    HttpResponse(status=HTTPStatus.NOT_FOUND) if key is None else view(request, key)
                )
            except rates.TooManyError as error:
                return HttpResponse(
                    status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": error.seconds}
                )
            if key is not None:
                gate.remember(response, visitor)
            response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
            return response

        return answer

    return decorator


def _key(
    request: HttpRequest, news_id: int, key_id: str, visitor: str, *, reuse: bool
) -> SecurityKey | None:
    if key_id != NEW:
        key = keys.of_visitor(news_id, visitor, key_id)
        return key if key is not None and keys.is_good(key) else None
    if reuse and (key := keys.newest(news_id, visitor)) is not None:
        return key
    if not Story.objects.public().filter(pk=news_id).exists():
        return None
    return make_key(news_id, visitor, readers.address_mark(request))


@_of_a_key(reuse=False)
def picture(request: HttpRequest, key: SecurityKey) -> HttpResponseBase:
    """Answer with the key's picture (PNG)."""
    return HttpResponse(bytes(key.picture), content_type="image/png")


@_of_a_key(reuse=True)
def sound(request: HttpRequest, key: SecurityKey) -> HttpResponseBase:
    """Answer with the key spoken (WAV), or the part a player asks for: Safari plays no other."""
    if key.sound is None:
        rates.count((rates.SOUNDS, readers.address_mark(request)), (rates.ALL_SOUNDS, _EVERYONE))
    content = keys.sound_of(key)
    response = HttpResponse(content, content_type="audio/wav")
    response.headers["Accept-Ranges"] = "bytes"
    try:
        start, end = StaticFile.parse_byte_range(request.headers.get("Range", ""))
    except ValueError:  # no range, or several: all of it (RFC 9110, 14.2)
        return response
    start = max(start + len(content), 0) if start < 0 else start
    last = len(content) - 1 if end is None else min(end, len(content) - 1)
    if start > last:
        response.status_code = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        response.content = b""
        response.headers["Content-Range"] = f"bytes */{len(content)}"
        return response
    response.status_code = HTTPStatus.PARTIAL_CONTENT
    response.content = content[start : last + 1]
    response.headers["Content-Range"] = f"bytes {start}-{last}/{len(content)}"
    return response


@_of_a_key(reuse=False)
def challenge(request: HttpRequest, key: SecurityKey) -> HttpResponseBase:
    """Answer with the key's name and the proof of work that goes with it (JSON)."""
    return JsonResponse({"key": key.pk, "challenge": proof.challenge(key)})
