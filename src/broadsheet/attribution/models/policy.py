"""What the paper asks of its stories' sources, and what it shows readers of unreviewed ones."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


class Strictness(models.TextChoices):
    """What a finding does to a publication."""

    OFF = "off", pgettext_lazy("of a check", "off")
    WARNING = "warning", pgettext_lazy("of a check", "warning")
    STOP = "stop", pgettext_lazy("of a check", "stops publication")


class ReaderView(models.TextChoices):
    """What readers see of suggestions that nobody has reviewed."""

    HIDDEN = "hidden", _("hidden")
    MARKED = "marked", _("shown, marked as unreviewed")


def _strictness(label: Any) -> models.CharField[str, str]:
    return models.CharField(
        label, max_length=8, choices=Strictness.choices, default=Strictness.WARNING
    )


@register_setting(icon="clipboard-list")
class SourcePolicy(BaseGenericSetting):
    """One row, edited in the newsroom; its fields are named as ``checks.Check`` names them."""

    dangling = _strictness(_("an outlet that was lost in the copy (“…, reported”)"))
    hedge_not_in_headline = _strictness(_("a hedge in the text that the headline drops"))
    single_source = _strictness(_("everything rests on one source"))
    only_unnamed = _strictness(_("nobody who stands behind the story is named"))
    long_chain = _strictness(_("a claim that came through two outlets or more"))
    unresolved_date = _strictness(_("a time that cannot be resolved"))
    unattributed = _strictness(_("a claim that nobody stands behind"))
    suggestions = models.CharField(
        _("suggestions nobody has reviewed"),
        max_length=8,
        choices=ReaderView.choices,
        default=ReaderView.HIDDEN,
        help_text=_("What readers see of them. What an editor confirmed is always shown."),
    )

    class Meta:
        verbose_name = _("sources and checks")

    def __str__(self) -> str:
        return "sources and checks"
