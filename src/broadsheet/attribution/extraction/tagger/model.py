"""The trained model: its files, and what it says of a text.

``model/`` holds ``encoder.onnx`` and ``linker.onnx`` (run by onnxruntime on one thread),
``words.npz`` (the word table, 8 bits a number) and ``vocabulary.txt``. They are made by
``training/attribution``; see ``docs/howto/train-attribution.md``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from broadsheet.attribution.extraction.tagger import decoding
from broadsheet.attribution.extraction.tagger.pieces import Pieces
from broadsheet.attribution.extraction.tagger.windows import Window, linking, windows

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

    from broadsheet.attribution.extraction.tagger.features import Reading

FOLDER = Path(__file__).parent / "model"
FILES = ("encoder.onnx", "linker.onnx", "words.npz", "vocabulary.txt")


class ModelMissingError(RuntimeError):
    """The model's files are not where they should be."""


def _session(path: Path) -> InferenceSession:
    # Here, not above: loading it takes a quarter of a second that other commands need not wait.
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class Model:
    """The model of a folder, ready to run."""

    def __init__(self, folder: Path) -> None:
        missing = [name for name in FILES if not (folder / name).is_file()]
        if missing:
            raise ModelMissingError(
                f"the attribution model is incomplete: {', '.join(missing)} not found in {folder}; "
                "install the package anew, or train as docs/howto/train-attribution.md says"
            )
        self.pieces = Pieces((folder / "vocabulary.txt").read_text(encoding="utf-8").splitlines())
        with np.load(folder / "words.npz", allow_pickle=False) as words:
            self._table, self._scale = words["table"], words["scale"]
            self._widen = words["widen"].astype(np.float32)
            self._places = words["places"] * words["places_scale"]
        self._encoder = _session(folder / "encoder.onnx")
        self._linker = _session(folder / "linker.onnx")

    def found(self, reading: Reading, threshold: float) -> list[decoding.Linked]:
        """Return the relations of ``reading`` whose cue has a chance of ``threshold`` or more."""
        relations: list[decoding.Linked] = []
        for window in windows(reading, self.pieces):
            relations += self._in_window(reading, window, threshold)
        return relations

    def _in_window(
        self, reading: Reading, window: Window, threshold: float
    ) -> list[decoding.Linked]:
        narrow = self._table[window.pieces] * self._scale[window.pieces]
        base = narrow @ self._widen + self._places[: len(narrow)]
        states, cues = self._encoder.run(
            ["states", "cues"],
            {"base": base, "features": window.features, "first": window.first},
        )
        chances = 1 / (1 + np.exp(-cues))
        first, last = (word - window.low for word in window.own)
        words = [word for word in range(first, last) if chances[word] >= threshold]
        if not words:
            return []
        places, features = linking(reading, window, [word + window.low for word in words])
        # Columns that no cue reaches are not computed.
        width = int((places >= 0).sum(axis=1).max())
        places, features = places[:, :width], features[:, :width]
        (labels,) = self._linker.run(
            ["labels"],
            {
                "states": states,
                "anchors": np.array(words, np.int64),
                "places": places,
                "features": features,
            },
        )
        return decoding.linked(
            labels,
            np.where(places >= 0, places + window.low, -1),
            [word + window.low for word in words],
            chances[words],
        )


@cache
def loaded() -> Model:
    """Return the model that comes with the package, loaded once.

    Raises :class:`ModelMissingError` where its files are not there.
    """
    return Model(FOLDER)
