r"""How well the story on a saved page is found: body, date, title, authors, and how fast.

    .venv/bin/python bench/saved_pages.py --readability FOLDER --newspaper FOLDER ... \\
        [--half dev|held] [--site-packages FOLDER] [--list]

Takes the folders of collections of pages whose story is known (``saved_page_truths.py`` tells
which, none is part of this project) and reads every page with Broadsheet and, in the same run,
with the libraries as they come: trafilatura, htmldate and, where ``--site-packages`` has them,
newspaper4k and readability-lxml. No reader is told the address of a page.

- *Shingles*: F1 of mean precision and mean recall over runs of four words, as in
  scrapinghub/article-extraction-benchmark; where only the beginning of a body is known, nothing.
- *Words*: mean F1 over the words of each page.
- *Begins*: of the pages whose beginning is known, those whose body has it at its beginning.
- *Snippets*: F1 over texts that must be there and texts that must not, as trafilatura counts.
- *Day*: the exact day in UTC, of the pages that have one. *Near*: that or the one beside it,
  since collections have the day of the page's own zone.
- *Title*, *authors*: the same but for case, spacing and signs; all authors and no other.

A page that a reader refuses counts as found empty. Half of the sites, by a digest of their
name, are held out: look at single pages of the other half only.
"""

from __future__ import annotations

import argparse
import logging
import re
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

import htmldate
import trafilatura
from trafilatura.metadata import extract_metadata

from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.parsers import saved_html
from saved_page_truths import COLLECTIONS, Page

_WORD = re.compile(r"\w+")
_RUN = 4
_BEGINNING = 12
Score = float | None


@dataclass(frozen=True)
class Found:
    """What a reader found on a page."""

    body: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    day: str = ""
    seconds: float = 0.0


Reader = Callable[[str], Found]


def broadsheet(text: str) -> Found:
    """Read a page as ``broadsheet import`` does."""
    try:
        (item,) = saved_html.parse(Incoming(text.encode("utf-8"), "page"))
    except WireError:
        return Found()
    return Found(
        "\n".join(plain_paragraphs(item)),
        item.headline,
        item.authors or item.agencies,
        item.published.date().isoformat() if item.published else "",
    )


def plain_trafilatura(text: str) -> Found:
    """Read a page with trafilatura's defaults, without comments."""
    stated = extract_metadata(text)
    return Found(
        trafilatura.extract(text, include_comments=False) or "",
        stated.title or "",
        tuple(filter(None, (stated.author or "").split("; "))),
        stated.date or "",
    )


def plain_htmldate(text: str) -> Found:
    """Find the date of a page with htmldate alone."""
    return Found(day=htmldate.find_date(text, original_date=True, extensive_search=True) or "")


def other_readers() -> dict[str, Reader]:
    """Return the readers of libraries that are no part of this project, where they are there."""
    readers: dict[str, Reader] = {}
    try:
        from newspaper import Article, Config

        def newspaper4k(text: str) -> Found:
            config = Config()
            config.fetch_images = False
            article = Article("https://example.org/news/page.html", config=config)
            article.download(input_html=text)
            article.parse()
            day = article.publish_date.date().isoformat() if article.publish_date else ""
            return Found(article.text, article.title, tuple(article.authors), day)

        readers["newspaper4k"] = newspaper4k
    except ImportError:
        pass
    try:
        from lxml import html
        from readability import Document

        def readability_lxml(text: str) -> Found:
            document = Document(text)
            body = html.fromstring(document.summary(html_partial=True))
            return Found("\n".join(body.itertext()), document.short_title() or "")

        readers["readability-lxml"] = readability_lxml
    except ImportError:
        pass
    return readers


def read(reader: Reader, page: Page) -> Found:
    """Return what ``reader`` finds, empty where it fails, with its time."""
    text = Incoming(page.content, page.name).decoded.text
    start = perf_counter()
    try:
        found = reader(text)
    except Exception as error:  # noqa: BLE001 - a library's failure is a result
        print(f"{page.name}: {error!r}"[:200], file=sys.stderr)
        found = Found()
    return Found(found.body, found.title, found.authors, found.day, perf_counter() - start)


def words(text: str) -> list[str]:
    """Return the words of a text; of those written without spaces, the signs."""
    return [
        part
        for word in _WORD.findall(text)
        for part in (word if len(word) > 1 and word[0] > "\u2e80" else (word,))
    ]


def shares(true: Sequence[str], found: Sequence[str], run: int) -> tuple[float, float]:
    """Return precision and recall of the runs of words in ``found``."""
    right, other = (
        Counter(tuple(of[at : at + run]) for at in range(max(1, len(of) - run + 1)) if of)
        for of in (true, found)
    )
    both = (right & other).total()
    precision = both / other.total() if other else 1.0 * (not right)
    return precision, both / right.total() if right else 1.0 * (not other)


