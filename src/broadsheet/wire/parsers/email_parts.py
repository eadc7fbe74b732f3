"""The parts of an e-mail message (MIME, RFC 2045 to 2049): its text, pictures and attachments.

Of several renderings of the same text the richer is taken. Pictures become photos of the
story, with the words that stand in their files; files that a parser knows become items of
their own; what cannot be read is named in an oddity and never dropped in silence.
"""

from __future__ import annotations

import quopri
import re
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import Message
from io import BytesIO
from pathlib import PurePosixPath

from PIL import Image

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireBlock, WireItem, WirePhoto, WireRecord
from broadsheet.wire.parsers import email_text, fragment, picture
from broadsheet.wire.parsers.email_headers import text_from, text_of
from broadsheet.wire.parsers.inline import to_text

_MOST_PARTS = 200
_DEEPEST = 12
_MOST_ATTACHMENTS = 30
_DEEPEST_MESSAGE = 3
# A picture below this is a logo in somebody's signature.
_SMALLEST_SIDE = 100
_LONGEST_TEXT = 2_000_000
# HTML is the richer text unless it holds clearly less of it.
_AS_MUCH = 0.8
_CID = "https://cid.invalid/"
_CID_ADDRESS = re.compile(r"(?<=[\"'=\s(])cid:", re.IGNORECASE)
_SILENT = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "message/delivery-status",
    "message/disposition-notification",
    "text/rfc822-headers",
}
_READABLE = re.compile(
    r"\.(?:xml|nitf|newsml|g2|json|ninjs|txt|html?|eml|anpa|iptc|rss|atom)$", re.IGNORECASE
)
_READABLE_TYPES = {"application/json", "application/xml", "text/xml", "application/nitf+xml",
                   "application/vnd.iptc.g2.newsitem+xml",
                   "application/vnd.iptc.g2.newsmessage+xml",
                   "application/vnd.iptc.g2.packageitem+xml", "application/rss+xml",
                   "application/atom+xml", "application/ninjs+json"}  # fmt: skip
_BOUNDARY = re.compile(rb"^--([!-~]{3,70}?)\r?\n(?=[A-Za-z-]{3,40}:)", re.MULTILINE)
_ADDRESS = re.compile(r"https?://\S+")
_TNEF = {"application/ms-tnef", "application/vnd.ms-tnef"}
_depth: ContextVar[int] = ContextVar("depth of e-mail in e-mail", default=0)


@dataclass
class Contents:
    """What the parts of one message hold."""

    origin: str
    blocks: list[WireBlock] = field(default_factory=list)
    photos: list[WirePhoto] = field(default_factory=list)
    records: list[WireRecord] = field(default_factory=list)
    calendars: list[str] = field(default_factory=list)
    oddities: list[str] = field(default_factory=list)
    by_cid: dict[str, WirePhoto] = field(default_factory=dict)
    parts: int = 0
    attachments: int = 0


def contents_of(message: Message, origin: str) -> Contents:
    """Return what the parts of ``message`` hold."""
    contents = Contents(origin)
    _read_part(message, contents, 0)
    _place_pictures(contents)
    return contents


def deepest_reached() -> bool:
    """Tell whether messages within messages go no deeper than here."""
    return _depth.get() >= _DEEPEST_MESSAGE


def _read_part(part: Message, contents: Contents, depth: int) -> None:
    contents.parts += 1
    if contents.parts > _MOST_PARTS or depth > _DEEPEST:
        said = "The message has more parts than are read; the rest of them were left out."
        if said not in contents.oddities:
            contents.oddities.append(said)
        return
    kind = part.get_content_type()
    if kind == "message/rfc822" or (kind.startswith("message/") and part.is_multipart()):
        _read_message(part, contents)
    elif kind == "multipart/alternative" and part.is_multipart():
        _read_alternatives(part, contents, depth)
    elif part.is_multipart():
        for child in part.get_payload():
            if isinstance(child, Message):
                _read_part(child, contents, depth + 1)
    elif kind.startswith("multipart/"):
        _read_damaged(part, contents, depth)
    elif kind not in _SILENT:
        _read_leaf(part, kind, contents)


