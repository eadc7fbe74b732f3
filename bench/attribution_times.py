"""How many dates in others' annotated news are read right, and how fast.

    .venv/bin/python bench/attribution_times.py [--held-out | --developed-on] [--misses]
                                                [--without-parse] [--folder FOLDER]

The stories are the 24 of GUM's news (see ``fixtures``), where people marked dates and their
meaning. Eight of them were put aside before the rules were written (``HELD_OUT``): their figure
is the one that counts. A story is taken as published on the day of its dateline, or where it has
none on GUM's ``dateCreated``.

A date is *absolute* where its words name a month, a year, a decade or a century and nothing that
is no date, *weekday* where they name a weekday and no month, *week* where they speak of a week or
weekend; what remains ("yesterday", "two years ago") is printed beside. It is right where ours
begins and ends on the same days; an end of a range we read as one ("from 2004 to 2009") where that
end is right, "since 1958" where it begins right, and a week that is not over where it ends with
the publication. Dates whose words name another weekday than GUM's value are counted apart: the two
cannot both be right. The peer, run beside, is the library ``dateparser``, which finds dates in
texts.
"""

from __future__ import annotations

import argparse
import html
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter

import edtf

from broadsheet.attribution.extraction import times
from broadsheet.attribution.extraction.lexicon import word_set

HELD_OUT = word_set("nasa sensitive homeopathic iodine election korea hackers worship")
FOLDER = Path(__file__).parents[2] / "shared" / "fixtures" / "gum-news"
BARS = {"absolute": 98, "weekday": 95, "week": 95}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
)
_YEAR = re.compile(r"\b[12]\d{3}s?\b|\bcentury\b|\b(?:twen|thir|for|fif|six|seven|eigh|nine)ties\b")
_OTHER_WORDS = re.compile(r"\b(?!(?:the|of|early|late|mid|in|st|nd|rd|th|\w*day)\b)[a-z]{2,}\b")
_TAG = re.compile(r"<(/?)(\w+)([^>]*)>")
REPEATS = 20
_COLUMNS = 10
"""Of a token in a CoNLL-U file; other rows are comments or empty."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A date that GUM marked: its words' range of characters, and its first and last day."""

    start: int
    end: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Story:
    """One of GUM's stories as text, with its dates and the day it was published."""

    name: str
    text: str
    dates: tuple[Marked, ...]
    published: datetime


