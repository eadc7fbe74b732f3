"""Answers that end a request early, wherever in its handling that is found out."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.utils.translation import gettext as _

from broadsheet.letters import drawing
from broadsheet.press import pages
from broadsheet.stories.languages import own_language
from broadsheet.stories.models import Story


class Answered(Exception):  # noqa: N818 - it carries an answer, not a fault of ours
    """The request is answered with ``response``, whatever else it wanted."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response.status_code)
        self.response = response


def refused(story: Story, status: HTTPStatus, message: str, kept: str = "") -> Answered:
    """Return the answer to a letter that cannot be taken; ``kept`` is its text, given back."""
    heading = _("Your comment was not sent")
    html = drawing.page(story, heading, message=message, kept=kept)
    return Answered(HttpResponse(html, status=status))


def public_story(news_id: int) -> Story:
    """Return the story if readers may see it.

    Raises :class:`Answered` with 410 for one that was published and taken away, and with 404
    for any other: nobody may learn that a draft or an embargoed story is there.
    """
    story = Story.objects.filter(pk=news_id).first()
    if story is not None and story.is_public():
        return story
    if story is not None and story.is_gone():
        html = pages.gone_page(story.language)
        raise Answered(HttpResponse(html, status=HTTPStatus.GONE))
    raise Answered(HttpResponse(pages.not_found_page(own_language()), status=HTTPStatus.NOT_FOUND))
