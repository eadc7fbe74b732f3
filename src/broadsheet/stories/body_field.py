"""The body of a story: Wagtail's StreamField, written without escapes in versions too."""

from __future__ import annotations

from typing import Any

from wagtail.fields import StreamField

from broadsheet.json_text import written


class BodyField(StreamField):
    """A StreamField whose text in a version (``Revision.content``) has letters as they are.

    To the database and its migrations it is a StreamField like any other.
    """

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Say what the field is made of, as a StreamField."""
        name, _, arguments, named = super().deconstruct()
        return name, f"{StreamField.__module__}.{StreamField.__qualname__}", arguments, named

    def value_to_string(self, obj: Any) -> str:
        """Return the field's value in ``obj`` as JSON, which a version holds as one text."""
        value = self.get_prep_value(self.value_from_object(obj))
        return written(value, self.json_field.encoder)
