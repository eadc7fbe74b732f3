"""The form in which an editor marks a claim: its words, its source, its chain and its times.

Whatever is left as it was stays as it is kept: a time keeps its words and its anchor, a source
its place in the register.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadsheet.attribution import register
from broadsheet.attribution.actions import KEEP, Link, Marks, TimeValue, checked_edtf
from broadsheet.attribution.models import Source, StoryRelation
from broadsheet.attribution.relation import (
    AttributionRelation,
    CueKind,
    QuoteType,
    SourceKind,
    Spans,
    TimeExpression,
)
from broadsheet.newsroom.claims import labels, words
from broadsheet.newsroom.claims.chain_form import ChainFormSet, HopFormSet, hop_rows
from broadsheet.newsroom.claims.listing import Overview

ROLES = ("source", "cue", "content")
_NOWHERE = "none"
_LONGEST = 20_000
_NOBODY = (SourceKind.IMPLICIT, SourceKind.MISSING)


def _words_field(label: Any, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "spellcheck": "false"}),
    )


def _hidden() -> forms.CharField:
    return forms.CharField(required=False, max_length=_LONGEST, widget=forms.HiddenInput)


def _time_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "size": 24}),
    )


class MarksForm(forms.Form):
    """A claim as an editor says it is; ``row`` is the one that is edited, if any.

    ``*_at`` say on which characters the words stand, as the page's script knows it, in the text
    of ``digest``.
    """

    content_words = _words_field(gettext_lazy("What is claimed"), required=True)
    cue_words = _words_field(gettext_lazy("Words that say who claims it"), required=True)
    source_words = _words_field(gettext_lazy("Words for the source"), required=False)
    content_at = _hidden()
    cue_at = _hidden()
    source_at = _hidden()
    digest = _hidden()
    source_name = forms.CharField(
        label=gettext_lazy("Source, by name"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Whom the words mean: the agency that “it” stands for."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    source_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of source"), choices=StoryRelation.SourceKind.choices
    )
    register_source = forms.ChoiceField(
        label=gettext_lazy("In the register of sources"), required=False
    )
    quote_type = forms.ChoiceField(
        label=gettext_lazy("Told"), choices=list(labels.QUOTE_TYPES.items())
    )
    cue_kind = forms.ChoiceField(
        label=gettext_lazy("Part of speech"), choices=list(labels.CUE_KINDS.items())
    )
    said = _time_field(gettext_lazy("Said"))
    happened = _time_field(gettext_lazy("Happened"))
    nested_in = forms.ChoiceField(label=gettext_lazy("Within"), required=False)

    def __init__(
        self, data: Any = None, *, overview: Overview, row: StoryRelation | None = None
    ) -> None:
        self.text, self.row = overview.text, row
        entry = overview.every.get(row.number) if row is not None else None
        self.known: AttributionRelation | None = entry.relation if entry else None
        super().__init__(data, initial=_initial(overview, row, self.known))
        self.fields["nested_in"].choices = list(_outer_choices(overview, row))  # type: ignore[attr-defined]
        self._outer = {str(number): each.row for number, each in overview.every.items()}
        name = str(self["source_name"].value() or "")
        self.sources = _candidates(self.text.language, name, row)
        self.fields["register_source"].choices = self._register_choices()  # type: ignore[attr-defined]
        self.spans: dict[str, Spans] = {}
        made = HopFormSet(data, initial=hop_rows(row), prefix="hop")
        self.chain = cast(ChainFormSet, made)

    def _register_choices(self) -> list[tuple[str, str]]:
        chosen = str(self["register_source"].value() or "")
        if chosen.isdecimal() and all(str(source.pk) != chosen for source in self.sources):
            # What the page's script offered beyond what was there at first.
            self.sources += Source.objects.standing().filter(pk=chosen)
        return [
            ("", _("the entry of that name, or a new one")),
            (_NOWHERE, _("none")),
            *((str(source.pk), called(source)) for source in self.sources),
        ]

    def is_valid(self) -> bool:
        """Tell whether the form and its chain are valid."""
        return all([super().is_valid(), self.chain.is_valid()])

    def clean(self) -> dict[str, Any]:
        """Find the words in the text, and ask who stands behind them."""
        cleaned: dict[str, Any] = super().clean() or {}
        for role in ROLES:
            typed = cleaned.get(f"{role}_words")
            if typed is not None:
                self._find(role, typed, cleaned)
        for name in ("said", "happened"):
            value = cleaned.get(name)
            if value and name in self.changed_data:
                try:
                    checked_edtf(value)
                except ValidationError as error:
                    self.add_error(name, error)
        self._ask_who(cleaned)
        return cleaned

    def _find(self, role: str, typed: str, cleaned: dict[str, Any]) -> None:
        same_text = cleaned.get("digest") == self.text.digest
        hint = (cleaned.get(f"{role}_at") or "") if same_text else ""
        try:
            self.spans[role] = words.found(typed, hint, self.text.text)
        except ValidationError as error:
            self.add_error(f"{role}_words", error)

    def _ask_who(self, cleaned: dict[str, Any]) -> None:
        if "source" not in self.spans or "source_kind" not in cleaned:
            return
        name = self._named(cleaned)
        nobody = cleaned["source_kind"] in _NOBODY
        if name and nobody and "source_kind" not in self.changed_data:
            cleaned["source_kind"] = str(SourceKind.NAMED)
        elif name and nobody:
            self.add_error("source_kind", _("There are words or a name for the source."))
        elif not name and not nobody:
            self.add_error(
                "source_words",
                _("Mark or name the source, or say below that nobody is named."),
            )
        cleaned["source_name"] = name

    def _named(self, cleaned: dict[str, Any]) -> str:
        """Return the source's name; where only its words were changed, those."""
        name = " ".join(str(cleaned.get("source_name") or "").split())
        spans = self.spans["source"]
        was = self.known.source if self.known else ()
        derived = self.row is None or self.row.source_name == _first(self.text.text, was)
        if "source_name" not in self.changed_data and spans != was and derived:
            name = _first(self.text.text, spans)
        return (name or _first(self.text.text, spans))[:300]

    def marks(self) -> Marks:
        """Return what the valid form says, as the attribution's verbs take it."""
        cleaned = self.cleaned_data
        was = self.known.source if self.known else None
        kind = SourceKind(cleaned["source_kind"])
        name = cleaned["source_name"]
        renamed = self.row is None or name != self.row.source_name
        moved = self.spans["source"] != was
        entry: Source | Any | None = self._entry(cleaned["register_source"], renamed or moved)
        own = Link(name, kind, entry if isinstance(entry, Source) else None, self.spans["source"])
        chain = self.chain.links(own, self.row, self.known)
        return Marks(
            source=self.spans["source"] if moved else KEEP,
            cue=self.spans["cue"],
            content=self.spans["content"],
            source_name=name if renamed or moved else KEEP,
            source_kind=kind,
            cue_kind=CueKind(cleaned["cue_kind"]),
            quote_type=QuoteType(cleaned["quote_type"]),
            register_source=entry,
            chain=KEEP if chain is None else chain,
            said=self._time("said", self.known.statement_time if self.known else None),
            happened=self._time("happened", self.known.event_time if self.known else None),
            nested_in=self._outer.get(cleaned["nested_in"])
            if "nested_in" in self.changed_data
            else KEEP,
        )

    def _entry(self, chosen: str, changed: bool) -> Any:
        if chosen == _NOWHERE:
            return None
        if chosen and (changed or "register_source" in self.changed_data):
            return Source.objects.standing().get(pk=chosen)
        return KEEP

    def _time(self, name: str, known: TimeExpression | None) -> Any:
        if name not in self.changed_data:
            return KEEP
        value = self.cleaned_data[name]
        return TimeValue(value, known.span if known else (0, 0)) if value else None


