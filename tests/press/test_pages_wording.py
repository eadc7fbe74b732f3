"""The catalogues: complete for what readers see, and compiled as they stand."""

from __future__ import annotations

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import broadsheet

ROOT = Path(broadsheet.__file__).parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "gettext_lazy": None}


def _catalogue(language: str) -> Catalog:
    text = (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").read_bytes()
    return read_po(BytesIO(text), locale=language)


@pytest.mark.parametrize("language", ["de", "fa"])
def test_every_word_of_a_public_page_is_translated(language: str) -> None:
    catalogue = _catalogue(language)
    found = [
        message
        for folder, methods in (
            (ROOT / "press" / "jinja2", [("**.html", "jinja2")]),
            (ROOT / "press", [("*.py", "python")]),
        )
        for _file, _line, message, _notes, _context in extract_from_dir(
            folder, methods, keywords=KEYWORDS
        )
    ]
    assert len(found) > 20
    missing = [
        message for message in found if not (known := catalogue.get(message)) or not known.string
    ]
    assert missing == []


@pytest.mark.parametrize("language", ["de", "fa"])
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    written = BytesIO()
    write_mo(written, _catalogue(language))
    kept = (ROOT / "locale" / language / "LC_MESSAGES" / "django.mo").read_bytes()
    assert _messages(kept) == _messages(written.getvalue()), "run `make messages`"


def _messages(compiled: bytes) -> dict[str, str]:
    """Return what a compiled catalogue holds, without its header, which carries a date."""
    read = GNUTranslations(BytesIO(compiled))
    # The table is private; there is no public way to list what a catalogue holds.
    table: dict[str, str] = read._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in table.items() if key != ""}


@pytest.mark.parametrize("language", ["de", "fa"])
def test_translations_keep_their_placeholders(language: str) -> None:
    catalogue = _catalogue(language)
    assert [error for message in catalogue for error in message.check(catalogue)] == []
