"""The network that says where a drawing lies among all drawings, in numpy: the web process answers by itself.

Four convolutions, each halving the side, and one linear layer; trained in torch by `learning.py`, which folds its batch
normalisation into the kernels before it writes them down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from generation.engines.scribble.maps import Maps

FILE = Path(__file__).with_name("embedding.npz")
STRIDE = 2

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Embedder:
    """Kernels (out, in, k, k) with their biases, and the last layer (size, features) with its own."""

    kernels: Sequence[tuple[Floats, Floats]]
    last: tuple[Floats, Floats]

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "Embedder":
        """Take the weights from a file's arrays: kernel0, bias0, kernel1, …, and `last`, `last_bias`."""
        count = sum(name.startswith("kernel") for name in arrays)
        read = {name: value.astype(np.float32) for name, value in arrays.items() if value.dtype.kind == "f"}
        kernels = [(read[f"kernel{at}"], read[f"bias{at}"]) for at in range(count)]
        return cls(kernels, (read["last"], read["last_bias"]))

    def embed(self, maps: Maps) -> Floats:
        """Drawings (n, channels, side, side) as directions (n, size) of length 1; near ones look alike."""
        features = maps
        for kernel, bias in self.kernels:
            features = np.maximum(_convolve(features, kernel) + bias[:, None, None], 0)
        weights, bias = self.last
        found: Floats = features.reshape(len(features), -1) @ weights.T + bias
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return found


def _convolve(features: Floats, kernel: Floats) -> Floats:
    """Convolve (n, in, h, w) with a kernel at stride 2, padded to halve the sides: (n, out, h/2, w/2)."""
    reach = kernel.shape[-1]
    pad = reach // 2
    padded = np.pad(features, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = sliding_window_view(padded, (reach, reach), axis=(2, 3))[:, :, ::STRIDE, ::STRIDE]
    count, channels, height, width = windows.shape[:4]
    columns = windows.transpose(0, 2, 3, 1, 4, 5).reshape(count * height * width, channels * reach * reach)
    made = columns @ kernel.reshape(len(kernel), -1).T
    return made.reshape(count, height, width, -1).transpose(0, 3, 1, 2)


@dataclass(frozen=True)
class Index:
    """The network, and where each drawing of the library lies: ids, and their directions (n, size)."""

    embedder: Embedder
    ids: Sequence[str]
    places: Floats


@cache
def load_index() -> Index:
    """The network and the index that were trained for this library."""
    with np.load(FILE, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return Index(
        Embedder.from_arrays(arrays), [str(name) for name in arrays["ids"]], arrays["places"].astype(np.float32)
    )
