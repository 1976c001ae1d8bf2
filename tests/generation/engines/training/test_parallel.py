"""Processes that torchrun started move as one: the same weights, one file, one decision."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from generation.engines.training import checkpoint, parallel
from generation.engines.training.method import Facts
from generation.engines.training.pictures import PictureSet
from generation.engines.training.trainer import CHECKPOINT, Trainer
from tests.generation.engines.training.learning import CPU, SMALL, Tiny, context, paint_pictures

ROOT = Path(__file__).resolve().parents[4]
QUICK = ["resolution=32", "batch_size=8", "validate_every=32", "width=8", "average_images=40", "precision=float32"]
GAN = ["--engine", "train-gan", "latent=16", *QUICK]
AUTOENCODER = [
    "--engine", "train-autoencoder", "latent=16", "codes=32", "prior_width=32", "prior_layers=1", "grid=4", *QUICK
]  # fmt: skip
TRANSLATION = ["--engine", "train-translation", "photographs=even", *QUICK]
HOUSE_STYLE = ["--engine", "train-house-style", "photographs=even", *QUICK]
EACH = pytest.mark.parametrize(
    "choices",
    [GAN, AUTOENCODER, TRANSLATION, HOUSE_STYLE],
    ids=["gan", "autoencoder", "translation", "house-style"],
)


def launch(count: int, module: str, *arguments: str) -> list[str]:
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(count), "-m"]
    return [sys.executable, *(torchrun if count > 1 else ["-m"]), module, *arguments]


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=300)


def train(folder: Path, count: int, pictures: Path, *choices: str) -> dict[str, object]:
    """Train by the command line of the documentation; returns what it printed last."""
    done = run(launch(count, "generation.engines.training", str(pictures), str(folder), "--seed", "3", *choices))
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paint_pictures(tmp_path_factory.mktemp("pictures"))


def test_two_processes_end_where_one_does_and_both_alike(tmp_path: Path, pictures: Path) -> None:
    for count in (1, 2):
        done = run(
            launch(count, "tests.generation.engines.training.test_parallel", str(pictures), str(tmp_path / str(count)))
        )
        assert done.returncode == 0, done.stderr
    alone, together = (checkpoint.read(tmp_path / str(count) / CHECKPOINT).below("network") for count in (1, 2))
    assert alone.keys() == together.keys() != set()
    for name, tensor in alone.items():
        torch.testing.assert_close(tensor, together[name], atol=1e-5, rtol=1e-4)
    first, second = ((tmp_path / "2" / f"rank-{rank}").read_text() for rank in range(2))
    assert first == second


@EACH
def test_a_training_on_two_processes_goes_on_from_its_checkpoint_to_the_same_model(
    tmp_path: Path, pictures: Path, choices: list[str]
) -> None:
    whole = train(tmp_path / "whole", 2, pictures, *choices, "images=64")
    assert whole["processes"] == 2
    train(tmp_path / "parts", 2, pictures, *choices, "images=32")
    assert train(tmp_path / "parts", 2, pictures, *choices, "images=64")["sha256"] == whole["sha256"]
    assert sorted(path.name for path in (tmp_path / "parts").iterdir()) == [
        "checkpoint.safetensors", "curve.json", "logs", "model.safetensors", "samples.webp",
    ]  # fmt: skip


def test_a_batch_that_does_not_fall_into_equal_parts_is_refused(tmp_path: Path, pictures: Path) -> None:
    choices = [*GAN, "images=64", "batch_size=9"]
    done = run(launch(2, "generation.engines.training", str(pictures), str(tmp_path), *choices))
    assert done.returncode != 0
    assert "batch_size: It must be divisible" in done.stderr


def test_being_asked_to_stop_leaves_a_checkpoint(tmp_path: Path, pictures: Path) -> None:
    command = launch(2, "generation.engines.training", str(pictures), str(tmp_path), *GAN, "--checkpoint-minutes", "0")
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True,
    ) as process:  # fmt: skip
        while not (tmp_path / CHECKPOINT).exists():
            assert process.poll() is None
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)  # torchrun hands it on to both
        _, said = process.communicate(timeout=120)
    assert "was stopped" in said
    assert checkpoint.read(tmp_path / CHECKPOINT).notes["progress"]["step"] > 0
    assert not (tmp_path / "model.safetensors").exists()


def _train_tiny(pictures: Path, folder: Path) -> None:
    Tiny.noise = 0.0  # each process draws noise of its own
    torch.manual_seed(3)
    found = PictureSet.from_folder(pictures, 32)
    trainer = Trainer(Tiny(SMALL, Facts(pictures=len(found.train)), CPU), found, 3, context(folder))
    trainer.run()
    weights = b"".join(tensor.numpy().tobytes() for tensor in trainer.best.network.state_dict().values())
    (folder / f"rank-{os.environ.get('RANK', '0')}").write_text(hashlib.sha256(weights).hexdigest())


if __name__ == "__main__":
    _train_tiny(Path(sys.argv[1]), Path(sys.argv[2]))
    parallel.end()
