"""Pictures (bytes, kept once) and photos (a picture's place on a story, with its words)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtail.models import Orderable

from broadsheet.stories.picture_files import read_picture


class Picture(AbstractImage):
    """A picture in the paper's library, with what it said of itself when it came in.

    ``description``, from Wagtail, is its text alternative.
    """

    caption = models.TextField(_("caption"), blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    taken_on = models.DateField(_("taken on"), null=True, blank=True)
    # The bytes as they came from elsewhere, by their SHA-256, so that they come in once.
    origin = models.CharField(max_length=100, blank=True, editable=False, db_index=True)

    if TYPE_CHECKING:  # Wagtail's, untyped
        file: Any
        description: str
    _taken_in: Any = None

    admin_form_fields = (*Image.admin_form_fields, "caption", "credit", "taken_on")

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def clean(self) -> None:
        """Read what a new file says of itself; refuse a damaged one as an error of the form."""
        super().clean()
        try:
            self._take_in()
        except ValidationError as error:
            raise ValidationError({"file": error}) from error

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new file is stored without what it said privately.

        Raises ``ValidationError`` for a damaged file.
        """
        self._take_in()
        super().save(*args, **kwargs)

    def _take_in(self) -> None:
        # A file that was not yet committed to the storage is new; one that was taken in
        # already (a form cleans, then saves) is known by being the same.
        if not self.file or self.file._committed or self.file.file is self._taken_in:
            return
        read = read_picture(self.file.file)
        if read.clean is not None:
            self.file = ContentFile(read.clean, name=self.file.name)
            self.file_size = None
            self.file_hash = ""
        self._taken_in = self.file.file
        words = read.words
        self.caption = self.caption or words.caption
        self.credit = self.credit or words.credit
        self.description = self.description or words.alt_text
        self.taken_on = self.taken_on or words.taken_on


class PictureRendition(AbstractRendition):
    """A picture in one size, made once."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]


class Photo(Orderable):
    """A photo of a story, with the words that stand under it there.

    ``picture`` may be empty: a caption and a credit without any bytes is a normal case for
    copy that comes from elsewhere.
    """

    story = ParentalKey("stories.Story", on_delete=models.CASCADE, related_name="photos")
    picture = models.ForeignKey(
        Picture,
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    caption = models.TextField(_("caption"), blank=True)
    credit = models.CharField(
        _("credit"), max_length=200, blank=True, help_text=_("Photographer and agency.")
    )
    alt_text = models.CharField(
        _("text alternative"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for those who cannot see it."),
    )
    taken_on = models.DateField(_("taken on"), null=True, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self) -> str:
        return self.caption[:60] or str(self.picture or self.pk)

    @property
    def printed_caption(self) -> str:
        """What readers see under the picture: this story's words, or the picture's own."""
        return str(self.caption or (self.picture.caption if self.picture is not None else ""))

    @property
    def printed_credit(self) -> str:
        """Who is credited: as this story says, or as the picture does."""
        return str(self.credit or (self.picture.credit if self.picture is not None else ""))
