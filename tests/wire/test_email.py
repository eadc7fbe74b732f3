"""E-mail as a way copy comes in: text, pictures, attachments, and what mail programs do to it."""

from __future__ import annotations

import random
import time
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import Unread, WireItem, WireLink
from broadsheet.wire.parsers import email_message

HEAD = (
    "From: Anna Berg <anna@elmhaven.example>\n"
    "To: desk@paper.example\n"
    "Subject: Fire in the harbour\n"
    "Date: Fri, 28 Nov 2025 12:05:00 +0100\n"
    "Message-ID: <one@elmhaven.example>\n"
    "MIME-Version: 1.0\n"
)
PLAIN = 'Content-Type: text/plain; charset="utf-8"\n\n'


def picture(side: int = 200) -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (side, side), "red").save(drawn, "JPEG")
    return drawn.getvalue()


def items(text: str | bytes) -> list[WireItem]:
    content = text.encode() if isinstance(text, str) else text
    return parsers.items(Incoming(content, "mail.eml"))


def read(text: str | bytes) -> WireItem:
    (item,) = items(text)
    return item


def mixed(*parts: str) -> str:
    head = HEAD + 'Content-Type: multipart/mixed; boundary="B"\n\n'
    return head + "".join(f"--B\n{part}\n" for part in parts) + "--B--\n"


def attached(name: str, kind: str, content: bytes, more: str = "") -> str:
    return (
        f'Content-Type: {kind}\nContent-Disposition: attachment; filename="{name}"\n{more}'
        f"Content-Transfer-Encoding: base64\n\n{b64encode(content).decode()}\n"
    )


def test_a_message_is_a_story() -> None:
    item = read(
        HEAD
        + "In-Reply-To: <zero@elmhaven.example>\nKeywords: fire, harbour\n"
        + PLAIN
        + "A warehouse burned down in the night, and nobody\nwas hurt.\n\nThe mayor was glad.\n"
        + "\n-- \nAnna Berg\n"
    )
    assert item.headline == "Fire in the harbour"
    assert item.published == datetime(2025, 11, 28, 11, 5, tzinfo=UTC)
    assert item.guid == "one@elmhaven.example"
    assert item.authors == ("Anna Berg",)
    assert item.topics == ("fire", "harbour")
    assert item.links == (WireLink("related", "zero@elmhaven.example"),)
    assert plain_paragraphs(item)[:2] == [
        "A warehouse burned down in the night, and nobody was hurt.",
        "The mayor was glad.",
    ]
    assert plain_paragraphs(item)[-1].endswith("Anna Berg")
    assert item.oddities == ()


@pytest.mark.parametrize(
    ("field", "headline"),
    [
        ("=?utf-8?B?RmV1ZXIgw7ZmZm5ldA==?=", "Feuer öffnet"),
        ("=?iso-8859-1?Q?Feuer_=F6ffnet?=", "Feuer öffnet"),
        ("=?utf-8?Q?Feuer_=C3?=\n =?utf-8?Q?=B6ffnet?=", "Feuer öffnet"),
        ("Feuer\n öffnet", "Feuer öffnet"),
        ("=?nonsense?Q?Feuer?=", "Feuer"),
        ("WG: Fwd: Feuer", "Feuer"),
    ],
)
def test_subjects_are_read_however_they_are_coded(field: str, headline: str) -> None:
    text = HEAD.replace("Fire in the harbour", field) + PLAIN + "Text\n"
    assert read(text).headline == headline


def test_a_subject_in_eight_bits_is_read() -> None:
    text = HEAD.replace("Fire in the harbour", "Lagerhalle öffnet für Gäste") + PLAIN + "Text\n"
    assert read(text.encode("latin-1")).headline == "Lagerhalle öffnet für Gäste"


@pytest.mark.parametrize(
    ("sender", "agency"),
    [
        ("dpa <desk@dpa.example>", "dpa"),
        ("Desk <news@afp.com>", "AFP"),
        ("Reuters via Lists <x@lists.example>", "Reuters"),
    ],
)
def test_agencies_are_known_by_name_or_address(sender: str, agency: str) -> None:
    text = HEAD.replace("Anna Berg <anna@elmhaven.example>", sender) + PLAIN + "Text\n"
    assert read(text).agencies == (agency,)


def test_the_richer_rendering_is_taken() -> None:
    html = "<p>A <b>warehouse</b> burned down.</p><ul><li>one</li><li>two</li></ul>"
    both = (
        'Content-Type: multipart/alternative; boundary="A"\n\n--A\n'
        f"{PLAIN}A warehouse burned down.\n\n* one\n* two\n--A\n"
        f'Content-Type: text/html; charset="utf-8"\n\n{html}\n--A--\n'
    )
    item = read(HEAD + both)
    assert [block.kind for block in item.body] == ["paragraph", "list"]
    assert item.body[0].html == "A <strong>warehouse</strong> burned down."
    stub = read(HEAD + both.replace(html, "<p>See the text.</p>"))
    assert plain_paragraphs(stub)[0] == "A warehouse burned down."


