"""A house style against the network that knows many styles: `python -m tests.benchmarks.house_style [sheet.webp]`.

Nine Japanese prints are an artist's works. The house style learns them for HOUSE_STYLE_MINUTES of CPU time (5); the
baseline paints in their mean manner without having learnt anything. Both paint photographs of which no piece was learnt
from, and are measured by the losses that `house_style/losses.py` defines, in shares: of the works' own statistics, and
of what two photographs differ by. With a file's name, a sheet is drawn: photograph, baseline, house style.
"""

import os
import sys
import tempfile
from pathlib import Path

import torch
from PIL import Image

from generation.engines.house_style.method import HouseStyleMethod
from generation.engines.house_style.parameters import HouseStyleTrainingParameters
from generation.engines.pictures import fit, to_image, to_tensor
from generation.engines.training.method import Facts
from generation.engines.training.pictures import PictureSet
from generation.engines.training.trainer import Trainer, TrainingContext
from tests.benchmarks.clock import THREADS, begin, minutes_since, now
from tests.benchmarks.collections import HELD_OUT, LEARNT, NAMES, collections, photograph, pieces
from tests.benchmarks.paintings import painting
from tests.benchmarks.reporting import report

CPU = torch.device("cpu")
MINUTES = float(os.environ.get("HOUSE_STYLE_MINUTES", "5"))
SEED, SIDE, SHOWN = 7, 256, 400
WORKS = (
    "GreatWave", "EjiriSuruga", "HiroshigeInokashiraSnow", "HokusaiBridge", "HokusaiPoppies", "KazusaSeaRoute",
    "HiroshigeHorsePrawns", "HokusaiOiranKamuro", "HokusaiWomanHoldingFan",
)  # fmt: skip


def main() -> None:
    """Print both lines."""
    begin()
    torch.manual_seed(SEED)
    pictures = prints()
    parameters = HouseStyleTrainingParameters(resolution=SIDE)
    method = HouseStyleMethod(parameters, Facts(pictures=len(pictures.train), classes=NAMES), CPU)
    trainer = Trainer(method, pictures, SEED, TrainingContext(device=CPU, folder=Path(tempfile.mkdtemp())))
    baseline, plain = measured(method, trainer), painted(trainer)
    began = now()
    while minutes_since(began) < MINUTES:
        trainer.step()
    ours = measured(method, trainer)
    count, images = len(pictures.test.of([0])), trainer.progress.images
    for name, one, other in zip(("style", "content"), ours, baseline, strict=True):
        report(f"house-style-{name}-loss", one, other, "share", count, minutes=MINUTES, threads=THREADS, images=images)
    if len(sys.argv) > 1:
        draw(plain, painted(trainer), Path(sys.argv[1]))


def prints() -> PictureSet:
    """Pieces of photographs and of prints."""
    works = [painting(name) for name in WORKS]
    learnt = pieces([photograph(name) for name in LEARNT], 96, SIDE, 1), pieces(works, 36, SIDE, 2)
    return collections(
        learnt, (pieces([photograph(name) for name in HELD_OUT], 24, SIDE, 3), pieces(works, 9, SIDE, 4))
    )


@torch.inference_mode()
def measured(method: HouseStyleMethod, trainer: Trainer) -> tuple[float, float]:
    """Style and content loss of photographs held out, by the network as it would be kept now."""
    found = []
    for some in torch.split(trainer.pictures.test.of([0]).pictures, 8):
        photographs = some.float() / 255.0
        found.append(torch.stack(method.losses(trainer.average.network(photographs), photographs)))
    style, content = torch.cat(found, 1).mean(1)
    return float(style), float(content)


@torch.inference_mode()
def painted(trainer: Trainer) -> list[Image.Image]:
    """The photographs held out, whole."""
    shown = [fit(photograph(name), SHOWN) for name in HELD_OUT[:2]]
    return [to_image(trainer.average.network(to_tensor(_even(one)))) for one in shown]


def draw(plain: list[Image.Image], ours: list[Image.Image], file: Path) -> None:
    """A row for each photograph: as it is, by the baseline, in the house style."""
    rows = [
        (_even(fit(photograph(name), SHOWN)), one, other)
        for name, one, other in zip(HELD_OUT, plain, ours, strict=False)
    ]
    sheet = Image.new("RGB", (3 * SHOWN, sum(row[0].height for row in rows)), "white")
    top = 0
    for row in rows:
        for place, image in enumerate(row):
            sheet.paste(image, (place * SHOWN, top))
        top += row[0].height
    sheet.save(file, quality=85)


def _even(image: Image.Image) -> Image.Image:
    """Without the last rows that the network could not halve twice."""
    return image.crop((0, 0, image.width // 4 * 4, image.height // 4 * 4))


if __name__ == "__main__":
    main()
