"""What a reader meets at the letters: all of a story's, the form's answers, the thanks."""

from __future__ import annotations

from http import HTTPStatus

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.letters import drawing, opening
from broadsheet.letters.answers import Answered, public_story
from broadsheet.letters.drawing import FormState
from broadsheet.letters.models import Letter
from broadsheet.letters.sending import Sending
from broadsheet.press.frame import chrome_language
from broadsheet.stories.models import Paper, Story

_A_MINUTE = 60  # seconds a cache may keep the list of letters


@csrf_exempt  # letters.gate says why, and what stands in its place
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest, news_id: int) -> HttpResponse:
    """Show a story's letters, or take in another one."""
    posted = request.method == "POST"
    try:
        story = public_story(news_id)
        with translation.override(chrome_language(story.language)):
            response = Sending(request, story).answer() if posted else _list(request, story)
    except Answered as answered:
        response = answered.response
    if posted or response.status_code != HTTPStatus.OK:
        add_never_cache_headers(response)
    else:
        patch_cache_control(response, public=True, max_age=_A_MINUTE)
    return response


@require_safe
def thanks(request: HttpRequest, news_id: int) -> HttpResponse:
    """Thank for a letter and say what becomes of it."""
    try:
        story = public_story(news_id)
    except Answered as answered:
        return answered.response
    with translation.override(chrome_language(story.language)):
        message = _(
            "We have your comment. A moderator reads every comment before it appears under the "
            "story, so it is not to be seen yet."
        )
        return HttpResponse(drawing.page(story, _("Thank you"), message=message, status=True))


def _list(request: HttpRequest, story: Story) -> HttpResponse:
    approved = Letter.objects.filter(story=story).approved().select_related("answers")
    paginator = Paginator(approved, drawing.A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    is_open = opening.is_open(story, Paper.objects.first() or Paper())
    html = drawing.page(
        story,
        drawing.heading(paginator.count, chrome_language(story.language)),
        message="" if is_open else _("Comments on this story are closed."),
        form=FormState() if is_open else None,
        letters=list(page),
        pages=page,
    )
    return HttpResponse(html)
