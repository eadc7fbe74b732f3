"""The register of sources: finding who a name means, proposing, renaming, merging.

``user`` is who acts; ``None`` is the paper itself (a command, the worker), which may do anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from broadsheet.attribution import names, publicity
from broadsheet.attribution.models import (
    RelationHop,
    Source,
    SourceAlias,
    SourceMerge,
    StoryRelation,
)
from broadsheet.attribution.relation import SourceKind
from broadsheet.slugs import free_slug
from broadsheet.stories.languages import main_language

if TYPE_CHECKING:
    from broadsheet.accounts.models import User

_MOST_CANDIDATES = 8


def resolve(name: str, language: str = "") -> Source | None:
    """Return the source that ``name`` in a text of ``language`` means, ``None`` where unsure.

    Names are compared as ``names.readings`` gives them. A name that two sources bear is nobody's;
    one that is noted for this language goes before those for any.
    """
    return resolve_all([name], language)[name]


def resolve_all(wanted: Iterable[str], language: str = "") -> dict[str, Source | None]:
    """Return what each of the names means, in one query."""
    by_name = {name: list(names.readings(name)) for name in dict.fromkeys(wanted)}
    bearers = _bearers({key for keys in by_name.values() for key in keys}, language)
    return {name: _meant(keys, bearers) for name, keys in by_name.items()}


def candidates(name: str, language: str = "") -> list[Source]:
    """Return whom ``name`` may mean, the likeliest first: who bears it, then who bears a part."""
    keys = list(names.readings(name))
    bearers = _bearers(keys, language)
    found = dict.fromkeys(source for key in keys for source in bearers.get(key, ()))
    words = [word for word in (keys[0].split() if keys else []) if len(word) > 2]  # noqa: PLR2004
    if words:
        alike = Q()
        for word in words:
            alike |= Q(folded__contains=word)
        aliases = SourceAlias.objects.filter(alike, source__merged_into__isnull=True)
        for alias in aliases.select_related("source").order_by("folded")[:50]:
            if set(words) & set(alias.folded.split()):
                found.setdefault(alias.source)
    return list(found)[:_MOST_CANDIDATES]


def _bearers(keys: Iterable[str], language: str) -> Mapping[str, list[Source]]:
    rows = SourceAlias.objects.filter(folded__in=list(keys)).select_related("source__merged_into")
    own: dict[str, list[Source]] = defaultdict(list)
    other: dict[str, list[Source]] = defaultdict(list)
    for row in rows:
        source = row.source.current
        exact = bool(row.language) and main_language(row.language) == main_language(language)
        for found in (own, other) if exact else (other,):
            if source not in found[row.folded] and (exact or not row.language or not language):
                found[row.folded].append(source)
    return {key: own.get(key) or other[key] for key in {*own, *other} if own.get(key) or other[key]}


def _meant(keys: Iterable[str], bearers: Mapping[str, list[Source]]) -> Source | None:
    for key in keys:
        if found := bearers.get(key):
            return found[0] if len(found) == 1 else None
    return None


@transaction.atomic
def propose(
    name: str,
    *,
    kind: Source.Kind = Source.Kind.ORGANISATION,
    language: str = "",
    proposed: bool = True,
    user: User | None = None,
) -> Source:
    """Enter a source of this name, for somebody to look at; the one of that name, if there is.

    Raises ``PermissionDenied`` for a user who may not add sources and ``ValidationError`` for an
    empty name.
    """
    _require(user, "attribution.add_source")
    name = " ".join(name.split())[:200]
    if not names.key(name):
        raise ValidationError(_("A source needs a name."))
    if (found := resolve(name, language)) is not None:
        return found
    return Source.objects.create(
        name=name,
        slug=free_slug(Source, name, "source"),
        kind=kind,
        language=language,
        proposed=proposed,
    )


def found_or_proposed(wanted: Mapping[str, SourceKind], language: str) -> dict[str, Source | None]:
    """Return the source of each name; a named one that nobody bears yet is proposed.

    A name that several bear is left to an editor, and people who are not named are entered by
    hand alone: "two officials" are not the same two in every story.
    """
    by_name = {name: list(names.readings(name)) for name in wanted}
    bearers = _bearers({key for keys in by_name.values() for key in keys}, language)
    found: dict[str, Source | None] = {}
    for name, keys in by_name.items():
        found[name] = _meant(keys, bearers)
        if keys and wanted[name] == SourceKind.NAMED and not any(key in bearers for key in keys):
            found[name] = source = propose(
                name, kind=kind_of(wanted[name], name), language=main_language(language)
            )
            bearers = {**bearers, keys[0]: [source]}
    return found


def kind_of(kind: SourceKind, name: str) -> Source.Kind:
    """Guess what a newly named source is, from how it is named; somebody will look at it."""
    if kind == SourceKind.UNNAMED:
        return Source.Kind.GROUP
    first = name.split(" ", maxsplit=1)[0].rstrip(".").lower()
    if first in {"mr", "mrs", "ms", "miss", "dr", "gen", "sen", "rep", "gov", "sir", "president"}:
        return Source.Kind.PERSON
    # Late: the processes that serve need none of the extraction.
    from broadsheet.attribution.extraction.mentions import people

    words = people()
    parts = [part.casefold() for part in name.split()]
    if len(parts) in {2, 3} and first in words.female_names | words.male_names:
        is_thing = set(parts) & (words.bodies | words.outlets)
        return Source.Kind.ORGANISATION if is_thing else Source.Kind.PERSON
    return Source.Kind.ORGANISATION


def accept(source: Source, user: User | None) -> None:
    """Note that somebody has looked at a proposed source. Raises ``PermissionDenied``."""
    _require(user, "attribution.change_source")
    if not source.proposed:
        return
    source.proposed = False
    source.save(update_fields=["proposed"])
    log(instance=source, action="attribution.source.accept", user=user)


@transaction.atomic
def rename(source: Source, name: str, user: User | None, *, slug: str = "") -> None:
    """Call ``source`` otherwise; its name before stays one of its names, and its address leads on.

    Raises ``PermissionDenied`` and, for a name or slug it cannot have, ``ValidationError``.
    """
    _require(user, "attribution.change_source")
    source.name = " ".join(name.split())
    if slug:
        source.slug = slug
    source.full_clean()
    source.save()


@transaction.atomic
def merge(kept: Source, given_up: Source, user: User | None) -> SourceMerge:
    """Make two sources one: what rests on ``given_up`` rests on ``kept`` from now on.

    Each relation and hop remembers under which source it stood, the names of the other become
    names of ``kept``, and its address leads there. Raises ``PermissionDenied`` and, where the two
    are one already or either was given up before, ``ValidationError``.
    """
    _require(user, "attribution.change_source")
    kept, given_up = _fresh(kept), _fresh(given_up)
    if kept == given_up or kept.merged_into_id or given_up.merged_into_id:
        raise ValidationError(_("Choose two sources of which neither was merged before."))
    row = SourceMerge.objects.create(kept=kept, given_up=given_up, by=user)
    for model in (StoryRelation, RelationHop):
        rows = model._default_manager.filter(source=given_up)
        rows.filter(stood_under__isnull=True).update(stood_under=given_up)
        rows.update(source=kept)
    has = set(kept.aliases.values_list("folded", "language"))
    for alias in given_up.aliases.all():
        if (alias.folded, alias.language) not in has:
            SourceAlias.objects.create(
                source=kept, text=alias.text, language=alias.language, came_with=row
            )
    given_up.merged_into = kept
    given_up.save(update_fields=["merged_into"])
    _log_both(kept, given_up, "attribution.source.merge", user)
    publicity.order_slugs([given_up.slug])
    publicity.order_sources([kept])
    return row


@transaction.atomic
def unmerge(row: SourceMerge, user: User | None) -> None:
    """Take a merge back: what stood under the source given up stands under it again.

    What was attributed to ``kept`` since stays there. Raises ``PermissionDenied`` and, where
    either source was merged further meanwhile, ``ValidationError``.
    """
    _require(user, "attribution.change_source")
    row.refresh_from_db(fields=["undone_at"])
    row.kept, row.given_up = kept, given_up = _fresh(row.kept), _fresh(row.given_up)
    if not may_be_undone(row):
        raise ValidationError(_("This merge was taken back, or one of the two was merged again."))
    before = [given_up.pk, *_merged_below(given_up)]
    for model in (StoryRelation, RelationHop):
        rows = model._default_manager.filter(source=kept, stood_under__in=before)
        rows.update(source=given_up)
        model._default_manager.filter(source=given_up, stood_under=given_up).update(
            stood_under=None
        )
    row.aliases.all().delete()
    given_up.merged_into = None
    given_up.save(update_fields=["merged_into"])
    row.undone_at, row.undone_by = timezone.now(), user
    row.save(update_fields=["undone_at", "undone_by"])
    _log_both(kept, given_up, "attribution.source.unmerge", user)
    publicity.order_sources([kept, given_up])


def may_be_undone(row: SourceMerge) -> bool:
    """Tell whether :func:`unmerge` can take this merge back as things stand."""
    return (
        row.undone_at is None
        and row.given_up.merged_into_id == row.kept_id
        and row.kept.merged_into_id is None
    )


def family(source: Source) -> list[Source]:
    """Return ``source`` and every source that was merged into it, at whatever remove."""
    return [source, *Source.objects.filter(pk__in=_merged_below(source))]


def tidy(among: Iterable[int]) -> int:
    """Delete those sources that were proposed and stand behind nothing any more; returns how many.

    ``among`` are the primary keys to look at.
    """
    unused = Source.objects.filter(
        pk__in=list(among), proposed=True, relations__isnull=True, hops__isnull=True,
        merged__isnull=True, merges__isnull=True, given_up_in__isnull=True,
    )  # fmt: skip
    return unused.delete()[1].get("attribution.Source", 0)


def _merged_below(source: Source) -> list[int]:
    found: list[int] = []
    level = [source.pk]
    while level := list(Source.objects.filter(merged_into__in=level).values_list("pk", flat=True)):
        found += level
    return found


def _log_both(kept: Source, given_up: Source, action: str, user: User | None) -> None:
    for source, role in ((kept, "kept"), (given_up, "given up")):
        names_then = {"kept": kept.name, "given_up": given_up.name, "this": role}
        # The history shows one entry for each event, whosesoever it is.
        log(instance=source, action=action, user=user, uuid=uuid4(), data=names_then)


def _fresh(source: Source) -> Source:
    return Source.objects.select_for_update().get(pk=source.pk)


def _require(user: User | None, permission: str) -> None:
    if user is not None and not user.has_perm(permission):
        raise PermissionDenied(_("You may not change the register of sources."))
