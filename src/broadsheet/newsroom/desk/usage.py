"""What uses a section, an agency, a name: a page of it at a time.

Wagtail's page of usage reads everything that uses the thing, whole, for each twenty it shows. An
agency is used by tens of thousands of stories.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from wagtail.models import ReferenceIndex
from wagtail.snippets.views.snippets import UsageView

_Referring = tuple[Model, list[ReferenceIndex]]


class PagedUsageView(UsageView):
    """Wagtail's page, which reads what it shows."""

    def get_queryset(self) -> Referring:
        """Return what refers to the thing, to be counted and cut into pages."""
        return Referring(ReferenceIndex.get_references_to(self.object))


class Referring:
    """What ``references`` come from, each with its own, in the order of kind and number.

    In the place of Wagtail's ``ReferenceGroups``: a paginator asks for its length and for slices.
    """

    def __init__(self, references: QuerySet[ReferenceIndex]) -> None:
        self._references = references
        self._keys = (
            references.order_by("base_content_type", "object_id")
            .values_list("base_content_type_id", "object_id")
            .distinct()
        )

    def __len__(self) -> int:
        return self._keys.count()

    def count(self) -> int:
        """Return how many there are."""
        return len(self)

    def __getitem__(self, some: slice) -> list[_Referring]:
        wanted = Q(pk__in=[])
        for kind, rows in groupby(self._keys[some], key=lambda row: row[0]):
            wanted |= Q(base_content_type=kind, object_id__in=[key for _, key in rows])
        found = self._references.filter(wanted).order_by("base_content_type", "object_id", "pk")
        return list(_with_objects(found))


def _with_objects(references: QuerySet[ReferenceIndex]) -> Iterator[_Referring]:
    for kind, of_kind in groupby(references, key=attrgetter("base_content_type_id")):
        by_key = {key: list(own) for key, own in groupby(of_kind, key=attrgetter("object_id"))}
        model: Any = ContentType.objects.get_for_id(kind).model_class()
        objects = {str(each.pk): each for each in model._base_manager.filter(pk__in=by_key)}
        # What was deleted a moment ago is left out.
        yield from ((objects[key], own) for key, own in by_key.items() if key in objects)
