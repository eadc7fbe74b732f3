"""Collects what is to be translated in the newsroom's Django templates, for Babel.

Babel reads Python and Jinja2 by itself. Django turns its own templates into Python calls for
``xgettext``; here those calls are handed to Babel, so that ``make messages`` needs no program
from outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import IO, Any

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize


def extract(
    template: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Iterable[str],
    options: Mapping[str, str],
) -> Iterable[tuple[int, str, Any, list[str]]]:
    """Return the messages of a template, as Babel asks its extraction methods for them.

    ``options`` may name the ``encoding``, UTF-8 otherwise. Raises ``SyntaxError`` for a template
    that Django cannot make out.
    """
    written = template.read().decode(options.get("encoding", "utf-8"))
    # Markup is indented as it likes, Python is not.
    calls = "\n".join(line.strip() for line in templatize(written).splitlines())
    return extract_python(BytesIO(calls.encode()), keywords, comment_tags, {"encoding": "utf-8"})  # type: ignore[arg-type]
