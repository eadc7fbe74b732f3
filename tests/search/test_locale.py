from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import broadsheet.search

ROOM = Path(broadsheet.search.__file__).parent
# What the Jinja2 extension of Babel reads, and what the command says in English only.
METHODS = [("management/**", "ignore"), ("**.py", "python"), ("**/jinja2/**.html", "jinja2")]


@pytest.mark.parametrize("language", ["de", "fa"])
def test_every_text_is_translated_and_compiled(language: str) -> None:
    folder = ROOM / "locale" / language / "LC_MESSAGES"
    catalog = read_po(io.BytesIO((folder / "django.po").read_bytes()))
    texts = {
        message
        for _, _, message, _, _ in extract_from_dir(
            ROOM, METHODS, keywords={"_": None, "gettext_lazy": None, "ngettext": (1, 2)}
        )
    }
    missing = [text for text in texts if text not in catalog or not catalog[text].string]
    assert missing == []
    assert not any(message.fuzzy for message in catalog)
    compiled = read_mo(io.BytesIO((folder / "django.mo").read_bytes()))
    assert _strings(compiled) == _strings(catalog)


def _strings(catalog: Catalog) -> dict[object, list[str]]:
    """Return the translations by their text, one and many alike as lists."""
    return {
        tuple(message.id) if isinstance(message.id, list | tuple) else message.id: (
            [message.string] if isinstance(message.string, str) else list(message.string or ())
        )
        for message in catalog
        if message.id
    }
