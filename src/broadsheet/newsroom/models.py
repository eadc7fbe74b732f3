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
