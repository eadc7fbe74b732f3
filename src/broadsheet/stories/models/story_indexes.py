"""By what stories are found without reading the archive: the indexes behind all lists."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

# Partial, and not led by ``live``: Django asks for a flag by its bare name, which no
# database looks up in an index, and every list would be sorted out of the whole archive.
# With what else says whether readers may see a story: in its row the embargo stands behind the
# body, and each list of each publication would read some forty rows to their ends.
_SEEN = ("live", "embargo_until", "expire_at")

INDEXES = [
    models.Index(
        fields=["-first_published_at", "-news_id", *_SEEN],
        condition=Q(live=True),
        name="story_newest",
    ),
    models.Index(
        fields=["front_language", "-first_published_at", "-news_id", *_SEEN],
        condition=Q(live=True),
        name="story_front",
    ),
    models.Index(
        fields=["section", "-first_published_at", "-news_id", *_SEEN],
        condition=Q(live=True),
        name="story_section",
    ),
    models.Index(
        fields=["section", "front_language", "-first_published_at", "-news_id", *_SEEN],
        condition=Q(live=True),
        name="story_section_front",
    ),
    models.Index(fields=["language", "front_language"], name="story_languages"),
    # Which of some stories readers may see, and in which order, without reading any; and since
    # when, for sitemaps.
    models.Index(
        fields=[
            "news_id",
            "live",
            "first_published_at",
            "embargo_until",
            "expire_at",
            "last_published_at",
        ],
        name="story_public",
    ),
    # Nearly no story is a translation: an index of them all tells a planner nothing.
    models.Index(
        fields=["translation_of"],
        condition=Q(translation_of__isnull=False),
        name="story_translated",
    ),
    # For what ends so long after the paper took a story in.
    models.Index(fields=["created_at"], condition=Q(live=True), name="story_taken_in"),
    # The few that time alone will change: looked for every minute.
    models.Index(
        fields=["expire_at"],
        condition=Q(live=True, expire_at__isnull=False),
        name="story_expires",
    ),
    models.Index(
        fields=["embargo_until"],
        condition=Q(live=True, embargo_until__isnull=False),
        name="story_embargo",
    ),
    # For the desk's list of all stories, live or not, by any column and in any state: the
    # rows themselves are as long as the stories, so none is read that is not shown.
    models.Index(fields=["headline", "slugline", "news_id"], name="story_titles"),
    models.Index(fields=["section", "news_id"], name="story_desk_section"),
    models.Index(fields=["language", "news_id"], name="story_desk_language"),
    models.Index(fields=["first_published_at", "news_id"], name="story_desk_published"),
    models.Index(fields=["news_id"], condition=Q(live=False), name="story_not_live"),
    models.Index(
        fields=["news_id"],
        condition=Q(has_unpublished_changes=True),
        name="story_changed",
    ),
    models.Index(
        fields=["embargo_until"],
        condition=Q(embargo_until__isnull=False),
        name="story_held",
    ),
    models.Index(
        fields=["go_live_at"], condition=Q(go_live_at__isnull=False), name="story_to_come"
    ),
]
