"""What is told of an export: what was kept as it stood, left out, missing, or damaged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from broadsheet.wire.items import Unread
from broadsheet.wire.parsers.wxr_entry import Entry
from broadsheet.wire.parsers.wxr_kinds import ABOUT_TYPE
from broadsheet.wire.parsers.wxr_markup import Dialect, fields_of
from broadsheet.wire.parsers.wxr_pictures import plain
from broadsheet.wire.parsers.wxr_post import Made
from broadsheet.wire.parsers.wxr_stream import LARGEST_ENTRY
from broadsheet.wire.parsers.wxr_stream import Entry as Piece

_NOTES = {
    "shortcode kept": (
        "shortcode",
        "The shortcode [{name}] stands {count} in {post} and was kept as it stands, since it is "
        "not known. Look at the story and write out what it stood for.",
    ),
    "shortcode removed": (
        "shortcode",
        "The shortcode [{name}] stood {count} in {post}; it shows no words and was taken out. "
        "Look at the story if something is missing there.",
    ),
    "block": (
        "block",
        "The block “{name}” stands {count} in {post}; it was made up anew at each visit and has "
        "no words in the export. Look at the story if something is missing there.",
    ),
    "missing block": (
        "block",
        "{post} shows the reusable block {name}, which the export does not hold. Export all "
        "content, not posts alone, and import it again.",
    ),
    "photo": (
        "photo",
        "{post} shows picture {name}, which the export does not hold. Export all content, not "
        "posts alone, and import it again.",
    ),
    "file": (
        "file",
        "The file {name} is no picture and no story shows it; it was not taken over. Copy it "
        "from the old site, if it is still needed.",
    ),
}
FIELD = "field "
_COMMENTS = {
    "pingback": "links from other sites (pingbacks)",
    "trackback": "links from other sites (trackbacks)",
    "note": "notes of the newsroom",
    "spam": "comments marked as spam",
    "trash": "comments in the trash",
    "post-trashed": "comments in the trash",
    "on a picture": "comments on the page of a picture",
    "without text": "comments without any text",
    "without a time": "comments without a time",
}


def told(made: Made, entry: Entry, origin: str) -> Iterator[Unread]:
    """Yield what is to be told of one entry, a record for each thing and name."""
    for (what, name), count in made.notes.items():
        kind, sentence = _NOTES[what]
        times = "once" if count == 1 else f"{count} times"
        reason = sentence.format(name=name, count=times, post=entry.called())
        yield Unread(origin, kind, reason, is_noted=True)
    for what, count in made.left_out.items():
        words = _COMMENTS.get(what, f"entries of the kind “{what}” among the comments")
        yield Unread(
            origin,
            "comment",
            f"{count} {words} under {entry.called()} were left out. Nothing is to be done.",
            is_noted=True,
        )


def unread_types(types: Counter[str], origin: str) -> Iterator[Unread]:
    """Yield one record for each type of entry that is not taken over, with its count.

    Fields of a site's own that hold words are among them, behind :data:`FIELD`.
    """
    for kind, count in types.items():
        if kind.startswith(FIELD):
            name = kind.removeprefix(FIELD)
            reason = (
                f"The site’s own field “{name}” holds text in {count} "
                f"{'story' if count == 1 else 'stories'} and was not taken over. Look there if "
                "readers saw it."
            )
            yield Unread(origin, "field", reason, is_noted=True)
            continue
        if kind == "wp_block":
            reason = f"{count} reusable blocks were read into the stories that show them."
        else:
            about = ABOUT_TYPE.get(kind, "they hold no story")
            entries = "1 entry" if count == 1 else f"{count} entries"
            reason = f"{entries} of the type “{kind}” were not taken over: {about}."
        yield Unread(origin, kind, reason, is_noted=True)


def unread_piece(piece: Piece, dialect: Dialect, origin: str) -> Unread:
    """Return what is told of a damaged entry, or of a file that ends too early."""
    if piece.fault == "no end":
        return Unread(
            origin,
            "file",
            f"The file ends in line {piece.line} without its closing tags; what stood behind is "
            "missing. Everything before was read. Export the site again, in parts if need be.",
        )
    kind = {"item": "story", "category": "topic", "tag": "topic", "term": "topic"}.get(
        piece.name, piece.name
    )
    if piece.fault == "too large":
        reason = (
            f"The entry in line {piece.line} has more than "
            f"{LARGEST_ENTRY // 1024 // 1024} MB and was not read. Shorten it on the old site "
            "(its comments, mostly) and export it again."
        )
    elif piece.fault == "cut off":
        reason = (
            f"The file ends within the entry of line {piece.line}{_title(piece, dialect)}. "
            "Everything before was read. Export the site again, in parts if need be."
        )
    else:
        reason = (
            f"The entry in line {piece.line}{_title(piece, dialect)} is damaged and was "
            "not read. Export it again, or write it anew."
        )
    return Unread(origin, kind, reason)


def _title(piece: Piece, dialect: Dialect) -> str:
    fields = fields_of(piece, dialect)
    title = plain(fields.get("title"))[:80] if fields else ""
    return f" (“{title}”)" if title else ""
