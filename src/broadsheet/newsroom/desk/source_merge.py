"""Merging two sources: choose the other one, see what will move, confirm; and take it back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from broadsheet.attribution import names, register
from broadsheet.attribution.models import Source, SourceAlias, SourceMerge
from broadsheet.newsroom.desk.source_form import country_name, language_name
from broadsheet.newsroom.desk.source_list import found, with_stories
from broadsheet.newsroom.desk.source_register import editor_of, inspect_url, resting_on

_MOST = 25


def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the source may be the same as, and look for others by name."""
    editor_of(request)
    source = get_object_or_404(Source, pk=pk)
    if source.merged_into is not None:
        return redirect(inspect_url(source))
    wanted = request.GET.get("q", "").replace("\x00", "").strip()
    others = Source.objects.standing().exclude(pk=source.pk)
    if wanted:
        alike = list(with_stories(found(others, wanted)).prefetch_related("aliases")[:_MOST])
    else:
        keys = [other.pk for other in register.candidates(source.name, source.language)]
        by_key = with_stories(others).prefetch_related("aliases").in_bulk(keys)
        alike = [by_key[key] for key in keys if key in by_key]
    context = {
        "source": source,
        "query": wanted,
        "others": alike,
        "back": inspect_url(source),
        **_frame(source),
    }
    return render(request, "newsroom/sources/merge_choose.html", context)


def confirm(request: HttpRequest, pk: int, into: int) -> HttpResponse:
    """Show what becomes of both sources, and make them one when that is confirmed."""
    user = editor_of(request)
    given_up, kept = get_object_or_404(Source, pk=pk), get_object_or_404(Source, pk=into)
    if request.method == "POST":
        try:
            register.merge(kept, given_up, user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(inspect_url(given_up))
        register.accept(Source.objects.get(pk=kept.pk), user)
        said = _("“%(given_up)s” is “%(kept)s” now. This can be taken back below.")
        messages.success(request, said % {"given_up": given_up.name, "kept": kept.name})
        return redirect(inspect_url(kept))
    if given_up == kept or given_up.merged_into_id or kept.merged_into_id:
        messages.error(request, _("Choose two sources of which neither was merged before."))
        return redirect(inspect_url(given_up))
    return render(request, "newsroom/sources/merge_confirm.html", _plan(given_up, kept))


def _plan(given_up: Source, kept: Source) -> dict[str, Any]:
    moving = resting_on(given_up)
    borne = set(kept.aliases.values_list("folded", flat=True))
    new = [row.text for row in given_up.aliases.all() if row.folded not in borne]
    return {
        "given_up": given_up,
        "kept": kept,
        "attributions": moving.count(),
        "stories": moving.order_by().values("story").distinct().count(),
        "names": list(dict.fromkeys(new)),
        "beside": _beside(kept, given_up),
        "back": inspect_url(given_up),
        **_frame(given_up),
        "other_way": reverse("newsroom_source_merge_into", args=[kept.pk, given_up.pk]),
    }


def _frame(source: Source) -> dict[str, Any]:
    """Return what the head of a page of the newsroom is drawn from."""
    listing = reverse(Source.snippet_viewset.get_url_name("list"))
    title = _("Merge")
    return {
        "header_title": f"{title}: {source.name}",
        "header_icon": "openquote",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": listing, "label": _("Sources")},
            {"url": inspect_url(source), "label": source.name},
            {"url": "", "label": title, "sublabel": source.name},
        ],
    }


def _beside(kept: Source, given_up: Source) -> list[tuple[str, str, str]]:
    """Return what is noted of each, in rows; of the two, what ``kept`` says will hold."""

    def noted(source: Source) -> list[str]:
        aliases = SourceAlias.objects.filter(source=source).values_list("text", flat=True)
        others = [text for text in aliases if names.key(text) != names.key(source.name)]
        return [
            source.name,
            source.get_kind_display(),
            ", ".join(dict.fromkeys(others)),
            country_name(source.country) if source.country else "",
            language_name(source.language) if source.language else "",
            source.ownership_note,
            str(source.agency or ""),
        ]

    labels = [
        _("Name"), _("Kind"), _("Other names"), _("Country"), _("Language"), _("Ownership"),
        _("Agency"),
    ]  # fmt: skip
    return list(zip(labels, noted(kept), noted(given_up), strict=True))


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge back."""
    user = editor_of(request)
    row = get_object_or_404(SourceMerge.objects.select_related("kept", "given_up"), pk=pk)
    try:
        register.unmerge(row, user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        said = _("“%(given_up)s” and “%(kept)s” are two sources again.")
        messages.success(request, said % {"given_up": row.given_up.name, "kept": row.kept.name})
    return redirect(inspect_url(row.given_up))
