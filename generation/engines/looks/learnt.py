"""What a model learnt from as it is remembered: a safetensors file on the way from studio to database. No torch."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Learnt:
    """The pictures of a dataset: their names (SHA-256 of their files), features (n, 1024) float16, what is too near."""

    names: tuple[str, ...]
    features: "np.ndarray[Any, np.dtype[np.float16]]"
    typical: float
    threshold: float

    def save(self, file: Path) -> None:
        """Write it whole."""
        import numpy as np  # workers alone have both
        from safetensors.numpy import save_file

        told = {"names": json.dumps(self.names), "typical": repr(self.typical), "threshold": repr(self.threshold)}
        save_file({"features": np.ascontiguousarray(self.features)}, file, told)

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read what `save` wrote."""
        from safetensors import safe_open

        with safe_open(file, framework="np") as opened:
            told = opened.metadata()
            features = opened.get_tensor("features")
        return cls(tuple(json.loads(told["names"])), features, float(told["typical"]), float(told["threshold"]))