def f1(precision: float, recall: float) -> float:
    """Return the harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def normal(text: str) -> str:
    """Return a title or name without case and signs."""
    return " ".join(_WORD.findall(text.casefold()))


def _begins(page: Page, found: Found) -> Score:
    if not page.beginning or not page.body:
        return None
    start = words(page.body)[:_BEGINNING]
    known = words(found.body)[: 10 * _BEGINNING]
    return float(any(known[at : at + len(start)] == start for at in range(len(known))))


def _title(page: Page, found: Found) -> Score:
    return None if page.title is None else float(normal(page.title) == normal(found.title))


def _authors(page: Page, found: Found) -> Score:
    if page.authors is None:
        return None
    return float({*map(normal, page.authors)} == {*map(normal, found.authors)})


def _day(page: Page, found: Found) -> Score:
    return float(page.day == found.day) if page.day else None


def _near(page: Page, found: Found) -> Score:
    if not page.day:
        return None
    if not found.day:
        return 0.0
    return float(abs(date.fromisoformat(page.day) - date.fromisoformat(found.day)).days <= 1)


def _undated(page: Page, found: Found) -> Score:
    return float(not found.day) if page.day == "" else None


def _words_f1(page: Page, found: Found) -> Score:
    if page.body is None or page.beginning:
        return None
    return f1(*shares(words(page.body), words(found.body), 1))


RATES: dict[str, Callable[[Page, Found], Score]] = {
    "words": _words_f1,
    "begins": _begins,
    "day": _day,
    "near": _near,
    "undated": _undated,
    "title": _title,
    "authors": _authors,
}


def shingles(pairs: Iterable[tuple[Page, Found]]) -> tuple[float, float, float, int]:
    """Return precision, recall, F1 over runs of four words and the number of pages."""
    known = [
        shares(words(page.body), words(found.body), _RUN)
        for page, found in pairs
        if page.body and not page.beginning
    ]
    if not known:
        return 0.0, 0.0, 0.0, 0
    precision, recall = (statistics.mean(side) for side in zip(*known, strict=True))
    return precision, recall, f1(precision, recall), len(known)


def snippets(pairs: Iterable[tuple[Page, Found]]) -> tuple[float, int]:
    """Return F1 over snippets that must be there and that must not, and how many there are."""
    there = missing = wrong = count = 0
    for page, found in pairs:
        body = normal(found.body)
        there += sum(normal(text) in body for text in page.kept)
        missing += sum(normal(text) not in body for text in page.kept)
        wrong += sum(normal(text) in body for text in page.dropped)
        count += len(page.kept) + len(page.dropped)
    return (2 * there / (2 * there + wrong + missing) if there else 0.0), count


def report(name: str, pairs: Sequence[tuple[Page, Found]]) -> None:
    """Print one line for one reader."""
    precision, recall, both, count = shingles(pairs)
    parts = [f"{name:<17}"]
    if count:
        parts.append(f"shingles P {precision:.3f} R {recall:.3f} F1 {both:.3f} ({count})")
    share, said = snippets(pairs)
    if said:
        parts.append(f"snippets {share:.3f} ({said})")
    for field, rate in RATES.items():
        known = [score for page, found in pairs if (score := rate(page, found)) is not None]
        if known:
            parts.append(f"{field} {statistics.mean(known):.3f} ({len(known)})")
    seconds = sorted(found.seconds for _, found in pairs)
    parts.append(
        f"{1000 * statistics.mean(seconds):.0f} ms a page, "
        f"{1000 * seconds[len(seconds) * 95 // 100]:.0f} at the 95th percentile"
    )
    print("  ".join(parts))


def list_pages(pairs: Iterable[tuple[Page, Found]]) -> None:
    """Print what is wrong with each page, worst body first."""
    lines = []
    for page, found in pairs:
        wrong = [
            f"{field}: {known!r} is {got!r}"
            for field, known, got in (
                ("title", page.title, found.title),
                ("authors", page.authors, found.authors),
                ("day", page.day, found.day),
            )
            if RATES[field](page, found) == 0
        ]
        precision = recall = 1.0
        if page.body and not page.beginning:
            precision, recall = shares(words(page.body), words(found.body), _RUN)
        body = normal(found.body)
        wrong += [f"lacks {text!r}" for text in page.kept if normal(text) not in body]
        wrong += [f"has {text!r}" for text in page.dropped if normal(text) in body]
        if _begins(page, found) == 0:
            wrong.append(f"does not begin {page.body or ''!r:.80}")
        if wrong or f1(precision, recall) < 0.9:  # noqa: PLR2004
            at = f"{page.collection}/{page.name}"
            lines.append((f1(precision, recall), f"{precision:.2f} {recall:.2f} {at} {wrong}"))
    for _, line in sorted(lines):
        print(line)


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name, collection in COLLECTIONS.items():
        help_text = (collection.__doc__ or "").splitlines()[0]
        parser.add_argument(f"--{name}", type=Path, help=help_text, metavar="FOLDER")
    parser.add_argument("--half", choices=("all", "dev", "held"), default="all")
    parser.add_argument("--site-packages", type=Path, help="where other libraries are installed")
    parser.add_argument("--only", action="store_true", help="read with Broadsheet alone")
    parser.add_argument("--list", action="store_true", help="print what is wrong, page by page")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if given.site_packages:
        sys.path.append(str(given.site_packages))
    pages = [
        page
        for name, collection in COLLECTIONS.items()
        if (folder := getattr(given, name.replace("-", "_")))
        for page in collection(folder)
        if given.half == "all" or page.is_held_out == (given.half == "held")
    ]
    readers: dict[str, Reader] = {"broadsheet": broadsheet}
    if not given.only:
        readers |= {"trafilatura": plain_trafilatura, "htmldate": plain_htmldate, **other_readers()}
    for reader in readers.values() if pages else ():
        read(reader, pages[0])  # models and tables are loaded with the first page
    found = {
        name: [(page, read(reader, page)) for page in pages] for name, reader in readers.items()
    }
    for collection_name in [*dict.fromkeys(page.collection for page in pages), "all"]:
        print(f"\n{collection_name}, {given.half}")
        for name, pairs in found.items():
            kept = [pair for pair in pairs if collection_name in {pair[0].collection, "all"}]
            report(name, kept)
    if given.list:
        print()
        list_pages(found["broadsheet"])


if __name__ == "__main__":
    main()
