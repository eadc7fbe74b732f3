"""What ties a story to its bylines and topics, with the time by which their lists are ordered.

No index can hold both what a story is about and when it was published, as long as the one stands
with the tie and the other with the story. So the time stands with the tie as well, and the newest
stories of a topic are read off an index, however many it has.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from broadsheet.accounts.models import Byline
from broadsheet.stories.models.subjects import Topic

# SQLite takes some thousand parameters in a statement; this is well below.
_AT_ONCE = 500


class DatedTie(models.Model):
    """A tie of a story that says when the story was first published.

    ``published_at`` is the story's ``first_published_at``, and follows it whenever a story is
    saved or updated; no version of a story has it.
    """

    published_at = models.DateTimeField(null=True, editable=False, serialize=False)

    class Meta:
        abstract = True


class StoryByline(DatedTie, Orderable):
    """A byline on a story, in order."""

    story = ParentalKey("stories.Story", on_delete=models.CASCADE, related_name="bylines")
    byline = models.ForeignKey(
        Byline,
        verbose_name=_("byline"),
        on_delete=models.PROTECT,
        related_name="stories",
        db_index=False,
    )

    class Meta(Orderable.Meta):
        verbose_name = _("byline")
        indexes = (
            models.Index(fields=["byline", "-published_at", "-story"], name="storybyline_newest"),
        )


class StoryTopic(DatedTie):
    """A topic of a story."""

    # Found by what makes it unique.
    story = models.ForeignKey(
        "stories.Story", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+", db_index=False)

    # The story tells of its topics itself.
    wagtail_reference_index_ignore = True

    class Meta:
        db_table = "stories_story_topics"
        default_permissions = ()
        unique_together = (("story", "topic"),)
        indexes = (
            models.Index(fields=["topic", "-published_at", "-story"], name="storytopic_newest"),
        )


KINDS: tuple[type[StoryByline | StoryTopic], ...] = (StoryByline, StoryTopic)
"""Every kind of tie by which stories are listed."""


def undated() -> list[int]:
    """Return the stories that have a date which one of their ties has not.

    A node that is not yet brought up to date writes such, and so does whoever writes rows by hand.
    """
    missing: set[int] = set()
    for kind in KINDS:
        ties = kind._default_manager.filter(published_at__isnull=True).order_by()
        found = ties.filter(story__first_published_at__isnull=False)
        missing.update(found.values_list("story_id", flat=True))
    return sorted(missing)


def date(news_ids: Sequence[int]) -> None:
    """Have the ties of these stories say when they were first published."""
    # Stories are read after what ties them.
    stories = apps.get_model("stories", "Story")._default_manager
    theirs = stories.filter(pk=models.OuterRef("story_id")).order_by()
    published = models.Subquery(theirs.values("first_published_at"))
    for start in range(0, len(news_ids), _AT_ONCE):
        some = news_ids[start : start + _AT_ONCE]
        for kind in KINDS:
            kind._default_manager.filter(story__in=some).update(published_at=published)
