"""What an export says of the paper itself becomes this paper's, where it has nothing of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Revision

from broadsheet.accounts.models import Byline
from broadsheet.attribution.models import SourcePolicy
from broadsheet.newsroom.export import particulars as written
from broadsheet.newsroom.moving.old_addresses import old_path, target_of
from broadsheet.newsroom.restoring.claims import restore_merge, restore_source
from broadsheet.newsroom.restoring.content import slug_of
from broadsheet.newsroom.restoring.values import Values
from broadsheet.press.actions import order_story
from broadsheet.stories import news_ids
from broadsheet.stories.models import (
    Agency,
    Front,
    FrontPlacement,
    Paper,
    PaperName,
    Section,
    SectionName,
    Story,
    Topic,
)
from broadsheet.wire.items import WireParticular
from broadsheet.wire.outcomes import Kind, Outcome

_HIGHEST_NEWS_ID = 2**53
_LONGEST_PATH = 255


def restore(record: WireParticular, *, dry_run: bool = False) -> Outcome:
    """Take over what ``record`` says; what the paper has already stays as it is.

    With ``dry_run``, what it ties together was taken in and rolled back: that is no reason to
    refuse it.

    Raises ``ValidationError`` for what cannot be kept.
    """
    values = Values.read(record.values, f"The {record.what}")
    take = _KINDS.get(record.what)
    if take is None:
        raise ValidationError(f"Nothing here can be made of a {record.what[:40]}.")
    if dry_run and record.what in _TYING:
        return Outcome(record.origin, "imported", what=record.what, record=record)
    kind: Kind = "imported" if take(values) else "unchanged"
    return Outcome(record.origin, kind, what=record.what, record=record)


def _paper(values: Values) -> bool:
    last = values.number("last_news_id")
    if last:
        if last >= _HIGHEST_NEWS_ID:
            raise ValidationError(f"{last} is no News ID a paper ever gave.")
        news_ids.reserve(last)
    if Story.objects.exists():
        # A paper that has stories has a name.
        return False
    own = Paper.load()
    told = values.inner("paper")
    for name in ("name", "strapline", "time_zone", "contact_email"):
        setattr(own, name, told.text(name, Paper))
    days = told.number("comments_open_days")
    own.comments_open_days = own.comments_open_days if days is None else days
    own.names.set(
        [
            PaperName(**{name: each.text(name, PaperName) for name in _NAMES})
            for each in told.each("names")
        ]
    )
    own.full_clean()
    own.save()
    policy, asked = SourcePolicy.load(), values.inner("source_policy")
    for name in written.POLICY:
        if asked.text(name):
            setattr(policy, name, asked.text(name))
    policy.full_clean()
    policy.save()
    return True


_NAMES = ("language", "name", "strapline")


def _section(values: Values) -> bool:
    slug = slug_of(values, Section)
    if Section.objects.filter(slug=slug).exists():
        return False
    section = Section(
        slug=slug, name=values.text("name", Section), position=values.number("position") or 0
    )
    section.names.set(
        [
            SectionName(
                language=each.text("language", SectionName), name=each.text("name", SectionName)
            )
            for each in values.each("names")
        ]
    )
    section.full_clean()
    section.save()
    return True


def _of(model: type[Model], names: tuple[str, ...]) -> Callable[[Values], bool]:
    def take(values: Values) -> bool:
        rows: Any = model._default_manager
        if rows.filter(slug=slug_of(values, model)).exists():
            return False
        row = model(**{name: values.text(name, model) for name in names})
        row.full_clean()
        row.save()
        return True

    return take


def _front(values: Values) -> bool:
    slug = values.text("section")
    section = Section.objects.filter(slug=slug).first() if slug else None
    if slug and section is None:
        raise ValidationError(f"There is no section “{slug[:80]}”.")
    front = Front.objects.filter(section=section, language=values.text("language")).first()
    if front is not None and FrontPlacement.objects.filter(front=front).exists():
        return False
    is_new = front is None
    if front is None:
        front = Front(section=section, language=values.text("language", Front))
        front.full_clean()
        front.save()
    wanted = [each for each in values.list("stories") if isinstance(each, int)]
    there = set(Story.objects.filter(pk__in=wanted[:1000]).values_list("pk", flat=True))
    placed = [each for each in dict.fromkeys(wanted) if each in there]
    for place, news_id in enumerate(placed):
        FrontPlacement.objects.create(front=front, story_id=news_id, sort_order=place)
    return is_new or bool(placed)


def _translation(values: Values) -> bool:
    story = Story.objects.filter(pk=values.number("story")).first()
    of = Story.objects.filter(pk=values.number("of")).first()
    if story is None or of is None or story.pk == of.pk:
        raise ValidationError("One of the two stories did not come along.")
    if story.translation_of_id is not None:
        return False
    Story.objects.filter(pk=story.pk).update(translation_of=of)
    for revision in story.revisions.all():
        # A version that did not know of it yet must not untie it when it is published.
        if revision.content.get("translation_of") is None:
            content = {**revision.content, "translation_of": of.pk}
            # Past the signals: its words are the same.
            Revision.objects.filter(pk=revision.pk).update(content=content)
    story.refresh_from_db()
    if story.is_public():
        order_story(story)
    return True


def _redirect(values: Values) -> bool:
    path, to = old_path(values.text("from")), target_of(values.text("to"))
    if not path or len(path) > _LONGEST_PATH:
        raise ValidationError(f"The paper itself answers at {values.text('from')[:200]}.")
    if not to:
        raise ValidationError(f"“{values.text('to')[:200]}” is no address to lead readers to.")
    if Redirect.objects.filter(old_path=path, site=None).exists():
        return False
    Redirect.objects.create(
        old_path=path,
        redirect_link=to,
        is_permanent=values.flag("permanent"),
        automatically_created=values.flag("automatic"),
    )
    return True


_KINDS: dict[str, Callable[[Values], bool]] = {
    "paper": _paper,
    "section": _section,
    "agency": _of(Agency, written.AGENCY),
    "author": _of(Byline, written.BYLINE),
    "topic": _of(Topic, written.TOPIC),
    "source": restore_source,
    "merge": restore_merge,
    "translation": _translation,
    "front": _front,
    "redirect": _redirect,
}
_TYING = frozenset({"merge", "translation", "front"})
