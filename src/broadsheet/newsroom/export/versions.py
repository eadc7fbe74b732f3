"""Which versions of a story or a page there are: what readers see, what waits, what is worked on.

Earlier versions stay behind. What several of the three are is told once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Revision

Role = Literal["live", "scheduled", "latest"]


@dataclass(frozen=True)
class Version:
    """One version, as an instance of its model, and what it is."""

    roles: tuple[Role, ...]
    thing: Any


class Revisions:
    """The revisions that a batch of ``things`` needs, read together."""

    def __init__(self, things: Iterable[Any]) -> None:
        things = list(things)
        model = type(things[0]) if things else None
        kind = ContentType.objects.get_for_model(model, for_concrete_model=False) if model else None
        self._scheduled: dict[str, Revision] = {
            revision.object_id: revision
            for revision in Revision.objects.filter(
                content_type=kind,
                object_id__in=[str(thing.pk) for thing in things],
                approved_go_live_at__isnull=False,
            )
        }
        self._latest: dict[int, Revision] = Revision.objects.in_bulk(
            [
                thing.latest_revision_id
                for thing in things
                if thing.has_unpublished_changes and thing.latest_revision_id
            ]
        )

    def of(self, thing: Any) -> list[Version]:
        """Return the versions of ``thing``, in the order in which they came about."""
        latest = self._latest.get(thing.latest_revision_id)
        scheduled = self._scheduled.get(str(thing.pk))
        found: list[Version] = []
        if thing.live:
            is_all = latest is None and scheduled is None
            found.append(Version(("live", "latest") if is_all else ("live",), thing))
        if scheduled is not None:
            is_latest = latest is None or latest.pk == scheduled.pk
            roles: tuple[Role, ...] = ("scheduled", "latest") if is_latest else ("scheduled",)
            planned = _version(thing, scheduled)
            planned.go_live_at = scheduled.approved_go_live_at
            found.append(Version(roles, planned))
        if latest is not None and (scheduled is None or latest.pk != scheduled.pk):
            found.append(Version(("latest",), _version(thing, latest)))
        if not found:
            found.append(Version(("latest",), thing))
        return found


def _version(thing: Any, revision: Revision) -> Any:
    """Return ``thing`` as ``revision`` has it, with the times that are no version's own."""
    version = thing.with_content_json(revision.content)
    for name in ("created_at", "last_published_at", "expired"):
        if hasattr(thing, name):
            setattr(version, name, getattr(thing, name))
    return version
