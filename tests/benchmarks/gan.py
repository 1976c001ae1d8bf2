"""Our GAN against a plain DCGAN: `python -m tests.benchmarks.gan [folder]`.

`gan-kid`: both learn Twitter's emoji at 64 pixels for GAN_MINUTES of CPU time each (20), one after the
other, in processes of their own; KID of 500 samples to the pictures held out, by the same features, without truncation.
Sheets of samples at a quarter, half and the end of the time go into the folder.

`gan-images-per-second`: networks of the DCGAN's own size with its own loss, trained by our trainer, against the plain
loop in fp32; they alternate, medians are taken.

Time is that of the process's own threads (THREADS, 1), so that neighbours on a busy machine disturb little.
"""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import torch
from torch import Tensor

from generation.engines.gan.method import FewShotGan
from generation.engines.gan.parameters import GanTrainingParameters
from generation.engines.training.features import FeatureNetwork, features_of
from generation.engines.training.grids import contact_sheet
from generation.engines.training.measures import kid
from generation.engines.training.method import Facts
from generation.engines.training.pictures import PictureSet
from generation.engines.training.trainer import Trainer, TrainingContext
from generation.engines.training.validation import draw
from tests.benchmarks.clock import THREADS, begin, minutes_since, now
from tests.benchmarks.dcgan import BATCH, LATENT, RATE, PlainDcgan
from tests.benchmarks.emoji import emoji
from tests.benchmarks.reporting import report

CPU = torch.device("cpu")
MINUTES = float(os.environ.get("GAN_MINUTES", "20"))
SAMPLES, SHEET, SEED = 500, 48, 7
SHOWN = (0.25, 0.5)  # shares of the time after which samples are shown, besides the end
ROUNDS, STEPS = 5, 12  # of the race

Draw = Callable[[int, int], Tensor]
Train = Callable[[PictureSet, Path], tuple[Draw, int]]


def main() -> None:
    """Print both lines."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "var/bench-gan")
    folder.mkdir(parents=True, exist_ok=True)
    in_turn = ProcessPoolExecutor(1, get_context("spawn"), initializer=begin, max_tasks_per_child=1)
    in_turn.submit(race, folder).result()
    if not MINUTES:
        return
    baseline, shown = in_turn.submit(judged, train_plainly, folder).result()
    measured, images = in_turn.submit(judged, train_ours, folder).result()
    report(
        "gan-kid", measured, baseline, "KID", SAMPLES, minutes=MINUTES, threads=THREADS, images=images,
        baseline_images=shown,
    )  # fmt: skip


def judged(train: Train, folder: Path) -> tuple[float, int]:
    """The KID of what a training's end paints, and how many pictures it was shown."""
    torch.manual_seed(SEED)
    pictures = emoji()
    sample, images = train(pictures, folder)
    network = FeatureNetwork.load(CPU)
    real = features_of(network, torch.cat([pictures.test.pictures, pictures.validation.pictures]))
    return kid(features_of(network, sample(SAMPLES, SEED)), real), images


def train_plainly(pictures: PictureSet, folder: Path) -> tuple[Draw, int]:
    """The plain DCGAN at the end of its time, and how many pictures it was shown."""
    plain, images = PlainDcgan(pictures.train.pictures), 0
    began, due = now(), list(SHOWN)
    for count in plain.train():
        images += count
        share = minutes_since(began) / MINUTES
        if due and share >= due[0]:
            show(plain.sample, folder, "dcgan", due.pop(0))
        if share >= 1.0:
            break
    show(plain.sample, folder, "dcgan", 1.0)
    return plain.sample, images


def train_ours(pictures: PictureSet, folder: Path) -> tuple[Draw, int]:
    """The few-shot GAN with its default choices, and how many pictures it was shown."""
    parameters = GanTrainingParameters()
    method = FewShotGan(parameters, Facts(pictures=len(pictures.train)), CPU)
    trainer = Trainer(method, pictures, SEED, TrainingContext(device=CPU, folder=folder))

    def sample(count: int, seed: int) -> Tensor:
        with trainer.arithmetic.autocast():
            return draw(method, trainer.average.network, count, seed)

    began, due = now(), list(SHOWN)
    while (share := minutes_since(began) / MINUTES) < 1.0:
        trainer.step()
        if due and share >= due[0]:
            show(sample, folder, "ours", due.pop(0))
    show(sample, folder, "ours", 1.0)
    return sample, trainer.progress.images


def race(folder: Path) -> None:
    """The same network, the same loss, the same batches: pictures a second by our trainer and by the plain loop."""
    pictures = emoji()
    plain = PlainDcgan(pictures.train.pictures).train()
    parameters = GanTrainingParameters(
        architecture="dcgan", loss="non-saturating", penalty=0.0, augmentation="none", latent=LATENT, batch_size=BATCH,
        learning_rate=RATE,
    )  # fmt: skip
    method = FewShotGan(parameters, Facts(pictures=len(pictures.train)), CPU)
    trainer = Trainer(method, pictures, SEED, TrainingContext(device=CPU, folder=folder))
    speeds: tuple[list[float], list[float]] = ([], [])
    steps: tuple[Callable[[], object], ...] = (trainer.step, lambda: next(plain))
    for _ in range(ROUNDS + 1):
        for found, step in zip(speeds, steps, strict=True):
            began = now()
            for _ in range(STEPS):
                step()
            found.append(STEPS * BATCH * THREADS / (now() - began))
    ours, theirs = (median(found[1:]) for found in speeds)  # the first round warms up
    report(
        "gan-images-per-second", ours, theirs, "images/s", ROUNDS * STEPS * BATCH, threads=THREADS,
        dtype=str(trainer.arithmetic.dtype),
    )  # fmt: skip


def show(sample: Draw, folder: Path, name: str, share: float) -> None:
    """Keep a sheet of samples."""
    contact_sheet(sample(SHEET, SEED)).save(folder / f"{name}-{share * MINUTES:g}-minutes.png")


if __name__ == "__main__":
    main()
