"""What hostile people, and bad lines, make of a file: cut, turned, repeated, nested, blown up."""

from __future__ import annotations

import gzip
import json
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO

from PIL import Image

from wire.hostile_seeds import SEEDS, Words
from wire.picture_seeds import WORDS_IN_IIM, pictures, with_iim, with_segment

Bytes = Callable[[], bytes]
_PLACES = re.compile(rb'[<>{}\[\]",:&;=\n\x01-\x04^]')
_ELEMENT = re.compile(rb"<([A-Za-z][\w:.-]*)[^<>]*>[^<>]{0,400}</\1>")
_FALSE_TAG = b"\x0e\x01\x02\0\xff\xff\xff\x7f\0\0\0\0"
_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"+/v8-")
_CODECS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp037", "cp500", "shift_jis",
           "iso2022_jp", "cp1256", "gb18030")  # fmt: skip


def mutated(seed: bytes, chance: random.Random) -> tuple[str, bytes]:
    """Return ``seed`` with one to three changes chosen by ``chance``, and what they were."""
    done = []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        change = chance.choice(_CHANGES)
        done.append(change.__name__.strip("_"))
        seed = change(seed, chance)
    return "+".join(done), seed


def _cut_at_place(seed: bytes, chance: random.Random) -> bytes:
    places = [match.start() + chance.choice((0, 1)) for match in _PLACES.finditer(seed)]
    return seed[: chance.choice(places)] if places else seed[: len(seed) // 2]


def _cut_anywhere(seed: bytes, chance: random.Random) -> bytes:
    return seed[: chance.randrange(len(seed) + 1)]


def _cut_out(seed: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(seed) + 1)
    return seed[:start] + seed[start + chance.choice((1, 4, 40, 400)) :]


def _turn_bytes(seed: bytes, chance: random.Random) -> bytes:
    content = bytearray(seed)
    for _ in range(chance.choice((1, 3, 30)) if content else 0):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content)


def _put_in(seed: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(seed) + 1)
    what = chance.choice(
        (b"\0", b"\0" * 50, b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&x;", b"&#0;", b"&#xD800;",
         b"&#99999999;", b"\\ud800", b"\\u0000", b"<b>" * 400, b"[" * 500, b'{"a":' * 500, b"\x1a",
         b"\xff\xff", b"\xed\xa0\x80", b"\xc0\xaf", b"<?php x ?>", b"</item></channel>",
         "\u202e".encode(), b'<xi:include href="file:///etc/passwd" parse="text"/>',
         b"1e999", b"-", b"NaN", b" " * 5000, b"\r" * 500, b"<x:y z:w='1'/>", b"'", b'"')
    )  # fmt: skip
    return seed[:start] + what + seed[start:]


def _repeat_element(seed: bytes, chance: random.Random) -> bytes:
    found = list(_ELEMENT.finditer(seed))
    if not found:
        return seed + seed
    match = chance.choice(found)
    return seed[: match.end()] + match[0] * chance.choice((1, 2, 50)) + seed[match.end() :]


def _drop_element(seed: bytes, chance: random.Random) -> bytes:
    found = list(_ELEMENT.finditer(seed))
    if not found:
        return _cut_out(seed, chance)
    match = chance.choice(found)
    return seed[: match.start()] + seed[match.end() :]