def _read_damaged(part: Message, contents: Contents, depth: int) -> None:
    """Read parts whose boundary is not the one the header names."""
    payload = _bytes_of(part)
    boundary = _BOUNDARY.search(payload[:20_000])
    if boundary is None:
        contents.oddities.append("The parts of the message are damaged; it was read as one text.")
        _read_plain(part, contents)
        return
    contents.oddities.append("The parts of the message are not parted as its header says.")
    head = b'Content-Type: multipart/mixed; boundary="' + boundary[1] + b'"\n\n'
    mended = message_from_bytes(head + payload, policy=policy.compat32)
    for child in mended.get_payload() if mended.is_multipart() else []:
        if isinstance(child, Message):
            _read_part(child, contents, depth + 1)


def _read_leaf(part: Message, kind: str, contents: Contents) -> None:
    if _is_attachment(part, kind):
        _read_attachment(_name_of(part), kind, _bytes_of(part), contents, part)
    elif kind == "text/calendar":
        contents.calendars.append(_text_of(part, contents)[:_LONGEST_TEXT])
    elif kind == "text/html":
        _read_html(_text_of(part, contents), contents)
    else:
        _read_plain(part, contents)


def _is_attachment(part: Message, kind: str) -> bool:
    if not kind.startswith("text/"):
        return True
    if kind not in {"text/plain", "text/html", "text/calendar"} and kind != "text/enriched":
        return True
    return part.get_content_disposition() == "attachment"


def _read_alternatives(part: Message, contents: Contents, depth: int) -> None:
    readings = []
    for child in part.get_payload():
        if not isinstance(child, Message):
            continue
        reading = Contents(contents.origin, parts=contents.parts, attachments=contents.attachments)
        _read_part(child, reading, depth + 1)
        contents.parts, contents.attachments = reading.parts, reading.attachments
        readings.append(reading)
    longest = max((_size(reading) for reading in readings), default=0)
    # RFC 2046, 5.1.4: the last is the one the sender likes best.
    best = next((each for each in reversed(readings) if _size(each) >= _AS_MUCH * longest), None)
    for reading in readings:
        if reading is best:
            contents.blocks += reading.blocks
            contents.photos += reading.photos
        contents.by_cid |= reading.by_cid
        contents.records += reading.records
        contents.calendars += reading.calendars
        contents.oddities += reading.oddities


def _size(contents: Contents) -> int:
    # Plain text spells out the addresses that HTML has behind its words.
    texts = (to_text(block.html) for block in contents.blocks if block.kind != "photo")
    return sum(len(_ADDRESS.sub("", text)) for text in texts)


def _read_message(part: Message, contents: Contents) -> None:
    for child in part.get_payload() if part.is_multipart() else []:
        if not isinstance(child, Message):
            continue
        try:
            content = child.as_bytes()
        except (LookupError, ValueError, TypeError, AttributeError):
            contents.oddities.append("A message within the message is damaged and was not read.")
            continue
        _parse_within(content, "message.eml", contents, is_message=True)


def _read_plain(part: Message, contents: Contents) -> None:
    text = _text_of(part, contents)[:_LONGEST_TEXT].replace("\r\n", "\n").replace("\r", "\n")
    text, files = email_text.without_files(text)
    if str(part.get_param("format") or "").casefold() == "flowed":
        drops = str(part.get_param("delsp") or "").casefold() == "yes"
        text = email_text.unflowed(text, drop_space=drops)
    contents.blocks += email_text.blocks_of(text)
    for name, content in files:
        _read_attachment(name, "application/octet-stream", content, contents, None)


def _read_html(markup: str, contents: Contents) -> None:
    read = fragment.read(_CID_ADDRESS.sub(_CID, markup[:_LONGEST_TEXT]))
    contents.blocks += read.blocks
    contents.photos += read.photos
    contents.oddities += read.oddities


def _text_of(part: Message, contents: Contents) -> str:
    content = _bytes_of(part)
    charset = (part.get_content_charset() or "").casefold()
    encoding = str(part.get("Content-Transfer-Encoding") or "").strip().casefold()
    if encoding not in {"quoted-printable", "base64"} and email_text.has_stray_escapes(
        content[:200_000].decode("latin-1")
    ):
        content = quopri.decodestring(content)
        contents.oddities.append("The text is quoted-printable, which its header does not say.")
    return text_from(content, charset)


