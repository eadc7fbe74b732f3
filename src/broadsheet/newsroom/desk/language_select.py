"""A field for the language of a story, or of what comes in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from broadsheet.stories.languages import name_of, paper_languages


class LanguageSelect(forms.Select):
    """A choice of the paper's languages, and of the one the story came in."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, choices=paper_languages())

    def optgroups(self, name: str, value: list[Any], attrs: Any = None) -> Any:
        """Return the options; copy from elsewhere keeps a language the paper does not list."""
        choices = paper_languages()
        for language in value:
            if language and language not in settings.PAPER_LANGUAGES:
                choices.append((language, name_of(language)))
        self.choices = choices
        return super().optgroups(name, value, attrs)
