"""E-mail (RFC 5322 with MIME): one message a story, with what is attached to it.

The subject is the headline, the sender the agency or the author, the Message-ID the guid.
Signatures, disclaimers and quoted replies stay in the text: what of them is furniture only the
desk can tell. A mailbox file (RFC 4155) holds several messages; a page saved as MHTML is one
message whose HTML is read as a saved page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message

from broadsheet.wire.agencies import agency_named
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import Unread, WireBlock, WireItem, WireLink, WireRecord
from broadsheet.wire.language import language_of
from broadsheet.wire.parsers import email_headers as headers
from broadsheet.wire.parsers.bylines import names_in
from broadsheet.wire.parsers.email_parts import Contents, contents_of
from broadsheet.wire.parsers.guard import guarded
from broadsheet.wire.parsers.inline import from_text, to_text
from broadsheet.wire.times import read_moment

FORMAT = "e-mail"

_HEAD = 32_000
_FIELD = re.compile(rb"([!-9;-~]{1,60})[ \t]*:[^\n]{0,20000}\n(?:[ \t][^\n]{0,20000}\n){0,200}")
_MAILBOX_LINE = re.compile(rb"From [^\n]{3,200}\n")
_NEXT_MESSAGE = re.compile(rb"\n\r?\nFrom [^\s]{1,200} [^\n]{0,60}\d{4}[^\n]{0,20}\n")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_TELLING = {
    b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"mime-version", b"content-type",
    b"received", b"return-path", b"delivered-to", b"reply-to", b"sender", b"in-reply-to",
    b"references", b"x-mailer", b"dkim-signature", b"content-transfer-encoding",
}  # fmt: skip
_SURE = {b"from", b"message-id", b"mime-version", b"received", b"subject", b"return-path"}
_FEWEST_TELLING = 2
_MOST_MESSAGES = 5000
_FORWARDED = re.compile(
    r"^(?:(?:re|fwd?|aw|wg|tr|rv|rif|enc|res|antw|sv|vs|vb|i|doorst|odp|pd|ynt|ilt)\s?"
    r"(?:\[\d{1,3}\])?:\s*){1,5}",
    re.IGNORECASE,
)
_CALENDAR_FIELD = re.compile(
    r"^(SUMMARY|DESCRIPTION|LOCATION|DTSTART|UID)(?:;[^:\n]{0,200})?:(.*)$"
)
_CALENDAR_ESCAPE = re.compile(r"\\([nN,;\\])")
_LONGEST_HEADLINE = 500


def recognises(incoming: Incoming) -> bool:
    """Tell by its first lines whether this is a message: fields that only messages have."""
    head = incoming.content[:_HEAD].lstrip(b"\xef\xbb\xbf\r\n \t").replace(b"\r\n", b"\n")
    if mailbox := _MAILBOX_LINE.match(head):
        head = head[mailbox.end() :]
    names: set[bytes] = set()
    at = 0
    while (match := _FIELD.match(head, at)) and len(names) < 40:  # noqa: PLR2004
        names.add(match[1].lower())
        at = match.end()
    return len(names & _TELLING) >= _FEWEST_TELLING and bool(names & _SURE)


def parse(incoming: Incoming) -> list[WireRecord]:
    """Return the message and what is attached to it; of a mailbox, all messages.

    Raises :class:`WireError` where there is no story in it.
    """
    messages = list(_messages(incoming.content.lstrip(b"\xef\xbb\xbf\r\n \t")))
    if len(messages) == 1:
        return _read(messages[0], incoming, raw=None)
    records: list[WireRecord] = []
    for source in messages:
        try:
            records += _read(source, incoming, raw=source)
        except WireError as error:
            records.append(Unread(incoming.origin, "story", str(error)))
    return records


def _messages(content: bytes) -> Iterator[bytes]:
    """Yield the messages of a mailbox (RFC 4155), or the one there is."""
    if not _MAILBOX_LINE.match(content):
        yield content
        return
    starts = [0, *(match.start() + 1 for match in _NEXT_MESSAGE.finditer(content))]
    starts = starts[:_MOST_MESSAGES]
    for start, end in zip(starts, [*starts[1:], len(content)], strict=True):
        _, _, source = content[start:end].lstrip().partition(b"\n")
        yield _QUOTED_FROM.sub(rb"\1", source)


def _read(source: bytes, incoming: Incoming, *, raw: bytes | None) -> list[WireRecord]:
    try:
        # The newer policy's headers raise on damage; see ``email_headers``.
        message = message_from_bytes(source, policy=policy.compat32)
        if page := _saved_page(message):
            return page_records(page, incoming, message)
        contents = contents_of(message, incoming.origin)
        item = _item(message, contents, source, incoming, raw)
    except RecursionError as error:
        raise WireError("The message is nested too deep. Have its parts sent alone.") from error
    except (AttributeError, IndexError, KeyError, LookupError, TypeError, ValueError) as error:
        raise WireError("The message is damaged. Have it sent again.") from error
    planned = [_planning(text, item, incoming) for text in contents.calendars]
    records = [*([item] if item is not None else []), *filter(None, planned), *contents.records]
    if not records:
        raise WireError(
            " ".join(["The message holds no text.", *contents.oddities, "Have it sent again."])
        )
    return records


def _item(
    message: Message, contents: Contents, source: bytes, incoming: Incoming, raw: bytes | None
) -> WireItem | None:
    subject = _FORWARDED.sub("", headers.field(message, "Subject"))[:_LONGEST_HEADLINE].strip()
    words = [to_text(block.html) for block in contents.blocks if block.kind != "photo"]
    if (
        not words
        and not contents.photos
        and (contents.records or contents.calendars or not subject)
    ):
        return None
    oddities = list(contents.oddities)
    if not words and not contents.photos:
        oddities.append("The message has no text but its subject.")
    if not subject:
        subject = (words[0][:160] if words else "") or "Photo"
        oddities.append("The message has no subject; its first words stand in as headline.")
    at = _sent(message, oddities)
    agencies, authors, others = _senders(message)
    sha256 = incoming.sha256 if raw is None else Incoming(source, "").sha256
    return WireItem(
        guid=headers.message_id(message) or f"sha256:{sha256}",
        origin=incoming.origin,
        format=FORMAT,
        sha256=sha256,
        headline=subject,
        body=tuple(contents.blocks),
        kind="text" if words or not contents.photos else "picture",
        published=at,
        updated=at,
        language=language_of("\n".join([subject, *words]), _language(message)),
        authors=authors,
        byline="",
        agencies=agencies,
        info_sources=others,
        topics=_topics(message),
        photos=tuple(contents.photos),
        links=_links(message),
        expires=headers.moment(message, "Expires") or headers.moment(message, "Expiry-Date"),
        raw=raw,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _sent(message: Message, oddities: list[str]) -> datetime | None:
    if at := headers.moment(message, "Date"):
        return at
    if at := headers.moment(message, "Received"):
        oddities.append("The message has no date that can be read; it is that of its arrival.")
        return at
    moment = read_moment(headers.field(message, "Date")[:200])
    if moment is not None:
        oddities.extend(moment.oddities)
        return moment.at
    oddities.append("The message has no date that can be read.")
    return None


def _senders(message: Message) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the agencies, the persons and the others among the senders."""
    agencies: dict[str, None] = {}
    authors: dict[str, None] = {}
    others: dict[str, None] = {}
    pairs = headers.addresses(message, "From") or headers.addresses(message, "Sender")
    for name, address in [*pairs, *headers.addresses(message, "Reply-To")]:
        shown = re.sub(r"\s+via\s+.{1,60}$", "", name)
        agency = agency_named(shown) or _agency_of(address)
        people = names_in(shown) if not agency_named(shown) else ()
        if agency:
            agencies[agency] = None
        authors |= dict.fromkeys(people)
        if not agency and not people:
            others[shown or address] = None
    if organisation := headers.field(message, "Organization"):
        others[organisation[:200]] = None
    return tuple(agencies), tuple(authors), tuple(others)


