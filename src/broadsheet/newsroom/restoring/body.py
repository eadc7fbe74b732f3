"""The blocks of a body come back as they were stored, as far as they are blocks of a body.

What the newsroom stores is kept character for character. Markup that the newsroom would not
have written is cleaned; a block of an unknown kind becomes a paragraph with its words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from html import escape
from typing import Any

import nh3
from django.core.exceptions import ValidationError

from broadsheet.newsroom.export.wxr_body import texts_in
from broadsheet.newsroom.restoring.values import Values

# What a rich text of the newsroom is made of (Wagtail, ``blocks.INLINE_FEATURES``), and what else
# of words is harmless: if a text is nothing else, letter by letter, there is nothing that a parser
# could read in two ways.
_PLAIN = ("p", "b", "i", "strong", "em", "sub", "sup", "code", "s", "u", "small", "mark", "q")
_NAMES = "|".join(_PLAIN)
_HREF = r'(?:https?://|mailto:|tel:|/|#)[^"<>\x00-\x1f]*'
_OWN = re.compile(
    r"[^<>]+"
    rf"|</(?:{_NAMES}|a)>"
    r"|<br\s?/?>"
    rf'|<(?:{_NAMES})(?: data-block-key="\w{{1,20}}")?>'
    rf'|<a(?: href="{_HREF}")?>'
)
_CLEANER = nh3.Cleaner(
    tags={*_PLAIN, "a", "br"},
    attributes={"a": {"href"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)
_ID = re.compile(r"[\w-]{1,64}")
_MOST_BLOCKS = 20_000
_COLUMNS = ("text", "number")


def restored_body(
    blocks: list[Any], pictures: Mapping[str, int], where: str
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the raw values of a body, and what could not be taken over as it was.

    ``pictures`` are the numbers of the pictures by their keys. Raises ``ValidationError`` for
    what is no list of blocks at all.
    """
    if len(blocks) > _MOST_BLOCKS:
        raise ValidationError(f"{where}: more than {_MOST_BLOCKS} blocks are no story.")
    found: list[dict[str, Any]] = []
    remarks: list[str] = []
    for place, block in enumerate(blocks, start=1):
        values = Values(block, f"{where}, block {place}")
        kind = values.text("type")
        value = values.raw("value")
        try:
            restored = _KINDS[kind](value, pictures, values.where)
        except (KeyError, ValidationError):
            words = " ".join(_words(value))
            remarks.append(f"{values.where} is no “{kind[:40]}”; its words are kept.")
            if not words:
                continue
            kind, restored = "paragraph", f"<p>{escape(words, quote=False)}</p>"
        if kind == "photo" and restored["picture"] is None:
            remarks.append(f"{values.where}: its picture did not come along; its words are kept.")
        one: dict[str, Any] = {"type": kind, "value": restored}
        if _ID.fullmatch(values.text("id")):
            one["id"] = values.text("id")
        found.append(one)
    return found, remarks


def rich(markup: str) -> str:
    """Return ``markup`` as it is where the newsroom could have written it, else cleaned."""
    position = 0
    while position < len(markup):
        match = _OWN.match(markup, position)
        if match is None:
            return str(_CLEANER.clean(markup))
        position = match.end()
    return markup


def _text(value: object, where: str) -> str:
    return Values({"text": value}, where).text("text")


def _paragraph(value: object, pictures: Mapping[str, int], where: str) -> Any:
    return rich(_text(value, where))


def _heading(value: object, pictures: Mapping[str, int], where: str) -> Any:
    return _text(value, where)


def _quotation(value: object, pictures: Mapping[str, int], where: str) -> Any:
    values = Values(value, where)
    return {"text": values.text("text"), "speaker": values.text("speaker")}


def _photo(value: object, pictures: Mapping[str, int], where: str) -> Any:
    values = Values(value, where)
    words = ("caption", "credit", "alt_text")
    return {
        "picture": pictures.get(values.text("picture")),
        **{name: values.text(name) for name in words if values.raw(name) is not None},
    }


def _embed(value: object, pictures: Mapping[str, int], where: str) -> Any:
    values = Values(value, where)
    url = values.text("url")
    if not url.startswith(("http://", "https://")):
        raise ValidationError(f"{where}: “{url[:100]}” is no address.")
    caption = values.text("caption")
    told = {"url": url, "title": values.text("title")}
    return told if values.raw("caption") is None else {**told, "caption": caption}


def _list(value: object, pictures: Mapping[str, int], where: str) -> Any:
    values = Values(value, where)
    return {
        "numbered": values.flag("numbered"),
        "points": [_point(point, where) for point in values.list("points")],
    }


def _point(point: object, where: str) -> Any:
    # Wagtail has stored the points of a list as mere values and, since 2.16, with an id each. What
    # has a type but no id, it takes for a mere value.
    if not isinstance(point, Mapping):
        return rich(_text(point, where))
    values = Values(point, where)
    text, own_id = rich(values.text("value")), values.text("id")
    return {"type": "item", "value": text, "id": own_id} if _ID.fullmatch(own_id) else text


def _table(value: object, pictures: Mapping[str, int], where: str) -> Any:
    values = Values(value, where)
    told: dict[str, Any] = {}
    if values.raw("caption") is not None:
        told["caption"] = values.text("caption")
    table = values.inner("table")
    kinds = [column.text("type") for column in table.each("columns")]
    if any(kind not in _COLUMNS for kind in kinds):
        raise ValidationError(f"{where}: a column is neither text nor number.")
    if any(len(row.list("values")) != len(kinds) for row in table.each("rows")):
        raise ValidationError(f"{where}: a row has more cells than there are columns, or fewer.")
    told["table"] = {
        "columns": [
            {"type": column.text("type"), "heading": column.text("heading")}
            for column in table.each("columns")
        ],
        "rows": [
            {
                "values": [
                    _cell(cell, kind, row.where)
                    for cell, kind in zip(row.list("values"), kinds, strict=True)
                ]
            }
            for row in table.each("rows")
        ],
    }
    if table.raw("caption") is not None:
        told["table"]["caption"] = table.text("caption")
    return told


def _cell(value: object, kind: str, where: str) -> Any:
    if kind == "text" or value is None:
        return None if value is None else _text(value, where)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValidationError(f"{where}: a cell is no number.")
    try:
        Decimal(str(value))
    except InvalidOperation as error:
        raise ValidationError(f"{where}: a cell is no number.") from error
    return value


_KINDS: dict[str, Any] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "quotation": _quotation,
    "photo": _photo,
    "embed": _embed,
    "list": _list,
    "table": _table,
}


def _words(value: object) -> list[str]:
    texts = (nh3.clean(text, tags=set()).strip() for text in texts_in(value))
    return [text for text in texts if text]
