"""The network: a small BERT over word pieces, a cue detector, and a linker of cues and words."""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

LABELS = ("none", "source", "content", "cue")


class Layer(nn.Module):
    """One layer of BERT, for one sequence without padding."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm_after = nn.LayerNorm(width, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor) -> Tensor:
        """Return the states after this layer; ``states`` is pieces by width."""
        width = states.shape[1]
        size = width // self.heads
        query = self.query(states).view(-1, self.heads, size).transpose(0, 1)
        key = self.key(states).view(-1, self.heads, size).permute(1, 2, 0)
        value = self.value(states).view(-1, self.heads, size).transpose(0, 1)
        weights = torch.softmax(query @ key / math.sqrt(size), dim=-1)
        mixed = (self.dropout(weights) @ value).transpose(0, 1).reshape(-1, width)
        states = self.norm(states + self.dropout(self.out(mixed)))
        return self.norm_after(states + self.dropout(self.down(functional.gelu(self.up(states)))))


class Encoder(nn.Module):
    """Word pieces to a vector a word, and for each word the log-odds that it is a cue."""

    def __init__(
        self,
        vocabulary: int,
        rows: int,
        *,
        layers: int = 3,
        width: int = 384,
        narrow: int = 112,
        inner: int = 1536,
        states: int = 256,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, narrow)
        self.widen = nn.Linear(narrow, width, bias=False)
        self.places = nn.Embedding(512, width)
        self.features = nn.Embedding(rows, width, padding_idx=0)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, 12, inner, dropout) for _ in range(layers))
        self.reduce = nn.Linear(width, states)
        self.norm_out = nn.LayerNorm(states)
        self.cue = nn.Linear(states, 1)
        self.marks = nn.Linear(states, 3)
        self.dropout = nn.Dropout(dropout)
        nn.init.normal_(self.features.weight, std=0.01)
        with torch.no_grad():
            self.features.weight[0] = 0

    def forward(self, narrow: Tensor, features: Tensor, first: Tensor) -> tuple[Tensor, Tensor]:
        """Return word vectors and cue log-odds.

        ``narrow`` are the pieces' rows of the word table, ``features`` the rows of the feature
        table, ``first`` each word's first piece.
        """
        base = self.widen(narrow) + self.places.weight[: narrow.shape[0]]
        return self.read(base, features, first)

    def read(self, base: Tensor, features: Tensor, first: Tensor) -> tuple[Tensor, Tensor]:
        """Do the same with the pieces' words and places already added up, in full width."""
        states = base + self.features(features).sum(dim=1)
        states = self.dropout(self.norm(states))
        for layer in self.layers:
            states = layer(states)
        words = self.dropout(functional.relu(self.norm_out(self.reduce(states[first]))))
        return words, self.cue(words).squeeze(-1)


class Linker(nn.Module):
    """For a cue and the words about it: which are its source, content, and other cue words."""

    def __init__(self, rows: int, *, states: int = 256, hidden: int = 96, reach: int = 9) -> None:
        super().__init__()
        self.of_word = nn.Linear(states, hidden)
        self.of_cue = nn.Linear(states, hidden)
        self.word_side = nn.Linear(states, hidden, bias=False)
        self.cue_side = nn.Linear(states, hidden, bias=False)
        self.pairs = nn.Embedding(rows, hidden, padding_idx=0)
        self.neighbours = nn.Conv1d(hidden, hidden, reach, padding=reach // 2, groups=hidden)
        self.mix = nn.Linear(hidden, hidden)
        self.label = nn.Linear(hidden, len(LABELS))
        self.dropout = nn.Dropout(0.1)
        nn.init.normal_(self.pairs.weight, std=0.1)
        with torch.no_grad():
            self.pairs.weight[0] = 0

    def forward(self, words: Tensor, anchors: Tensor, places: Tensor, features: Tensor) -> Tensor:
        """Return log-odds of the labels: cues by words by labels.

        ``words`` are the encoder's vectors, ``anchors`` the numbers of the cues' words,
        ``places`` those of the words asked about (row by cue), ``features`` the pairs' rows.
        """
        inside = (places >= 0).unsqueeze(-1).to(words.dtype)
        at = places.clamp(min=0)
        plain, product = self.of_word(words), self.word_side(words)
        cue = words[anchors]
        hidden = plain[at] + self.of_cue(cue).unsqueeze(1)
        hidden = hidden + product[at] * self.cue_side(cue).unsqueeze(1)
        hidden = functional.relu(hidden + self.pairs(features).sum(dim=2)) * inside
        near = self.neighbours(hidden.transpose(1, 2)).transpose(1, 2)
        hidden = self.dropout(functional.relu(self.mix(hidden + near)))
        return self.label(hidden)


def pretrained(
    folder: Path, kept: list[int], rows: int, *, layers: tuple[int, ...], narrow: int
) -> Encoder:
    """Return an encoder that begins with the weights of the MiniLM in ``folder``.

    ``kept`` are the rows of its word table that are kept, ``layers`` its layers. The table is
    replaced by its best approximation of rank ``narrow`` (singular value decomposition). ``rows``
    are those of the table of features.
    """
    shape = json.loads((folder / "config.json").read_text())
    weights = load_file(folder / "model.safetensors")
    encoder = Encoder(
        len(kept),
        rows,
        layers=len(layers),
        width=shape["hidden_size"],
        narrow=narrow,
        inner=shape["intermediate_size"],
    )
    state = encoder.state_dict()

    def put(name: str, value: Tensor) -> None:
        if state[name].shape != value.shape:
            raise ValueError(
                f"{name}: {tuple(value.shape)} does not fit {tuple(state[name].shape)}"
            )
        state[name] = value

    table = weights["embeddings.word_embeddings.weight"][kept]
    mean = table.mean(dim=0)
    left, sizes, right = torch.linalg.svd(table - mean, full_matrices=False)
    scale = sizes[:narrow].sqrt()
    put("words.weight", left[:, :narrow] * scale)
    put("widen.weight", (right[:narrow] * scale.unsqueeze(1)).T.contiguous())
    # What all words share, and the one type of segment, go into the places.
    put(
        "places.weight",
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0]
        + mean,
    )
    put("norm.weight", weights["embeddings.LayerNorm.weight"])
    put("norm.bias", weights["embeddings.LayerNorm.bias"])
    names = {
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "out": "attention.output.dense",
        "norm": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm_after": "output.LayerNorm",
    }
    for ours, theirs in enumerate(layers):
        for name, its in names.items():
            for part in ("weight", "bias"):
                value = weights[f"encoder.layer.{theirs}.{its}.{part}"]
                put(f"layers.{ours}.{name}.{part}", value)
    encoder.load_state_dict(state)
    return encoder
