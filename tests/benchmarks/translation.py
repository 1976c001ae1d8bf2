"""Photographs turned into flow fields, without pairs: `python -m tests.benchmarks.translation [sheet.webp]`.

Works are pieces of twenty pictures by the engine `flow-field`. A translation with its default choices learns for
TRANSLATION_MINUTES of CPU time (5). Measured are photographs of which no piece was learnt from. `unpaired-kid`: their
KID to pieces of other flow fields, translated, and untouched. `unpaired-content`: how much of what they show is lost
(the share that `house_style/losses.py` defines), and how much is where each is taken for the next one. With a file's
name, a sheet is drawn: photographs, before and after.
"""

import os
import sys
import tempfile
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from generation.engines import registry
from generation.engines.base import Request
from generation.engines.device import open_context
from generation.engines.house_style.losses import content_loss
from generation.engines.training.features import FeatureNetwork, features_of
from generation.engines.training.grids import contact_sheet
from generation.engines.training.measures import kid
from generation.engines.training.method import Facts
from generation.engines.training.pictures import PictureSet
from generation.engines.training.trainer import Trainer, TrainingContext
from generation.engines.training.validation import draw, samples
from generation.engines.translation.method import CollectionTranslation
from generation.engines.translation.parameters import TranslationTrainingParameters
from tests.benchmarks.clock import THREADS, begin, minutes_since, now
from tests.benchmarks.collections import HELD_OUT, LEARNT, NAMES, collections, photograph, pieces
from tests.benchmarks.reporting import report

CPU = torch.device("cpu")
MINUTES = float(os.environ.get("TRANSLATION_MINUTES", "5"))
SEED, SIDE, SHOWN = 7, 128, 16
WORKS, OTHERS = 16, 4  # flow fields to learn from, and to measure by


def main() -> None:
    """Print both lines."""
    begin()
    torch.manual_seed(SEED)
    pictures = flow_fields()
    method = CollectionTranslation(
        TranslationTrainingParameters(resolution=SIDE), Facts(pictures=len(pictures.train), classes=NAMES), CPU
    )
    trainer = Trainer(method, pictures, SEED, TrainingContext(device=CPU, folder=Path(tempfile.mkdtemp())))
    began = now()
    while minutes_since(began) < MINUTES:
        trainer.step()
    network = FeatureNetwork.load(CPU)
    given, works = pictures.test.of([0]), features_of(network, pictures.test.of([1]).pictures)
    kept = trainer.average.network
    with trainer.arithmetic.autocast():
        translated = draw(method, kept, len(given), SEED, given)
    notes: dict[str, float | str] = {"minutes": MINUTES, "threads": THREADS, "images": trainer.progress.images}
    ours, untouched = (kid(features_of(network, some), works) for some in (translated, given.pictures))
    report("unpaired-kid", ours, untouched, "KID", len(given), **notes)
    missing, strangers = lost(method, translated, given.pictures)
    report("unpaired-content", missing, strangers, "share", len(given), **notes)
    if len(sys.argv) > 1:
        contact_sheet(samples(method, kept, pictures, SHOWN, SEED)).save(sys.argv[1], quality=85)


@torch.inference_mode()
def lost(method: CollectionTranslation, translated: Tensor, photographs: Tensor) -> tuple[float, float]:
    """What translated pictures (-1..1) lack of what their photographs (uint8) show; and what the next ones lack."""
    layers, given = method.features.content_layers, photographs.float() / 255.0
    seen, ours = (method.features(some, layers) for some in (given, (translated + 1.0) / 2.0))
    others = {layer: maps.roll(1, 0) for layer, maps in seen.items()}
    found = [float(content_loss(some, seen, layers).mean()) for some in (ours, others)]
    return found[0], found[1]


def flow_fields() -> PictureSet:
    """Pieces of photographs and of flow fields."""
    fields = [flow_field(seed) for seed in range(WORKS + OTHERS)]
    learnt = pieces([photograph(name) for name in LEARNT], 300, SIDE, 1), pieces(fields[:WORKS], 300, SIDE, 2)
    return collections(
        learnt, (pieces([photograph(name) for name in HELD_OUT], 100, SIDE, 3), pieces(fields[WORKS:], 100, SIDE, 4))
    )


def flow_field(seed: int) -> Image.Image:
    """One picture by the engine, without its margin."""
    declared = registry.declaration("flow-field")
    request = Request(parameters=declared.validate_parameters({"size": 512}), seed=seed)
    (made,) = registry.load("flow-field", CPU).run(request, open_context(CPU, seed))
    return made.image.crop((56, 56, 456, 456))


if __name__ == "__main__":
    main()
