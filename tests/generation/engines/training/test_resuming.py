"""A training whose process is killed at any moment ends, once it was taken up again, in the very same model."""

import itertools
import json
import multiprocessing
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
import torch

from generation.engines.errors import ModelUnusable
from generation.engines.training import checkpoint
from generation.engines.training.checkpoint import Snapshot
from generation.engines.training.trainer import CHECKPOINT
from tests.generation.engines.training.learning import paint_pictures
from tests.generation.engines.training.test_parallel import EACH, GAN, ROOT, launch, train

IMAGES, KILLS = 96, 3  # pictures shown in twelve steps


def step_of(folder: Path) -> int:
    """How far the training came; each step leaves a checkpoint."""
    try:
        step: int = checkpoint.read(folder / CHECKPOINT).notes["progress"]["step"]
    except ModelUnusable:
        return 0  # none yet
    return step


def kill(command: list[str], folder: Path, step: int, chance: random.Random) -> None:
    """Start a training, and kill it some time after it has come so far."""
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"}, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        while step_of(folder) < step and process.poll() is None:
            time.sleep(0.005)
        time.sleep(chance.random() * 0.05)
        process.send_signal(signal.SIGKILL)


@EACH
def test_a_process_killed_again_and_again_ends_with_the_same_model(tmp_path: Path, choices: list[str]) -> None:
    pictures, chance = paint_pictures(tmp_path / "pictures"), random.Random(5)
    asked = [*choices, f"images={IMAGES}", "--checkpoint-minutes", "0"]
    whole = train(tmp_path / "whole", 1, pictures, *asked)
    folder = tmp_path / "killed"
    command = launch(1, "generation.engines.training", str(pictures), str(folder), "--seed", "3", *asked)
    for step in sorted(chance.sample(range(1, IMAGES // 8 - 1), KILLS)):
        kill(command, folder, step, chance)
        assert step_of(folder) >= step
    resumed = train(folder, 1, pictures, *asked)
    assert (resumed["sha256"], resumed["measures"]) == (whole["sha256"], whole["measures"])
    curves = [json.loads((some / "curve.json").read_text()) for some in (folder, tmp_path / "whole")]
    for one, other in zip(*curves, strict=True):
        assert {**one, "seconds": 0} == {**other, "seconds": 0}


def replace_for_ever(path: Path, shots: list[Snapshot]) -> None:
    for shot in itertools.cycle(shots):
        checkpoint.write(path, shot)


def test_a_checkpoint_that_is_replaced_while_it_is_read_is_read_whole(tmp_path: Path) -> None:
    path, sizes = tmp_path / CHECKPOINT, [1_000, 3_000]
    shots = [Snapshot({"weight": torch.full((size,), float(size))}, {"size": size}) for size in sizes]
    checkpoint.write(path, shots[0])
    other = multiprocessing.get_context("fork").Process(target=replace_for_ever, args=(path, shots))
    other.start()
    try:
        seen = [checkpoint.read(path) for _ in range(2_000)]
    finally:
        other.kill()
        other.join()
    assert {shot.notes["size"] for shot in seen} == set(sizes)  # it was replaced meanwhile
    assert all(shot.tensors["weight"].tolist() == [shot.notes["size"]] * shot.notes["size"] for shot in seen)


def test_another_trainings_checkpoint_is_refused(tmp_path: Path) -> None:
    pictures = paint_pictures(tmp_path / "pictures")
    train(tmp_path, 1, pictures, *GAN, "images=8")
    with pytest.raises(AssertionError, match="not one of this training"):
        train(tmp_path, 1, pictures, *GAN, "images=16", "latent=8")
