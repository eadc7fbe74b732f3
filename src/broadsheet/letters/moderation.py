"""Moderation in the newsroom: the list of letters, one letter, and what is done to many at once.

A single letter is decided on the same page as a hundred: Wagtail's bulk actions. They ask
``letters.actions``, which hold permission, log and the pressing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.template.defaultfilters import linebreaks_filter
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.views.generic import InspectView
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from broadsheet.accounts.choosing import KeptChooserViewSet
from broadsheet.letters import actions
from broadsheet.letters.letter_columns import COLUMNS, excerpt
from broadsheet.letters.models import Ban, HoldReason, Letter

_FOR_GOOD = "0"
_DAYS = (
    ("7", gettext_lazy("a week")),
    ("30", gettext_lazy("a month")),
    ("365", gettext_lazy("a year")),
    (_FOR_GOOD, gettext_lazy("for good")),
)


def deciding_url(action: str, letter: Letter, following: str) -> str:
    """Return where ``action`` ("approve", "reject", "ban") is done to one letter."""
    url = reverse("wagtail_bulk_action", args=["letters", "letter", action])
    return f"{url}?{urlencode({'id': letter.pk, 'next': following})}"


class LetterChooserViews(KeptChooserViewSet):
    """Letters that wait, and who is banned, are for moderators alone."""

    needed = ("letters.change_letter",)


class LetterFilters(WagtailFilterSet):
    """The filters beside the list."""

    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"),
        choices=Letter.State.choices,
        widget=CheckboxSelectMultiple,
        # A comment is in one state; to compare them whole would take all their texts.
        distinct=False,
    )
    reason = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Held because"),
        choices=HoldReason.choices[1:],  # the first is true of all
        method="with_reasons",
        widget=CheckboxSelectMultiple,
    )
    news_id = django_filters.NumberFilter(field_name="story_id", label=gettext_lazy("News ID"))
    written_at = django_filters.DateFromToRangeFilter(label=gettext_lazy("Written"))

    class Meta:
        model = Letter
        fields: ClassVar[list[str]] = []

    def with_reasons(
        self, queryset: QuerySet[Letter], name: str, reasons: list[str]
    ) -> QuerySet[Letter]:
        """Keep the letters held for every one of ``reasons``."""
        # SQLite cannot ask a JSON list what it contains; the codes are quoted in its text.
        queryset = queryset.annotate(reasons_text=Cast("reasons", TextField()))
        for reason in reasons:
            queryset = queryset.filter(reasons_text__contains=f'"{reason}"')
        return queryset


class LetterList(IndexView):
    """The list: what was written first, then by whom, where, and why it waits."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the list's context, with what its template says."""
        said = {"select_all_text": _("Select all comments in the list")}
        return {**super().get_context_data(*args, **kwargs), **said}

    def get_list_more_buttons(self, instance: Letter) -> list[Any]:
        """Offer to decide on a letter straight from the list."""
        here = self.request.path
        buttons: list[Any] = list(super().get_list_more_buttons(instance))
        user = self.request.user
        if user.has_perm("letters.change_letter"):
            for name, label, icon, unless in (
                ("approve", _("Approve"), "check", Letter.State.APPROVED),
                ("reject", _("Reject"), "cross", Letter.State.REJECTED),
            ):
                if instance.state != unless:
                    url = deciding_url(name, instance, here)
                    buttons.append(Button(label, url=url, icon_name=icon, priority=1))
        if user.has_perm("letters.add_ban"):
            url = deciding_url("ban", instance, here)
            buttons.append(Button(_("Ban"), url=url, icon_name="warning", priority=5))
        return buttons


