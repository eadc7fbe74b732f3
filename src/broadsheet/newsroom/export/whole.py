"""The whole paper into one folder, in the order in which it is to be read again.

    paper.json          its particulars, sections, agencies
    bylines.jsonl       a line each
    topics.jsonl
    sources.jsonl       the register of sources
    merges.jsonl        which of them turned out to be which other
    media/              pictures' own files, named by their SHA-256
    pictures.jsonl      what is told of them
    pages/              standing pages
    stories/207/        207166.json (ninjs) and 207166.kept.json (the rest)
    translations.jsonl  which story translates which
    fronts.jsonl        what the desk placed where
    redirects.jsonl
    SHA256SUMS, manifest.json

Memory does not grow with the paper: stories are read by the hundred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

import broadsheet
from broadsheet.newsroom.export import claims, particulars, stories
from broadsheet.newsroom.export.folder import Folder, as_json
from broadsheet.newsroom.export.pictures import Pictures
from broadsheet.newsroom.export.wxr import write_wxr
from broadsheet.stories.models import Paper

# Called with what is written, and how many of it so far.
Progress = Callable[[str, int], None]
_IN_A_FOLDER = 1_000
_TELL_EVERY = 100


@dataclass
class Exported:
    """What an export holds, by kind, and what could not be written."""

    counts: Counter[str] = field(default_factory=Counter)
    files: int = 0
    bytes: int = 0
    missing: list[str] = field(default_factory=list)
    wxr: Counter[str] = field(default_factory=Counter)


def export(
    path: Path,
    *,
    since: datetime | None = None,
    media: bool = True,
    resume: bool = False,
    wxr: Path | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Write the paper to the folder ``path``; return what is in it.

    With ``since``, only stories that were changed or commented since then; everything else is
    small and always whole. Without ``media``, the files of pictures are left out. ``wxr`` is a
    file for the same in WordPress's format. Raises ``FolderError`` and ``OSError``.
    """
    progress = progress or _silent
    folder = Folder(path, resume=resume)
    told: dict[str, Any] = {
        "paper": (Paper.objects.order_by("pk").first() or Paper()).name,
        "address": str(settings.BASE_URL),
        "since": since.isoformat() if since else None,
        "media": media,
        "made_at": timezone.now().isoformat(),
        "made_with": f"Broadsheet {broadsheet.__version__}",
    }
    result = Exported()
    try:
        folder.begin(told)
        with Pictures() as pictures:
            _write(folder, pictures, result, since, progress, media=media)
            result.missing = pictures.missing
            if wxr is not None:
                result.wxr = write_wxr(wxr, pictures, since, progress)
        folder.finish({**told, "counts": dict(sorted(result.counts.items()))})
    finally:
        folder.abandon()
    result.files, result.bytes = folder.files, folder.bytes
    return result


def _write(
    folder: Folder,
    pictures: Pictures,
    result: Exported,
    since: datetime | None,
    progress: Progress,
    *,
    media: bool,
) -> None:
    counts = result.counts

    def lines(what: str, found: Iterator[dict[str, Any]]) -> None:
        counts[what] = folder.write_lines(f"{what}.jsonl", _counted(found, what, progress))

    paper = particulars.paper()
    folder.write("paper.json", as_json(paper))
    counts["sections"], counts["agencies"] = len(paper["sections"]), len(paper["agencies"])
    lines("bylines", particulars.bylines())
    lines("topics", particulars.topics())
    lines("sources", claims.sources())
    lines("merges", claims.merges())
    lines("pictures", pictures.write(folder, copy=media))
    counts["files of pictures"] = pictures.files
    kept = set()
    for number, page in enumerate(particulars.pages(pictures), start=1):
        kept.add(f"{number:04}.json")
        folder.write(f"pages/{number:04}.json", as_json(page))
        counts["pages"] = number
    folder.sweep("pages", kept)
    _stories(folder, pictures, counts, since, progress)
    lines("translations", particulars.translations())
    lines("fronts", particulars.fronts())
    lines("redirects", particulars.redirects())


def _stories(
    folder: Folder,
    pictures: Pictures,
    counts: Counter[str],
    since: datetime | None,
    progress: Progress,
) -> None:
    here, kept, used = "stories", set[str](), set[str]()
    counts["stories"] = counts["comments"] = 0
    for news_id, ninjs, rest in stories.told(pictures, since):
        below = f"stories/{news_id // _IN_A_FOLDER}"
        if below != here:
            folder.sweep(here, kept)
            here, kept = below, set()
            used.add(below)
        for name, values in ((f"{news_id}.json", ninjs), (f"{news_id}.kept.json", rest)):
            folder.write(f"{below}/{name}", as_json(values))
            kept.add(name)
        counts["stories"] += 1
        counts["comments"] += len(rest["comments"])
        if counts["stories"] % _TELL_EVERY == 0:
            progress("stories", counts["stories"])
    folder.sweep(here, kept)
    for name in folder.folders("stories"):
        if f"stories/{name}" not in used:
            folder.sweep(f"stories/{name}", ())
    progress("stories", counts["stories"])


def _silent(what: str, count: int) -> None:
    """Tell nobody."""


def _counted(found: Iterator[Any], what: str, progress: Progress) -> Iterator[Any]:
    for count, each in enumerate(found, start=1):
        if count % _TELL_EVERY == 0:
            progress(what, count)
        yield each
