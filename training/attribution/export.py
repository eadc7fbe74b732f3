"""Write a trained network as the files that the extraction loads.

    python training/attribution/export.py --weights FOLDER/weights.pt --pretrained FOLDER

``encoder.onnx`` (8-bit whole numbers inside), ``linker.onnx``, ``words.npz`` (the word table, 8
bits a number and a scale a row) and ``vocabulary.txt`` go to ``--out``, which is the package's own
``tagger/model`` unless said otherwise.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from broadsheet.attribution.extraction.tagger.model import FOLDER
from broadsheet.attribution.extraction.tagger.windows import PAIR_ROWS, TOKEN_ROWS
from network import Encoder, Linker
from train import vocabulary


def _plain(path: Path, module: torch.nn.Module, inputs: dict[str, torch.Tensor],
           axes: dict[str, dict[int, str]], outputs: list[str]) -> None:  # fmt: skip
    torch.onnx.export(
        module,
        tuple(inputs.values()),
        str(path),
        input_names=list(inputs),
        output_names=outputs,
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


class _Reader(torch.nn.Module):
    """The encoder without its word table, which numpy looks up."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(
        self, base: torch.Tensor, features: torch.Tensor, first: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        return self.encoder.read(base, features, first)


def _encoder(encoder: Encoder, out: Path, folder: Path) -> None:
    inputs = {
        "base": torch.zeros(40, encoder.widen.weight.shape[0]),
        "features": torch.ones(40, 6, dtype=torch.int64),
        "first": torch.arange(1, 31),
    }
    axes = {"base": {0: "pieces"}, "features": {0: "pieces"}, "first": {0: "words"},
            "states": {0: "words"}, "cues": {0: "words"}}  # fmt: skip
    plain = folder / "encoder.onnx"
    _plain(plain, _Reader(encoder), inputs, axes, ["states", "cues"])
    graph = onnx.load(plain)
    # What decides is small and keeps its precision.
    keep = [node.name for node in graph.graph.node if "/cue" in node.name]
    quantize_dynamic(
        plain,
        out / "encoder.onnx",
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=keep,
        op_types_to_quantize=["MatMul", "Gemm"],
    )


def _linker(linker: Linker, out: Path) -> None:
    inputs = {
        "states": torch.zeros(30, 256),
        "anchors": torch.tensor([3, 9]),
        "places": torch.zeros(2, 182, dtype=torch.int64),
        "features": torch.ones(2, 182, 5, dtype=torch.int64),
    }
    axes = {"states": {0: "words"}, "anchors": {0: "cues"}, "places": {0: "cues", 1: "reach"},
            "features": {0: "cues", 1: "reach"}, "labels": {0: "cues", 1: "reach"}}  # fmt: skip
    _plain(out / "linker.onnx", linker, inputs, axes, ["labels"])


def _whole(weights: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Return ``weights`` in whole numbers of 8 bits, and each row's scale."""
    table = weights.detach().numpy()
    scale = np.abs(table).max(axis=1, keepdims=True) / 127
    whole = np.round(table / np.maximum(scale, 1e-9)).astype(np.int8)
    return whole, scale.astype(np.float32)


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--pretrained", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=FOLDER)
    options = parser.parse_args()
    saved = torch.load(options.weights)
    state = saved["state"]
    rows, narrow = state["encoder.words.weight"].shape
    encoder = Encoder(rows, TOKEN_ROWS, layers=len(saved["layers"]), narrow=narrow)
    linker = Linker(PAIR_ROWS)
    encoder.load_state_dict(
        {name[8:]: value for name, value in state.items() if name.startswith("encoder.")}
    )
    linker.load_state_dict(
        {name[7:]: value for name, value in state.items() if name.startswith("linker.")}
    )
    encoder.eval()
    linker.eval()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        _encoder(encoder, options.out, Path(folder))
    _linker(linker, options.out)
    table, scale = _whole(encoder.words.weight)
    places, places_scale = _whole(encoder.places.weight)
    np.savez(
        options.out / "words.npz",
        table=table,
        scale=scale,
        places=places,
        places_scale=places_scale,
        widen=encoder.widen.weight.detach().numpy().T.astype(np.float16),
    )
    (options.out / "vocabulary.txt").write_text(
        "\n".join(vocabulary(options.pretrained)) + "\n", encoding="utf-8"
    )
    for path in sorted(options.out.iterdir()):
        print(f"{path.name:16}{path.stat().st_size / 1e6:7.2f} MB")


if __name__ == "__main__":
    main()