class OneLetter(InspectView):
    """One letter, whole, with everything a moderator may know of it."""

    page_title = gettext_lazy("Comment")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer what can still be decided."""
        here = self.request.path
        user = self.request.user
        buttons = []
        if user.has_perm("letters.change_letter"):
            if self.object.state != Letter.State.APPROVED:
                url = deciding_url("approve", self.object, here)
                buttons.append(HeaderButton(_("Approve"), url=url, icon_name="check", priority=1))
            if self.object.state != Letter.State.REJECTED:
                url = deciding_url("reject", self.object, here)
                buttons.append(HeaderButton(_("Reject"), url=url, icon_name="cross", priority=2))
        if user.has_perm("letters.add_ban"):
            url = deciding_url("ban", self.object, here)
            buttons.append(HeaderButton(_("Ban"), url=url, icon_name="warning", priority=3))
        history = reverse(LetterViews().get_url_name("history"), args=[self.object.pk])
        buttons.append(HeaderButton(_("History"), url=history, icon_name="history", priority=4))
        return buttons

    def get_text_display_value(self) -> SafeString:
        """Return the text in paragraphs, escaped, in its own direction."""
        return format_html('<div dir="auto">{}</div>', linebreaks_filter(self.object.text))

    def get_story_display_value(self) -> SafeString:
        """Return a link to the story as readers see it."""
        story = self.object.story
        return format_html(
            '<a href="{}" dir="auto">{}</a> ({})', story.get_absolute_url(), story, story.pk
        )

    def get_reasons_display_value(self) -> str:
        """Return the reasons in words."""
        return str(self.object.printed_reasons)

    def get_decided_by_display_value(self) -> str:
        """Return who decided."""
        return str(self.object.decided_by or "–")

    def get_decided_at_display_value(self) -> datetime | str:
        """Return when it was decided."""
        return self.object.decided_at or "–"

    def get_decision_display_value(self) -> str:
        """Return why it was decided so, where somebody said."""
        return self.object.decision or "–"

    def get_email_display_value(self) -> str:
        """Return the e-mail address, which nobody but moderators sees."""
        return self.object.email or "–"


class LetterViews(SnippetViewSet):
    """Where moderators read and decide."""

    model = Letter
    icon = "comment"
    add_to_admin_menu = False  # an item of its own counts what waits
    # "letters" alone is the namespace of what readers reach.
    admin_url_namespace = "letters_admin"
    base_url_path = "letters"
    index_view_class = LetterList
    index_template_name = "letters/moderated.html"
    chooser_viewset_class = LetterChooserViews
    inspect_view_class = OneLetter
    inspect_view_enabled = True
    inspect_view_fields = [
        "state", "text", "name", "email", "story", "written_at", "reasons",
        "decided_by", "decided_at", "decision",
    ]  # fmt: skip
    copy_view_enabled = False
    list_display = COLUMNS
    list_per_page = 50
    filterset_class = LetterFilters
    search_fields = ["text", "name", "email"]
    search_backend_name = None
    ordering = ["-written_at", "-pk"]
    panels = [FieldPanel("state", read_only=True)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        """Return every letter, with what the list says of its story."""
        return Letter.objects.select_related("story").defer("story__body", "story__lead")


class BanViews(SnippetViewSet):
    """Who is banned, why and until when; bans are made from a letter and ended here."""

    model = Ban
    icon = "warning"
    chooser_viewset_class = LetterChooserViews
    add_to_admin_menu = False
    add_to_settings_menu = True
    menu_label = gettext_lazy("Bans from commenting")
    list_display = ["__str__", "kind", "reason", "until", "made_at", "made_by"]
    list_filter = ["kind"]
    copy_view_enabled = False
    panels = [FieldPanel("kind", read_only=True), FieldPanel("reason"), FieldPanel("until")]


class WaitingItem(MenuItem):
    """The menu's item for moderators, with the number of letters that wait."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to those who may look at letters."""
        return bool(
            LetterViews().permission_policy.user_has_any_permission(
                request.user, {"change", "delete", "view"}
            )
        )

    def render_component(self, request: HttpRequest) -> Any:
        """Count anew for each page; the item itself is kept for all."""
        component = super().render_component(request)
        if waiting := Letter.objects.held().count():
            component.label = f"{self.label} ({waiting})"
        return component


