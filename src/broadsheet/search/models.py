"""What stands in the index, row by row, beside the tables of the search engine itself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class IndexedStory(models.Model):
    """A story as it stands in SQLite's index.

    ``place`` is its row there, and its place in time: a greater one is newer. ``tokens`` is
    what was indexed, compressed: the engine keeps no text, and needs it word for word to take
    the story out again. No foreign key leads to the story, since it may be gone by then.
    """

    place = models.BigIntegerField(primary_key=True)
    news_id = models.PositiveBigIntegerField(unique=True)
    public = models.BooleanField()
    until = models.DateTimeField(null=True)
    tokens = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["until"], name="indexed_until", condition=Q(until__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.news_id)
