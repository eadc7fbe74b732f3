"""How many attributions are found, and how exactly; beside patterns alone.

    .venv/bin/python bench/attribution_marks.py [--split test] [--letters a,c] [--no-gum]

Annotated stories (``tests/data/attribution/stories``) are split by number, fixed before anything
was trained: divisible by 5 is ``test``, one above that ``dev``, the rest ``train``. Training uses
``train`` and ``dev`` only. The satellites of GUM's news documents are counted where
``../shared/fixtures/gum-news`` is there; ``test`` are the eight documents that nothing was
developed on. ``attribution_scoring.py`` says what the figures mean.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attribution_by_patterns
from attribution_satellites import HELD_OUT, recall
from attribution_scoring import Scores, add, parts_of, report
from broadsheet.attribution.annotated import AnnotatedStory, AnnotationError, read

HERE = Path(__file__).resolve().parent.parent
STORIES = HERE / "tests/data/attribution/stories"
GUM = HERE.parent / "shared/fixtures/gum-news"
TEST_EVERY = 5


def split_of(path: Path) -> str:
    """``"test"``, ``"dev"`` or ``"train"``, by the number in the file's name."""
    rest = int(path.stem[1:4]) % TEST_EVERY
    return {0: "test", 1: "dev"}.get(rest, "train")


def stories(split: str = "all", letters: str = "") -> Iterator[AnnotatedStory]:
    """Yield annotated stories; a file that cannot be read is named on stderr and left out.

    ``split`` is one of ``test``, ``dev``, ``train``, ``all``, ``not-test``; ``letters`` are the
    first letters of the names, all where empty.
    """
    for path in sorted(STORIES.glob("*.txt")):
        kind = split_of(path)
        if split not in ("all", kind) and not (split == "not-test" and kind != "test"):
            continue
        if letters and path.name[0] not in letters:
            continue
        try:
            yield read(path)
        except (AnnotationError, ValueError) as error:
            print(f"left out: {error}", file=sys.stderr)


def _published(story: AnnotatedStory) -> datetime:
    return datetime.fromisoformat(story.head["published"])


def score(
    chosen: Iterable[AnnotatedStory], find: Callable[[AnnotatedStory], Iterable[Any]]
) -> Scores:
    """Count what ``find`` finds in the ``chosen`` stories."""
    scores = Scores()
    for story in chosen:
        ours = [(one.source, one.cue, one.content, one.confidence) for one in find(story)]
        theirs = [(one.source, one.cue, one.content, 1.0) for one in story.relations]
        add(scores, parts_of(story.text, ours), parts_of(story.text, theirs))
    return scores


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--split", default="test", choices=["test", "dev", "train", "all"])
    parser.add_argument("--letters", default="", help="only stories whose name begins so: a,c")
    parser.add_argument("--no-gum", action="store_true")
    parser.add_argument("--each", action="store_true", help="one table a letter as well")
    options = parser.parse_args()
    letters = options.letters.replace(",", "")

    from broadsheet.attribution import extract

    def ours(story: AnnotatedStory) -> list[Any]:
        return list(extract(story.text, _published(story), language="en"))

    def patterns(story: AnnotatedStory) -> list[Any]:
        return list(attribution_by_patterns.extract(story.text))

    chosen = list(stories(options.split, letters))
    groups = [("", chosen)]
    if options.each:
        names = sorted({story.name[0] for story in chosen})
        groups += [(name, [s for s in chosen if s.name[0] == name]) for name in names]
    for name, group in groups:
        print(f"{len(group)} stories of {options.split} {name}")
        columns = {"broadsheet": score(group, ours), "patterns": score(group, patterns)}
        print(report(columns), end="\n\n")

    if options.no_gum:
        return
    if not GUM.is_dir():
        print("GUM's news documents are not beside the checkout: satellites not counted")
        return
    everything = sorted(path.stem.removeprefix("GUM_news_") for path in (GUM / "rst").glob("*.rs4"))
    documents = {
        "test": HELD_OUT,
        "all": tuple(everything),
    }.get(options.split, tuple(name for name in everything if name not in HELD_OUT))
    when = datetime(2017, 1, 1, tzinfo=UTC)
    for name, find in (
        ("broadsheet", lambda text: extract(text, when, language="en")),
        ("patterns", attribution_by_patterns.extract),
    ):
        right, there = recall(GUM, documents, find)
        print(f"GUM satellites, {name}: {right} of {there} found, {100 * right / there:.1f} %")


if __name__ == "__main__":
    main()
