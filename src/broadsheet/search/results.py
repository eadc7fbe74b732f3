"""Results: the stories that were found, as readers see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from broadsheet.press import dates
from broadsheet.press.frame import Frame, Link
from broadsheet.search.documents import body_texts
from broadsheet.search.queries import Query
from broadsheet.search.snippets import Asked, asked_by, beginning, marked, passage
from broadsheet.stories.models import Story


@dataclass(frozen=True)
class Result:
    """One story on the page of results; ``caption`` is there where a photo's words matched."""

    news_id: int
    url: str
    headline: Markup
    snippet: Markup
    caption: Markup | None
    language: str
    time: str
    moment: str
    section: Link


def of(news_ids: Sequence[int], query: Query, frame: Frame) -> list[Result]:
    """Return the results for ``news_ids``, in their order; what is not public is left out."""
    stories = (
        Story.objects.public()
        .filter(pk__in=news_ids)
        .select_related("section")
        .prefetch_related("photos__picture")
        .in_bulk()
    )
    asked: dict[str, Asked] = {}
    results = []
    for news_id in news_ids:
        if (story := stories.get(news_id)) is None:
            continue
        if story.language not in asked:
            asked[story.language] = asked_by(query, [story.language])
        results.append(_result(story, asked[story.language], frame))
    return results


def _result(story: Story, asked: Asked, frame: Frame) -> Result:
    texts, captions, _ = body_texts(story.body)
    text = " ".join([story.lead, *texts]).strip()
    snippet = passage(text, asked, story.language)
    caption = None
    if snippet is None:
        captions = [*_photo_captions(story), *captions]
        caption = passage(" · ".join(captions), asked, story.language)
    moment = story.first_published_at
    return Result(
        news_id=story.pk,
        url=story.get_absolute_url(),
        headline=marked(story.headline, asked, story.language),
        snippet=beginning(text) if snippet is None else snippet,
        caption=caption,
        language=story.language,
        time=dates.brief(moment, story.language, frame.zone) if moment else "",
        moment=dates.machine(moment) if moment else "",
        section=frame.section_of(story.section, frame.language),
    )


def _photo_captions(story: Story) -> list[str]:
    captions: list[str] = []
    for photo in story.photos.all():
        fallback = photo.picture.caption if photo.picture is not None else ""
        captions.extend(filter(None, (photo.caption or fallback, photo.credit)))
    return captions
