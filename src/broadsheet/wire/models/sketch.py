"""Sketches: by which a text is found that says nearly the same."""

from __future__ import annotations

from django.db import models

from broadsheet.wire.models.received import ReceivedItem


class Sketch(models.Model):
    """One number of an item's sketch (``likeness.sketch``); two texts alike share some."""

    value = models.BigIntegerField()
    item = models.ForeignKey(
        ReceivedItem, on_delete=models.CASCADE, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = "sketch"
        verbose_name_plural = "sketches"
        indexes = [models.Index(fields=["value", "item"], name="sketch_value")]

    def __str__(self) -> str:
        return f"{self.value} of {self.item_id}"
