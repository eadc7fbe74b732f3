"""What the desk's buttons do with items of the queue; the verbs are ``actions.wire_queue``'s."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from broadsheet.accounts.models import User
from broadsheet.newsroom.actions import wire_queue
from broadsheet.newsroom.desk.checking import edit_url
from broadsheet.newsroom.desk.finding import find
from broadsheet.newsroom.wire_desk.queue_page import LooksAtTheWire
from broadsheet.newsroom.wire_desk.rows import Row
from broadsheet.stories.models import Section, Story
from broadsheet.wire.models import QueuedItem

# As many as a page shows.
_MOST_AT_ONCE = 200
_MOST_DIGITS = 18
_STORIES = 15


def _said(do: str, count: int) -> str:
    words = {
        "take": ngettext("%(count)d item is yours.", "%(count)d items are yours.", count),
        "release": ngettext("%(count)d item released.", "%(count)d items released.", count),
        "dismiss": ngettext("%(count)d item dismissed.", "%(count)d items dismissed.", count),
        "restore": ngettext("%(count)d item restored.", "%(count)d items restored.", count),
    }
    return words[do] % {"count": count}


_VERBS: dict[str, Callable[..., QueuedItem]] = {
    "take": wire_queue.take,
    "release": wire_queue.release,
    "dismiss": wire_queue.dismiss,
    "restore": wire_queue.restore,
}


@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Do with the chosen items what the pressed button says, and go back to where they were."""
    user = _journalist(request)
    back = get_valid_next_url_from_request(request) or reverse("newsroom_wire")
    do = request.POST.get("do", "")
    entries = chosen(request.POST.getlist("item"))
    if not entries:
        messages.warning(request, _("Choose items first."))
        return redirect(back)
    if do == "combine":
        query = QueryDict(mutable=True)
        query.setlist("item", [str(entry.pk) for entry in entries])
        return redirect(f"{reverse('newsroom_wire_combine')}?{query.urlencode()}")
    if do not in _VERBS:
        messages.error(request, _("Nothing was done: that button is not known."))
        return redirect(back)
    done = 0
    for entry in entries:
        try:
            _VERBS[do](entry, user=user)
            done += 1
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    if done:
        messages.success(request, _said(do, done))
    return redirect(back)


@require_POST
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a story of an item and open it, or say why none was made."""
    # Late: the parsers behind it would double the time it takes to start serving.
    from broadsheet.newsroom.actions.adopt import Terms

    user = _journalist(request)
    entry = get_object_or_404(QueuedItem, pk=pk)
    terms = Terms(
        publish=bool(request.POST.get("publish")),
        section=request.POST.get("section", ""),
        user=user,
    )
    try:
        adopted = wire_queue.adopt(entry, user=user, terms=terms)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("newsroom_wire_item", pk=pk)
    if adopted.remarks:
        messages.warning(request, " ".join(adopted.remarks))
    story = Story.objects.filter(pk=adopted.news_id).first()
    if story is None:
        messages.success(request, _("“%(headline)s” is adopted.") % {"headline": entry.headline})
        return redirect("newsroom_wire")
    return _open(request, story)


def _open(request: HttpRequest, story: Story) -> HttpResponse:
    said = _("“%(headline)s” is story %(number)s.")
    messages.success(request, said % {"headline": story.headline, "number": story.pk})
    if not request.user.has_perm("stories.change_story"):
        return redirect("newsroom_wire")
    return redirect(edit_url(story))


class _WirePage(WagtailAdminTemplateMixin, LooksAtTheWire):
    """A page on the way from the queue to a story."""

    header_icon = "download"
    page_title: str | Promise = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("newsroom_wire"), "label": _("Wire")},
            {"url": "", "label": self.get_page_title()},
        ]


class CombinePage(_WirePage):
    """Choosing which of several items leads the story that is made of them."""

    template_name = "newsroom/wire/combine.html"
    page_title = gettext_lazy("Combine items into one story")

    def get(self, request: HttpRequest) -> Any:
        """Show what would be combined."""
        _journalist(request)
        entries = chosen(request.GET.getlist("item"))
        return self.render_to_response(
            self.get_context_data(
                rows=[Row(entry) for entry in entries],
                sections=Section.objects.all(),
                enough=len(entries) > 1,
            )
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the story, or say why none was made."""
        from broadsheet.newsroom.actions.adopt import Terms

        user = _journalist(request)
        entries = chosen(request.POST.getlist("item"))
        main = request.POST.get("main", "")
        entries.sort(key=lambda entry: str(entry.pk) != main)
        terms = Terms(section=request.POST.get("section", ""), user=user)
        try:
            story = wire_queue.combine(entries, user=user, terms=terms)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            query = QueryDict(mutable=True)
            query.setlist("item", [str(entry.pk) for entry in entries])
            return redirect(f"{request.path}?{query.urlencode()}")
        return _open(request, story)


class AddPage(_WirePage):
    """Choosing the story that an item is added to."""

    template_name = "newsroom/wire/add.html"
    page_title = gettext_lazy("Add to a story")

    def get(self, request: HttpRequest, pk: int) -> Any:
        """Show the stories that are meant, the newest first."""
        _journalist(request)
        entry = get_object_or_404(QueuedItem, pk=pk)
        words = request.GET.get("q", "").strip().replace("\x00", "")
        stories = Story.objects.select_related("section").defer("body", "lead")
        found = find(stories, words) if words else stories
        shown = list(found.order_by("-news_id")[:_STORIES])
        if not words and entry.story is not None:
            shown = [entry.story, *(story for story in shown if story.pk != entry.story_id)]
        return self.render_to_response(
            self.get_context_data(entry=entry, row=Row(entry), stories=shown, query=words)
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add the item to the story, and open that."""
        user = _journalist(request)
        entry = get_object_or_404(QueuedItem, pk=pk)
        story = get_object_or_404(Story, pk=_number(request.POST.get("story", "")))
        try:
            story = wire_queue.add_to_story(entry, story, user=user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("newsroom_wire_item", pk=pk)
        said = _("“%(headline)s” stands at the end of this story, as a draft.")
        messages.success(request, said % {"headline": entry.headline})
        return redirect(edit_url(story))


def chosen(keys: list[str]) -> list[QueuedItem]:
    """Return the entries with these keys, the newest first; what is no key is left out."""
    numbers = {number for key in keys[:_MOST_AT_ONCE] if (number := _number(key)) >= 0}
    found = QueuedItem.objects.filter(pk__in=numbers).select_related(
        "channel", "taken_by", "duplicate_of"
    )
    return list(found.newest_first())


def _number(text: str) -> int:
    usable = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if usable else -1


def _journalist(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.has_perm(wire_queue.HANDLE):
        raise PermissionDenied
    return user