def _edge(value: str, *, last: bool) -> date:
    year, month, day = ([int(part) for part in value[:10].split("-")] + [0, 0])[:3]
    if day:
        return date(year, month, day)
    if not last:
        return date(year, month or 1, 1)
    following = date(year + (month in {0, 12}), (month or 12) % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _range(attributes: dict[str, str]) -> tuple[date | None, date | None]:
    when = attributes.get("when")
    first = when or attributes.get("from") or attributes.get("notBefore")
    last = when or attributes.get("to") or attributes.get("notAfter")
    return (
        _edge(first, last=False) if first else None,
        _edge(last, last=True) if last else None,
    )


def spaces_after(path: Path) -> list[bool]:
    """Return for each token of a CoNLL-U file whether white space follows it."""
    found: list[bool] = []
    covered = 0
    for row in path.read_text(encoding="utf-8").splitlines():
        columns = row.split("\t")
        if len(columns) != _COLUMNS:
            continue
        close = "SpaceAfter=No" not in columns[9]
        if "-" in columns[0]:
            first, last = (int(part) for part in columns[0].split("-"))
            covered = last - first + 1
            found.extend([False] * (covered - 1) + [close])
        elif "." in columns[0]:
            continue
        elif covered:
            covered -= 1
        else:
            found.append(close)
    return found


def read(path: Path, dependencies: Path) -> Story:
    """Return the story in GUM's XML file ``path``, with the spacing of ``dependencies``."""
    raw = path.read_text(encoding="utf-8")
    spaces = spaces_after(dependencies)
    text = ""
    token = 0
    opened: list[tuple[int, dict[str, str]]] = []
    dates: list[Marked] = []
    for row in raw.splitlines():
        tag = _TAG.match(row)
        if tag is None:
            text += html.unescape(row.split("\t")[0])
            text += " " if spaces[token] else ""
            token += 1
        elif tag[2] in {"p", "head", "caption", "item"} and text and not text.endswith("\n"):
            text = text.rstrip(" ") + "\n\n"
        elif tag[2] == "date" and not tag[1]:
            opened.append((len(text), dict(re.findall(r'(\w+)="([^"]*)"', tag[3]))))
        elif tag[2] == "date":
            start, attributes = opened.pop()
            first, last = _range(attributes)
            dates.append(Marked(start, len(text.rstrip()), first, last))
    created = re.search(r'dateCreated="([\d-]+)"', raw)
    if created is None:
        raise ValueError(f"{path.name}: no dateCreated")
    published = date.fromisoformat(created[1])
    for one in sorted(dates, key=lambda one: one.start)[:3]:
        words = text[one.start : one.end].lower()
        is_day = one.first is not None and one.first == one.last and words.startswith(WEEKDAYS)
        if one.first and is_day and _MONTH.search(words) and _YEAR.search(words):
            published = one.first
            break
    at = datetime(published.year, published.month, published.day, 12, tzinfo=UTC)
    return Story(path.stem.rpartition("_")[2], text, tuple(dates), at)


def stories(folder: Path) -> Iterator[Story]:
    """Yield GUM's stories in ``folder``."""
    for path in sorted((folder / "xml").glob("*.xml")):
        yield read(path, folder / "dep" / f"{path.stem}.conllu")


def sort_of(words: str) -> str:
    """Return which bar the words of a date are held to."""
    lowered = words.lower()
    dates = _YEAR.sub(" ", _MONTH.sub(" ", lowered))
    if dates != lowered and not _OTHER_WORDS.search(dates):
        return "absolute"
    if any(day in lowered for day in WEEKDAYS):
        return "weekday"
    return "week" if "week" in lowered else "other"


def contradicts(words: str, one: Marked) -> bool:
    """Whether the words name another weekday than the value that was marked."""
    named = [day for day in WEEKDAYS if day in words.lower()]
    return bool(named) and one.first == one.last and WEEKDAYS[one.first.weekday()] not in named


def _days(value: str) -> tuple[date | None, date | None]:
    if "T" in value:
        value = value[:10]
    parsed = edtf.parse_edtf(value)
    first, last = parsed.lower_strict(), parsed.upper_strict()
    return (
        date(*first[:3]) if not value.startswith("..") else None,
        date(*last[:3]) if not value.endswith("..") else None,
    )


def is_right(value: str | None, one: Marked, published: date) -> bool:
    """Whether our EDTF ``value`` means what GUM marked."""
    if value is None:
        return False
    first, last = _days(value)
    if (first, last) == (one.first, one.last):
        return True
    if one.first and one.first == first and last == published and one.last and last <= one.last:
        return True
    if "/" not in value:
        return False
    ends = [end for end in value.split("/") if end != ".."]
    return any(_days(end) == (one.first, one.last) for end in ends)


Found = list[tuple[int, int, str | None]]


def ours(story: Story, *, parsed: bool) -> Found:
    """Return our expressions of time in ``story``."""
    doc = None
    if parsed:
        from broadsheet.attribution.extraction import reading

        doc = reading.read(story.text)
    found = times.find(story.text, story.published, "UTC", "en", doc=doc)
    return [(*one.span, one.edtf) for one in found]


def peers(story: Story) -> Found:
    """Return the dates that ``dateparser`` finds in ``story``; its weekdays are days too."""
    from dateparser.search import search_dates

    settings = {
        "RELATIVE_BASE": story.published.replace(tzinfo=None),
        "PREFER_DATES_FROM": "past",
        "TIMEZONE": "UTC",
    }
    found: Found = []
    at = 0
    for words, value in search_dates(story.text, languages=["en"], settings=settings) or ():
        start = story.text.find(words, at)
        if start < 0:
            continue
        at = start + len(words)
        whole = value.date().isoformat()
        if re.fullmatch(r"\D*[12]\d{3}\D*", words) and not _MONTH.search(words.lower()):
            whole = whole[:4]
        elif _MONTH.search(words.lower()) and not re.search(r"\b\d\d?\b", words):
            whole = whole[:7]
        found.append((start, at, whole))
    return found


def measure(chosen: list[Story], find: Callable[[Story], Found], *, misses: bool) -> Counter[str]:
    """Return how many dates of each sort there are (``x``) and how many are right (``x right``)."""
    counts: Counter[str] = Counter()
    for story in chosen:
        found = find(story)
        met: set[int] = set()
        for one in story.dates:
            words = story.text[one.start : one.end]
            sort = sort_of(words)
            near = [
                (at, value)
                for at, (start, end, value) in enumerate(found)
                if start < one.end and one.start < end
            ]
            met.update(at for at, _ in near)
            right = any(is_right(value, one, story.published.date()) for _, value in near)
            if not right and contradicts(words, one):
                sort = "contradictory"
            counts[sort] += 1
            counts[f"{sort} right"] += right
            if misses and not right:
                told = ", ".join(str(value) for _, value in near) or "nothing"
                context = " ".join(story.text[max(0, one.start - 30) : one.end + 20].split())
                print(f"  {story.name}: {sort}: …{context}…: {one.first}/{one.last}, not {told}")
        counts["unmarked"] += len(found) - len(met)
        if misses:
            for at, (start, end, value) in enumerate(found):
                if at not in met:
                    print(f"  {story.name}: not marked: {story.text[start:end]!r} {value}")
    return counts


def main() -> int:
    """Print the figures; answer 1 where a bar is missed."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--folder", type=Path, default=FOLDER)
    options.add_argument("--held-out", action="store_true", help="only the stories put aside")
    options.add_argument("--developed-on", action="store_true", help="only the others")
    options.add_argument("--without-parse", action="store_true", help="tense from words alone")
    options.add_argument("--misses", action="store_true", help="print each date that is wrong")
    chosen = options.parse_args()
    if not chosen.folder.is_dir():
        print(f"{chosen.folder} is not there: GUM's news stories are needed", file=sys.stderr)
        return 2
    every = [
        story
        for story in stories(chosen.folder)
        if not (chosen.held_out and story.name not in HELD_OUT)
        and not (chosen.developed_on and story.name in HELD_OUT)
    ]
    counts = measure(
        every, lambda story: ours(story, parsed=not chosen.without_parse), misses=chosen.misses
    )
    beside = measure(every, peers, misses=False)
    print(f"{len(every)} stories, dates right, and of dateparser")
    missed = 0
    for sort in ("absolute", "weekday", "week", "other", "contradictory"):
        of = counts[sort]
        share = 100 * counts[f"{sort} right"] / of if of else 100.0
        peer = 100 * beside[f"{sort} right"] / beside[sort] if beside[sort] else 0.0
        bar = BARS.get(sort)
        missed += bar is not None and share < bar
        note = f"  (bar {bar} %)" if bar else ""
        print(
            f"  {sort:14} {counts[f'{sort} right']:4} of {of:4}  {share:5.1f} %"
            f"  dateparser {peer:5.1f} %{note}"
        )
    print(f"  found where GUM marked none: {counts['unmarked']}; dateparser {beside['unmarked']}")
    words = sum(len(story.text.split()) for story in every)
    began = perf_counter()
    for _ in range(REPEATS):
        for story in every:
            times.find(story.text, story.published, "UTC", "en")
    taken = (perf_counter() - began) / REPEATS
    print(f"  {1000 * taken * 500 / words:.2f} ms for 500 words, without the parse")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
