"""What an import says while it runs: lines for a person, objects for a program, a report."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Any, TextIO

from broadsheet.newsroom.importing.reconciliation import Reconciliation
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.outcomes import Outcome

Say = Callable[[str], None]
# Names of files, and words that came in, may hold what moves the cursor of a terminal, breaks or
# turns its lines, or is no character at all (bytes of a name that are no UTF-8).
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_HALVES = re.compile("[\ud800-\udfff]")


def printable(text: str) -> str:
    r"""Return ``text`` on one line, with what no terminal should act upon as ``\x1b`` and such."""
    return _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def tell(outcome: Outcome, say: Say, warn: Say, *, briefly: bool) -> None:
    """Say what became of one record; ``briefly``, only where there is something to look at."""
    if outcome.kind == "refused":
        warn(printable(f"refused    {outcome.origin}: {outcome.error}"))
        return
    if outcome.kind == "noted" and outcome.error:
        say(printable(f"noted      {outcome.origin}: {outcome.error}"))
        return
    if briefly or outcome.item is None:
        return
    number = outcome.news_id if outcome.news_id is not None else "-"
    where = f"  ({outcome.section})" if outcome.section else ""
    say(printable(f"{outcome.kind:<10} {number}  {outcome.item.headline}{where}"))
    for oddity in outcome.oddities:
        say(printable(f"           odd: {oddity}"))


class Report:
    """Writes everything that is not plain into a file, as it comes, and the accounts at its end.

    Lines of text; JSON Lines where the file's name ends in ``.jsonl``.
    """

    def __init__(self, path: Path, *, append: bool) -> None:
        self._is_json = path.suffix == ".jsonl"
        self._file: TextIO = path.open("a" if append else "w", encoding="utf-8")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def add(self, outcome: Outcome) -> None:
        """Write down ``outcome`` where something about it is worth a look."""
        if not outcome.error and not outcome.oddities:
            return
        if self._is_json:
            self._line(as_json(outcome, with_body=False))
            return
        number = f" {outcome.news_id}" if outcome.news_id is not None else ""
        said = [outcome.error] if outcome.error else list(outcome.oddities)
        for sentence in said:
            cells = (outcome.kind, f"{outcome.what}{number}", outcome.origin, sentence)
            self._file.write("\t".join(map(printable, cells)) + "\n")

    def close_with(self, accounts: Reconciliation) -> None:
        """Write the accounts as the last thing."""
        if self._is_json:
            self._line({"counts": accounts.as_values()})
        else:
            self._file.write("\n".join(["", *accounts.table(), ""]))

    def _line(self, values: dict[str, Any]) -> None:
        self._file.write(json.dumps(values, ensure_ascii=False) + "\n")


def as_json(outcome: Outcome, *, with_body: bool = True) -> dict[str, Any]:
    """Return ``outcome`` as JSON values; ``with_body``, with the paragraphs of its story."""
    item = outcome.item
    published = item.published if item else None
    values: dict[str, Any] = {
        "file": _HALVES.sub("\ufffd", outcome.origin),
        "what": outcome.what,
        "news_id": outcome.news_id,
        "headline": item.headline if item else None,
        "published": f"{published.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if published else None,
        "language": item.language if item else None,
        "section": outcome.section or None,
        "authors": list(item.authors) if item else [],
        "agencies": list(item.agencies) if item else [],
        "outcome": outcome.kind,
        "oddities": [_HALVES.sub("\ufffd", oddity) for oddity in outcome.oddities],
        "error": _HALVES.sub("\ufffd", outcome.error) or None,
    }
    if with_body:
        values["body"] = plain_paragraphs(item) if item else []
        values["photos"] = [
            {"caption": photo.caption, "credit": photo.credit}
            for photo in (item.photos if item else ())
        ]
        values |= _of_the_wire(outcome)
    return values


def _of_the_wire(outcome: Outcome) -> dict[str, Any]:
    """Return what agencies say of their copy beside its words."""
    item = outcome.item
    if item is None:
        return {}
    embargoed = item.embargoed
    return {
        "format": item.format,
        "guid": item.guid,
        "version": item.version or None,
        "status": item.pub_status or None,
        "embargoed": f"{embargoed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if embargoed else None,
        "signals": list(item.signals),
        "ed_note": item.ed_note or None,
        "hold": item.hold or None,
        "urgency": item.urgency,
        "slugline": item.slugline or None,
        "updated": f"{item.updated.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if item.updated else None,
    }
