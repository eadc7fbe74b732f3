"""The story: what a reader reads, under a News ID that is its own for ever."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from broadsheet.stories import news_ids, previews, references
from broadsheet.stories.blocks import story_body
from broadsheet.stories.body_field import BodyField
from broadsheet.stories.languages import Direction, direction_of, own_language, validate_language
from broadsheet.stories.models import ties
from broadsheet.stories.models.front_language import FrontLanguageField
from broadsheet.stories.models.story_indexes import INDEXES
from broadsheet.stories.models.subjects import Agency, Section, Topic
from broadsheet.stories.publication import about_to_publish, made_into

if TYPE_CHECKING:
    from broadsheet.accounts.models import User


class StoryQuerySet(models.QuerySet["Story"]):
    """Questions every room asks of the stories."""

    def public(self, at: datetime | None = None) -> Self:
        """Keep the stories that readers may see at ``at`` (now): live, not expired, no embargo.

        This is the one place that says what "public" means. Every read path asks it.
        """
        at = at or timezone.now()
        return self.filter(
            Q(embargo_until__isnull=True) | Q(embargo_until__lte=at),
            Q(expire_at__isnull=True) | Q(expire_at__gt=at),
            live=True,
        )

    def newest_first(self) -> Self:
        """Order as the paper does: by first publication, then by News ID."""
        return self.order_by("-first_published_at", "-news_id")

    def update(self, **changes: Any) -> int:
        """Change the rows, as Django does, and what their ties say of their publication."""
        if "first_published_at" not in changes:
            return super().update(**changes)
        with transaction.atomic():
            news_ids = list(self.order_by().values_list("pk", flat=True))
            number = super().update(**changes)
            ties.date(news_ids)
        return number


StoryManager = models.Manager.from_queryset(StoryQuerySet)


# Written, they leave ties that do not know of the story's publication.
_DATED = {"first_published_at", "bylines", "topics"}


class Story(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    ClusterableModel,
):
    """A news story.

    ``first_published_at`` (from Wagtail) is when readers could first read it, here or where it
    was imported from; ``substantively_updated_at`` when its facts last changed, as the desk
    says. ``go_live_at`` and ``expire_at`` (from Wagtail) schedule it. ``embargo_until`` is the
    supplier's word: no path may show the story before. ``front_language`` says which of the
    paper's fronts lists the story, whatever language it is written in; it is set by saving.
    """

    news_id = models.PositiveBigIntegerField(_("News ID"), primary_key=True, editable=False)
    headline = models.CharField(_("headline"), max_length=300)
    slugline = models.CharField(
        _("slugline"), max_length=100, blank=True, help_text=_("The desk's own label.")
    )
    dateline = models.CharField(
        _("dateline"), max_length=100, blank=True, help_text=_("The place the story is filed from.")
    )
    lead = models.TextField(
        _("lead"), blank=True, help_text=_("One or two sentences for fronts and feeds.")
    )
    body = BodyField(story_body(), verbose_name=_("body"), blank=True)
    section = models.ForeignKey(
        Section, verbose_name=_("section"), on_delete=models.PROTECT, related_name="stories"
    )
    topics = ParentalManyToManyField(
        Topic,
        verbose_name=_("topics"),
        blank=True,
        related_name="stories",
        through=ties.StoryTopic,
    )
    language = models.CharField(
        _("language"),
        max_length=35,
        default=own_language,
        validators=[validate_language],
    )
    front_language = FrontLanguageField(_("front"), max_length=35, default="", editable=False)
    translation_of = models.ForeignKey(
        "self",
        verbose_name=_("translation of"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="translations",
    )
    substantively_updated_at = models.DateTimeField(
        _("substantively updated at"), null=True, blank=True
    )
    embargo_until = models.DateTimeField(
        _("embargo until"),
        null=True,
        blank=True,
        help_text=_("The supplier's embargo. Nothing shows the story before, whatever is pressed."),
    )
    comments_open = models.BooleanField(_("comments are open"), default=True)
    substantive_update = models.BooleanField(
        _("facts have changed"),
        default=False,
        help_text=_(
            "Tick when this version changes what the story says, not only how: readers then see "
            "“Updated” with the time of its publication."
        ),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    if TYPE_CHECKING:  # Wagtail's mixins bring these, untyped
        live: bool
        live_revision: Any
        latest_revision: Any
        expired: bool
        has_unpublished_changes: bool
        first_published_at: datetime | None
        last_published_at: datetime | None
        go_live_at: datetime | None
        expire_at: datetime | None

    objects: ClassVar[StoryManager[Story]] = StoryManager()

    class Meta:
        ordering = ["-first_published_at", "-news_id"]
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        indexes = INDEXES

    def __str__(self) -> str:
        return self.headline

    @property
    def direction(self) -> Direction:
        """The writing direction of the story's language."""
        return direction_of(self.language)

    @property
    def printed_agencies(self) -> list[str]:
        """The agencies' credit lines, in the desk's order, as readers see them."""
        return [row.printed for row in self.agencies.all()]

    def is_public(self, at: datetime | None = None) -> bool:
        """Tell whether readers may see this story at ``at`` (now); see ``StoryQuerySet.public``."""
        at = at or timezone.now()
        return bool(
            self.live
            and (self.embargo_until is None or self.embargo_until <= at)
            and (self.expire_at is None or self.expire_at > at)
        )

    def is_gone(self, at: datetime | None = None) -> bool:
        """Tell whether readers saw this story here, may not at ``at`` (now), and may be told so.

        ``first_published_at`` does not tell: a draft from elsewhere brings one along. Of a story
        under an embargo nobody learns that it is there.
        """
        return (
            self.last_published_at is not None
            and not self.is_public(at)
            and self.embargo_in_force(at) is None
        )

    def get_absolute_url(self) -> str:
        """Return the story's permanent address."""
        return f"/news/{self.news_id}/"

    def clean(self) -> None:
        """Refuse a story that translates itself, and hold the schedule behind the embargo."""
        super().clean()
        if self.translation_of_id is not None and self.translation_of_id == self.news_id:
            raise ValidationError({"translation_of": _("A story cannot be its own translation.")})
        self._hold_for_embargo()

    def _hold_for_embargo(self) -> None:
        # Only a schedule somebody asked for is moved here; without one, `publish` makes it, so
        # that an embargo that is lifted leaves no schedule behind.
        end = self.embargo_in_force()
        if end is not None and self.go_live_at is not None and self.go_live_at < end:
            self.go_live_at = end

    def embargo_in_force(self, at: datetime | None = None) -> datetime | None:
        """Return when the embargo on this story ends, or ``None`` where none holds at ``at`` (now).

        A translation is held by the embargo of what it translates as well.
        """
        at = at or timezone.now()
        ends = [self.embargo_until]
        if self.translation_of is not None:
            ends.append(self.translation_of.embargo_until)
        return max((end for end in ends if end is not None and end > at), default=None)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, giving a new story its News ID; an embargoed story cannot be made live."""
        written = kwargs.get("update_fields")
        # Saving a draft writes some fields of a live story only; its embargo is not yet said.
        if (
            self.live
            and (written is None or "embargo_until" in written)
            and self.embargo_until is not None
            and self.embargo_until > timezone.now()
        ):
            self.live = False
            if written is not None:
                kwargs["update_fields"] = {*written, "live"}
        if written is not None and "language" in written:
            kwargs["update_fields"] = {*kwargs["update_fields"], "front_language"}
        if self.news_id is not None:
            # One transaction with its topics, bylines and photos, so that whoever is told of the
            # save acts on all of it or on nothing.
            with transaction.atomic(), references.indexed_once(self, written):
                super().save(*args, **kwargs)
                self._date_ties(written)
            return
        # One transaction, so that a save that fails leaves no gap behind.
        with transaction.atomic(), references.indexed_once(self):
            self.news_id = news_ids.allocate()[0]
            try:
                super().save(*args, **{**kwargs, "force_insert": True})
                self._date_ties(None)
            except BaseException:
                self.news_id = None
                raise

    def _date_ties(self, written: Collection[str] | None) -> None:
        if written is None or not _DATED.isdisjoint(written):
            ties.date([self.news_id])

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """Return the story as ``content`` (a revision's) has it, under the embargo it is under now.

        An embargo belongs to the story, not to a version of it: going back to a version from
        before the embargo must not lift it.
        """
        story = super().with_content_json(content)
        now = timezone.now()
        if (
            self.embargo_until is not None
            and self.embargo_until > now
            and (story.embargo_until is None or story.embargo_until < self.embargo_until)
        ):
            story.embargo_until = self.embargo_until
        return story

    def publish(
        self, revision: Any, user: User | None = None, *, ask: bool = True, **kwargs: Any
    ) -> Any:
        """Publish ``revision``, or schedule it for the end of its embargo.

        A schedule that an embargo asks for is written into the revision itself, so that
        whatever publishes it (the newsroom, a command, the worker) meets it. A version that
        brings an embargo to a story readers can see takes the story away from them at once.
        A version that changes facts is marked with the time it is published. Raises
        ``PublicationStopped`` where a room has reasons against it (``stories.publication``),
        unless ``ask`` is false.
        """
        if ask:
            about_to_publish.send(type(self), story=self, revision=revision, user=user)
        planned = revision.as_object()
        now = timezone.now()
        changes: dict[str, Any] = {}
        if (end := planned.embargo_in_force(now)) is not None:
            if not kwargs.get("skip_permission_checks"):
                PublishRevisionAction(revision, user=user).check()
            self._take_down_for_embargo(user)
            changes["embargo_until"] = end.isoformat()
            changes["go_live_at"] = max(filter(None, (planned.go_live_at, end))).isoformat()
            changes["live_revision"] = None
        elif planned.substantive_update and (
            planned.go_live_at is None or planned.go_live_at <= now
        ):
            changes["substantive_update"] = False
            if planned.first_published_at is not None:
                changes["substantively_updated_at"] = now.isoformat()
        if changes:
            revision.content = {**revision.content, **changes}
            revision.save(update_fields=["content"])
            return super().publish(revision, user=user, **kwargs)
        with made_into(revision, planned):
            return super().publish(revision, user=user, **kwargs)

    def _take_down_for_embargo(self, user: User | None) -> None:
        # Another copy than `self`, which may carry a form's unpublished changes.
        shown = type(self).objects.get(pk=self.pk)
        if shown.live:
            UnpublishAction(shown, user=user).execute(skip_permission_checks=True)
        self.live = False
        self.live_revision = None

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Answer Wagtail's preview with the page as a reader will see it."""
        return HttpResponse(previews.draw(self))


class StoryAgency(Orderable):
    """An agency whose copy a story is made from, in order."""

    story = ParentalKey(Story, on_delete=models.CASCADE, related_name="agencies")
    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="stories"
    )
    credit_line = models.CharField(
        _("credit line"),
        max_length=200,
        blank=True,
        help_text=_("Where this story needs another than the agency's usual one."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("agency")

    @property
    def printed(self) -> str:
        """What readers see."""
        return self.credit_line or self.agency.printed
