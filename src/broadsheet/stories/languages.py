"""Languages of stories: their names, direction and what an editor may choose from.

Languages are BCP 47 tags (RFC 5646) as Unicode CLDR knows them, through Babel.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Direction = Literal["ltr", "rtl"]


@lru_cache(maxsize=256)
def locale_of(language: str) -> Locale:
    """Return Babel's locale for a BCP 47 tag; the tag's main language where the whole is unknown.

    Raises ``babel.UnknownLocaleError`` (or ``ValueError`` for a tag that is none).
    """
    try:
        return Locale.parse(language, sep="-")
    except UnknownLocaleError:
        return Locale.parse(language.split("-", maxsplit=1)[0])


def direction_of(language: str) -> Direction:
    """Return the writing direction of a language, left to right where it is unknown."""
    try:
        return "rtl" if locale_of(language).text_direction == "rtl" else "ltr"
    except (UnknownLocaleError, ValueError):
        return "ltr"


def name_of(language: str) -> str:
    """Return the language's name in that language, or the tag itself where it is unknown."""
    try:
        return str(locale_of(language).get_display_name() or language)
    except (UnknownLocaleError, ValueError):
        return language


def paper_languages() -> list[tuple[str, str]]:
    """Return the languages of this paper as choices, its own language first."""
    return [(language, name_of(language)) for language in settings.PAPER_LANGUAGES]


def own_language() -> str:
    """Return the paper's own language: the one its first front is in."""
    return str(settings.PAPER_LANGUAGES[0])


def main_language(language: str) -> str:
    """Return the main language of a tag, without region or script: ``en`` for ``en-GB``."""
    return language.split("-", maxsplit=1)[0].lower()


def front_language_of(language: str) -> str:
    """Return the language of the paper whose fronts and feeds list stories in ``language``.

    The tag itself where the paper has it, else the first of the paper's languages with the same
    main language (``en`` for ``en-GB``), else the paper's own: every story stands on a front.
    Tags are compared without regard to case (RFC 5646, 2.1.1).
    """
    wanted = language.lower()
    by_tag = {each.lower(): each for each in reversed(settings.PAPER_LANGUAGES)}
    if wanted in by_tag:
        return by_tag[wanted]
    by_main = {main_language(tag): each for tag, each in by_tag.items()}
    return by_main.get(main_language(wanted), own_language())


def validate_language(language: str) -> None:
    """Raise ``ValidationError`` unless ``language`` is a tag that Unicode CLDR knows."""
    try:
        locale_of(language)
    except (UnknownLocaleError, ValueError) as error:
        message = _("“%(tag)s” is no known language tag (BCP 47), such as “en” or “pt-BR”.")
        raise ValidationError(message, params={"tag": language}) from error
