"""What is to be pressed, and what was: the orders, the ledger, and the journal of its changes."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PressOrder(models.Model):
    """One sheet that must be pressed, or taken away, because something it shows has changed.

    Written in the transaction of that change and deleted when the sheet is on disk: whatever
    stops the press in between, the order is still there at the next start. Ordering a sheet
    that is ordered already raises ``turn``, so that the older pressing does not strike out an
    order that came in meanwhile.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=250)
    priority = models.SmallIntegerField(default=0)
    turn = models.PositiveIntegerField(default=0)
    ordered_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_order_per_sheet"),
        ]
        indexes = [
            models.Index(fields=["-priority", "-ordered_at", "id"], name="press_order_next"),
        ]
        verbose_name = _("press order")
        verbose_name_plural = _("press orders")

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class PressedFile(models.Model):
    """The ledger: one row a file that stands in the pressed folder."""

    address = models.CharField(max_length=300, unique=True)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=250)
    sha256 = models.CharField(max_length=64, help_text="Of what tells one version from another.")
    size = models.PositiveIntegerField(help_text="Bytes as stored.")
    # Without a default, so that no database has to write every row anew.
    digest = models.CharField(
        max_length=64,
        null=True,
        editable=False,
        help_text="SHA-256 of the bytes as stored, where they lie in a store that nodes share.",
    )
    seconds = models.FloatField(default=0, help_text="What it took to make the bytes.")
    pressed_at = models.DateTimeField(help_text="When the bytes last changed.")
    tally = models.PositiveIntegerField(default=0, help_text="How many stories stand on it.")
    # Where the story stood when it was last pressed: [kind, key] of each sheet, so that what it
    # has left since (a section, a topic) is pressed again as well.
    shown_on = models.JSONField(default=list)
    # Without a default, as the digest.
    pieces = models.JSONField(
        null=True,
        editable=False,
        help_text="The key, first byte and end of each piece that the sheet is made of.",
    )
    # Without a default, as the digest. It says of which version it speaks, lest somebody who does
    # not know of it leaves an old one with a new page.
    look = models.CharField(
        max_length=200,
        null=True,
        editable=False,
        help_text="How lists know the story of this page, after the first letters of the hash.",
    )

    class Meta:
        indexes = [
            models.Index(fields=["kind", "key"], name="pressed_sheet"),
            # A publication asks for the looks of all stories of the day, and of each of its lists.
            models.Index(
                fields=["kind", "key", "sha256", "look"],
                name="pressed_look",
                condition=models.Q(look__isnull=False),
            ),
        ]
        verbose_name = _("pressed file")
        verbose_name_plural = _("pressed files")

    def __str__(self) -> str:
        return self.address


class PressedChange(models.Model):
    """The journal: one row each time a pressed file changed, by which other nodes follow.

    Written in the ledger's transaction, where ``PRESS_URL`` is set, and only by whoever holds the
    press lock: so no smaller id ever appears after a larger one.
    """

    id = models.BigAutoField(primary_key=True)
    address = models.CharField(max_length=300)
    # Empty where the file was taken away.
    digest = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("change of a pressed file")
        verbose_name_plural = _("changes of pressed files")

    def __str__(self) -> str:
        return f"{self.address} {self.digest or 'taken away'}"
