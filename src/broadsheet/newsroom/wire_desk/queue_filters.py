"""What the wire queue can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from broadsheet.stories.languages import name_of
from broadsheet.wire.models import Channel, QueuedItem

OPEN, MINE, ALL = "open", "mine", "all"
# From how many of the newest items the choices are taken: any that is missing can be searched.
_LOOKED_AT = 2000
_STATES = [(OPEN, _("Waiting or taken")), (MINE, _("Taken by me")), (ALL, _("All"))]


def _moment(label: Any, lookup: str) -> django_filters.DateTimeFilter:
    return django_filters.DateTimeFilter(
        label=label,
        field_name="received_at",
        lookup_expr=lookup,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


def _number(label: Any, field: str, lookup: str, most: int) -> django_filters.NumberFilter:
    return django_filters.NumberFilter(
        label=label,
        field_name=field,
        lookup_expr=lookup,
        min_value=0,
        max_value=most,
        widget=forms.NumberInput(attrs={"min": 0, "max": most, "inputmode": "numeric"}),
    )


class QueueFilterSet(WagtailFilterSet):
    """The filters of the queue; :attr:`states` is left to whoever reads the rows.

    Each state has an index of its own in the order the queue is read in, so that a list of
    several is read as several and merged (``queue_reading``).
    """

    q = django_filters.CharFilter(
        label=_("Words in headline or slugline"),
        method="narrow_words",
        widget=forms.TextInput(attrs={"type": "search", "dir": "auto"}),
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[*_STATES, *QueuedItem.State.choices], method="leave_state"
    )
    agency = django_filters.ChoiceFilter(label=_("Agency"), empty_label=_("All"))
    channel = django_filters.ModelChoiceFilter(
        label=_("Channel"), queryset=Channel.objects.all(), empty_label=_("All")
    )
    language = django_filters.ChoiceFilter(label=_("Language"), empty_label=_("All"))
    section = django_filters.ChoiceFilter(label=_("Section"), empty_label=_("All"))
    intent = django_filters.ChoiceFilter(
        label=_("Kind"), choices=QueuedItem.Intent.choices, empty_label=_("All")
    )
    urgency = _number(_("Urgency at most"), "urgency", "lte", 9)
    words_from = _number(_("Words from"), "words", "gte", 1_000_000)
    words_to = _number(_("Words to"), "words", "lte", 1_000_000)
    received_from = _moment(_("Received from"), "gte")
    received_to = _moment(_("Received to"), "lte")

    class Meta:
        model = QueuedItem
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What stands first means what nobody has chosen otherwise.
        self.filters["state"].extra["empty_label"] = None
        newest = QueuedItem.objects.newest_first().values_list("agency", "language", "section")
        columns: list[tuple[str, ...]] = list(zip(*newest[:_LOOKED_AT], strict=True))
        for name, values in zip(
            ("agency", "language", "section"), columns or [()] * 3, strict=True
        ):
            chosen = self.data.get(name) if self.data is not None else None
            there = sorted({*values, *([chosen] if chosen else [])} - {""})
            self.filters[name].extra["choices"] = [
                (each, name_of(each) if name == "language" else each) for each in there
            ]

    @property
    def states(self) -> list[str] | None:
        """The states that were asked for; ``None`` for all of them."""
        chosen = self.form.cleaned_data.get("state") if self.is_valid() else ""
        match chosen or OPEN:
            case "open":
                return [QueuedItem.State.WAITING, QueuedItem.State.TAKEN]
            case "mine":
                return [QueuedItem.State.TAKEN]
            case "all":
                return None
            case state:
                return [state]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the state that is shown anyway was asked for."""
        asked = self.form.cleaned_data if self.is_valid() else {}
        return any(value not in (None, "", OPEN) for value in asked.values())

    def leave_state(
        self, entries: QuerySet[QueuedItem], name: str, value: str
    ) -> QuerySet[QueuedItem]:  # called by django-filter
        """Keep, of a state, only whose it is."""
        return entries.filter(taken_by=self.request.user) if value == MINE else entries

    def narrow_words(
        self, entries: QuerySet[QueuedItem], name: str, value: str
    ) -> QuerySet[QueuedItem]:  # called by django-filter
        """Keep the items whose headline or slugline has every word of ``value``."""
        for word in value.replace("\x00", " ").split()[:12]:
            entries = entries.filter(Q(headline__icontains=word) | Q(slugline__icontains=word))
        return entries
