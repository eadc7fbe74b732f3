"""Finding stories by what a journalist types: a News ID or words."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from broadsheet.search import index
from broadsheet.stories.models import Story

# What the index hands over at most; a search that finds more is too wide to read anyway.
MOST = 500
_NEWS_ID = re.compile(r"#?\s*(\d{1,18})", re.ASCII)


def find(stories: QuerySet[Story], query: str) -> QuerySet[Story]:
    """Keep the stories that ``query`` means.

    A number is a News ID. Words are looked for in headline and slugline of every story, and,
    through the paper's index, in the text of published ones.
    """
    query = query.strip()
    if number := _NEWS_ID.fullmatch(query):
        by_number = Q(pk=int(number[1]))
        return stories.filter(by_number | Q(headline__contains=number[1]))
    words = Q()
    for word in query.split():
        words &= Q(headline__icontains=word) | Q(slugline__icontains=word)
    return stories.filter(words | Q(pk__in=index.matching(query, limit=MOST)))
