"""One item of the queue as it came, with what can be done with it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import registry

from broadsheet.newsroom.actions import wire_queue
from broadsheet.newsroom.desk.checking import edit_url
from broadsheet.newsroom.wire_desk import comparing, reading
from broadsheet.newsroom.wire_desk.queue_page import LooksAtTheWire
from broadsheet.newsroom.wire_desk.rows import Row
from broadsheet.stories.languages import direction_of
from broadsheet.stories.models import Section
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.items import WireItem
from broadsheet.wire.models import Provenance, QueuedItem, ReceivedItem

_MOST_ROWS = 50


class ItemPage(WagtailAdminTemplateMixin, LooksAtTheWire):
    """An item: its words, its pictures, what its supplier says of it, its versions."""

    template_name = "newsroom/wire/item.html"
    header_icon = "download"
    entry: QueuedItem

    def get_page_title(self) -> str:
        """Return the item's headline."""
        return self.entry.headline or str(_("(no headline)"))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("newsroom_wire"), "label": _("Wire")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get(self, request: HttpRequest, pk: int) -> Any:
        """Answer with the item."""
        entries = QueuedItem.objects.select_related(
            "item", "channel", "taken_by", "duplicate_of", "story"
        )
        self.entry = get_object_or_404(entries, pk=pk)
        return self.render_to_response(self.get_context_data())

    @cached_property
    def read(self) -> WireItem | None:
        """The item as it was read; ``None`` where it was erased."""
        return None if self.entry.item.erased_at is not None else self.entry.item.item

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return everything the page shows."""
        entry, received, item = self.entry, self.entry.item, self.read
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context |= {
            "entry": entry,
            "received": received,
            "item": item,
            "row": Row(entry),
            "may": self._may(),
            "versions": self._versions(),
            "uses": self._uses(),
            "said_of_it": received.alerts.select_related("story"),
            "history": registry.get_logs_for_instance(entry).select_related("user")[:_MOST_ROWS],
        }
        if item is None:
            return context
        blocks = reading.body(item)
        in_body = {shown.photo for shown in blocks}
        photos = reading.photos(item)
        before = self._before()
        return context | {
            "direction": direction_of(item.language),
            "blocks": [
                (shown, photos[shown.photo] if shown.photo is not None else None)
                for shown in blocks
            ],
            "photos": [each for each in photos if each.number not in in_body],
            "facts": reading.facts(received, item),
            "before": before,
            "changes": _changes(before, item),
            "sections": Section.objects.all(),
            "section": self._section(item),
        }

    def _may(self) -> dict[str, bool]:
        entry, user = self.entry, self.request.user
        handles = user.has_perm(wire_queue.HANDLE)
        elsewhere = entry.taken_by_id not in {None, user.pk}
        free = handles and entry.is_open and not elsewhere
        writes = free and user.has_perm("stories.add_story") and self.read is not None
        taken = entry.state == QueuedItem.State.TAKEN
        return {
            "take": free and not taken,
            "release": handles and taken and (not elsewhere or user.has_perm(wire_queue.OVERRULE)),
            "dismiss": free,
            "restore": handles and entry.state in wire_queue.RESTORABLE,
            "adopt": writes,
            "publish": writes
            and user.has_perm("stories.publish_story")
            and not wire_queue.only_a_draft(entry),
            "add": writes and user.has_perm("stories.change_story"),
        }

    def _versions(self) -> list[dict[str, Any]]:
        """Return the other states of the item that came in, the newest first."""
        received = (
            ReceivedItem.objects.filter(guid=self.entry.guid)
            .defer("raw", "fields")
            .select_related("queued")
            .order_by("-received_at", "-pk")[:_MOST_ROWS]
        )
        return [
            {
                "item": each,
                "entry": getattr(each, "queued", None),
                "is_this": each.pk == self.entry.pk,
            }
            for each in received
        ]

    def _before(self) -> ReceivedItem | None:
        received = self.entry.item
        earlier = ReceivedItem.objects.filter(
            guid=received.guid, received_at__lte=received.received_at, erased_at__isnull=True
        ).exclude(pk__gte=received.pk)
        found: ReceivedItem | None = earlier.defer("raw").order_by("-received_at", "-pk").first()
        return found

    def _uses(self) -> list[dict[str, Any]]:
        """Return the stories made of the item, each with where it is edited."""
        uses = Provenance.objects.filter(item=self.entry.item_id).select_related("story")
        may = self.request.user.has_perm("stories.change_story")
        return [
            {"use": use, "url": edit_url(use.story) if use.story is not None and may else ""}
            for use in uses
        ]

    def _section(self, item: WireItem) -> Section | None:
        """Return the section that a story of it would stand in, where the paper knows one."""
        from broadsheet.newsroom.actions import filing

        named = filing.section_called(item.section) if item.section else None
        channel = self.entry.channel
        return named or (channel.section if channel is not None else None)


def _changes(before: ReceivedItem | None, item: WireItem) -> list[comparing.Paragraph]:
    if before is None:
        return []
    pairs = zip(_told(before.item), _told(item), strict=True)
    return [paragraph for old, new in pairs for paragraph in comparing.compared(old, new)]


def _told(item: WireItem) -> tuple[list[str], ...]:
    """Return headline, lead and body, each of which is compared with its like."""
    return ([item.headline], [item.lead] if item.lead else [], plain_paragraphs(item))


class RawBytes(LooksAtTheWire):
    """The bytes of an item as they came, to keep: never shown as what they say they are."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer with a download."""
        received = get_object_or_404(ReceivedItem, pk=pk, queued__isnull=False)
        answer = HttpResponse(received.content, content_type="text/plain; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="wire-{received.pk}.txt"'
        return _private(answer)


class StoredPhoto(LooksAtTheWire):
    """A photo that came along with an item, drawn anew."""

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Answer with a JPEG. Raises ``Http404`` where no picture came along."""
        received = get_object_or_404(ReceivedItem, pk=pk, queued__isnull=False)
        content = None
        if received.erased_at is None:
            content = reading.stored_photo(received.item, number)
        if content is None:
            raise Http404
        try:
            drawn = reading.thumbnail(content)
        except ValidationError as error:
            raise Http404 from error
        return _private(HttpResponse(drawn, content_type="image/jpeg"))


def _private(answer: HttpResponse) -> HttpResponse:
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=600"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # The newsroom's own policy would take its place (``content_policy``).
    answer._csp_exempt = True  # type: ignore[attr-defined]
    return answer
