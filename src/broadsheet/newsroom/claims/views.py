"""The page on which the desk decides who stands behind what a story says.

Each address answers with the whole page, or, where the page's script asks with ``?as=parts``,
with the parts of it that change, as JSON. A form that was sent is answered with a redirect, or
with those parts; one with errors is shown again as it was filled in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from broadsheet.attribution import actions, arrivals, register
from broadsheet.attribution.models import StoryReading, StoryRelation
from broadsheet.newsroom.claims import state
from broadsheet.newsroom.claims.forms import MarksForm, called
from broadsheet.newsroom.claims.listing import Entry, Overview, overview
from broadsheet.stories.models import Story

_PARTS = ("head", "text", "list")
_BAD, _FORBIDDEN, _CONFLICT, _UNPROCESSABLE = 400, 403, 409, 422
# No story has as many claims, and no claim as long a number.
_MOST_NUMBERS, _MOST_DIGITS = 2000, 9


class Refused(Exception):  # noqa: N818 - a polite no, not a failure
    """What was asked for is not done; the page says why."""

    def __init__(self, why: str, status: int = _CONFLICT) -> None:
        super().__init__(why)
        self.status = status


def may_look(request: HttpRequest) -> bool:
    """Tell whether who asks may see the claims of stories: whoever may see the stories."""
    policy = Story.snippet_viewset.permission_policy
    return bool(policy.user_has_any_permission(request.user, {"add", "change", "delete", "view"}))


def address(story: Story | int, name: str = "", *rest: int) -> str:
    """Return where the claims of ``story`` are; ``name`` is of another of this file's views."""
    key = story.pk if isinstance(story, Story) else story
    return reverse(f"newsroom_claims{name and '_'}{name}", args=[key, *rest])