def called(source: Source) -> str:
    """Return how a list of sources to choose from calls ``source``."""
    note = _("proposed") if source.proposed else source.get_kind_display()
    return f"{source.name} ({note})"


def _first(text: str, spans: Spans) -> str:
    return " ".join(text[slice(*spans[0])].split()) if spans else ""


def _candidates(language: str, name: str, row: StoryRelation | None) -> list[Source]:
    found = register.candidates(name, language) if name else []
    if row is not None and row.source is not None and row.source not in found:
        found.insert(0, row.source)
    return found


def _outer_choices(overview: Overview, row: StoryRelation | None) -> Iterator[tuple[str, str]]:
    yield "", _("no other claim")
    below = {row.pk} if row is not None else set()
    for entry in overview.entries:
        # What is nested in this one comes behind it.
        if entry.row.pk in below or entry.row.nested_in_id in below:
            below.add(entry.row.pk)
        else:
            yield str(entry.number), f"{entry.number}. {entry.name}"


def _initial(
    overview: Overview, row: StoryRelation | None, known: AttributionRelation | None
) -> dict[str, Any]:
    text = overview.text
    start: dict[str, Any] = {"digest": text.digest}
    if row is None:
        return start | {
            "source_kind": str(SourceKind.NAMED),
            "quote_type": str(QuoteType.INDIRECT),
            "cue_kind": str(CueKind.VERB),
        }
    for role in ROLES:
        stored: Sequence[dict[str, Any]] = getattr(row, f"{role}_spans")
        spans: Spans = getattr(known, role) if known is not None else ()
        start[f"{role}_words"] = (
            words.lines(text.text, spans)
            if known is not None
            else "\n".join(" ".join(each["exact"].split()) for each in stored)
        )
        start[f"{role}_at"] = words.positions(spans)
    return start | {
        "source_name": row.source_name,
        "source_kind": row.source_kind,
        "register_source": str(row.source_id or ""),
        "quote_type": row.quote_type,
        "cue_kind": row.cue_kind,
        "said": (row.said or {}).get("edtf") or "",
        "happened": (row.happened or {}).get("edtf") or "",
        "nested_in": str(row.nested_in.number) if row.nested_in is not None else "",
    }
