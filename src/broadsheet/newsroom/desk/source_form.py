"""The form of a source in the register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    ObjectList,
    TitleFieldPanel,
)

from broadsheet.attribution import names
from broadsheet.stories.languages import locale_of, main_language

_TWO = 2


def _own_locale() -> Locale:
    return locale_of(get_language() or "en")


def countries() -> list[tuple[str, str]]:
    """Return the codes of ISO 3166-1 with their names in the reader's language, by name."""
    found = {code: name for code, name in _own_locale().territories.items() if code.isalpha()}
    named = [(code, name) for code, name in found.items() if len(code) == _TWO]
    return sorted(named, key=lambda pair: names.key(pair[1]))


def languages() -> list[tuple[str, str]]:
    """Return the languages that have a code of two letters, with their names, by name."""
    found = [(code, name) for code, name in _own_locale().languages.items() if len(code) == _TWO]
    return sorted(found, key=lambda pair: names.key(pair[1]))


def country_name(code: str) -> str:
    """Return the name of a country in the reader's language; the code where it has none."""
    return str(_own_locale().territories.get(code, code))


def language_name(code: str) -> str:
    """Return the name of a language in the reader's language; the code where it has none."""
    found = _own_locale().languages
    return str(found.get(code) or found.get(main_language(code)) or code)


class CodeSelect(forms.Select):
    """A choice of codes by their names, in the language of whoever chooses; or of none."""

    def __init__(self, codes: Callable[[], list[tuple[str, str]]], none: Any = "–") -> None:
        super().__init__()
        self._codes, self._none = codes, none

    def __deepcopy__(self, memo: Any) -> CodeSelect:
        return type(self)(self._codes, self._none)

    def optgroups(self, name: str, value: list[Any], attrs: Any = None) -> Any:
        """Return the options, with what is stored even where it has no name."""
        choices = self._codes()
        known = {code for code, _name in choices}
        choices += [(code, code) for code in value if code and code not in known]
        self.choices = [("", self._none), *choices]
        return super().optgroups(name, value, attrs)


class SourceForm(WagtailAdminModelForm):
    """A source as the desk edits it, with the names it is found by."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # modelcluster (6.5) compares of a constraint only the fields that the form shows: here
        # the language alone, so that a second name would be one too many.
        self.formsets["aliases"].validate_unique = lambda: None

    def clean_country(self) -> str:
        """Return the code in capital letters."""
        return str(self.cleaned_data["country"]).upper()

    def is_valid(self) -> bool:
        """Tell whether all is well; the same name twice is said where it stands."""
        valid: bool = super().is_valid()
        seen: set[tuple[str, str]] = set()
        for form in self.formsets["aliases"].forms:
            cleaned = getattr(form, "cleaned_data", None) or {}
            if cleaned.get("DELETE") or not cleaned.get("text"):
                continue
            key = names.key(cleaned["text"])
            if not key:
                form.add_error("text", ValidationError(_("A name needs a letter or a figure.")))
                valid = False
            elif (key, cleaned.get("language", "")) in seen:
                form.add_error("text", ValidationError(_("This name is here already.")))
                valid = False
            seen.add((key, cleaned.get("language", "")))
        return valid


def source_panels() -> ObjectList:
    """Return the panels of the form."""
    any_language = pgettext_lazy("language", "any")
    return ObjectList(
        [
            # Wagtail's class of that name hides label and box until the field is entered.
            TitleFieldPanel("name", targets=["slug"], placeholder=False, classname=""),
            FieldRowPanel([FieldPanel("slug"), FieldPanel("kind")]),
            InlinePanel(
                "aliases",
                heading=gettext_lazy("Names it is found by"),
                label=gettext_lazy("Name"),
                help_text=gettext_lazy(
                    "As texts write them: “SANA”, “Syrian Arab News Agency”. Articles, titles, "
                    "possessives, capitals and accents make no difference, nor do words that "
                    "only describe, as in “Syria’s official SANA”."
                ),
                panels=[
                    FieldRowPanel(
                        [
                            FieldPanel("text", widget=forms.TextInput(attrs={"dir": "auto"})),
                            FieldPanel("language", widget=CodeSelect(languages, any_language)),
                        ]
                    )
                ],
            ),
            FieldPanel("ownership_note", widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})),
            FieldRowPanel(
                [
                    FieldPanel(
                        "country",
                        widget=CodeSelect(countries),
                        help_text=gettext_lazy("Where it is at home."),
                    ),
                    FieldPanel(
                        "language",
                        widget=CodeSelect(languages),
                        help_text=gettext_lazy("What it mostly speaks or writes."),
                    ),
                ]
            ),
            FieldPanel("agency", widget=forms.Select()),
        ],
        base_form_class=SourceForm,
    )
