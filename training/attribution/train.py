"""Train the network on annotated stories.

    python training/attribution/train.py --pretrained FOLDER --out FOLDER
        [--epochs 12] [--without a] [--all] [--layers 0,1,2]

``--without a`` leaves out the stories of one writer and measures on them: what to expect of text
that none of the writers wrote. Without it, stories of the split ``train`` are learnt and ``dev``
is measured; ``--all`` learns ``dev`` too. ``test`` is never read here.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from attribution_marks import stories
from attribution_scoring import Scores, add, parts_of, report
from broadsheet.attribution.annotated import AnnotatedStory
from broadsheet.attribution.extraction.tagger import decoding, merging
from broadsheet.attribution.extraction.tagger.features import DISTANCE_PAIR, RULES_PAIR, RULES_TOKEN
from broadsheet.attribution.extraction.tagger.pieces import Pieces
from broadsheet.attribution.extraction.tagger.windows import (
    PAIR_ROWS,
    TOKEN_ROWS,
    Window,
    linking,
    windows,
)
from examples import Example, example, tails, varied
from network import Encoder, Linker, pretrained

VARIANTS = 3
RAREST = 26_000
SIGNS = "£€¥§©®°·…•–—"
BATCH = 2
PRETRAINED = (
    "encoder.layers", "encoder.words", "encoder.places", "encoder.widen", "encoder.norm.",
)  # fmt: skip
FORGET_RULES = 0.25
"""How often the rules' finds are hidden, so that the model can do without."""


FORGET_DISTANCE = 0.3
"""The same for how far a word is from its cue: invented copy has shorter clauses than real copy."""


def vocabulary(folder: Path) -> dict[str, int]:
    """Return the pieces kept of the tokenizer in ``folder``, and their rows in its word table.

    They are ordered by how common they are. What is kept are signs, parts of words, and the
    commonest English words: rarer ones are cut into parts.
    """
    pieces: dict[str, int] = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
    return {
        piece: row
        for piece, row in sorted(pieces.items(), key=lambda pair: pair[1])
        if not piece.startswith("[unused")
        and (piece in SIGNS if len(piece) == 1 and not piece.isascii() else piece.isascii())
        and (piece.startswith("##") or row < RAREST)
    }


class Tagger(torch.nn.Module):
    """Encoder and linker as one."""

    def __init__(self, encoder: Encoder, linker: Linker) -> None:
        super().__init__()
        self.encoder = encoder
        self.linker = linker


def loss_of(tagger: Tagger, item: Example, window: Window, chance: random.Random) -> Tensor:
    """Return what the network gets wrong in one window."""
    reading = item.reading
    features = window.features.copy()
    hide = chance.random() < FORGET_RULES
    if hide:
        words = window.features[:, 0] > 0
        features[words, RULES_TOKEN] = TOKEN_ROWS - 8
    narrow = tagger.encoder.words(torch.from_numpy(window.pieces))
    words, cues = tagger.encoder(narrow, torch.from_numpy(features), torch.from_numpy(window.first))
    here = [one for one in item.wanted if window.low <= one.anchor < window.high]
    target = torch.zeros(window.high - window.low)
    marks = torch.zeros(window.high - window.low, 3)
    for one in here:
        target[one.anchor - window.low] = 1.0
        for column, part in enumerate((one.cue, one.source, one.content)):
            inside = [word - window.low for word in part if window.low <= word < window.high]
            marks[inside, column] = 1.0
    cue_loss = functional.binary_cross_entropy_with_logits(
        cues, target * 0.97 + 0.005, reduction="sum"
    )
    mark_loss = functional.binary_cross_entropy_with_logits(
        tagger.encoder.marks(words), marks, reduction="sum"
    )
    loss = cue_loss + 0.15 * mark_loss
    own = [one for one in here if window.own[0] <= one.anchor < window.own[1]]
    if own:
        places, pair = linking(reading, window, [one.anchor for one in own])
        if hide:
            pair[pair[..., 0] > 0, RULES_PAIR] = PAIR_ROWS - 5
        if chance.random() < FORGET_DISTANCE:
            pair[..., DISTANCE_PAIR] = 0
        labels = np.zeros(places.shape, np.int64)
        for row, one in enumerate(own):
            for mark, part in ((2, one.content), (1, one.source), (3, one.cue)):
                columns = np.isin(places[row] + window.low, list(part)) & (places[row] >= 0)
                labels[row, columns] = mark
        anchors = torch.tensor([one.anchor - window.low for one in own])
        scores = tagger.linker(words, anchors, torch.from_numpy(places), torch.from_numpy(pair))
        there = torch.from_numpy(places >= 0)
        link_loss = functional.cross_entropy(
            scores[there], torch.from_numpy(labels)[there], reduction="sum"
        )
        loss = loss + 0.15 * link_loss
    return loss / 10


