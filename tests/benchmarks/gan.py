"""Our GAN against a plain DCGAN: `python -m tests.benchmarks.gan [folder]`.

`gan-kid`: both learn Twitter's emoji at 64 pixels for GAN_MINUTES each (20), one after the other on all cores; KID of
500 samples to the pictures held out, by the same features. Sheets of samples at a quarter, half and the end of the time
go into the folder.

`gan-images-per-second`: networks of the DCGAN's own size with its own loss, trained by our trainer, against the plain
loop in fp32; they alternate, medians are taken.
"""

import os
import sys
import time
from collections.abc import Callable
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
from tests.benchmarks.dcgan import BATCH, LATENT, RATE, PlainDcgan
from tests.benchmarks.emoji import emoji
from tests.benchmarks.reporting import report

CPU = torch.device("cpu")
MINUTES = float(os.environ.get("GAN_MINUTES", "20"))
SAMPLES, SHEET, SEED = 500, 48, 7
SHOWN = (0.25, 0.5)  # shares of the time after which samples are shown, besides the end
ROUNDS, STEPS = 5, 12  # of the race

Draw = Callable[[int, int], Tensor]


def main() -> None:
    """Print both lines."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "var/bench-gan")
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    pictures = emoji()
    race(pictures, folder)
    if not MINUTES:
        return
    network = FeatureNetwork.load(CPU)
    real = features_of(network, torch.cat([pictures.test.pictures, pictures.validation.pictures]))
    theirs, shown = train_plainly(pictures, folder)
    baseline = kid(features_of(network, theirs(SAMPLES, SEED)), real)
    ours, images = train_ours(pictures, folder)
    measured = kid(features_of(network, ours(SAMPLES, SEED)), real)
    report("gan-kid", measured, baseline, "KID", SAMPLES, minutes=MINUTES, images=images, baseline_images=shown)


def train_plainly(pictures: PictureSet, folder: Path) -> tuple[Draw, int]:
    """The plain DCGAN at the end of its time, and how many pictures it was shown."""
    plain, images = PlainDcgan(pictures.train.pictures), 0
    began, due = time.monotonic(), list(SHOWN)
    for count in plain.train():
        images += count
        share = (time.monotonic() - began) / (MINUTES * 60)
        if due and share >= due[0]:
            show(plain.sample, folder, "dcgan", due.pop(0))
        if share >= 1.0:
            break
    show(plain.sample, folder, "dcgan", 1.0)
    return plain.sample, images


def train_ours(pictures: PictureSet, folder: Path) -> tuple[Draw, int]:
    """The few-shot GAN with its default choices, and how many pictures it was shown."""
    torch.manual_seed(SEED)
    parameters = GanTrainingParameters(minutes=MINUTES, validate_every=10**9)
    method = FewShotGan(parameters, Facts(pictures=len(pictures.train)), CPU)
    due = list(SHOWN)

    def note(fraction: float, preview: object, stage: str) -> None:
        if due and fraction >= due[0]:
            show(sample, folder, "ours", due.pop(0))

    def sample(count: int, seed: int) -> Tensor:
        with trainer.arithmetic.autocast():
            return draw(method, trainer.average.network, count, seed)

    context = TrainingContext(device=CPU, folder=folder, on_progress=note, checkpoint_seconds=1e9)
    trainer = Trainer(method, pictures, SEED, context)
    trainer.validation.measure = lambda kept: None  # type: ignore[method-assign]  # all its time is for learning
    trainer.run()
    show(sample, folder, "ours", 1.0)
    return sample, trainer.progress.images


def race(pictures: PictureSet, folder: Path) -> None:
    """The same network, the same loss, the same batches: pictures a second by our trainer and by the plain loop."""
    plain = PlainDcgan(pictures.train.pictures).train()
    parameters = GanTrainingParameters(
        architecture="dcgan", loss="non-saturating", penalty=0.0, augmentation="none", latent=LATENT, batch_size=BATCH,
        learning_rate=RATE,
    )  # fmt: skip
    method = FewShotGan(parameters, Facts(pictures=len(pictures.train)), CPU)
    trainer = Trainer(method, pictures, SEED, TrainingContext(device=CPU, folder=folder))
    speeds: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS + 1):
        for found, step in zip(speeds, (trainer.step, lambda: next(plain)), strict=True):
            began = time.monotonic()
            for _ in range(STEPS):
                step()
            found.append(STEPS * BATCH / (time.monotonic() - began))
    ours, theirs = (median(found[1:]) for found in speeds)  # the first round warms up
    report(
        "gan-images-per-second", ours, theirs, "images/s", ROUNDS * STEPS * BATCH, dtype=str(trainer.arithmetic.dtype)
    )


def show(sample: Draw, folder: Path, name: str, share: float) -> None:
    """Keep a sheet of samples."""
    contact_sheet(sample(SHEET, SEED)).save(folder / f"{name}-{share * MINUTES:g}-minutes.png")


if __name__ == "__main__":
    main()
