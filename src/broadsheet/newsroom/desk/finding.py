"""Finding stories by what a journalist types: a News ID or words."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from broadsheet.search import index
from broadsheet.stories.models import Story

# What the index hands over at most; a search that finds more is too wide to read anyway.
MOST = 500
# As many headlines as are looked for once; of more, each question looks for itself.
_FEW = 5_000
_NEWS_ID = re.compile(r"#?\s*(\d{1,18})", re.ASCII)


def find(stories: QuerySet[Story], query: str) -> QuerySet[Story]:
    """Keep the stories that ``query`` means.

    A number is a News ID. Words are looked for in headline and slugline of every story, and,
    through the paper's index, in the text of published ones.
    """
    query = query.strip()
    if number := _NEWS_ID.fullmatch(query):
        titled = Story.objects.filter(headline__contains=number[1]).order_by().values("pk")
        return stories.filter(Q(pk=int(number[1])) | Q(pk__in=titled))
    words = Q()
    for word in query.split():
        words &= Q(headline__icontains=word) | Q(slugline__icontains=word)
    # By themselves: their index holds both, and the stories need not be read. And once, where they
    # are no more than a question can hold: who lists them asks for their number, too.
    titled = Story.objects.filter(words).order_by().values_list("pk", flat=True)
    few = list(titled[: _FEW + 1])
    if len(few) <= _FEW:
        named = Q(pk__in=few)
    elif stories.query.has_filters():
        named = Q(pk__in=titled)
    else:
        # A page of so many is soon met in whatever order, and nothing else has to be looked at.
        named = words
    return stories.filter(named | Q(pk__in=index.matching(query, limit=MOST)))