def test_flowed_text_and_quotes_keep_their_paragraphs() -> None:
    item = read(
        HEAD
        + "Content-Type: text/plain; charset=utf-8; format=flowed\n\n"
        + "A warehouse burned \ndown in the night.\n> What \n> burned?\nThe warehouse.\n"
    )
    assert [(block.kind, block.html) for block in item.body] == [
        ("paragraph", "A warehouse burned down in the night."),
        ("quotation", "What burned?"),
        ("paragraph", "The warehouse."),
    ]


def test_faults_of_quoted_printable_are_mended() -> None:
    stray = read(HEAD + PLAIN + "Die Halle =C3=B6ffnet f=C3=BCr G=C3=A4=\nste.\n")
    assert plain_paragraphs(stray) == ["Die Halle öffnet für Gäste."]
    assert "quoted-printable" in stray.oddities[0]
    declared = HEAD + "Content-Transfer-Encoding: quoted-printable\n" + PLAIN
    assert plain_paragraphs(read(declared + "50 =% more =C3=A4 =\n")) == ["50 =% more ä"]


def test_pictures_become_photos_where_the_text_shows_them() -> None:
    shown = (
        'Content-Type: text/html; charset="utf-8"\n\n'
        '<p>Before.</p><img src="cid:pic@x" alt="Flames"><p>After.</p>'
    )
    item = read(
        mixed(
            shown,
            attached("fire.jpg", "image/jpeg", picture(), "Content-ID: <pic@x>\n"),
            attached("mayor.jpg", "image/jpeg", picture(300)),
            attached("logo.jpg", "image/jpeg", picture(40)),
        )
    )
    assert [block.kind for block in item.body] == ["paragraph", "photo", "paragraph"]
    assert [photo.file_name for photo in item.photos] == ["fire.jpg", "mayor.jpg"]
    assert item.photos[0].content == picture()
    assert item.photos[0].alt_text == "Flames"
    assert item.body[1].html == item.photos[0].key
    assert item.oddities == ("The small picture “logo.jpg” was taken for a logo.",)


def test_files_that_a_parser_knows_are_items_of_their_own() -> None:
    wire = (
        b"bdt0123 4 pl 3  dpa 0456\n\nA/B/\nFeuer im Hafen =\n\nElm (dpa) - Es brannte.\n\n"
        b"281205 Nov 25\n"
    )
    nested = (
        HEAD.replace("Fire in the harbour", "The older one").encode() + PLAIN.encode() + b"Old.\n"
    )
    found = items(
        mixed(
            PLAIN + "See the attachments.\n",
            attached("feuer.txt", "application/octet-stream", wire),
            "Content-Type: message/rfc822\n\n" + nested.decode(),
            attached("winmail.dat", "application/ms-tnef", b"\x78\x9f\x3e\x22"),
            attached("plan.pdf", "application/pdf", b"%PDF-1.4"),
        )
    )
    assert [(item.format, item.headline) for item in found] == [
        ("e-mail", "Fire in the harbour"),
        ("IPTC 7901", "Feuer im Hafen"),
        ("e-mail", "The older one"),
    ]
    assert [word in " ".join(found[0].oddities) for word in ("winmail.dat", "plan.pdf")] == [
        True,
        True,
    ]


def test_uuencoded_files_are_taken_out_of_the_text() -> None:
    item = read(HEAD + PLAIN + "Before.\n\nbegin 644 notes.bin\n#0V%T\n`\nend\n\nAfter it all.\n")
    assert plain_paragraphs(item) == ["Before.", "After it all."]
    assert item.oddities == ("The attachment “notes.bin” (application/octet-stream) was not read.",)


def test_calendar_entries_are_planning() -> None:
    entry = (
        "Content-Type: text/calendar; charset=utf-8\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:7@x\n"
        "SUMMARY:Mayor speaks\\, at last\nDTSTART:20251201T090000Z\nLOCATION:Town hall\n"
        "END:VEVENT\nEND:VCALENDAR\n"
    )
    mail, event = items(mixed(PLAIN + "Please come.\n", entry))
    assert (event.kind, event.headline) == ("planning", "Mayor speaks, at last")
    assert plain_paragraphs(event) == ["2025-12-01 09:00", "Town hall"]
    assert event.hold
    assert mail.kind == "text"


