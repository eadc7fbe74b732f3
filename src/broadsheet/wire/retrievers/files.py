"""Files and folders as they lie on this machine, and standard input."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import IO, BinaryIO

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import HEAD, LARGEST_FILE, Incoming, IncomingFile, Unreadable
from broadsheet.wire.retrievers import zipped
from broadsheet.wire.retrievers.beside import parts_of, read_beside, spellings
from broadsheet.wire.retrievers.pictures import is_called_picture

STANDARD_INPUT = "-"
_MANIFEST = "manifest.json"


def find(paths: Iterable[str]) -> list[Path | Unreadable]:
    """Return the files that ``paths`` name, folders with everything below them.

    Sorted within a folder, so that two runs take them in the same order; pictures come last,
    since the texts beside them take theirs along. Hidden files and folders are left out, and so
    are links to folders, which may lead in a circle, and the pictures and scripts that a
    browser saves beside a page.
    """
    found: list[Path | Unreadable] = []
    for name in paths:
        path = Path(name)
        if name == STANDARD_INPUT or not path.is_dir():
            found.append(path)
            continue
        if _is_export(path):
            # One thing, however many files it is: its parser reads what lies beside the manifest.
            found.append(path / _MANIFEST)
            continue
        # Asked once of each folder: most have very many files.
        is_left_out = cache(partial(_is_left_out, top=path))
        files: list[Path | Unreadable] = []
        try:
            files.extend(
                _without_parts_of_exports(
                    [
                        file
                        for file in sorted(path.rglob("*"), key=_pictures_last)
                        if not file.name.startswith(".")
                        and not is_left_out(file.parent)
                        and file.is_file()
                    ]
                )
            )
        except OSError as error:
            files.append(_unreadable(path, error))
        found.extend(
            files or [Unreadable(str(path), "The folder has no files. Name another folder.")]
        )
    return found


def read(
    files: Iterable[Path | Unreadable], standard_input: BinaryIO
) -> Iterator[Incoming | IncomingFile | Unreadable]:
    """Yield what each of ``files`` holds, one at a time, or why it could not be read.

    That is its bytes, or the file itself where it is an archive's export, which may be larger
    than memory. A zip file is opened, and its members are yielded instead. Pictures that a text
    asked for (``beside``) are not yielded once more by themselves.
    """
    taken: set[Path] = set()
    for file in files:
        if isinstance(file, Unreadable):
            yield file
            continue
        if file in taken:
            continue
        try:
            if str(file) == STANDARD_INPUT:
                yield from _from_stream(standard_input)
            else:
                yield from _from_file(file, taken)
        except OSError as error:
            yield _unreadable(file, error)
        except WireError as error:
            yield Unreadable(str(file), str(error))


def opened(
    file: IO[bytes], path: Path, origin: str
) -> Iterator[bytes | Incoming | IncomingFile | Unreadable]:
    """Yield what ``file``, open at its start and lying at ``path``, is: its bytes, or its parts.

    Raises ``OSError`` and :class:`WireError`.
    """
    # Late: the parsers bring lxml and trafilatura, which those who only wait do not need.
    from broadsheet.wire.parsers import archive_parser

    head = file.read(HEAD)
    if archive_parser(head) is not None:
        yield IncomingFile(path, origin, head)
    elif zipped.is_zip(head):
        yield from zipped.members(file, origin)
    else:
        yield head + _rest(file, head)


def _from_file(file: Path, taken: set[Path]) -> Iterator[Incoming | IncomingFile | Unreadable]:
    if not file.is_file() and file.exists():
        raise WireError("This is neither a file nor a folder. Name a saved page.")

    def beside(name: str) -> bytes | None:
        content = read_beside(file.parent, name)
        if content is not None:
            taken.update(file.parent.joinpath(*parts_of(each)) for each in spellings(name))
        return content

    with file.open("rb") as handle:
        for part in opened(handle, file, str(file)):
            yield Incoming(part, str(file), beside=beside) if isinstance(part, bytes) else part


def _from_stream(stream: BinaryIO) -> Iterator[Incoming | IncomingFile | Unreadable]:
    from broadsheet.wire.parsers import archive_parser

    origin = "standard input"
    head = stream.read(HEAD)
    if archive_parser(head) is None and not zipped.is_zip(head):
        yield Incoming(head + _rest(stream, head), origin)
        return
    # What is gone through more than once, or by leaps, has to lie somewhere.
    with tempfile.NamedTemporaryFile(prefix="broadsheet-") as file:
        zipped.spool(stream, head, file)
        file.seek(0)
        for part in opened(file, Path(file.name), origin):
            yield Incoming(part, origin) if isinstance(part, bytes) else part


def _rest(file: IO[bytes], head: bytes) -> bytes:
    # Bit by bit: whoever reads makes room for all that is asked for, and most files are small.
    # One byte more than allowed tells "too large" without reading on for ever.
    parts: list[bytes] = []
    size = len(head)
    while size <= LARGEST_FILE:
        part = file.read(min(max(size, HEAD), LARGEST_FILE + 1 - size))
        if not part:
            break
        parts.append(part)
        size += len(part)
    if size > LARGEST_FILE:
        raise WireError(
            f"The file has more than {LARGEST_FILE // 1024 // 1024} MB, and is no archive that "
            "is known. Send its parts by themselves."
        )
    return b"".join(parts)


def _pictures_last(path: Path) -> tuple[bool, tuple[str, ...]]:
    return is_called_picture(path.name), path.parts


def _unreadable(path: Path, error: OSError) -> Unreadable:
    match error:
        case FileNotFoundError():
            reason = "There is no such file or folder. Check the path."
        case PermissionError():
            reason = "The file may not be read. Give this user the right to read it."
        case _:
            reason = f"The file could not be read: {error.strerror or error}."
    return Unreadable(str(path), reason)


def _is_left_out(folder: Path, *, top: Path) -> bool:
    """Tell whether ``folder``, at or below ``top``, or one it stands in, is hidden or a page's.

    A browser saves what belongs to a page in its "…_files" folder, beside it.
    """
    if any(part.startswith(".") for part in folder.relative_to(top).parts):
        return True
    return any(
        folder.name.endswith("_files")
        and any(
            folder.with_name(folder.name.removesuffix("_files") + suffix).is_file()
            for suffix in (".html", ".htm")
        )
        for folder in (folder, *folder.parents)
        if folder.is_relative_to(top)
    )


def _is_export(folder: Path) -> bool:
    """Tell whether ``folder`` is an export of a paper like this one, by its manifest."""
    # Late: the parsers bring lxml and trafilatura, which those who only wait do not need.
    from broadsheet.wire.parsers import exported

    try:
        with (folder / _MANIFEST).open("rb") as file:
            return exported.recognises(file.read(HEAD))
    except OSError:
        return False


def _without_parts_of_exports(files: list[Path]) -> list[Path]:
    """Return ``files`` without what lies in an export, but for its manifest."""
    manifests = {file for file in files if file.name == _MANIFEST and _is_export(file.parent)}
    if not manifests:
        return files
    exports = {file.parent for file in manifests}
    return [file for file in files if file in manifests or exports.isdisjoint(file.parents)]