def _bytes_of(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, AssertionError, LookupError, UnicodeError):
        payload = part.get_payload()
    if isinstance(payload, bytes):
        return payload
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _name_of(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, UnicodeError, TypeError, IndexError):
        name = ""
    name = PurePosixPath(text_of(str(name)).replace("\\", "/")).name
    return name[:200] or "without a name"


def _read_attachment(
    name: str, kind: str, content: bytes, contents: Contents, part: Message | None
) -> None:
    contents.attachments += 1
    if contents.attachments > _MOST_ATTACHMENTS:
        said = f"The message has more than {_MOST_ATTACHMENTS} attachments; the rest were not read."
        if said not in contents.oddities:
            contents.oddities.append(said)
        return
    incoming = Incoming(content, f"{contents.origin}#{name}", kind)
    if not content:
        contents.oddities.append(f"The attachment “{name}” is empty.")
    elif picture.recognises(incoming):
        _read_picture(name, incoming, contents, part)
    elif kind in _TNEF or name.casefold() == "winmail.dat":
        contents.oddities.append(
            f"The attachment “{name}” is in Outlook's own format, which was not read. Ask for the "
            "message as HTML or plain text."
        )
    elif kind in _READABLE_TYPES or kind.startswith("text/") or _READABLE.search(name):
        _parse_within(content, name, contents)
    else:
        contents.oddities.append(f"The attachment “{name}” ({kind}) was not read.")


def _read_picture(name: str, incoming: Incoming, contents: Contents, part: Message | None) -> None:
    try:
        with Image.open(BytesIO(incoming.content)) as image:
            is_small = min(image.size) < _SMALLEST_SIDE
        if is_small:
            contents.oddities.append(f"The small picture “{name}” was taken for a logo.")
            return
        found = [each for each in picture.parse(incoming) if isinstance(each, WireItem)]
    except WireError as error:
        contents.oddities.append(f"The picture “{name}” could not be read: {error}")
        return
    except Exception as error:  # noqa: BLE001 — what Pillow's formats raise is documented nowhere
        contents.oddities.append(f"The picture “{name}” could not be read: {error}")
        return
    cid = text_of(str(part.get("Content-ID") or "")).strip("<> ") if part is not None else ""
    for photo in found[0].photos[:1]:
        made = replace(
            photo, key=f"attachment-{contents.attachments}", file_name=name if "." in name else ""
        )
        contents.by_cid[cid or made.key] = made


def _parse_within(
    content: bytes, name: str, contents: Contents, *, is_message: bool = False
) -> None:
    """Read an attachment as an item of its own, as any file is read."""
    # Late: the table of parsers has this one in it.
    from broadsheet.wire import parsers
    from broadsheet.wire.parsers import email_message

    if deepest_reached():
        contents.oddities.append(f"“{name}” stands too deep within messages and was not read.")
        return
    token = _depth.set(_depth.get() + 1)
    try:
        parse = email_message.parse if is_message else parsers.parse
        contents.records += parse(Incoming(content, f"{contents.origin}#{name}"))
    except WireError as error:
        contents.oddities.append(f"The attachment “{name}” could not be read: {error}")
    finally:
        _depth.reset(token)


def _place_pictures(contents: Contents) -> None:
    """Put pictures that came along where the text shows them, the others behind it."""
    photos: list[WirePhoto] = []
    placed: set[str] = set()
    for photo in contents.photos:
        cid = photo.url.removeprefix(_CID) if photo.url.startswith(_CID) else ""
        found = contents.by_cid.get(cid) if cid else None
        if found is not None:
            placed.add(cid)
            photos.append(
                replace(
                    found,
                    key=photo.key,
                    caption=photo.caption or found.caption,
                    credit=photo.credit or found.credit,
                    alt_text=photo.alt_text or found.alt_text,
                )
            )
        elif not cid:
            photos.append(photo)
    photos += [photo for cid, photo in contents.by_cid.items() if cid not in placed]
    keys = {photo.key for photo in photos}
    contents.photos = photos
    contents.blocks = [
        block for block in contents.blocks if block.kind != "photo" or block.html in keys
    ]
