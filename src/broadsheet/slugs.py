"""Slugs: how a name stands in an address, in every script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_unicode_slug
from django.db import models

# Marks that only help to read or decorate: of Latin, Greek and Cyrillic letters, Hebrew and Arabic
# points, variation selectors. All others are letters of their scripts, as most Indic vowels are.
_POINTS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u08ca-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
    "\U000e0100-\U000e01ef]"
)
# SQLite takes some thousand parameters in a statement; this is well below.
_ASKED_AT_ONCE = 500


def slug_of(name: str) -> str:
    """Return ``name`` as it stands in an address: in lower case, with hyphens between its words.

    It is Django's ``slugify(name, allow_unicode=True)``, which also takes away every combining
    mark: in Devanagari or Thai these are vowels, without which a name is another one. Empty where
    the name has neither letters nor digits.
    """
    text = unicodedata.normalize("NFKC", name).lower()
    kept = "".join(each for each in text if each.isspace() or each == "-" or _stays(each))
    return re.sub(r"[-\s]+", "-", kept).strip("-_")


def free_slug(model: type[models.Model], name: str, fallback: str) -> str:
    """Return a slug for ``name`` that no row of ``model`` has, with a number where it must.

    ``fallback`` stands for a name that has neither letters nor digits. The slug is short enough for
    the field ``slug`` of ``model`` with a number of up to five figures.
    """
    return first_free(_shortened(model, name, fallback), model._default_manager.all())


def free_slugs(model: type[models.Model], names: Sequence[str], fallback: str) -> list[str]:
    """Return what :func:`free_slug` would of each of ``names``, if the row before were stored."""
    slugs = [_shortened(model, name, fallback) for name in names]
    rows = model._default_manager.all()
    taken: set[str] = set()
    for start in range(0, len(slugs), _ASKED_AT_ONCE):
        some = slugs[start : start + _ASKED_AT_ONCE]
        taken.update(rows.filter(slug__in=some).values_list("slug", flat=True))
    found = []
    for slug in slugs:
        free, count = slug, 1
        while free in taken or (free != slug and rows.filter(slug=free).exists()):
            count += 1
            free = f"{slug}-{count}"
        taken.add(free)
        found.append(free)
    return found


def _shortened(model: type[models.Model], name: str, fallback: str) -> str:
    longest = int(getattr(model._meta.get_field("slug"), "max_length", 0))
    return slug_of(name)[: longest - 6] or fallback


def first_free(slug: str, rows: models.QuerySet[Any]) -> str:
    """Return the first of ``slug``, ``slug-2``, ``slug-3`` … that none of ``rows`` has."""
    candidate, count = slug, 1
    while rows.filter(slug=candidate).exists():
        count += 1
        candidate = f"{slug}-{count}"
    return candidate


def _stays(sign: str) -> bool:
    if sign.isalnum() or sign == "_":
        return True
    return unicodedata.category(sign)[0] == "M" and not _POINTS.match(sign)


def is_slug(value: str) -> bool:
    """Tell whether ``value`` has a sign, and none of those that :func:`slug_of` takes away.

    It may have capitals and underscores, as Django's slugs may.
    """
    return bool(value) and all(each == "-" or _stays(each) for each in value)


def validate_slug(value: str) -> None:
    """Raise ``ValidationError`` where ``value`` is no slug (:func:`is_slug`)."""
    if not is_slug(value):
        raise ValidationError(validate_unicode_slug.message, code="invalid")


def _ours(validators: list[Any]) -> list[Any]:
    return [validate_slug if each is validate_unicode_slug else each for each in validators]


class _FormField(forms.SlugField):
    def __init__(self, *, allow_unicode: bool = True, **kwargs: Any) -> None:
        super().__init__(allow_unicode=allow_unicode, **kwargs)
        self.validators = _ours(self.validators)


class NameSlugField(models.SlugField):  # type: ignore[type-arg]
    """A slug in any script. For migrations it is Django's own, as it is for the database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "allow_unicode": True})
        self.validators = _ours(self.validators)

    def deconstruct(self) -> Any:
        """Return what Django's field would."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.SlugField", args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        """Return a form field that takes the same slugs."""
        return super().formfield(**{"form_class": _FormField, **kwargs})
