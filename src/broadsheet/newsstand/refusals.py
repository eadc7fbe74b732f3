"""Pages for what cannot be had: 400, 403, 404, 410, 500, in the paper's look."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.http.response import HttpResponsePermanentRedirect
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views import defaults
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import ModelLogEntry

from broadsheet.newsstand import policy, unavailable
from broadsheet.press import pages
from broadsheet.stories.languages import own_language
from broadsheet.stories.models import Story

log = logging.getLogger(__name__)

_STORY = re.compile(r"/news/(\d{1,12})(?:/|\.json$|$)", re.ASCII)
# These pages list the sections, so they may be a minute behind; robots ask for them by the
# thousand.
_KEPT_S = 60
_PUBLISHED = ("wagtail.publish", "wagtail.publish.scheduled")


def absent(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """Answer for an address that nothing stands at: its redirect, else 410, else 404."""
    if request.path_info.startswith("/newsroom/"):
        return defaults.page_not_found(request, exception or Exception())
    redirect = _redirect(request)
    if redirect is not None:
        return redirect
    if request.path_info == "/":
        # An old address by number that leads nowhere any more: the front is better than nothing.
        return HttpResponseRedirect("/")
    if _was_published(request.path_info):
        return _page(request, "gone", pages.gone_page, 410)
    return _page(request, "absent", pages.not_found_page, 404)


def failed(request: HttpRequest) -> HttpResponseBase:
    """Answer for an error of ours: says so, and that it is not the reader's fault.

    While the database does not answer that is no error but an outage, which has its own page.
    """
    # Django calls this while it handles the error, and does not pass it.
    error = sys.exc_info()[1]
    if unavailable.is_outage(error):
        return unavailable.answer(request)
    if unavailable.lacks_uploads(error):
        return unavailable.answer(request, uploads=True)
    try:
        return _page(request, "unavailable", pages.unavailable_page, 500)
    except Exception:  # the page needs the database, which may be what failed
        log.exception("the page for errors cannot be drawn either")
        return defaults.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer for a request that cannot be read; says nothing of ours, needs no database."""
    return defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """Answer for what this person may not see."""
    return defaults.permission_denied(request, exception or Exception())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Answer for a form whose token is missing or old: what to do is to load the page again."""
    log.warning("a form came without its token: %s", reason)
    with translation.override(language_of(request)):
        text = translation.gettext(
            "This form is too old or your browser sends no cookies. Go back, load the page again "
            "and send it once more."
        )
    return HttpResponse(text, status=403, content_type="text/plain; charset=utf-8")


def language_of(request: HttpRequest) -> str:
    """Return the language to answer ``request`` in: the address says it, else the browser."""
    first = request.path_info.lstrip("/").partition("/")[0]
    if first in settings.PAPER_LANGUAGES:
        return first
    for accepted, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        for language in settings.PAPER_LANGUAGES:
            if accepted in {language.lower(), "*"} or accepted.startswith(f"{language.lower()}-"):
                return str(language)
    return own_language()


def _redirect(request: HttpRequest) -> HttpResponse | None:
    # As Wagtail's middleware looks for them; asked here so that a redirect wins over 410.
    path = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
    found = get_redirect(request, path) or get_redirect(request, urlsplit(path).path)
    if found is None or found.link is None:
        return None
    answer = HttpResponsePermanentRedirect if found.is_permanent else HttpResponseRedirect
    return answer(found.link)


def _was_published(path: str) -> bool:
    match = _STORY.match(path)
    if match is None:
        return False
    news_id = int(match[1])
    story = Story.objects.select_related("translation_of").filter(pk=news_id).first()
    if story is not None:
        return story.is_gone()
    return bool(
        ModelLogEntry.objects.filter(
            content_type__app_label="stories",
            content_type__model="story",
            object_id=str(news_id),
            action__in=_PUBLISHED,
        ).exists()
    )


def _page(request: HttpRequest, name: str, draw: Callable[[str], str], status: int) -> HttpResponse:
    language = language_of(request)
    key = f"newsstand-{name}-{language}"
    html = cache.get(key)
    if html is None:
        html = draw(language)
        cache.set(key, html, _KEPT_S)
    response = HttpResponse(html, status=status)
    response["Content-Security-Policy"] = policy.CONTENT_SECURITY_POLICY
    # For a moment only: the story may be about to be published.
    response["Cache-Control"] = "public, max-age=1"
    response["Vary"] = "Accept-Language"
    return response
