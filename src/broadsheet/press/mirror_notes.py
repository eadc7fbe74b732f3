"""How far the mirror of this node has come, as noted in the home."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from broadsheet.object_stores import Place
from broadsheet.press.models import PressedChange

FILE_NAME = "mirror"


@dataclass(frozen=True)
class Note:
    """The folder is whole, and holds what the journal said up to the row ``seen``.

    ``address`` and ``digest`` are that row's: in a database that was restored the same number
    may belong to another change. ``seen`` is 0 where the journal was empty.
    """

    place: str
    seen: int = 0
    address: str = ""
    digest: str = ""

    @classmethod
    def of(cls, place: Place, row: PressedChange | None) -> Note:
        """Return the note that everything up to ``row`` is there."""
        if row is None:
            return cls(str(place))
        return cls(str(place), row.pk, row.address, row.digest)

    def is_of(self, row: PressedChange) -> bool:
        """Tell whether ``row`` is the one that was seen last."""
        return (self.seen, self.address, self.digest) == (row.pk, row.address, row.digest)

    def is_continued(self) -> bool:
        """Tell whether the journal still has the row that was seen last."""
        if not self.seen:
            return True
        row = PressedChange.objects.filter(pk=self.seen).first()
        return row is not None and self.is_of(row)

    def write(self, file: Path) -> None:
        """Note it in ``file``, unless it is noted there; what is noted outlasts a power cut."""
        if self == _read(file):
            return
        fresh = file.with_name(f".{file.name}-{os.getpid()}")
        with fresh.open("w", encoding="utf-8") as stream:
            json.dump(asdict(self), stream)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(file)


def read(file: Path, place: Place) -> Note | None:
    """Return what ``file`` notes; ``None`` where the folder never was whole, as of ``place``."""
    note = _read(file)
    return note if note is not None and note.place == str(place) else None


def _read(file: Path) -> Note | None:
    try:
        return Note(**json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