def _swap_values(seed: bytes, chance: random.Random) -> bytes:
    parts = re.split(rb'("[^"\n]{0,200}")', seed)
    if len(parts) < 5:
        return seed[::-1]
    one, other = (chance.randrange(len(parts) // 2) * 2 + 1 for _ in range(2))
    parts[one], parts[other] = parts[other], parts[one]
    return b"".join(parts)


def _other_json_value(seed: bytes, chance: random.Random) -> bytes:
    values = (b"null", b"[]", b"{}", b"0", b"-1", b"1e999", b"true", b'"x"', b"[[[]]]", b"[null]",
              b'{"a":null}', b"9" * 500, b'[{"a":[]}]', b"NaN",
              b'"\\ud800"', b'"\\u0000"')  # fmt: skip
    found = list(re.finditer(rb'(?<=: )(?:"[^"\\]*"|\d+|\[|\{|null)', seed))
    if not found:
        return _turn_bytes(seed, chance)
    match = chance.choice(found)
    end = match.end()
    if match[0] in b"[{":
        end = len(seed) if chance.random() < 0.5 else end + 1
    return seed[: match.start()] + chance.choice(values) + seed[end:]


def _recode(seed: bytes, chance: random.Random) -> bytes:
    return seed.decode("utf-8", "replace").encode(chance.choice(_CODECS), "replace")


def _mark(seed: bytes, chance: random.Random) -> bytes:
    return chance.choice(_MARKS) + seed


def _declare(seed: bytes, chance: random.Random) -> bytes:
    name = chance.choice((b"utf-16", b"cp037", b"zlib", b"hex", b"rot13", b"nonsense", b"idna",
                          b"unicode_escape", b"utf-7", b"a" * 39, b"mbcs",
                          b"undefined"))  # fmt: skip
    if b"encoding=" in seed:
        return re.sub(rb'encoding="[^"]*"', b'encoding="' + name + b'"', seed, count=1)
    return b'<?xml version="1.0" encoding="' + name + b'"?>' + seed


_CHANGES = (
    _cut_at_place, _cut_at_place, _cut_anywhere, _cut_out, _turn_bytes, _turn_bytes, _put_in,
    _put_in, _repeat_element, _drop_element, _swap_values, _other_json_value, _other_json_value,
    _recode, _mark, _declare,
)  # fmt: skip


def document_types(seed: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the XML in ``seed`` with document types that are bombs, or read files."""
    if not seed.startswith(b"<?xml") or b"?>" not in seed:
        return
    head, _, rest = seed.partition(b"?>")
    used = re.sub(rb">(Ferry fares rise again)<", rb">&z; \1<", rest)
    laughs = b"".join(
        b'<!ENTITY %c "%s">' % (97 + n, (b"&%c;" % (96 + n)) * 10 if n else b"ha" * 9)
        for n in range(26)
    )
    types = {
        "laughs": laughs,
        "quadratic": b'<!ENTITY z "' + b"a" * 200_000 + b'">',
        "file": b'<!ENTITY z SYSTEM "file:///etc/passwd">',
        "network": b'<!ENTITY z SYSTEM "http://127.0.0.1:9/z">',
        "parameter": b'<!ENTITY % y SYSTEM "file:///etc/passwd"> %y; <!ENTITY z "%y;">',
        "loop": b'<!ENTITY z "&y;"><!ENTITY y "&z;">',
        "attributes": b"<!ATTLIST item a CDATA '&z;'>" * 2000,
        "open": b'<!ENTITY z "',
    }
    for name, inner in types.items():
        yield f"document type {name}", head + b"?><!DOCTYPE x [" + inner + b"]>" + used
    yield "document type outside", head + b'?><!DOCTYPE x SYSTEM "http://127.0.0.1:9/a.dtd">' + rest


def blown_up() -> Iterator[tuple[str, Bytes]]:
    """Yield inputs that are large in one way each, made only when asked for."""
    body = "".join(f"<p>Sentence {n} of the story.</p>" for n in range(20_000))
    attributes = " ".join(f"a{n}='<'" for n in range(30_000))
    bodies = {
        "20,000 paragraphs": body,
        "30,000 attributes": f"<p>ok</p><p {attributes}>x</p>",
    } | {
        f"2 MB of {unit}": unit * (2_000_000 // len(unit))
        for unit in ("a", "a ", "<b>", "<p>", "<td>", "<br>", "(", "2024 12 ", "&amp;", "<!--")
    }
    for name, seed in SEEDS.items():
        yield f"{name}: 10,000 of each", partial(seed, Words(repeated=10_000))
        for title, each in bodies.items():
            yield f"{name}: {title}", partial(seed, Words(body=each))
    yield "html: 500,000 paragraphs", lambda: _html(b"<p>word word</p>" * 500_000)
    yield "html: 14 MB line", lambda: _html(b"word " * 2_800_000)
    yield "html: 1,000,000 line breaks", lambda: _html(b"a<br>" * 1_000_000)
    yield (
        "html: 300,000 pictures",
        lambda: _html(b"".join(b"<img src=/%d.jpg>" % n for n in range(300_000))),
    )
    yield "html: 200,000 links", lambda: _html(b"<p><a href=/x>a</a></p>" * 200_000)
    yield (
        "html: table of 500,000 cells",
        lambda: _html(b"<table>" + b"<tr><td>a<td>b" * 250_000 + b"</table>"),
    )
    yield (
        "html: 100,000 attributes",
        lambda: _html(b"<p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">x</p>"),
    )
    yield "text: 10 MB line", lambda: b"News ID: 5\n\nHead\n\n" + b"word " * 2_000_000
    yield "text: 1,000,000 lines", lambda: b"News ID: 5\n\nHead\n\n" + b"A line.\n" * 1_000_000
    yield "json: 100,000 deep", lambda: b'{"uri":"a","type":"text","x":' + b"[" * 100_000
    yield "json: 100,000 deep, closed", lambda: b"[" * 100_000 + b"]" * 100_000
    yield (
        "json: names twice",
        lambda: (
            b'{"uri":"a","type":"text",'
            + b",".join(b'"headline":"%d"' % n for n in range(200_000))
            + b"}"
        ),
    )
    yield "json: long number", lambda: b'{"uri":"a","version":' + b"9" * 1_000_000 + b"}"
    yield "xml: 500,000 elements", lambda: b"<?xml version='1.0'?><nitf><body>" + b"<a/>" * 500_000
    yield "xml: 100,000 deep", lambda: b"<?xml version='1.0'?><nitf>" + b"<a>" * 100_000
    yield (
        "xml: 200,000 namespaces",
        lambda: b"<nitf " + b" ".join(b'xmlns:a%d="u:%d"' % (n, n) for n in range(200_000)) + b"/>",
    )
    yield (
        "rss: 50,000 entries",
        lambda: (
            b"<rss><channel>"
            + b"".join(
                b"<item><title>T%d</title><guid>u:%d</guid><description>Words.</description></item>"
                % (n, n)
                for n in range(50_000)
            )
        ),
    )
    yield "NULs", lambda: b"\0" * 1_000_000
    yield "any bytes", lambda: random.Random(5).randbytes(3_000_000)  # noqa: S311
    yield "mail: 3,000 parts", lambda: _parts(3000)
    yield "mail: parts 2,000 deep", _parts_in_parts
    yield (
        "mail: 1 MB of header",
        lambda: (
            b"From: a@b.example\r\nSubject: x\r\n"
            + b"X-A: "
            + b"=?utf-8?q?a?= " * 80_000
            + b"\r\n\r\nx"
        ),
    )


def _html(body: bytes) -> bytes:
    return (
        b"<!DOCTYPE html><html><head><title>Ferry fares</title></head><body><article>"
        b"<h1>Ferry fares</h1>" + body + b"</article></body></html>"
    )


def _parts(count: int) -> bytes:
    head = b"From: a@b.example\r\nSubject: Many\r\nMIME-Version: 1.0\r\n"
    part = b"--e\r\nContent-Type: text/plain; name=a.txt\r\n\r\nWords of a part.\r\n"
    return head + b"Content-Type: multipart/mixed; boundary=e\r\n\r\n" + part * count + b"--e--\r\n"


def _parts_in_parts() -> bytes:
    head = b"From: a@b.example\r\nSubject: Deep\r\nMIME-Version: 1.0\r\n"
    inner = b"".join(
        b"Content-Type: multipart/mixed; boundary=e%d\r\n\r\n--e%d\r\n" % (n, n)
        for n in range(2000)
    )
    return head + inner + b"Content-Type: text/plain\r\n\r\nWords.\r\n"


def hostile_pictures(chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield pictures that are cut, lie about their size, or carry what is none."""
    made = pictures()
    for name, content in made.items():
        for part in (2, 12, 40, len(content) // 2, len(content) - 2):
            yield f"{name}: cut at {part}", content[:part]
        for number in range(30):
            turned = bytearray(content)
            for _ in range(chance.choice((1, 4, 20))):
                turned[chance.randrange(min(len(turned), 400))] = chance.randrange(256)
            yield f"{name}: turned {number}", bytes(turned)
    jpeg = made["JPEG"]
    yield from _liars(made)
    yield "JPEG: words of 60,000 bytes", with_iim(jpeg, (2, 120, b"word " * 12_000))
    yield "JPEG: 5,000 keywords", with_iim(jpeg, *[(2, 25, b"a%d" % n) for n in range(5000)])
    yield "JPEG: words with NULs", with_iim(jpeg, (2, 120, b"\0\xff\x1b"), (2, 105, b"\0"))
    yield "JPEG: time of no day", with_iim(jpeg, (2, 55, b"99999999"), (2, 60, b"999999+9999"))
    yield (
        "JPEG: script",
        with_iim(
            jpeg, *[(2, n, b"<script>alert('owned')</script>") for n in (5, 25, 80, 105, 110, 120)]
        ),
    )
    whole = with_iim(jpeg, *WORDS_IN_IIM)
    yield "JPEG: IIM with a wrong length", whole.replace(b"\x1c\x02\x78\0", b"\x1c\x02\x78\xff")
    yield "JPEG: block with a wrong length", whole.replace(b"8BIM\x04\x04", b"8BIM\xff\xff")
    bomb = b"<!DOCTYPE x [" + b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 9 if n else b"ha") for n in range(20)
    )
    packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="x">%s</r:RDF></x:xmpmeta>'
    xmp = b"http://ns.adobe.com/xap/1.0/\0"
    yield "JPEG: XMP bomb", with_segment(jpeg, 0xE1, xmp + bomb + b"]>" + packet % b"&l19;")
    yield "JPEG: XMP deep", with_segment(jpeg, 0xE1, xmp + packet % (b"<a>" * 20_000))
    yield "JPEG: XMP cut", with_segment(jpeg, 0xE1, xmp + packet[:60])
    many = b"".join(with_segment(b"\xff\xd8", 0xE1, xmp + b"<a>" * 20_000)[2:] for _ in range(200))
    yield "JPEG: XMP 12 MB", jpeg[:2] + many + jpeg[2:]
    exif = b"Exif\0\0II*\0\x08\0\0\0" + b"\xff\xff" + _FALSE_TAG * 900
    yield "JPEG: EXIF liar", with_segment(jpeg, 0xE1, exif)
    circle = b"Exif\0\0II*\0\x08\0\0\0" + b"\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0"
    yield "JPEG: EXIF in a circle", with_segment(jpeg, 0xE1, circle)
    yield (
        "SVG with a script",
        (
            b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">'
            b"<script>alert('owned')</script><text>Words of a picture.</text></svg>"
        ),
    )
    yield "GIF that is a script", b"GIF89a/*" + made["GIF"][8:] + b"*/=1;alert('owned')"
    yield "JPEG with a page behind", jpeg + b"<html><script>alert('owned')</script></html>"
    yield "PDF that is a zip", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + zipped({"a.txt": b"News"})
    yield "PNG with a zip behind", made["PNG"] + zipped({"a.txt": b"News"})


def _liars(made: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for size in ((65_000, 65_000), (30_000, 20_000), (0, 0), (2**31 - 1, 1), (1, 65_535)):
        head = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
        blown = zlib.compress(b"\0" * 5_000_000, 9)
        yield (
            f"PNG of {size}",
            (
                b"\x89PNG\r\n\x1a\n"
                + _chunk(b"IHDR", head)
                + _chunk(b"IDAT", blown)
                + _chunk(b"IEND")
            ),
        )
    text = b"Comment\0\0" + zlib.compress(b"a" * 50_000_000, 9)
    png = made["PNG"]
    yield "PNG: words of 50 MB", png[:33] + _chunk(b"zTXt", text) + png[33:]
    marker = made["JPEG"].find(b"\xff\xc0")
    yield (
        "JPEG of 65,535 by 65,535",
        (made["JPEG"][: marker + 5] + b"\xff" * 4 + made["JPEG"][marker + 9 :]),
    )
    yield "GIF of 65,535 by 65,535", made["GIF"][:6] + b"\xff" * 4 + made["GIF"][10:]
    frames = [Image.new("L", (8, 8), n % 256) for n in range(600)]
    target = BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    yield "GIF of 600 frames", target.getvalue()
    target = BytesIO()
    Image.new("1", (30_000, 30_000)).save(target, "TIFF", compression="group4")
    yield "TIFF of 900 megapixels", target.getvalue()
    target = BytesIO()
    Image.new("1", (12_000, 12_000)).save(target, "PNG", optimize=True)
    yield "PNG of 144 megapixels", target.getvalue()


def _chunk(name: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def archives() -> Iterator[tuple[str, bytes]]:
    """Yield zip files that are bombs, lie, nest, or lead out of the folder."""
    page = SEEDS["text"](Words())
    yield (
        "zip: 1 GB of zeros",
        zipped({"a.txt": b"\0" * (1 << 27)} | {f"{n}.txt": page for n in "ab"}),
    )
    yield "zip: 5,000 members", zipped({f"{n}.txt": b"News %d" % n for n in range(5000)})
    inner = page
    for level in range(20):
        inner = zipped({f"{level}.zip": inner})
    yield "zip: 20 deep", inner
    names = ("../../owned.txt", "/owned.txt", "..\\owned.txt", "C:\\owned.txt", "a/\x00b.txt",
             "\u202etxt.exe", "a" * 60_000, "con", "", ".", "..", "a//b", "-rf")  # fmt: skip
    yield "zip: names that lead out", zipped(dict.fromkeys(names, page))
    whole = zipped({"a.txt": page, "b.txt": page})
    yield "zip: cut", whole[: len(whole) // 2]
    yield "zip: wrong sizes", whole.replace(struct.pack("<I", len(page)), b"\xff\xff\xff\x7f")
    yield (
        "zip: encrypted",
        whole.replace(b"PK\x03\x04\x14\0\0\0", b"PK\x03\x04\x14\0\x01\0").replace(
            b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\x01\0"
        ),
    )
    yield "zip: end alone", b"PK\x05\x06" + bytes(18)
    yield "zip: twice one name", zipped({"a.txt": page}) + zipped({"a.txt": page})
    yield "gzip: 100 MB of zeros", gzip.compress(b"\0" * 100_000_000)
    yield (
        "manifest that leads out",
        json.dumps(
            {"format": "Broadsheet export", "version": 1, "finished": "2024-01-01", "files": 9}
        ).encode(),
    )


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a zip file of ``members`` by their names, whatever these are."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo("x")
            info.filename, info.compress_type = name, zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return target.getvalue()