class ClaimsView(WagtailAdminTemplateMixin, View):
    """The claims of a story; ``POST`` decides on them."""

    template_name = "newsroom/claims/page.html"
    header_icon = "openquote"
    page_title = _("Sources")
    request: Any
    form: MarksForm | None = None
    said = ""
    level = "success"
    undo: Iterable[int] = ()
    at: int | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Turn away who may not see stories, and say why somebody may not decide."""
        if not may_look(request):
            raise PermissionDenied
        self.story = get_object_or_404(Story, pk=kwargs["news_id"])
        try:
            return super().dispatch(request, *args, **kwargs)
        except PermissionDenied as error:
            return self._refused(str(error), _FORBIDDEN)
        except Refused as error:
            return self._refused(str(error), error.status)
        except ValidationError as error:
            return self._refused(" ".join(error.messages), _CONFLICT)

    @cached_property
    def seen(self) -> Overview:
        """What there is to see, after what the request asked for was done."""
        return overview(self.story, self.request.user)

    def get(self, request: HttpRequest, news_id: int) -> HttpResponseBase:
        """Show the claims."""
        given = request.GET.get("at", "")
        self.at = next(iter(_numbers(given)), None)
        if self._wants_parts() and request.GET.get("known") == self.seen.stamp:
            return HttpResponse(status=204)
        return self.answer()

    def post(self, request: HttpRequest, news_id: int) -> HttpResponseBase:
        """Do what the button that was pressed says."""
        verbs = {
            "confirm": self._decide,
            "reject": self._decide,
            "reopen": self._decide,
            "above": self._confirm_above,
            "reviewed": self._review,
            "read": self._read,
        }
        verb = next((name for name in verbs if name in request.POST), None)
        if verb is None:
            raise Refused(_("Nothing was asked for."), _BAD)
        return verbs[verb](verb)

    def _decide(self, verb: str) -> HttpResponseBase:
        numbers = _numbers(self.request.POST[verb])
        rows = list(StoryRelation.objects.filter(story=self.story, number__in=numbers))
        if not rows or len(rows) != len(numbers):
            raise Refused(_("The story was read again meanwhile. Look at the new suggestions."))
        act = {"confirm": actions.confirm, "reject": actions.reject, "reopen": actions.reopen}
        count = act[verb](rows, self.request.user)
        self.undo = [] if verb == "reopen" else [row.number for row in rows]
        self.at = rows[0].number
        if verb != "reopen" and len(rows) == 1:
            self.at = self.seen.after(rows[0].number) or self.at
        self.said = _done(verb, count, rows)
        return self.finish()

    def _confirm_above(self, verb: str) -> HttpResponseBase:
        try:
            threshold = float(self.request.POST["above"])
        except ValueError:
            threshold = -1.0
        if not 0.0 <= threshold <= 1.0:
            raise Refused(_("Choose how likely they have to be."), _BAD)
        user = self.request.user
        shown = _numbers(self.request.POST.get("shown", ""))
        # Nothing that is not on the page, nor whose words are gone since.
        there = [entry for entry in overview(self.story, user).undecided if entry.number in shown]
        self.undo = [entry.number for entry in there if entry.row.confidence >= threshold]
        count = actions.confirm_all_above(self.story, threshold, user, among=self.undo)
        self.at = next((entry.number for entry in self.seen.undecided), None)
        self.said = ngettext("%d claim confirmed.", "%d claims confirmed.", count) % count
        return self.finish()

    def _review(self, verb: str) -> HttpResponseBase:
        actions.mark_reviewed(self.story, self.request.user)
        self.said = _("The sources of this story are reviewed.")
        if left := len(self.seen.undecided):
            self.said += " " + (
                ngettext(
                    "%d suggestion was left; readers do not see it.",
                    "%d suggestions were left; readers do not see them.",
                    left,
                )
                % left
            )
        return self.finish()

    def _read(self, verb: str) -> HttpResponseBase:
        if not actions.may_decide(self.request.user, self.story):
            raise PermissionDenied(_("You may not decide on the sources of this story."))
        arrivals.ask_for(self.story)
        self.said = _("The text will be read again.")
        return self.finish()

    def answer(self, status: int = 200) -> HttpResponseBase:
        """Show the page, or its parts, as they are now."""
        context = self.get_context_data(view=self)
        if not self._wants_parts():
            if self.said:
                getattr(messages, self.level)(self.request, self.said)
            page: HttpResponseBase = self.render_to_response(context, status=status)
            return page
        parts = {
            name: render_to_string(f"newsroom/claims/{name}.html", context, self.request)
            for name in _PARTS
        }
        answer = {
            "parts": parts,
            "said": self.said,
            "level": self.level,
            "undo": list(self.undo),
            "at": self.at,
            "stamp": self.seen.stamp,
            "waiting": self.seen.reading is not None and _waits(self.seen.reading),
        }
        return JsonResponse(answer, status=status)

    def finish(self) -> HttpResponseBase:
        """Answer a form whose wish was done."""
        if self._wants_parts():
            return self.answer()
        getattr(messages, self.level)(self.request, self.said)
        place = f"?at={self.at}#claim-{self.at}" if self.at else ""
        return redirect(address(self.story) + place)

    def _refused(self, why: str, status: int) -> HttpResponseBase:
        self.level, self.said = "error", why
        return self.answer(status) if self._wants_parts() else self.finish()

    def _wants_parts(self) -> bool:
        return bool(self.request.GET.get("as") == "parts")

    def get_page_subtitle(self) -> str:
        """Return the story's headline."""
        return self.seen.headline or _("(no headline yet)")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the story and the list of stories."""
        views = Story.snippet_viewset
        return [
            *self.breadcrumbs_items,
            {"url": reverse(views.get_url_name("list")), "label": _("Stories")},
            {"url": self._edit_address(), "label": self.get_page_subtitle()},
            {"url": "", "label": _("Sources"), "sublabel": self.get_page_subtitle()},
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Lead back to the text."""
        return [HeaderButton(_("Edit story"), url=self._edit_address(), icon_name="edit")]

    def _edit_address(self) -> str:
        return reverse(Story.snippet_viewset.get_url_name("edit"), args=[self.story.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page and each of its parts are drawn from."""
        seen, number = self.seen, self.kwargs.get("number")
        context: dict[str, Any] = super().get_context_data(
            story=self.story,
            seen=seen,
            state=state.told(seen),
            form=self.form,
            form_number=number if self.form is not None else None,
            adding=self.form is not None and number is None,
            at=self.at or number,
            here=address(self.story),
            add_url=address(self.story, "add"),
            candidates_url=reverse("newsroom_claims_register"),
            names=[source.name for source in self.form.sources] if self.form else [],
            **kwargs,
        )
        return context


class MarkView(ClaimsView):
    """The form in which a claim is marked: one that is there, or one added by hand."""

    def get(self, request: HttpRequest, news_id: int, number: int | None = None) -> Any:
        """Show the form."""
        if not self.seen.may_decide:
            raise PermissionDenied(_("You may not decide on the sources of this story."))
        entry = self._entry(number)
        self.form = MarksForm(overview=self.seen, row=entry.row if entry else None)
        return self.answer()

    def post(self, request: HttpRequest, news_id: int, number: int | None = None) -> Any:
        """Keep what the form says, or show it again with what is wrong."""
        if not self.seen.may_decide:
            raise PermissionDenied(_("You may not decide on the sources of this story."))
        entry = self._entry(number)
        self.form = MarksForm(request.POST, overview=self.seen, row=entry.row if entry else None)
        if not self.form.is_valid():
            return self._wrong()
        user: Any = request.user
        try:
            marks = self.form.marks()
            row = (
                actions.add(self.story, marks, user)
                if entry is None
                else actions.edit(entry.row, marks, user)
            )
        except ValidationError as error:
            self.form.add_error(None, error)
            return self._wrong()
        self.form, self.at = None, row.number
        self.undo = [row.number]
        added, kept = _("Claim %d was added."), _("Claim %d is kept as you marked it.")
        self.said = (added if entry is None else kept) % row.number
        del self.seen
        return self.finish()

    def _wrong(self) -> HttpResponseBase:
        self.level, self.said = "error", _("This cannot be kept as it is; see the form.")
        return self.answer(_UNPROCESSABLE)

    def _entry(self, number: int | None) -> Entry | None:
        if number is None:
            return None
        entry = self.seen.every.get(number)
        if entry is None:
            raise Refused(_("The story was read again meanwhile. Look at the new suggestions."))
        return entry


def candidates(request: HttpRequest) -> JsonResponse:
    """Answer with the entries of the register that a name may mean."""
    if not may_look(request):
        raise PermissionDenied
    name = request.GET.get("name", "").replace("\x00", "")[:300]
    language = request.GET.get("language", "")[:35]
    found = register.candidates(name, language) if name.strip() else []
    return JsonResponse({"sources": [[source.pk, called(source)] for source in found]})


def summary(request: Any, news_id: int) -> HttpResponse:
    """Answer with what the form of a story shows of its claims."""
    if not may_look(request):
        raise PermissionDenied
    story = get_object_or_404(Story, pk=news_id)
    seen = overview(story, request.user)
    context = {"seen": seen, "state": state.told(seen), "here": address(story)}
    return HttpResponse(render_to_string("newsroom/claims/summary.html", context, request))


def _numbers(given: str) -> set[int]:
    found = [each for each in given.split(",")[:_MOST_NUMBERS] if each.isdecimal()]
    return {int(each) for each in found if len(each) <= _MOST_DIGITS}


def _waits(reading: StoryReading) -> bool:
    return reading.state == StoryReading.State.WAITING


def _done(verb: str, count: int, rows: list[StoryRelation]) -> str:
    if len(rows) > 1:
        return ngettext("%d claim changed.", "%d claims changed.", count) % count
    said = {
        "confirm": _("Claim %d confirmed."),
        "reject": _("Claim %d rejected."),
        "reopen": _("Claim %d is a suggestion again."),
    }
    return said[verb] % rows[0].number
