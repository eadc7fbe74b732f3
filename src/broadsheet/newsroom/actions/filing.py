"""Find, or make, the records that incoming copy names: section, bylines, agencies, topics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Upper
from django.db.models.lookups import Exact

from broadsheet import new_rows
from broadsheet.accounts.models import Byline
from broadsheet.newsroom import moved_addresses
from broadsheet.slugs import free_slug, free_slugs, slug_of
from broadsheet.stories.models import Agency, Section, Topic

DEFAULT_SECTION = "News"


def section_named(name: str) -> Section:
    """Return the section with this name or slug, in any of the paper's languages.

    In a paper that has no section yet it is made: there is nothing it could be a misspelling
    of. Otherwise raises ``ValidationError``, which names the sections there are.
    """
    if (section := section_called(name)) is not None:
        return section
    known = list(Section.objects.values_list("name", flat=True))
    if known:
        raise ValidationError(
            f"There is no section “{name}”. The paper has: {', '.join(known)}. Add the section in "
            "the newsroom, or name one of these."
        )
    section = Section(name=name, slug=free_slug(Section, name, "section"))
    section.full_clean()
    section.save()
    return section


def section_for(printed: str, otherwise: str = "") -> Section:
    """Return the section that copy says it belongs to; where the paper has none such, another.

    That is the section ``otherwise``, or "News".

    What a supplier calls its sections must not make sections here, so unknown names fall
    together in one, which is made when it is first needed.
    """
    found = section_called(printed) if printed else None
    if found is None and otherwise:
        found = section_called(otherwise)
    if found is None:
        found = section_called(DEFAULT_SECTION)
    if found is None:
        slug = free_slug(Section, DEFAULT_SECTION, "section")
        found = Section.objects.create(name=DEFAULT_SECTION, slug=slug)
    return found


def byline(name: str) -> Byline:
    """Return the byline of this name, made if need be."""
    return byline_made(name)[0]


def byline_made(name: str) -> tuple[Byline, bool]:
    """Return the byline of this name, and whether it had to be made."""
    return _named(Byline, name)


def agency(name: str) -> Agency:
    """Return the agency of this name or credit line, made if need be."""
    found = Agency.objects.filter(Q(name__iexact=name) | Q(credit_line__iexact=name)).first()
    return found or _named(Agency, name)[0]


def topic(name: str, language: str) -> Topic:
    """Return the topic of this name in ``language``, made if need be."""
    return topic_made(name, language)[0]


def topic_made(name: str, language: str) -> tuple[Topic, bool]:
    """Return the topic of this name in ``language``, and whether it had to be made."""
    return _named(Topic, name, language=language)


def filed_topic(name: str, language: str) -> Topic:
    """Return the topic that an archive calls ``name``, made in ``language`` if need be."""
    return filed_topic_made(name, language)[0]


def filed_topic_made(name: str, language: str) -> tuple[Topic, bool]:
    """Return the topic that an archive calls ``name``, and whether it had to be made.

    The one in ``language`` where there is one, else the first in any: an archive lists its topics
    apart from its stories, and does not say there what language they are in. One that is made is
    in ``language``.
    """
    named = _called(Topic, _within(Topic, name)).order_by("pk")
    found = named.filter(language=language).first() or named.first()
    return (found, False) if found is not None else topic_made(name, language)


def section_called(name: str) -> Section | None:
    """Return the section with this name or slug, in any of the paper's languages, if there is."""
    name = name.strip()
    own = Q(name__iexact=name) | Q(slug=slug_of(name) or name)
    found: Section | None = Section.objects.filter(own).first()
    return found or Section.objects.filter(names__name__iexact=name).first()


def _named(model: type[Any], name: str, **values: str) -> tuple[Any, bool]:
    name = _within(model, name)
    found = _called(model, name).filter(**values).order_by("pk").first()
    if found is not None:
        return found, False
    slug = free_slug(model, name, "name")
    return model.objects.create(name=name, slug=slug, **values), True


def _called(model: type[Any], name: str) -> QuerySet[Any]:
    """Return the rows of ``model`` of that ``name``, in capitals or without, by their index."""
    # SQLite folds only ASCII: names in other scripts are compared as they are written.
    found: QuerySet[Any] = model.objects.filter(Exact(Upper("name"), Upper(Value(name))))
    return found


def new_topics(wanted: Sequence[tuple[str, str]]) -> list[Topic]:
    """Make a topic of each name in its language, of which there is none; return them in order.

    Part of the caller's transaction, which must be one that writes already.
    """
    names = [_within(Topic, name) for name, _language in wanted]
    slugs = free_slugs(Topic, names, "name")
    made = new_rows.insert(
        Topic(name=name, slug=slug, language=language)
        for name, slug, (_name, language) in zip(names, slugs, wanted, strict=True)
    )
    moved_addresses.taken_by(made)
    return made


def topic_name(name: str) -> str:
    """Return ``name`` as a topic would have it."""
    return _within(Topic, name)


def _within(model: type[Any], name: str) -> str:
    """Return ``name`` as a row of ``model`` would have it."""
    longest = int(model._meta.get_field("name").max_length)
    return " ".join(name.split())[:longest].rstrip()
