"""What the newsroom set up once by itself, so that it never does so again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SeededThing(models.Model):
    """One thing that was set up at a first start: a role's permission, the workflow.

    What an administrator takes away afterwards stays away, because its row is still here.
    """

    name = models.CharField(max_length=200, unique=True)
    seeded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("thing set up at the start")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class ImportState(models.Model):
    """How far an import has come that was interrupted, or is running.

    ``key`` stands for the paths of its files, ``stamp`` for these with their sizes and times of
    change.
    ``done`` counts the records that were dealt with, ``counts`` what became of them.
    """

    key = models.CharField(max_length=16, primary_key=True)
    stamp = models.CharField(max_length=64)
    started = models.DateTimeField()
    done = models.PositiveBigIntegerField(default=0)
    counts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("state of an import")
        default_permissions = ()

    def __str__(self) -> str:
        return self.key
