"""Files and folders as they lie on this machine, and standard input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import LARGEST_PAGE, Incoming, Unreadable, refuse_too_large

STANDARD_INPUT = "-"


def find(paths: Iterable[str]) -> list[Path | Unreadable]:
    """Return the files that ``paths`` name, folders with everything below them.

    Sorted within a folder, so that two runs take them in the same order. Hidden files and
    folders are left out, and so are links to folders, which may lead in a circle, and the
    pictures and scripts that a browser saves beside a page.
    """
    found: list[Path | Unreadable] = []
    for name in paths:
        path = Path(name)
        if name == STANDARD_INPUT or not path.is_dir():
            found.append(path)
            continue
        files: list[Path | Unreadable] = []
        try:
            files.extend(
                file
                for file in sorted(path.rglob("*"))
                if file.is_file()
                and not _is_hidden(file.relative_to(path))
                and not _belongs_to_page(file, path)
            )
        except OSError as error:
            files.append(_unreadable(path, error))
        found.extend(
            files or [Unreadable(str(path), "The folder has no files. Name another folder.")]
        )
    return found


def read(
    files: Iterable[Path | Unreadable], standard_input: BinaryIO
) -> Iterator[Incoming | Unreadable]:
    """Yield the bytes of each of ``files``, one at a time, or why they could not be read."""
    for file in files:
        if isinstance(file, Unreadable):
            yield file
            continue
        try:
            yield _incoming(file, standard_input)
        except OSError as error:
            yield _unreadable(file, error)
        except WireError as error:
            yield Unreadable(str(file), str(error))


def _incoming(file: Path, standard_input: BinaryIO) -> Incoming:
    if str(file) == STANDARD_INPUT:
        # One byte more than allowed tells "too large" without reading on for ever.
        content = standard_input.read(LARGEST_PAGE + 1)
        refuse_too_large(len(content))
        return Incoming(content, "standard input")
    if file.exists() and not file.is_file():
        raise WireError("This is neither a file nor a folder. Name a saved page.")
    refuse_too_large(file.stat().st_size)
    with file.open("rb") as handle:
        content = handle.read(LARGEST_PAGE + 1)
    refuse_too_large(len(content))
    return Incoming(content, str(file))


def _unreadable(path: Path, error: OSError) -> Unreadable:
    match error:
        case FileNotFoundError():
            reason = "There is no such file or folder. Check the path."
        case PermissionError():
            reason = "The file may not be read. Give this user the right to read it."
        case _:
            reason = f"The file could not be read: {error.strerror or error}."
    return Unreadable(str(path), reason)


def _belongs_to_page(file: Path, top: Path) -> bool:
    """Tell whether a browser saved ``file`` along with a page, in its "…_files" folder."""
    return any(
        folder.name.endswith("_files")
        and any(
            folder.with_name(folder.name.removesuffix("_files") + suffix).is_file()
            for suffix in (".html", ".htm")
        )
        for folder in file.parents
        if folder.is_relative_to(top)
    )


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
