"""Files that strangers made are refused in words, before they cost memory."""

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from generation.engines import registry
from generation.engines.autoencoder.vae import Variational
from generation.engines.errors import ModelUnusable
from generation.engines.gan.networks import Generator
from generation.engines.house_style.networks import HousePainter
from generation.engines.training import checkpoint
from generation.engines.training.checkpoint import Snapshot
from tests.generation.engines.training.learning import CPU

SHAPE = {"resolution": 32, "width": 8, "latent": 16}
PAINTER = {"kind": "gan", "architecture": "few-shot", "classes": [], **SHAPE}
VAE = {"kind": "autoencoder", "method": "vae", "resolution": 32, "shape": SHAPE}
TRANSLATION = {"kind": "translation", "resolution": 32, "width": 8}
MODELS = {
    "house-style": ({**TRANSLATION, "kind": "house-style"}, HousePainter(width=8).state_dict()),
    "translate": (TRANSLATION, HousePainter(width=8).state_dict()),
    "gan": (PAINTER, Generator(**SHAPE).state_dict()),
    "autoencoder": (VAE, Variational(**SHAPE).state_dict()),
}
each = pytest.mark.parametrize("engine", MODELS)


def written(
    folder: Path, engine: str, notes: dict[str, Any] | None = None, tensors: Mapping[str, torch.Tensor] | None = None
) -> Path:
    """A model's file, whole but for what is named."""
    said, held = MODELS[engine]
    path = folder / "model.safetensors"
    checkpoint.write(path, Snapshot({**held, **(tensors or {})}, said if notes is None else notes))
    return path


def refused(engine: str, path: Path) -> None:
    with pytest.raises(ModelUnusable):
        registry.load(engine, CPU, path)


@each
def test_a_whole_model_is_read(tmp_path: Path, engine: str) -> None:
    registry.load(engine, CPU, written(tmp_path, engine))


@each
def test_a_pickle_by_another_name_is_refused(tmp_path: Path, engine: str) -> None:
    torch.save(MODELS[engine][1], tmp_path / "model.safetensors")
    refused(engine, tmp_path / "model.safetensors")


@each
@pytest.mark.parametrize("kept", [0, 7, 9, 500, -1])
def test_a_file_cut_short_is_refused(tmp_path: Path, engine: str, kept: int) -> None:
    path = written(tmp_path, engine)
    path.write_bytes(path.read_bytes()[:kept])
    refused(engine, path)


@each
def test_a_header_that_never_ends_is_not_read(tmp_path: Path, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "load", None)  # it would fail otherwise
    path = tmp_path / "model.safetensors"
    header = json.dumps({"__metadata__": {"atelier": " " * 20_000_000}}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header)
    refused(engine, path)


@each
def test_a_file_that_says_nothing_of_itself_is_refused(tmp_path: Path, engine: str) -> None:
    save_file(MODELS[engine][1], tmp_path / "model.safetensors")
    refused(engine, tmp_path / "model.safetensors")


@each
@pytest.mark.parametrize("tensor", [torch.zeros(3), torch.zeros(16, 16, dtype=torch.float64)], ids=["shape", "type"])
def test_tensors_of_another_shape_or_type_are_refused(tmp_path: Path, engine: str, tensor: torch.Tensor) -> None:
    name = next(iter(MODELS[engine][1]))
    refused(engine, written(tmp_path, engine, tensors={name: tensor}))


@each
@pytest.mark.parametrize("size", [{"width": 0}, {"width": 10**9}, {"resolution": 2**40}, {"width": "many"}])
def test_a_network_larger_than_any_training_makes_is_not_built(
    tmp_path: Path, engine: str, size: dict[str, Any]
) -> None:
    said, _ = MODELS[engine]
    notes = {**said, "shape": {**SHAPE, **size}} if "shape" in said else {**said, **size}
    refused(engine, written(tmp_path, engine, notes))
