"""The letters' catalogues: complete, with their placeholders, and compiled as they stand."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from broadsheet import letters

ROOT = Path(letters.__file__).parent
KEYWORDS = {
    "_": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
LANGUAGES = pytest.mark.parametrize("language", ["de", "fa"])


def catalogue(language: str) -> Catalog:
    text = (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").read_bytes()
    return read_po(BytesIO(text), locale=language)


@LANGUAGES
def test_every_word_is_translated(language: str) -> None:
    known = catalogue(language)
    methods = [("**/migrations/**", "ignore"), ("**.py", "python"), ("jinja2/**.html", "jinja2")]
    found = [
        (message, context)
        for _file, _line, message, _notes, context in extract_from_dir(
            ROOT, methods, keywords=KEYWORDS
        )
    ]
    assert len(found) > 60
    missing = []
    for message, context in found:
        written = known.get(message if isinstance(message, str) else message[0], context)
        if written is None or not written.string:
            missing.append(message)
    assert missing == []


def texts(known: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    def listed(text: object) -> tuple[str, ...]:
        return (text,) if isinstance(text, str) else tuple(text or ())  # type: ignore[arg-type]

    # Babel reads the contexts of compiled catalogues as bytes.
    entries = [
        (each.context.decode() if isinstance(each.context, bytes) else each.context or "", each)
        for each in known
        if each.id
    ]
    return {(context, *listed(each.id)): listed(each.string) for context, each in entries}


@LANGUAGES
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    written = texts(catalogue(language))
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        assert texts(read_mo(file)) == written


@LANGUAGES
def test_translations_keep_their_placeholders(language: str) -> None:
    known = catalogue(language)
    assert [error for message in known for error in message.check(known)] == []
