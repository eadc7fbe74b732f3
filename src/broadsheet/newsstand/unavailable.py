"""What is answered while the database does not: a page without it, that says nothing was lost.

Pressed pages go on, for the newsstand hands them out without Django. What comes here is the
rest: a search, a letter, the newsroom.
"""

from __future__ import annotations

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import get_supported_language_variant
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from broadsheet.letters import gate
from broadsheet.newsstand import policy
from broadsheet.object_stores import UploadsDownError
from broadsheet.press import assets
from broadsheet.press.frame import chrome_language
from broadsheet.stories.languages import direction_of

_TRY_AGAIN_S = 20
# Of SQLite's own messages those that mean it cannot be had just now, and not a mistake of ours.
_NOT_NOW = ("locked", "unable to open", "disk i/o", "disk is full", "readonly")
_LONGEST = 20_000


def is_outage(error: BaseException | None) -> bool:
    """Tell whether ``error`` means that the database cannot be had at the moment."""
    while error is not None:
        if isinstance(error, InterfaceError):
            return True
        if isinstance(error, OperationalError):
            if connections[DEFAULT_DB_ALIAS].vendor != "sqlite":
                return True
            return any(words in str(error).lower() for words in _NOT_NOW)
        error = error.__cause__ or error.__context__
    return False


def lacks_uploads(error: BaseException | None) -> bool:
    """Tell whether ``error`` means that the store of uploads cannot be had at the moment."""
    while error is not None:
        if isinstance(error, UploadsDownError):
            return True
        error = error.__cause__ or error.__context__
    return False


def answer(request: HttpRequest, *, uploads: bool = False) -> HttpResponse:
    """Answer 503, with what was sent given back where a reader typed it.

    With ``uploads`` it is not the database that is missing, but the store of pictures.
    """
    newsroom = request.path_info.startswith("/newsroom/")
    # There is nothing on it but labels.
    language = _language(request) if newsroom else chrome_language(_language(request))
    with translation.override(language):
        heading, sentences, typed = (
            _words_of_uploads() if uploads else _words(request, newsroom=newsroom)
        )
        html = format_html(
            '<!doctype html>\n<html lang="{}" dir="{}">\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width">\n'
            '<meta name="robots" content="noindex">\n<link rel="stylesheet" href="{}">\n'
            '<title>{}</title>\n<main class="notice">\n<h1>{}</h1>\n<p>{}</p>\n{}'
            "</main>\n</html>\n",
            language, direction_of(language), assets.url("paper.css"), heading, heading,
            sentences, typed,
        )  # fmt: skip
    response = HttpResponse(html, status=503)
    response["Retry-After"] = str(_TRY_AGAIN_S)
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = policy.CONTENT_SECURITY_POLICY
    response["Vary"] = "Accept-Language"
    return response


def _words_of_uploads() -> tuple[str, str, str]:
    heading = _("Pictures and documents cannot be had at the moment")
    sentences = _(
        "The store that holds them does not answer. Nothing was changed, and readers still get "
        "every page that was published. Go back in your browser and try again in a minute; text "
        "can be written and published meanwhile."
    )
    return heading, sentences, ""


def _words(request: HttpRequest, *, newsroom: bool) -> tuple[str, str, str]:
    sent = request.method not in {"GET", "HEAD"}
    if newsroom and sent:
        heading = _("The newsroom could not keep this")
        sentences = _(
            "Its database does not answer at the moment. Nothing was changed. Go back in your "
            "browser, where what you wrote still stands, and try again in a minute."
        )
        return heading, sentences, ""
    if newsroom:
        heading = _("The newsroom is closed for a moment")
        sentences = _(
            "Its database does not answer. Readers still get every page that was published. Try "
            "again in a minute."
        )
        return heading, sentences, ""
    heading = _("Please try again in a minute")
    if sent:
        sentences = _(
            "The paper could not take in what you sent. It is not lost: go back in your browser "
            "and send it again in a minute."
        )
        return heading, sentences, _typed(request)
    sentences = _(
        "This page cannot be made at the moment. The front page and all stories can be read."
    )
    return heading, sentences, ""


def _typed(request: HttpRequest) -> str:
    # What the browser keeps of a form is not the same everywhere. Nothing that another site sent
    # is shown as if it stood here.
    if not gate.is_from_here(request) or gate.refused_body(request) is not None:
        return ""
    text = request.POST.get("text", "")[:_LONGEST]
    if not text.strip():
        return ""
    label = _("What you wrote")
    return format_html(
        '<p><label for="text">{}</label></p>\n<textarea id="text" rows="12" readonly>{}</textarea>'
        "\n",
        label, text,
    )  # fmt: skip


def _language(request: HttpRequest) -> str:
    """Return the language to answer in, which no table may be asked for."""
    first = request.path_info.lstrip("/").partition("/")[0]
    if first in settings.PAPER_LANGUAGES:
        return first
    newsroom = request.path_info.startswith("/newsroom/")
    for accepted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            found = get_supported_language_variant(accepted)
        except LookupError:
            continue
        # Readers are answered in the languages of the paper, the newsroom in any there is.
        if newsroom:
            return found
        for language in settings.PAPER_LANGUAGES:
            if language.lower() in {accepted, found}:
                return str(language)
    return str(settings.PAPER_LANGUAGES[0])
