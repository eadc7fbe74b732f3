"""The blocks a story's body is made of.

Stored text is rich text in Wagtail's sense (inline HTML); it is sanitised again by ``nh3``
whenever it is pressed, so that nothing depends on how it got in.
"""

from __future__ import annotations

from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock

INLINE_FEATURES = ["bold", "italic", "link", "superscript", "subscript"]


class QuotationBlock(blocks.StructBlock):
    """Words of somebody, with who said them."""

    text = blocks.TextBlock(label=_("Words"))
    speaker = blocks.CharBlock(label=_("Said by"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Quotation")


class PhotoBlock(blocks.StructBlock):
    """A picture within the body; caption and credit fall back on the picture's own."""

    picture = ImageChooserBlock(label=_("Picture"))
    caption = blocks.TextBlock(label=_("Caption"), required=False)
    credit = blocks.CharBlock(label=_("Credit"), required=False)
    alt_text = blocks.CharBlock(
        label=_("Text alternative"),
        required=False,
        help_text=_("What the picture shows, for those who cannot see it."),
    )

    class Meta:
        icon = "image"
        label = _("Photo")


class EmbedBlock(blocks.StructBlock):
    """Something published elsewhere. Readers get a link, never a tracker."""

    url = blocks.URLBlock(label=_("Address"))
    title = blocks.CharBlock(label=_("Title"))
    caption = blocks.TextBlock(label=_("Caption"), required=False)

    class Meta:
        icon = "media"
        label = _("Embed")


class ListBlock(blocks.StructBlock):
    """A list, numbered or not."""

    numbered = blocks.BooleanBlock(label=_("Numbered"), required=False)
    points = blocks.ListBlock(blocks.RichTextBlock(features=INLINE_FEATURES, label=_("Point")))

    class Meta:
        icon = "list-ul"
        label = _("List")


class TableBlock(blocks.StructBlock):
    """A table with a caption that says what it shows."""

    caption = blocks.CharBlock(label=_("Caption"), required=False)
    table = TypedTableBlock(
        [
            ("text", blocks.CharBlock(label=_("Text"), required=False)),
            ("number", blocks.DecimalBlock(label=_("Number"), required=False)),
        ],
        label=_("Table"),
    )

    class Meta:
        icon = "table"
        label = _("Table")


class StoryBodyBlock(blocks.StreamBlock):
    """The body of a story: a stream of the blocks above, in reading order."""

    paragraph = blocks.RichTextBlock(features=INLINE_FEATURES, label=_("Paragraph"), icon="pilcrow")
    heading = blocks.CharBlock(label=_("Heading"), icon="title")
    quotation = QuotationBlock()
    photo = PhotoBlock()
    embed = EmbedBlock()
    table = TableBlock()
    list = ListBlock()


# Wagtail builds the instance that a field carries; mypy sees only an untyped call.
def story_body() -> Any:
    """Return the block definition of a story's body."""
    return cast(Any, StoryBodyBlock(required=False))
