"""The form a picture is uploaded with."""

from __future__ import annotations

from django.forms import ValidationError
from django.utils.translation import gettext as _
from wagtail.images.forms import BaseImageForm


class PictureForm(BaseImageForm):
    """Wagtail's form, which says of a damaged file that it is damaged."""

    def _clean_fields(self) -> None:
        # Wagtail's field counts the pixels of a file and does not expect it to break off
        # (wagtail.images.fields.WagtailImageField.check_image_pixel_size, Wagtail 8.0).
        try:
            super()._clean_fields()
        except (OSError, SyntaxError):
            damaged = _("This picture is damaged: it cannot be read to its end. Export it again.")
            self.add_error("file", ValidationError(damaged, code="damaged"))
