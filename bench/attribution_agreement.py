"""How far two people who mark the same stories agree, by the measures that the finder is held to.

    .venv/bin/python bench/attribution_agreement.py

``tests/data/attribution/second`` holds stories of the ``test`` split marked a second time, from
the guide alone, without sight of the first marks. Prints the F1 of the second marks against the
first, beside that of Broadsheet's own finds against the first marks on the same stories: no finder
can be told to be better than people are among themselves. Cohen's kappa is over tokens with one
label each (source, cue, content, none) at the top level.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from attribution_marks import STORIES
from attribution_scoring import Parts, Scores, add, parts_of, report, tokens
from broadsheet.attribution import extract
from broadsheet.attribution.annotated import AnnotatedStory, read

SECOND = STORIES.parent / "second"


def marked(story: AnnotatedStory) -> list[Parts]:
    """Return the marks of ``story`` in tokens."""
    return parts_of(
        story.text, [(one.source, one.cue, one.content, 1.0) for one in story.relations]
    )


def labels(story: AnnotatedStory, found: Sequence[Parts]) -> list[str]:
    """Return one label a token: that of the outermost relation that has the token."""
    out = ["none"] * len(tokens(story.text))
    for parts in found:
        if parts.nested:
            continue
        for name in ("content", "source", "cue"):
            for number in getattr(parts, name):
                out[number] = name
    return out


def kappa(pairs: Counter[tuple[str, str]]) -> float:
    """Return Cohen's kappa (1960) of the pairs of labels."""
    total = sum(pairs.values())
    names = {name for pair in pairs for name in pair}
    same = sum(count for (one, other), count in pairs.items() if one == other) / total
    chance = sum(
        sum(count for (one, _), count in pairs.items() if one == name)
        * sum(count for (_, other), count in pairs.items() if other == name)
        for name in names
    ) / (total * total)
    return (same - chance) / (1 - chance)


def main() -> None:
    """Print the table."""
    between, ours = Scores(), Scores()
    pairs: Counter[tuple[str, str]] = Counter()
    count = 0
    for path in sorted(SECOND.glob("*.txt")):
        first, second = read(STORIES / path.name), read(path)
        if first.text.strip() != second.text.strip():
            raise ValueError(f"{path.name}: the two annotators did not mark the same text")
        one, other = marked(first), marked(second)
        add(between, other, one)
        pairs.update(zip(labels(first, one), labels(second, other), strict=True))
        found = extract(first.text, datetime.fromisoformat(first.head["published"]))
        rows = [(each.source, each.cue, each.content, each.confidence) for each in found]
        add(ours, parts_of(first.text, rows), one)
        count += 1
    print(f"{count} stories marked twice")
    print(report({"second annotator": between, "broadsheet": ours}))
    print(f"Cohen's kappa over {sum(pairs.values())} tokens: {kappa(pairs):.3f}")


if __name__ == "__main__":
    main()