def test_a_mailbox_holds_several_messages() -> None:
    one = "From anna@elmhaven.example Fri Nov 28 12:05:00 2025\n" + HEAD + PLAIN + "One.\n\n"
    two = one.replace("<one@", "<two@").replace("One.", ">From the start.")
    first, second = items(one + two)
    assert (first.guid, second.guid) == ("one@elmhaven.example", "two@elmhaven.example")
    assert plain_paragraphs(second) == ["From the start."]


def test_parts_with_another_boundary_are_found() -> None:
    item = read(
        HEAD + 'Content-Type: multipart/mixed; boundary="wrong"\n\n'
        "--right\nContent-Type: text/plain\n\nIt burned down.\n--right--\n"
    )
    assert plain_paragraphs(item) == ["It burned down."]
    assert item.oddities == ("The parts of the message are not parted as its header says.",)


def test_a_message_may_have_nothing_but_its_subject() -> None:
    text = HEAD.replace("Fire in the harbour", "MANDATORY KILL: Fire in the harbour") + PLAIN
    item = read(text)
    assert item.body == ()
    assert item.oddities == ("The message has no text but its subject.",)


def test_an_embargo_in_the_subject_holds() -> None:
    subject = "EMBARGOED until 0001 GMT Dec. 2: Fire in the harbour"
    item = read(HEAD.replace("Fire in the harbour", subject) + PLAIN + "Text.\n")
    assert item.embargoed == datetime(2025, 12, 2, 0, 1, tzinfo=UTC)


def test_a_message_without_a_date_has_that_of_its_arrival() -> None:
    head = HEAD.replace("Date: Fri, 28 Nov 2025 12:05:00 +0100\n", "Date: some day\n")
    arrived = "Received: from a by b; Fri, 28 Nov 2025 11:07:00 +0000\n"
    item = read(arrived + head + PLAIN + "Text\n")
    assert item.published == datetime(2025, 11, 28, 11, 7, tzinfo=UTC)
    assert item.oddities[0].endswith("it is that of its arrival.")


@pytest.mark.parametrize(
    "text",
    [
        "News ID: 7\nPublished: 0658 GMT December 30, 2017\n\nFire\n\nIt burned.\n",
        "Subject: a line of prose\n\nIt burned.\n",
        "Fire: what we know\nDate: unknown\n",
        "<html>From: a\nTo: b\n</html>",
    ],
)
def test_other_text_is_no_mail(text: str) -> None:
    assert not email_message.recognises(Incoming(text.encode(), "file"))


def _deep(levels: int) -> str:
    text = HEAD + PLAIN + "Deep.\n"
    for _ in range(levels):
        text = HEAD + "Content-Type: message/rfc822\n\n" + text
    return text


def _nested(levels: int) -> str:
    text = PLAIN + "Deep.\n"
    for level in range(levels):
        text = (
            f'Content-Type: multipart/mixed; boundary="b{level}x"\n\n--b{level}x\n{text}'
            f"--b{level}x--\n"
        )
    return HEAD + text


@pytest.mark.parametrize(
    "make",
    [
        lambda: _deep(20),
        lambda: _nested(400),
        lambda: mixed(*[PLAIN + "x\n"] * 3000),
        lambda: HEAD.replace("Fire", "=?utf-8?Q?a?= " * 20_000) + PLAIN + "x\n",
        lambda: HEAD + "X: " + "a;" * 400_000 + "\n" + PLAIN + "x\n",
        lambda: HEAD + 'Content-Type: text/plain; charset="hex"\n\nx\n',
        lambda: HEAD + PLAIN + "begin 644 x\n" * 20_000,
        lambda: HEAD + PLAIN + "> " * 300_000,
    ],
)
def test_hostile_messages_are_bounded(make: Callable[[], str]) -> None:
    content = make().encode()
    started = time.perf_counter()
    records = parsers.parse(Incoming(content, "mail.eml"))
    assert 0 < len(records) < 100
    assert time.perf_counter() - started < 10


def test_bytes_gone_wrong_are_refused_or_read() -> None:
    chance = random.Random(7)  # noqa: S311 — the same bytes in every run
    seed = mixed(PLAIN + "Text.\n", attached("a.jpg", "image/jpeg", picture(20))).encode()
    noise = [b"\x00", b"\xff\xfe", b"=?utf-8?B?", b"?=", b";", b'"', b"\n\n", b"--B\n", b"%ff"]
    for _ in range(200):
        content = bytearray(seed)
        for _ in range(chance.randint(1, 5)):
            at = chance.randrange(len(content))
            content[at : at + chance.randint(0, 9)] = chance.choice(noise)
        try:
            records = email_message.parse(Incoming(bytes(content), "mail.eml"))
        except WireError:
            continue
        assert all(isinstance(record, WireItem | Unread) for record in records)
