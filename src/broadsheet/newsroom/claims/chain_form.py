"""The chain of a claim as a form: its hops in their order, origin first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from broadsheet.attribution.actions import Link
from broadsheet.attribution.models import StoryRelation
from broadsheet.attribution.relation import AttributionRelation, SourceKind

_MOST_HOPS = 12
_NAMELESS = (SourceKind.IMPLICIT, SourceKind.MISSING)


class HopForm(forms.Form):
    """One hop. ``was`` is its place in the chain that is kept; ``own`` tells the source's own."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=StoryRelation.SourceKind.choices,
        initial=str(SourceKind.NAMED),
        required=False,
    )
    own = forms.BooleanField(required=False, widget=forms.HiddenInput)
    was = forms.IntegerField(
        required=False, min_value=0, max_value=10_000, widget=forms.HiddenInput
    )

    @property
    def is_own(self) -> bool:
        """Whether it is the claim's own source, whose name and kind are asked for elsewhere."""
        return self["own"].value() in (True, "True", "on", "1")

    def clean(self) -> dict[str, Any]:
        """Let whoever has a name be named."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("name") and cleaned.get("kind") in ("", *_NAMELESS):
            cleaned["kind"] = str(SourceKind.NAMED)
        return cleaned


if TYPE_CHECKING:
    _FormSet = forms.BaseFormSet[HopForm]
else:
    _FormSet = forms.BaseFormSet


class ChainFormSet(_FormSet):
    """The hops of one chain."""

    def links(
        self, own: Link, row: StoryRelation | None, known: AttributionRelation | None
    ) -> list[Link] | None:
        """Return the chain with ``own`` in its place; ``None`` where it is as it was.

        The other hops keep their words and their place in the register as long as they keep
        their names.
        """
        if not self.has_changed():
            return None
        kept = list(row.hops.all()) if row is not None else []
        found: list[Link] = []
        for form in self.ordered_forms:
            cleaned = form.cleaned_data
            if cleaned.get("own"):
                if own not in found:
                    found.append(own)
                continue
            name, kind = " ".join(cleaned["name"].split()), cleaned["kind"]
            if not name and kind not in _NAMELESS:
                continue
            was = cleaned.get("was")
            hop = kept[was] if was is not None and was < len(kept) else None
            if was is None or hop is None or hop.name != name:
                found.append(Link(name, SourceKind(kind)))
                continue
            places = known.chain[was].spans if known is not None and was < len(known.chain) else ()
            found.append(Link(name, SourceKind(kind), hop.source, places))
        return found


HopFormSet = forms.formset_factory(
    HopForm,
    formset=ChainFormSet,
    extra=1,
    can_order=True,
    can_delete=True,
    max_num=_MOST_HOPS,
    absolute_max=2 * _MOST_HOPS,
    validate_max=True,
)


def hop_rows(row: StoryRelation | None) -> list[dict[str, Any]]:
    """Return the chain of ``row`` as the form's rows; a claim that is not kept yet has one hop."""
    hops = list(row.hops.all()) if row is not None else []
    if row is None or not hops:
        return [{"own": True, "kind": str(SourceKind.NAMED)}]
    own = next((hop for hop in hops if hop.name == row.source_name), hops[-1])
    return [
        {"name": hop.name, "kind": hop.kind, "own": hop is own, "was": place}
        for place, hop in enumerate(hops)
    ]
