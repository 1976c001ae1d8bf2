"""The article's learning curve, drawn from a real run: `python -m tests.benchmarks.curve FILE.svg`.

The plain DCGAN learns Twitter's emoji by our trainer for CURVE_STEPS steps (120) by each of the article's losses; what
is drawn is L = L_G + λ·L_D with λ = 1, and both its parts.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from generation.engines.gan.method import FewShotGan
from generation.engines.gan.parameters import GanTrainingParameters
from generation.engines.training.method import Facts
from generation.engines.training.trainer import Trainer, TrainingContext
from tests.benchmarks.clock import begin
from tests.benchmarks.dcgan import BATCH, LATENT, RATE
from tests.benchmarks.emoji import emoji

STEPS = int(os.environ.get("CURVE_STEPS", "120"))
LOSSES = ("non-saturating", "minimax")
COLOURS = {"combined": "#2f6f8f", "generator": "#c2622d", "discriminator": "#6b7f3a"}
NAMES = {"combined": "L", "generator": "L_G", "discriminator": "L_D"}
WIDE, HIGH, MARGIN = 360, 220, 36
Curves = dict[str, list[float]]


def main() -> None:
    """Train twice, and draw both curves side by side."""
    begin()
    panels = [_panel(loss, learn(loss), place) for place, loss in enumerate(LOSSES)]
    wide, high = len(LOSSES) * (WIDE + MARGIN) + MARGIN, HIGH + 2 * MARGIN
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="11">'
    )
    ground = f'<rect width="{wide}" height="{high}" fill="white"/>'
    Path(sys.argv[1]).write_text("\n".join([head, ground, *panels, "</svg>\n"]))


def learn(loss: str) -> Curves:
    """The losses of every step."""
    torch.manual_seed(7)
    parameters = GanTrainingParameters.model_validate(
        {"architecture": "dcgan", "loss": loss, "penalty": 0.0, "augmentation": "none", "latent": LATENT,
         "batch_size": BATCH, "learning_rate": RATE, "images": STEPS * BATCH, "validate_every": BATCH}
    )  # fmt: skip
    pictures, cpu = emoji(), torch.device("cpu")
    method = FewShotGan(parameters, Facts(pictures=len(pictures.train)), cpu)
    with TemporaryDirectory() as folder:
        trainer = Trainer(method, pictures, 7, TrainingContext(device=cpu, folder=Path(folder)))
        trainer.validation.measure = lambda kept: None  # type: ignore[method-assign]  # its losses are all that is drawn
        trainer.run()
    return {name: [point[name] for point in trainer.progress.points] for name in COLOURS}


def _panel(loss: str, curves: Curves, place: int) -> str:
    values = [value for curve in curves.values() for value in curve]
    low, high = min(0.0, *values), max(values)
    left = MARGIN + place * (WIDE + MARGIN)

    def height(value: float) -> float:
        return MARGIN + HIGH * (high - value) / (high - low)

    def line(curve: Sequence[float]) -> str:
        return " ".join(
            f"{left + WIDE * step / len(curve):.1f},{height(value):.1f}" for step, value in enumerate(curve)
        )

    drawn = [
        f'<polyline points="{line(curve)}" fill="none" stroke="{COLOURS[name]}" stroke-width="1.3"/>'
        for name, curve in curves.items()
    ]
    named = [
        f'<text x="{left + 150 + 60 * number}" y="{MARGIN - 10}" fill="{COLOURS[name]}">{NAMES[name]}</text>'
        for number, name in enumerate(curves)
    ]
    marks = [
        f'<text x="{left - 4}" y="{height(value) + 4:.1f}" text-anchor="end">{value:.1f}</text>'
        for value in (low, high)
    ]
    return "\n".join([
        f'<rect x="{left}" y="{MARGIN}" width="{WIDE}" height="{HIGH}" fill="none" stroke="#bbb"/>',
        f'<line x1="{left}" x2="{left + WIDE}" y1="{height(0):.1f}" y2="{height(0):.1f}" stroke="#ddd"/>',
        f'<text x="{left}" y="{MARGIN - 10}">{loss}</text>', *named, *marks, *drawn,
        f'<text x="{left + WIDE}" y="{MARGIN + HIGH + 16}" text-anchor="end">{STEPS} steps</text>',
    ])  # fmt: skip


if __name__ == "__main__":
    main()
