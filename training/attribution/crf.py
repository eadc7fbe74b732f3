"""The peer of the encoder: a conditional random field on the same features.

    python training/attribution/crf.py [--without a]

Each word gets one label of the outermost relation it is in, as such models do; a source and a
content are linked to the nearest cue. What it reaches is in docs/decisions/0008.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pycrfsuite

from attribution_marks import stories
from attribution_scoring import Scores, add, parts_of, report
from examples import Example, example

_NEAR = (-3, -2, -1, 1, 2, 3)
_PARTS = ("source", "cue", "content")


def features(item: Example) -> list[list[str]]:
    """Return each word's features: itself, its neighbours, its head, quotations, the rules."""
    reading, tokens = item.reading, item.tokens
    rows = []
    plain = [f"{tokens.lemma[int(at)]}" for at in reading.place]
    for word, numbers in enumerate(reading.features.tolist()):
        tag, label, quote, shape, where, rules = numbers
        head = int(reading.head[word])
        row = [
            f"w={plain[word]}", f"s={plain[word][-3:]}", f"t={tag}", f"d={label}", f"q={quote}",
            f"f={shape}", f"p={where}", f"r={rules}", f"h={plain[head]}",
            f"hd={label}/{plain[head]}",
            f"ht={reading.features[head, 0]}", f"hr={reading.features[head, 5]}",
            f"rq={rules}/{quote}",
        ]  # fmt: skip
        top = word
        for _ in range(8):
            above = int(reading.head[top])
            if above == top:
                break
            row.append(f"up={plain[above]}")
            row.append(f"upd={reading.label[top]}/{reading.features[above, 5]}")
            top = above
        for step in _NEAR:
            other = word + step
            if 0 <= other < len(plain):
                near = reading.features[other]
                row += [f"w{step}={plain[other]}", f"t{step}={near[0]}", f"r{step}={near[5]}"]
                row.append(f"q{step}={near[2]}")
        rows.append(row)
    return rows


def labels(item: Example) -> list[str]:
    """Return each word's label, of the outermost relation that has one for it."""
    found = ["O"] * len(item.reading.words)
    outermost = sorted(item.wanted, key=lambda one: -len(one.content))
    for one in outermost:
        if any(found[word] != "O" for word in one.cue):
            continue
        for part in _PARTS:
            last = -2
            for word in sorted(getattr(one, part)):
                if found[word] == "O":
                    found[word] = ("I-" if last == word - 1 else "B-") + part
                last = word
    return found


def _runs(marks: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
    run: list[int] = []
    for word, mark in enumerate([*marks, "O"]):
        if run and (mark[:2] != "I-" or mark[2:] != marks[run[0]][2:]):
            yield marks[run[0]][2:], run
            run = []
        if mark != "O":
            run.append(word)


def relations(marks: Sequence[str]) -> list[dict[str, list[int]]]:
    """Return relations of words: every source and content with the nearest cue."""
    runs = list(_runs(marks))
    cues = [run for part, run in runs if part == "cue"]
    found: list[dict[str, list[int]]] = [{"cue": run, "source": [], "content": []} for run in cues]
    for part, run in runs:
        if part == "cue" or not cues:
            continue

        def away(one: dict[str, list[int]], run: list[int] = run) -> int:
            return min(abs(one["cue"][0] - run[-1]), abs(run[0] - one["cue"][-1]))

        min(found, key=away)[part].extend(run)
    return [one for one in found if one["content"]]


def main() -> None:
    """Train on the stories of ``train``, or all but one writer's, and measure on the others."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--without", default="")
    options = parser.parse_args()
    if options.without:
        learnt = [s for s in stories("not-test") if s.name[0] != options.without]
        others = [s for s in stories("not-test") if s.name[0] == options.without]
    else:
        learnt, others = list(stories("train")), list(stories("dev"))
    trainer = pycrfsuite.Trainer(verbose=False)
    for story in learnt:
        item = example(story)
        trainer.append(features(item), labels(item))
    trainer.set_params({"c1": 0.1, "c2": 0.05, "max_iterations": 120})
    scores = Scores()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crf.model"
        trainer.train(str(path))
        tagger = pycrfsuite.Tagger()
        tagger.open(str(path))
        for story in others:
            item = example(story)
            place = item.reading.place
            found = [
                (*(item.tokens.spans({int(place[w]) for w in one[part]}) for part in _PARTS), 0.5)
                for one in relations(tagger.tag(features(item)))
            ]
            marked = [(one.source, one.cue, one.content, 1.0) for one in story.relations]
            add(scores, parts_of(story.text, found), parts_of(story.text, marked))
        print(f"{path.stat().st_size / 1e6:.1f} MB")
    print(report({"crf": scores}))


if __name__ == "__main__":
    main()
