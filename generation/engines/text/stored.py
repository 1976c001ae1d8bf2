"""Tensors of a safetensors file as numpy sees them on the disk: mapped, so that all web processes share one copy.

The format: eight bytes with the header's length, the header as JSON, then the numbers
(https://github.com/huggingface/safetensors#format). The library itself would copy them into each process.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from generation.engines.errors import TextModelMissing

Array = np.ndarray[Any, np.dtype[Any]]
_KINDS = {"F32": np.float32, "F16": np.float16}
_LONGEST_HEADER = 10_000_000  # bytes


def read_tensors(file: Path) -> dict[str, Array]:
    """Map every tensor of floats in a file; those of sixteen bits are widened. Raises TextModelMissing."""
    try:
        with file.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if not 2 <= length <= _LONGEST_HEADER:
                raise ValueError("it has no header")
            header = json.loads(stream.read(length))
        mapped = np.memmap(file, np.uint8, "r", offset=8 + length)
        return {
            name: _tensor(mapped, about)
            for name, about in header.items()
            if name != "__metadata__" and about["dtype"] in _KINDS
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TextModelMissing(f"The text model's numbers cannot be read: {error}") from error


def _tensor(mapped: Array, about: dict[str, Any]) -> Array:
    begin, end = about["data_offsets"]
    tensor = mapped[begin:end].view(_KINDS[about["dtype"]]).reshape(about["shape"])
    return tensor.astype(np.float32) if tensor.dtype == np.float16 else np.asarray(tensor)
