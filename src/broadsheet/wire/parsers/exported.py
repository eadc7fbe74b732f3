"""Exports of papers like this one: a folder that its manifest was found in.

``SHA256SUMS`` lists the files in the order in which they are read, and every one is compared
with its checksum before anything is made of it; what is damaged is told and left out. Names that
lead out of the folder, links and what is not listed are not read. Memory does not grow with the
export: one story, or one picture, is read at a time. What the folder holds stands in
``docs/howto/export.md``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import LARGEST_FILE, IncomingFile
from broadsheet.wire.items import Unread, WireParticular, WireRecord
from broadsheet.wire.parsers import exported_items
from broadsheet.wire.retrievers.beside import open_beside

FORMAT = exported_items.FORMAT
MANIFEST = "manifest.json"
VERSION = 1
_SUMS_NAME = "SHA256SUMS"

_HEAD = re.compile(rb'\s{0,20}\{\s{0,20}"format"\s{0,20}:\s{0,20}"Broadsheet export"')
_LARGEST_MANIFEST = 1024 * 1024
_CHUNK = 1024 * 1024
_LONGEST_LINE = 2_000
_SUM = re.compile(rb"([0-9a-f]{64})  ([\x21-\x7e]{1,200})\n?")
_STORY = re.compile(r"stories/\d{1,16}/(\d{1,19})\.json")
_KEPT = re.compile(r"stories/\d{1,16}/(\d{1,19})\.kept\.json")
_PAGE = re.compile(r"pages/\d{1,9}\.json")
# Files of lines, and what a line of each is.
_LINES = {
    "bylines.jsonl": "author",
    "topics.jsonl": "topic",
    "sources.jsonl": "source",
    "merges.jsonl": "merge",
    "translations.jsonl": "translation",
    "fronts.jsonl": "front",
    "redirects.jsonl": "redirect",
}
# A line of these; a front may list all the stories it ever had.
_LONGEST_RECORD = 4 * 1024 * 1024


def recognises(head: bytes) -> bool:
    """Tell whether a file that begins with ``head`` is the manifest of an export."""
    return _HEAD.match(head) is not None


def read(file: IncomingFile) -> Iterator[WireRecord]:
    """Yield what the export around the manifest ``file`` holds.

    Raises :class:`WireError` where it is not finished, of a later version, or has no list.
    """
    folder = file.path.parent
    origin = str(Path(file.origin).parent)
    sums = _sums(_manifest(file), folder)
    with sums:
        yield from _Export(folder, origin).read(sums)


def _manifest(file: IncomingFile) -> Mapping[str, Any]:
    with file.open() as handle:
        content = handle.read(_LARGEST_MANIFEST)
    try:
        told = json.loads(content)
        version, finished = told["version"], told["finished"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise WireError("The manifest is damaged. Copy the export anew.") from error
    if version != VERSION:
        raise WireError(
            f"The export is of version {str(version)[:20]}; this Broadsheet reads {VERSION}. "
            "Import it with the Broadsheet that is as new as the one that wrote it."
        )
    if finished is not True:
        raise WireError(
            "The export was interrupted. Complete it with “broadsheet export --resume”, then "
            "import it."
        )
    return dict(told)


def _sums(manifest: Mapping[str, Any], folder: Path) -> BinaryIO:
    """Return the list of files, open at its start, once it has its checksum."""
    told = manifest.get("sums")
    name = told.get("file") if isinstance(told, dict) else None
    sums = open_beside(folder, name) if isinstance(name, str) else None
    if not isinstance(told, dict) or sums is None:
        raise WireError(
            "The list of files (SHA256SUMS) is not beside the manifest. Copy the whole export."
        )
    if _digest(sums) != told.get("sha256"):
        sums.close()
        raise WireError("The list of files (SHA256SUMS) is damaged. Copy the export anew.")
    return sums


def _digest(file: BinaryIO) -> str:
    """Return the SHA-256 of ``file``, which is open at its start, and again afterwards."""
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


class _Export:
    """One export as it is read; ``_ninjs`` is the story whose other part comes next."""

    def __init__(self, folder: Path, origin: str) -> None:
        self._folder = folder
        self._origin = origin
        self._ninjs: tuple[str, bytes] = ("", b"")

    def read(self, sums: BinaryIO) -> Iterator[WireRecord]:
        while line := sums.readline(_LONGEST_LINE):
            match = _SUM.fullmatch(line)
            if match is None:
                yield self._unread("file", _SUMS_NAME, "has a line that is no checksum and name")
                return
            yield from self._file(match[2].decode("ascii"), match[1].decode("ascii"))

    def _file(self, name: str, digest: str) -> Iterator[WireRecord]:
        if name.startswith("media/"):
            # Read when its picture is.
            return
        if name in _LINES or name == "pictures.jsonl":
            yield from self._lines(name, digest)
            return
        content = self._content(name, digest)
        if isinstance(content, Unread):
            yield content
        elif name == "paper.json":
            yield from self._paper(content)
        elif _PAGE.fullmatch(name):
            yield exported_items.page(content, self._named(name))
        elif story := _STORY.fullmatch(name):
            self._ninjs = (story[1], content)
        elif story := _KEPT.fullmatch(name):
            number, ninjs = self._ninjs
            self._ninjs = ("", b"")
            ninjs = ninjs if number == story[1] else b""
            yield exported_items.story(int(story[1]), ninjs, content, self._named(name))
        else:
            yield Unread(
                self._named(name),
                "file",
                "Nothing here can be made of this file of the export.",
                is_noted=True,
            )

    def _content(self, name: str, digest: str) -> bytes | Unread:
        file = open_beside(self._folder, name)
        kind = "story" if name.startswith("stories/") else "file"
        if file is None:
            return self._unread(kind, name, "is not there, or may not be read")
        with file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            return self._unread(kind, name, "is larger than a story can be")
        if hashlib.sha256(content).hexdigest() != digest:
            return self._unread(kind, name, "is damaged: it has another checksum")
        return content

    def _paper(self, content: bytes) -> Iterator[WireRecord]:
        origin = self._named("paper.json")
        try:
            told = json.loads(content)
            parts = [("paper", told)]
            for what, name in (("section", "sections"), ("agency", "agencies")):
                parts += [(what, each) for each in told.pop(name, [])]
        except (ValueError, AttributeError, TypeError, RecursionError):
            yield self._unread("file", "paper.json", "is no JSON as an export has it")
            return
        for what, values in parts:
            yield WireParticular(origin, what, json.dumps(values, ensure_ascii=False))

    def _lines(self, name: str, digest: str) -> Iterator[WireRecord]:
        file = open_beside(self._folder, name)
        if file is None:
            yield self._unread("file", name, "is not there, or may not be read")
            return
        with file:
            if _digest(file) != digest:
                yield self._unread("file", name, "is damaged: it has another checksum")
                return
            number = 0
            while line := file.readline(_LONGEST_RECORD):
                number += 1
                origin = f"{self._named(name)}, line {number}"
                try:
                    text = line.decode("utf-8")
                except UnicodeDecodeError:
                    yield Unread(origin, "file", "The line is no UTF-8. Copy the export anew.")
                    continue
                if name == "pictures.jsonl":
                    yield exported_items.picture(text, origin, self._media)
                else:
                    yield WireParticular(origin, _LINES[name], text)

    def _media(self, name: str, digest: str) -> bytes | str:
        """Return the bytes of a picture's file, or why there are none."""
        content = self._content(name, digest) if name.startswith("media/") else None
        if isinstance(content, bytes):
            return content
        return content.reason if content else f"{name[:200]} is no picture of the export."

    def _named(self, name: str) -> str:
        return f"{self._origin}/{name}"

    def _unread(self, kind: str, name: str, reason: str) -> Unread:
        return Unread(self._named(name), kind, f"{name} {reason}. Copy the export anew.")
