"""What the nodes of a paper know of each other, where they share a database."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Node(models.Model):
    """A machine, or a home on one, that serves the paper: its worker's sign of life.

    The row goes when the worker stops in good order, so that a silent one is one that broke.
    """

    name = models.CharField(max_length=100)
    home = models.CharField(max_length=300)
    seen_at = models.DateTimeField(help_text="By the clock of the database, which all share.")
    duty = models.CharField(max_length=100, blank=True)
    troubles = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "home"], name="one_row_per_node"),
        ]
        verbose_name = _("node")
        verbose_name_plural = _("nodes")

    def __str__(self) -> str:
        return self.name
