"""One work of every engine on one sheet: `python -m tests.benchmarks.contact_sheet SHEET.webp [kind=MODEL …]`.

Photographs come from the wheel scikit-image, paintings from Debian (`paintings.py`), and the models of engines that run
one from `python -m generation.engines.training`. An engine whose model is not given is named, and left out.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from PIL import Image, ImageDraw, ImageFont

from generation.engines import registry
from generation.engines.base import EngineDeclaration, InputPicture, Request
from generation.engines.device import open_context
from generation.engines.pictures import to_image
from tests.benchmarks.emoji import emoji
from tests.benchmarks.paintings import painting
from tests.benchmarks.style import photograph

CPU = torch.device("cpu")
FACE, DARK, FAIR = 92, (77, 96, 97), (78, 87, 88)  # emoji that are faces, by their places among those held out
SENTENCE = "sunlight through a cathedral window"
CELL, GAP, LINE, ACROSS, QUALITY = 232, 8, 20, 6, 72

Pictures = Mapping[str, list[Image.Image]]


@dataclass(frozen=True)
class Scene:
    """What an engine is asked for."""

    title: str
    chosen: Mapping[str, Any] = field(default_factory=dict)
    bring: Callable[[], Pictures] = dict
    seed: int = 1


def _cat_and_village() -> Pictures:
    return {"content": [photograph("chelsea.png")], "style": [painting("gogh_auvert")]}


def _cup() -> Pictures:
    return {"content": [photograph("coffee.png")]}


def _face() -> Pictures:
    return {"picture": [_emoji(FACE)]}


def _faces() -> Pictures:
    dark, fair = ([_emoji(at) for at in faces] for faces in (DARK, FAIR))
    return {"picture": [_emoji(FACE)], "with": dark, "without": fair}


def _emoji(at: int) -> Image.Image:
    return to_image(emoji(64).validation.pictures[at][None] / 255)


# An engine that is not named here makes what its defaults say.
SCENES: Mapping[str, tuple[Scene, ...]] = {
    "arbitrary-style": tuple(
        Scene(f"Style transfer, {quality}", {"quality": quality, "size": 384}, _cat_and_village)
        for quality in ("draft", "print", "masterpiece")
    ),
    "stylist": (Scene("Picture and words", {"sentence": SENTENCE, "size": 512}, _cup),),
    "house-style": (Scene("House style", {"size": 512}, _cup),),
    "texture": (
        Scene("Texture", {"size": 512}, lambda: {"exemplar": [painting("gogh_auvert").crop((150, 372, 235, 457))]}),
    ),
    "gan": (Scene("GAN, a seed", seed=42),),
    "gan-project": (Scene("GAN, a picture found", {}, _face),),
    "autoencoder-reconstruct": (Scene("Autoencoder, a portrait", {}, _face),),
    "autoencoder-arithmetic": (Scene("Autoencoder, arithmetic", {}, _faces),),
    "translate": (Scene("Translation", {}, _cup),),
}


def draw(declared: EngineDeclaration, scene: Scene, models: Mapping[str, Path]) -> Image.Image:
    """Let an engine make one work; of a film, the picture that stands for it."""
    weights = models[declared.runs_models[0]] if declared.runs_models else None
    engine = registry.load(declared.name, CPU, weights)
    inputs = {name: [InputPicture(picture) for picture in pictures] for name, pictures in scene.bring().items()}
    request = Request(parameters=declared.validate_parameters(scene.chosen), seed=scene.seed, inputs=inputs)
    image: Image.Image = engine.run(request, open_context(CPU, scene.seed))[0].image
    return image


def lay(works: Mapping[str, Image.Image]) -> Image.Image:
    """Every work in a cell of its own, with its engine's name below it."""
    high = -(-len(works) // ACROSS)
    sheet = Image.new("RGB", (ACROSS * (CELL + GAP) - GAP, high * (CELL + LINE + GAP) - GAP), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for at, (title, work) in enumerate(works.items()):
        left, top = at % ACROSS * (CELL + GAP), at // ACROSS * (CELL + LINE + GAP)
        side = min(work.size)
        middle = work.crop((
            (work.width - side) // 2, (work.height - side) // 2, (work.width + side) // 2, (work.height + side) // 2
        ))  # fmt: skip
        sheet.paste(middle.convert("RGB").resize((CELL, CELL), Image.Resampling.LANCZOS), (left, top))
        pen.text((left, top + CELL + 2), title, fill="#333", font=font)
    return sheet


def main(where: str, *given: str) -> None:
    """Draw the sheet."""
    models = {kind: Path(file) for kind, _, file in (one.partition("=") for one in given)}
    works: dict[str, Image.Image] = {}
    for declared in registry.declarations():
        if declared.medium is None:
            continue
        if not set(declared.runs_models) <= set(models):
            print(f"{declared.name} is left out: no model of the kind {declared.runs_models[0]} was given")
            continue
        for scene in SCENES.get(declared.name, (Scene(declared.title),)):
            print(scene.title, flush=True)
            works[scene.title] = draw(declared, scene, models)
    lay(works).save(where, quality=QUALITY, method=6)


if __name__ == "__main__":
    main(*sys.argv[1:])