def predict(
    tagger: Tagger, item: Example, pieces: Pieces, threshold: float
) -> list[decoding.Linked]:
    """Return the relations the network finds in ``item``."""
    found: list[decoding.Linked] = []
    with torch.no_grad():
        for window in windows(item.reading, pieces):
            narrow = tagger.encoder.words(torch.from_numpy(window.pieces))
            words, cues = tagger.encoder(
                narrow, torch.from_numpy(window.features), torch.from_numpy(window.first)
            )
            chances = torch.sigmoid(cues).numpy()
            first, last = window.own
            anchors = [
                word for word in range(first, last) if chances[word - window.low] >= threshold
            ]
            if not anchors:
                continue
            places, pair = linking(item.reading, window, anchors)
            at = torch.tensor(anchors) - window.low
            scores = tagger.linker(words, at, torch.from_numpy(places), torch.from_numpy(pair))
            places = np.where(places >= 0, places + window.low, -1)
            found += decoding.linked(
                scores.numpy(), places, anchors, chances[np.array(anchors) - window.low]
            )
    return found


def measured(tagger: Tagger, items: Sequence[Example], pieces: Pieces) -> Scores:
    """Count what is found right in ``items``."""
    tagger.eval()
    scores = Scores()
    for item in items:
        linked = predict(tagger, item, pieces, merging.LEAST)
        say = item.tokens.spans
        found = [
            (say(one.finding.source), say(one.finding.cue), say(one.finding.content),
             one.linked.chance if one.linked else 0.5)
            for one in merging.merged(item.tokens, item.reading, item.findings, linked)
        ]  # fmt: skip
        marked = [(one.source, one.cue, one.content, 1.0) for one in item.story.relations]
        add(scores, parts_of(item.story.text, found), parts_of(item.story.text, marked))
    return scores


def prepared(chosen: Sequence[AnnotatedStory], variants: int) -> list[list[Example]]:
    """Return each story's examples: as it is, and varied."""
    ends = tails(chosen)
    return [
        [example(story)] + [example(varied(story, number, ends)) for number in range(variants)]
        for story in chosen
    ]


def fit(
    tagger: Tagger,
    examples: list[list[Example]],
    held_out: list[Example],
    pieces: Pieces,
    options: argparse.Namespace,
) -> None:
    """Train ``tagger`` in place, printing progress on stderr."""
    chance = random.Random(options.seed)
    body, heads = [], []
    for name, weights in tagger.named_parameters():
        (body if name.startswith(PRETRAINED) else heads).append(weights)
    groups = [{"params": body, "lr": options.rate}, {"params": heads, "lr": 1e-3}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    count = sum(len(list(windows(versions[0].reading, pieces))) for versions in examples)
    total = math.ceil(count / BATCH) * options.epochs
    rates = [group["lr"] for group in groups]
    step = 0
    began = time.time()
    for epoch in range(options.epochs):
        tagger.train()
        batch = []
        for versions in examples:
            item = versions[0] if chance.random() < 0.3 else chance.choice(versions)
            batch += [(item, window) for window in windows(item.reading, pieces)]
        chance.shuffle(batch)
        lost = 0.0
        for at in range(0, len(batch), BATCH):
            share = step / max(1, total)
            factor = min(1.0, share / 0.08) * max(0.02, 1 - share)
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            optimiser.zero_grad()
            for item, window in batch[at : at + BATCH]:
                loss = loss_of(tagger, item, window, chance)
                loss.backward()
                lost += float(loss.detach())
            torch.nn.utils.clip_grad_norm_(tagger.parameters(), 5.0)
            optimiser.step()
            step += 1
        line = f"epoch {epoch + 1}: loss {lost / len(batch):.3f}, {time.time() - began:.0f} s"
        if held_out and (epoch + 1) % options.every == 0:
            scores = measured(tagger, held_out, pieces)
            line += "  " + "  ".join(
                f"{name} {scores.tally(full).f1:.1f}"
                for name, full in (
                    ("cue", "all cue overlap"), ("source", "all source overlap"),
                    ("content", "all content overlap"), ("linked", "all linked overlap"),
                    ("top cue", "top cue overlap"), ("top linked", "top linked overlap"),
                    ("quotes", "direct quotes"),
                )
            )  # fmt: skip
        print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Train and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pretrained", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--every", type=int, default=3, help="measure after so many epochs")
    parser.add_argument("--without", default="")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--layers", default="0,1,2")
    parser.add_argument("--narrow", type=int, default=96)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variants", type=int, default=VARIANTS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    kept = vocabulary(options.pretrained)
    pieces = Pieces(kept)
    if options.without:
        learnt = [s for s in stories("not-test") if s.name[0] != options.without]
        others = [s for s in stories("not-test") if s.name[0] == options.without]
    else:
        learnt = list(stories("not-test" if options.all else "train"))
        others = list(stories("dev"))
    began = time.time()
    examples = prepared(learnt, options.variants)
    held_out = [example(story) for story in others]
    print(
        f"{len(learnt)} stories to learn, {len(others)} to measure, read in "
        f"{time.time() - began:.0f} s",
        file=sys.stderr,
    )
    layers = tuple(int(layer) for layer in options.layers.split(","))
    encoder = pretrained(
        options.pretrained, list(kept.values()), TOKEN_ROWS, layers=layers, narrow=options.narrow
    )
    tagger = Tagger(encoder, Linker(PAIR_ROWS))
    fit(tagger, examples, held_out, pieces, options)
    torch.save(
        {"state": tagger.state_dict(), "layers": layers, "narrow": options.narrow},
        options.out / "weights.pt",
    )
    print(report({"model": measured(tagger, held_out, pieces)}))


if __name__ == "__main__":
    main()
