"""What happens to the paper becomes orders, in the transaction in which it happens.

Nothing is pressed here: the orders are, once the transaction has committed
(``actions.order``). A story is followed by its saves and not by Wagtail's ``published``, which
every publication sends right after saving: it would order the same thirty sheets twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from django.conf import settings
from django.db.models import Model, Q
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.models import Page, ReferenceIndex
from wagtail.signals import page_published, page_unpublished, post_page_move

from broadsheet.accounts.models import Byline
from broadsheet.press import actions, ledger, list_sheets, photos
from broadsheet.press.reading import one_reading
from broadsheet.press.sheets import Sheet
from broadsheet.stories.models import (
    Agency,
    Front,
    FrontPlacement,
    Paper,
    PaperName,
    Picture,
    Section,
    SectionName,
    StandingPage,
    Story,
    Topic,
)

# What Wagtail notes on a story that readers never see: drafts, locks.
_UNSEEN = frozenset(
    {"latest_revision", "has_unpublished_changes", "locked", "locked_at", "locked_by"}
)
# What the foot of every page shows of a standing page.
_IN_THE_FOOT = frozenset({"live", "slug", "title", "language"})
# A change to one name can touch thousands of stories: the worker's business.
_MANY = -6
_AT_ONCE = 500
# To ask what shows each of more would keep everybody else from writing for seconds.
_WHOLE_PAPER = 2_000
# Where a save keeps what was stored before.
_BEFORE = "_stored_before"
# What stands on every page, and what on those of many stories.
_Frame = Paper | PaperName | Section | SectionName
_Printed = Topic | Byline | Agency
# What the desk alone sees of it.
_UNPRINTED = {Byline: {"user_id"}, Agency: {"rights"}}


def story_saved(instance: Story, update_fields: Iterable[str] | None = None, **_: Any) -> None:
    """Order everything that shows a story that is, or was, seen by readers."""
    if update_fields is not None and _UNSEEN.issuperset(update_fields):
        return
    if instance.is_public() or ledger.known({Sheet("story", str(instance.news_id))}):
        actions.order_story(instance)


def story_deleted(instance: Story, **_: Any) -> None:
    """Order everything that shows a story which is about to be deleted."""
    if ledger.known({Sheet("story", str(instance.news_id))}) or instance.live:
        actions.order_story(instance)


def stories_touched(instance: _Printed, *, created: bool = False, **_: Any) -> None:
    """Order the stories that print the name of a topic, a byline or an agency, and their lists.

    None has a new one: whichever gets it, orders its list. Nor does one that is saved as readers
    know it concern them.
    """
    before = instance.__dict__.pop(_BEFORE, None)
    if created or (before is not None and before == _stored(instance)):
        return
    match instance:
        case Topic():
            stories, sheets = Q(topics=instance), [Sheet("topic", instance.slug)]
        case Byline():
            stories, sheets = Q(bylines__byline=instance), [Sheet("byline", instance.slug)]
        case Agency():
            stories, sheets = Q(agencies__agency=instance), []
    actions.order(sheets)
    _order_stories(stories)


def picture_saved(instance: Picture, **_: Any) -> None:
    """Order the pages that show a picture whose words or focal point have changed."""
    _order_stories(Q(photos__picture=instance))
    references = ReferenceIndex.get_references_to(instance)
    stories = [reference.object_id for reference in references if _is_about(reference, Story)]
    _order_stories(Q(pk__in=stories))
    pages = [reference.object_id for reference in references if _is_about(reference, StandingPage)]
    for page in StandingPage.objects.filter(pk__in=pages):
        actions.order(list_sheets.shown_on(page), priority=_MANY)


def picture_deleted(instance: Picture, **_: Any) -> None:
    """Order the pages that show a picture about to be deleted, and its pressed files away.

    Those first: a picture is often deleted because the paper may not show it.
    """
    actions.order(photos.pressed_of(instance))
    picture_saved(instance)


def _is_about(reference: ReferenceIndex, model: type[Model]) -> bool:
    return reference.content_type.model_class() is model


def _order_stories(which: Q) -> None:
    ids = list(Story.objects.filter(which).values_list("pk", flat=True).distinct())
    if len(ids) > _WHOLE_PAPER:
        actions.order([actions.EVERYTHING], priority=_MANY)
        return
    for start in range(0, len(ids), _AT_ONCE):
        stories = Story.objects.filter(pk__in=ids[start : start + _AT_ONCE])
        with one_reading():
            actions.order_stories(
                stories.select_related("section").prefetch_related(
                    "topics", "bylines__byline", "photos__picture"
                ),
                priority=_MANY,
            )


def front_changed(instance: Front, **_: Any) -> None:
    """Order a front that the desk has arranged anew."""
    if instance.section is None:
        sheet = Sheet("front", instance.language)
    else:
        sheet = Sheet("section", f"{instance.language}/{instance.section.slug}")
    actions.order([sheet])


def placement_changed(instance: FrontPlacement, **_: Any) -> None:
    """Order the front on which a story was placed, or from which it was taken."""
    front_changed(instance.front)


def frame_changed(instance: Model, **_: Any) -> None:
    """Order the whole paper: its name or its sections stand on every page. The fronts first."""
    actions.order([actions.EVERYTHING], priority=_MANY)
    actions.order(Sheet("front", language) for language in settings.PAPER_LANGUAGES)


def about_to_be_saved(instance: _Frame | _Printed, **_: Any) -> None:
    """Keep what is stored of what many pages show, until now."""
    instance.__dict__[_BEFORE] = _stored(instance)


def frame_saved(instance: _Frame, **_: Any) -> None:
    """Order the whole paper where it says something else now.

    The first visitor of the newsroom makes the settings, as they are without any, and a form is
    often saved as it stands.
    """
    if instance.__dict__.pop(_BEFORE, None) != _stored(instance):
        frame_changed(instance)


def _stored(instance: _Frame | _Printed) -> dict[str, Any] | None:
    model = type(instance)
    unprinted = _UNPRINTED.get(model, set())
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and field.attname not in unprinted
    ]
    rows = model._default_manager.filter(pk=instance.pk)
    row: dict[str, Any] | None = rows.values(*(field.attname for field in fields)).first()
    if row is None and model is Paper and not Paper.objects.exists():
        return {field.attname: field.get_default() for field in fields}
    return row


def page_changed(instance: StandingPage, **_: Any) -> None:
    """Order a standing page and its pictures."""
    old = ledger.shown_on("page", [instance.slug])
    actions.order({*list_sheets.shown_on(instance), *old})


def page_saved(
    instance: StandingPage, update_fields: Iterable[str] | None = None, **_: Any
) -> None:
    """Order the whole paper where its foot will name a standing page otherwise than before.

    Before the save, while the database still has what stands in the foot now.
    """
    written = _IN_THE_FOOT.intersection(_IN_THE_FOOT if update_fields is None else update_fields)
    row = StandingPage.objects.filter(pk=instance.pk).values(*_IN_THE_FOOT).first()
    before = row or dict.fromkeys(_IN_THE_FOOT)
    changed = any(before[name] != getattr(instance, name) for name in written)
    if changed and (before["live"] or instance.live):
        actions.order([actions.EVERYTHING], priority=_MANY)


def page_deleted(instance: StandingPage, **_: Any) -> None:
    """Order a standing page that is about to be deleted, and the foot of every page."""
    page_changed(instance)
    if instance.live:
        actions.order([actions.EVERYTHING], priority=_MANY)


def page_moved(instance: Page, **_: Any) -> None:
    """Order the whole paper, whose foot names the standing pages in the order they have here."""
    if isinstance(instance.specific, StandingPage):
        actions.order([actions.EVERYTHING], priority=_MANY)


def connect() -> None:
    """Listen to what changes the paper; called once, when the room starts."""
    post_save.connect(story_saved, sender=Story)
    pre_delete.connect(story_deleted, sender=Story)
    for model in get_args(_Printed):
        pre_save.connect(about_to_be_saved, sender=model)
        post_save.connect(stories_touched, sender=model)
        pre_delete.connect(stories_touched, sender=model)
    post_save.connect(picture_saved, sender=Picture)
    pre_delete.connect(picture_deleted, sender=Picture)
    for part in get_args(_Frame):
        pre_save.connect(about_to_be_saved, sender=part)
        post_save.connect(frame_saved, sender=part)
    pre_delete.connect(frame_changed, sender=Section)
    post_save.connect(front_changed, sender=Front)
    pre_delete.connect(front_changed, sender=Front)
    for signal in (post_save, post_delete):
        signal.connect(placement_changed, sender=FrontPlacement)
    post_delete.connect(frame_changed, sender=PaperName)
    post_delete.connect(frame_changed, sender=SectionName)
    page_published.connect(page_changed, sender=StandingPage)
    page_unpublished.connect(page_changed, sender=StandingPage)
    pre_save.connect(page_saved, sender=StandingPage)
    pre_delete.connect(page_deleted, sender=StandingPage)
    post_page_move.connect(page_moved)
