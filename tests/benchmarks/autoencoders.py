"""Our autoencoders against a plain convolutional VAE: `python -m tests.benchmarks.autoencoders [folder]`.

Both have as many weights, and learn Twitter's emoji at 64 pixels for AUTOENCODER_MINUTES of CPU time each (5), one
after the other on THREADS threads (1). AUTOENCODER_KIND chooses ours: vq-vae (the default), vae or adversarial; all
else is as by default.

`autoencoder-reconstruction`: mean squared error of the test pictures remade, in 0..1.
`autoencoder-reconstruction-features`: mean squared distance of their features to those of the pictures themselves.
`autoencoder-kid`: KID of 500 samples to the pictures held out, by the same features.

Sheets of samples, and of pictures beside what became of them, go into the folder.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from generation.engines.autoencoder.autoencoder import Autoencoder
from generation.engines.autoencoder.methods import METHODS
from generation.engines.autoencoder.parameters import AutoencoderTrainingParameters
from generation.engines.training.features import FeatureNetwork, features_of
from generation.engines.training.grids import contact_sheet
from generation.engines.training.measures import kid
from generation.engines.training.method import Facts
from generation.engines.training.pictures import PictureSet
from generation.engines.training.trainer import Trainer, TrainingContext
from generation.engines.training.validation import draw
from tests.benchmarks import plain_vae
from tests.benchmarks.clock import THREADS, begin, minutes_since, now
from tests.benchmarks.emoji import emoji
from tests.benchmarks.plain_vae import plain_vae_of, weights_in
from tests.benchmarks.reporting import report

CPU = torch.device("cpu")
MINUTES = float(os.environ.get("AUTOENCODER_MINUTES", "5"))
KIND = os.environ.get("AUTOENCODER_KIND", "vq-vae")
SAMPLES, SHEET, AT_ONCE, SEED = 500, 48, 32, 7


@dataclass(frozen=True)
class Contender:
    """What a training gave; pictures are in -1..1 on either side."""

    name: str
    weights: int
    images: int  # shown to it
    remake: Callable[[Tensor], Tensor]
    samples: Tensor


@dataclass(frozen=True)
class Result:
    """Lower is better."""

    error: float
    feature_error: float
    kid: float


def main() -> None:
    """Print three lines."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "var/bench-autoencoders")
    folder.mkdir(parents=True, exist_ok=True)
    begin()
    pictures = emoji()
    network = FeatureNetwork.load(CPU)
    ours = train_ours(pictures, folder)
    theirs = train_plainly(pictures, ours.weights)
    one, other = (measure(contender, pictures, network, folder) for contender in (ours, theirs))
    sizes = {"weights": ours.weights, "baseline_weights": theirs.weights}
    shown = {"images": ours.images, "baseline_images": theirs.images}
    notes: dict[str, float | str] = {"kind": KIND, "minutes": MINUTES, "threads": THREADS, **sizes, **shown}
    held_out = len(pictures.test)
    report("autoencoder-reconstruction", one.error, other.error, "MSE", held_out, **notes)
    report(
        "autoencoder-reconstruction-features", one.feature_error, other.feature_error, "squared distance", held_out,
        **notes,
    )  # fmt: skip
    report("autoencoder-kid", one.kid, other.kid, "KID", SAMPLES, **notes)


def train_ours(pictures: PictureSet, folder: Path) -> Contender:
    """Our autoencoder, with its default choices."""
    torch.manual_seed(SEED)
    parameters = AutoencoderTrainingParameters.model_validate({"kind": KIND})
    method = METHODS[parameters.kind](parameters, Facts(pictures=len(pictures.train)), CPU)
    trainer = Trainer(method, pictures, SEED, TrainingContext(device=CPU, folder=folder))
    began = now()
    while minutes_since(began) < MINUTES:  # all its time is for learning: nothing is validated
        trainer.step()
    trainer.fit()
    kept = trainer.average.network
    assert isinstance(kept, Autoencoder)
    return Contender(
        KIND, weights_in(kept), trainer.progress.images,
        lambda given: kept.decode(kept.settled(kept.encode(given))).clamp(-1.0, 1.0),
        draw(method, kept, SAMPLES, SEED),
    )  # fmt: skip


def train_plainly(pictures: PictureSet, size: int) -> Contender:
    """The plain VAE, as nearly of our size as its width allows."""
    torch.manual_seed(SEED)
    network = plain_vae_of(size)
    images = plain_vae.train(network, pictures.train.pictures, MINUTES)
    with torch.inference_mode():
        samples = network.decode(torch.randn(SAMPLES, plain_vae.LATENT)) * 2.0 - 1.0
    return Contender(
        "plain-vae", weights_in(network), images,
        lambda given: network.decode(network.encode((given + 1.0) / 2.0)[0]) * 2.0 - 1.0, samples,
    )  # fmt: skip


def measure(contender: Contender, pictures: PictureSet, network: FeatureNetwork, folder: Path) -> Result:
    """How near its pictures come to those it never saw."""
    given = pictures.test.pictures / 127.5 - 1.0
    with torch.inference_mode():
        remade = torch.cat([contender.remake(some) for some in torch.split(given, AT_ONCE)])
    beside = torch.stack([given[: SHEET // 2], remade[: SHEET // 2]], 1).flatten(0, 1)
    contact_sheet(beside).save(folder / f"{contender.name}-remade.png")
    contact_sheet(contender.samples[:SHEET]).save(folder / f"{contender.name}-samples.png")
    real, found = features_of(network, pictures.test.pictures), features_of(network, remade)
    held_out = torch.cat([real, features_of(network, pictures.validation.pictures)])
    return Result(
        float((remade - given).square().mean() / 4.0),
        float((found - real).square().sum(1).mean()),
        kid(features_of(network, contender.samples), held_out),
    )


if __name__ == "__main__":
    main()
