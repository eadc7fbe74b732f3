"""What agencies have taken back, so that it is known when it comes again or comes late."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from broadsheet.wire.models.received import ReceivedItem


class WithdrawnCopy(models.Model):
    """The guid of copy that its agency took back, and what said so.

    ``is_final`` tells "canceled", which is for ever, from "withheld", which a later version
    may end (IPTC NewsCodes, scheme ``pubstatusg2``).
    """

    guid = models.CharField(max_length=1000, unique=True)
    item = models.ForeignKey(ReceivedItem, on_delete=models.PROTECT, related_name="+")
    is_final = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("withdrawn copy")
        verbose_name_plural = _("withdrawn copies")

    def __str__(self) -> str:
        return self.guid
