"""A small newspaper to draw pages of: what the tests of the pages share."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from broadsheet.stories.models import Paper, Photo, Picture, Section, SectionName, Story

PUBLISHED = datetime(2017, 12, 30, 6, 58, tzinfo=UTC)


def paper(**fields: Any) -> Paper:
    """Save the paper's particulars."""
    saved: Paper = Paper.load()
    for name, value in {
        "name": "The Harbour Post",
        "strapline": "News of the coast",
        **fields,
    }.items():
        setattr(saved, name, value)
    saved.save()
    return saved


def section(slug: str = "world", **names: str) -> Section:
    """Return a section, with its names in other languages by language."""
    made: Section
    made, _created = Section.objects.get_or_create(slug=slug, defaults={"name": slug.title()})
    for language, name in names.items():
        SectionName.objects.create(section=made, language=language, name=name)
    return made


def paragraphs(*texts: str) -> list[dict[str, str]]:
    """Return the raw body that holds ``texts``, a paragraph each."""
    return [{"type": "paragraph", "value": f"<p>{text}</p>"} for text in texts]


def story(headline: str = "Ferry runs again", **fields: Any) -> Story:
    """Return a public story, first published at :data:`PUBLISHED`."""
    values: dict[str, Any] = {
        "section": fields.pop("section", None) or section(),
        "body": paragraphs("The ferry sailed on Friday.", "It was full."),
        "live": True,
        "first_published_at": PUBLISHED,
        # Its form would stand on every page that is compared here.
        "comments_open": False,
        **fields,
    }
    body = values.pop("body")
    made = Story(headline=headline, **values)
    made.body = made._meta.get_field("body").to_python(body)
    made.save()
    return made


def picture_bytes(
    width: int = 1200, height: int = 800, kind: str = "JPEG", **options: Any
) -> bytes:
    """Return a picture that is no plain colour."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def picture(content: bytes | None = None, name: str = "pier.jpg", **fields: Any) -> Picture:
    """Return a picture in the library."""
    content = picture_bytes() if content is None else content
    made = Picture(title=Path(name).stem, file=ContentFile(content, name=name), **fields)
    made.save()
    return made


def photo(
    of: Story, picture: Picture | None = None, *, sort_order: int = 0, **fields: Any
) -> Photo:
    """Return a photo placed on the story ``of``."""
    made: Photo = Photo.objects.create(story=of, picture=picture, sort_order=sort_order, **fields)
    return made