def _agency_of(address: str) -> str:
    labels = address.rpartition("@")[2].casefold().split(".")
    return agency_named(labels[-2]) if len(labels) > 1 else ""


def _links(message: Message) -> tuple[WireLink, ...]:
    replaced = [*headers.ids(message, "Supersedes"), *headers.ids(message, "Obsoletes")]
    related = [*headers.ids(message, "In-Reply-To"), *headers.ids(message, "References")]
    links = {guid: WireLink("replaces", guid) for guid in replaced}
    for guid in related:
        links.setdefault(guid, WireLink("related", guid))
    return tuple(links.values())


def _language(message: Message) -> str:
    return headers.field(message, "Content-Language").split(",")[0].strip()[:20]


def _topics(message: Message) -> tuple[str, ...]:
    words = headers.field(message, "Keywords").split(",")
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))


def _planning(text: str, item: WireItem | None, incoming: Incoming) -> WireItem | None:
    """Return the entry of a calendar (RFC 5545) as an event for the desk's planning."""
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    said: dict[str, str] = {}
    for line in unfolded.splitlines()[:2000]:
        if match := _CALENDAR_FIELD.match(line[:20_000]):
            value = _CALENDAR_ESCAPE.sub(
                lambda escape: "\n" if escape[1] in "nN" else escape[1], match[2]
            )
            said.setdefault(match[1], value.strip())
    if not said.get("SUMMARY"):
        return None
    start = re.match(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d))?", said.get("DTSTART", ""))
    shown = f"{start[1]}-{start[2]}-{start[3]}" + (
        f" {start[4]}:{start[5]}" if start[4] else ""
    ) if start else ""  # fmt: skip
    lines = [
        line for line in (shown, said.get("LOCATION", ""), said.get("DESCRIPTION", "")) if line
    ]
    sha256 = Incoming(text.encode("utf-8", "replace"), "").sha256
    return WireItem(
        guid=said.get("UID", "")[:300] or f"sha256:{sha256}",
        origin=incoming.origin,
        format=FORMAT,
        sha256=sha256,
        headline=said["SUMMARY"][:_LONGEST_HEADLINE],
        body=tuple(WireBlock("paragraph", from_text(line[:20_000])) for line in lines),
        kind="planning",
        published=item.published if item else None,
        agencies=item.agencies if item else (),
        raw=text.encode("utf-8", "replace"),
    )


def _saved_page(message: Message) -> bytes:
    """Return the HTML of a page that a browser saved as a message (MHTML, RFC 2557)."""
    if (
        not message.get("Snapshot-Content-Location")
        and "saved by" not in headers.field(message, "From").casefold()
    ):
        return b""
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            return payload if isinstance(payload, bytes) else b""
    return b""


def page_records(page: bytes, incoming: Incoming, message: Message) -> list[WireRecord]:
    """Return what the saved ``page`` tells, as any page saved as HTML is read."""
    from broadsheet.wire.parsers import saved_html

    address = str(message.get("Snapshot-Content-Location") or "").strip()
    mark = f"<!-- saved from url=({len(address):04}){address} -->\n".encode() if address else b""
    with guarded(saved_html.FORMAT, incoming.origin):
        found = saved_html.parse(Incoming(mark + page, incoming.origin))
    return list(found)
