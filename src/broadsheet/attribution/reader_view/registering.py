"""How this room tells the press what it draws and presses for readers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.models.signals import post_save, pre_save

from broadsheet.attribution.models import SourcePolicy
from broadsheet.attribution.reader_view import part, resting, source_sheets
from broadsheet.press import actions, assets, dependents, parts, sheets

STYLE = "sources.css"
_BEFORE = "_suggestions_before"
# Every unreviewed story looks otherwise: the worker's business.
_MANY = -6


def policy_about_to_be_saved(instance: SourcePolicy, **_: Any) -> None:
    """Keep what readers saw of suggestions until now."""
    before = SourcePolicy.objects.filter(pk=instance.pk).values_list("suggestions", flat=True)
    instance.__dict__[_BEFORE] = before.first()


def policy_saved(instance: SourcePolicy, **_: Any) -> None:
    """Have the paper pressed where readers are to see more of suggestions than before, or less."""
    before = instance.__dict__.pop(_BEFORE, None)
    if before is not None and before != instance.suggestions:
        actions.order([actions.EVERYTHING], priority=_MANY)


def connect() -> None:
    """Register the parts and marks of story pages, and this room's own sheets; called once."""
    for file in sorted((Path(__file__).parents[1] / "assets").iterdir()):
        assets.register(file.name, file)
    parts.register("sources", part.story_part)
    parts.register_marking(part.marker, style=STYLE)
    for kind in source_sheets.KINDS:
        sheets.register(kind)
    dependents.register(resting.sheets_of)
    pre_save.connect(
        policy_about_to_be_saved, sender=SourcePolicy, dispatch_uid="attribution.policy"
    )
    post_save.connect(policy_saved, sender=SourcePolicy, dispatch_uid="attribution.policy-saved")
