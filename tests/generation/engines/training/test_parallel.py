"""Two processes that torchrun started end with the weights of one."""

import os
import subprocess
import sys
from pathlib import Path

import torch

from generation.engines.training import checkpoint
from generation.engines.training.method import Facts
from generation.engines.training.pictures import PictureSet
from generation.engines.training.trainer import CHECKPOINT, Trainer
from tests.generation.engines.training.learning import CPU, SMALL, Tiny, context, paint_pictures

ROOT = Path(__file__).resolve().parents[4]


def train(pictures: Path, folder: Path) -> None:
    Tiny.noise = 0.0  # each process draws noise of its own
    torch.manual_seed(3)
    found = PictureSet.from_folder(pictures, 32)
    Trainer(Tiny(SMALL, Facts(pictures=len(found.train)), CPU), found, 3, context(folder)).run()


def test_two_processes_move_as_one(tmp_path: Path) -> None:
    pictures = paint_pictures(tmp_path / "pictures")
    for count in (1, 2):
        module = "tests.generation.engines.training.test_parallel"
        launch = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(count), "-m", module]
        command = [sys.executable, *launch, str(pictures), str(tmp_path / str(count))]
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=120)
    alone, together = (checkpoint.read(tmp_path / str(count) / CHECKPOINT).below("network") for count in (1, 2))
    assert alone.keys() == together.keys() != set()
    for name, tensor in alone.items():
        torch.testing.assert_close(tensor, together[name], atol=1e-5, rtol=1e-4)


if __name__ == "__main__":
    train(Path(sys.argv[1]), Path(sys.argv[2]))