class _Decision(SnippetBulkAction):
    """What approving, rejecting and banning have in common."""

    template_name = "letters/confirm.html"
    permission = "letters.change_letter"
    done: Any
    changed = 0

    models = [Letter]

    def check_perm(self, obj: Letter) -> bool:
        """Tell whether this user may decide."""
        return bool(self.request.user.has_perm(self.permission))

    def object_context(self, obj: Letter) -> dict[str, Any]:
        """Return what the page says of one letter."""
        return {"item": obj, "excerpt": excerpt(obj)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page's context."""
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "verb": self.display_name,
            "action_type": self.action_type,
            "not_allowed": _("You may not decide on these comments."),
            "do_nothing": _("Do nothing"),
        }

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """Say how many were decided."""
        return str(self.done(num_parent_objects)) % {"count": num_parent_objects}


class Approve(_Decision):
    """Show the chosen letters to readers."""

    display_name = gettext_lazy("Approve")
    aria_label = gettext_lazy("Approve the selected comments")
    action_type = "approve"
    action_priority = 10

    @staticmethod
    def done(count: int) -> str:
        """Return what is said afterwards."""
        return ngettext("%(count)d comment approved.", "%(count)d comments approved.", count)

    @classmethod
    def execute_action(cls, objects: list[Letter], **kwargs: Any) -> tuple[int, int]:
        """Approve ``objects``."""
        return actions.approve(objects, kwargs["self"].request.user), 0


class ReasonForm(forms.Form):
    """Why, for the newsroom's own memory."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)


class Reject(_Decision):
    """Keep the chosen letters from readers."""

    display_name = gettext_lazy("Reject")
    aria_label = gettext_lazy("Reject the selected comments")
    action_type = "reject"
    action_priority = 20
    form_class = ReasonForm
    classes = {"serious"}

    @staticmethod
    def done(count: int) -> str:
        """Return what is said afterwards."""
        return ngettext("%(count)d comment rejected.", "%(count)d comments rejected.", count)

    def get_execution_context(self) -> dict[str, Any]:
        """Hand the reason on."""
        form = self.cleaned_form
        reason = form.cleaned_data["reason"] if form is not None else ""
        return {**super().get_execution_context(), "reason": reason}

    @classmethod
    def execute_action(cls, objects: list[Letter], **kwargs: Any) -> tuple[int, int]:
        """Reject ``objects``."""
        return actions.reject(objects, kwargs["self"].request.user, kwargs["reason"]), 0


class BanForm(forms.Form):
    """On what, how long, and why."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Ban the"),
        choices=Ban.Kind.choices,
        initial=[Ban.Kind.ADDRESS, Ban.Kind.EMAIL],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Many readers can share a network address, and one reader can change it."
        ),
    )
    days = forms.ChoiceField(label=gettext_lazy("For"), choices=_DAYS, initial="30")
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class BanAuthors(_Decision):
    """Ban whoever wrote the chosen letters, and reject those that wait."""

    display_name = gettext_lazy("Ban")
    aria_label = gettext_lazy("Ban the authors of the selected comments")
    action_type = "ban"
    action_priority = 25
    permission = "letters.add_ban"
    form_class = BanForm
    classes = {"serious"}

    @staticmethod
    def done(count: int) -> str:
        """Return what is said afterwards."""
        if not count:
            return _("No ban was made: these comments left neither an address nor an e-mail.")
        return ngettext("%(count)d ban made.", "%(count)d bans made.", count)

    def get_execution_context(self) -> dict[str, Any]:
        """Hand the form's answers on."""
        form = self.cleaned_form
        given = form.cleaned_data if form is not None else {}
        days = given.get("days", _FOR_GOOD)
        until = None if days == _FOR_GOOD else timezone.now() + timedelta(days=int(days))
        return {
            **super().get_execution_context(),
            "kinds": given.get("kinds", []),
            "reason": given.get("reason", ""),
            "until": until,
        }

    @classmethod
    def execute_action(cls, objects: list[Letter], **kwargs: Any) -> tuple[int, int]:
        """Ban the authors of ``objects``."""
        made = actions.ban(
            objects,
            kwargs["self"].request.user,
            kinds=kwargs["kinds"],
            reason=kwargs["reason"],
            until=kwargs["until"],
        )
        return made, 0
