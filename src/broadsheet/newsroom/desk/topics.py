"""Choosing topics by typing: one field, however many topics a paper has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.widgets import AdminTagWidget

from broadsheet.stories.languages import own_language
from broadsheet.stories.models import Topic

# As many as can be read at a glance.
_MOST = 12
_SPACE = "\N{NO-BREAK SPACE}"
_UNFIT = str.maketrans("", "", '",')


def labels(topics: Sequence[Topic]) -> list[str]:
    """Return how the form calls each of ``topics``: by its name where that means one topic.

    Slugs are unique, names are not: a name that is there twice, or is in another language than
    the paper's, brings its slug along. Commas end a label in the widget, quotation marks confuse
    it, and around a label with plain spaces it would write some.
    """
    names = {topic.name for topic in topics}
    own = Topic.objects.filter(name__in=names, language=own_language()).order_by()
    counted = own.values_list("name").annotate(Count("pk"))
    single = {name for name, count in counted if count == 1 and not set(name) & set('",[]')}
    texts = (
        topic.name
        if topic.name in single and topic.language == own_language()
        else f"{topic.name.translate(_UNFIT)} [{topic.slug}]"
        for topic in topics
    )
    return [text.replace(" ", _SPACE) for text in texts]


def named(texts: Iterable[str]) -> dict[str, int]:
    """Return the primary keys of the topics that ``texts`` are the labels of."""
    plain = {text: text.replace(_SPACE, " ").strip() for text in texts}
    slugs = {text: text[:-1].rpartition("[")[2] for text in plain.values() if text.endswith("]")}
    names = [text for text in plain.values() if text not in slugs]
    by_slug = dict(Topic.objects.filter(slug__in=slugs.values()).values_list("slug", "pk"))
    by_name = dict(
        Topic.objects.filter(name__in=names, language=own_language()).values_list("name", "pk")
    )
    found = by_name | {text: by_slug[slug] for text, slug in slugs.items() if slug in by_slug}
    return {given: found[text] for given, text in plain.items() if text in found}


class TopicsWidget(AdminTagWidget):
    """Wagtail's field for tags, over the paper's topics: type, choose by arrow keys, Enter.

    Only topics that exist are taken. Backspace takes the last one away again.
    """

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, free_tagging=False)
        # A form gives every choice of its field to the widget; this one asks the server.
        self.choices: Iterable[Any] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the field with its address for suggestions."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["help_text"] = _("Type the beginning of a topic and choose. Backspace removes.")
        widget["attrs"]["data-w-tag-url-value"] = reverse("newsroom_topics")
        options = json.loads(widget["attrs"]["data-w-tag-options-value"])
        widget["attrs"]["data-w-tag-options-value"] = json.dumps(options | {"allowSpaces": True})
        return context

    def format_value(self, value: Any) -> str:
        """Return the labels of the topics whose keys ``value`` holds."""
        if isinstance(value, str):
            return value
        given = [str(each) for each in value or ()]
        topics = list(Topic.objects.filter(pk__in=[each for each in given if each.isdecimal()]))
        unknown = [each for each in given if not each.isdecimal()]
        return ",".join((*labels(topics), *unknown))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """Return the keys of what was typed; a label that means no topic stays as it is."""
        typed = [text.strip() for text in data.get(name, "").split(",") if text.strip()]
        keys = named(typed)
        # A number would be taken for a key.
        return [keys.get(text, f"#{text}" if text.isdecimal() else text) for text in typed]


def suggest(request: HttpRequest) -> JsonResponse:
    """Answer with the labels of topics in whose name the typed ``term`` stands."""
    if not request.user.has_perm("stories.change_story"):
        raise PermissionDenied
    term = request.GET.get("term", "").strip().replace("\x00", "")
    begun = Topic.objects.filter(Q(name__istartswith=term) | Q(slug__istartswith=term))
    inside = Topic.objects.filter(name__icontains=term)
    found = {topic.pk: topic for topic in (*begun[:_MOST], *inside[:_MOST])} if term else {}
    return JsonResponse(labels(list(found.values())[:_MOST]), safe=False)
