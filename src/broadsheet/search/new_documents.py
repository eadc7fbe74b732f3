"""New documents: of stories that were stored this moment, read off them and not asked for.

What ``documents.of`` would say of the same stories and what is said here must be the same;
``tests/newsroom/test_words_ahead.py`` holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import attrgetter

from broadsheet.search import documents
from broadsheet.search.documents import Document, body_texts
from broadsheet.stories.models import Story


def of_new(stories: Iterable[Story]) -> list[Document]:
    """Return the documents of ``stories``, which the caller's transaction has just stored.

    Those that show pictures of the library, whose captions they may print, come from the database.
    """
    made: list[Document] = []
    with_pictures: list[int] = []
    for story in stories:
        texts, captions, pictures = body_texts(story.body)
        photos = list(story.photos.all())
        if pictures or any(photo.picture_id is not None for photo in photos):
            with_pictures.append(story.news_id)
            continue
        own = [text for each in photos for text in (each.caption, each.credit, each.alt_text)]
        made.append(_document(story, texts, [*filter(None, own), *captions]))
    return [*made, *documents.of(with_pictures)] if with_pictures else made


def _document(story: Story, body: Iterable[str], captions: Iterable[str]) -> Document:
    bylines: Mapping[int, str] = {row.byline_id: row.byline.name for row in story.bylines.all()}
    agencies: Mapping[int, str] = {row.agency_id: row.agency.name for row in story.agencies.all()}
    filed = sorted(story.topics.all(), key=attrgetter("pk"))
    topics: Mapping[int, str] = {topic.pk: topic.name for topic in filed}
    names = [*bylines.values(), *topics.values(), *agencies.values(), story.dateline]
    return Document(
        news_id=story.news_id,
        language=story.language,
        at=story.first_published_at or story.created_at,
        public=story.is_public(),
        until=story.expire_at,
        headline=story.headline,
        lead=story.lead,
        body="\n".join(body),
        captions="\n".join(captions),
        names="\n".join(names),
        section=story.section_id,
        topics=tuple(topics),
        agencies=tuple(agencies),
        bylines=tuple(bylines),
    )
