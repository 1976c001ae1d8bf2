"""What is shown of a model that was just trained: the pictures of seeds 1 to 64, and what its directions change.

They are painted by the very engine that works are asked of, with its default parameters: each cell of the sheet is the
work that its seed gives, made smaller. Of a model that paints photographs: some that it has not learnt from, each
before and after.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from generation.engines import registry
from generation.engines.base import Engine, EngineDeclaration, InputPicture, Request
from generation.engines.device import open_context
from generation.engines.pictures import centre_square
from generation.engines.training.showing import (
    ACROSS,
    CELL,
    DIRECTIONS,
    FACES,
    PAIR_CELL,
    PAIRS_ACROSS,
    SEEDS,
    SMALL,
    STRENGTHS,
)
from generation.worker.studio.together import Task, run_together

_AT_ONCE = 16

Inputs = dict[str, list[InputPicture]]
Asked = tuple[int, dict[str, Any]]  # a seed, and parameters


def sample(
    kind: str,
    model: Path,
    device: torch.device,
    is_cancelled: Callable[[], bool],
    photographs: Sequence[Image.Image] = (),
) -> list[Image.Image]:  # fmt: skip
    """Paint what is shown of a model: the sheet of seeds, and that of directions where the engine knows any.

    Where it paints photographs, those given, each before and after. Raises EngineError.
    """
    declaration = registry.shower_of(kind)
    engine = registry.implementation(declaration.name).load(device, model)
    painter = _Painter(declaration, engine, device, is_cancelled)
    if declaration.required_inputs:
        after = painter.repaint(photographs, PAIR_CELL)
        before = (centre_square(photograph, PAIR_CELL) for photograph in photographs)
        pairs = (picture for pair in zip(before, after, strict=True) for picture in pair)
        return [_sheet(pairs, 2 * PAIRS_ACROSS, PAIR_CELL)]
    seeds = _sheet(painter.paint([(seed, {}) for seed in range(1, SEEDS + 1)], CELL), ACROSS, CELL)
    if "directions" not in declaration.parameters.model_fields:
        return [seeds]
    return [seeds, _sheet(painter.paint(_moved(), SMALL), len(STRENGTHS), SMALL)]


def _moved() -> list[Asked]:
    """Each direction alone: for each some seeds, each seed at all strengths."""
    return [
        (seed, {"directions": [0.0] * number + [strength]})
        for number in range(DIRECTIONS)
        for seed in FACES
        for strength in STRENGTHS
    ]


@dataclass(frozen=True)
class _Painter:
    declaration: EngineDeclaration
    engine: Engine[Any]
    device: torch.device
    is_cancelled: Callable[[], bool]

    def paint(self, asked: Sequence[Asked], side: int) -> Iterable[Image.Image]:
        """Each as a square of a side, in their order. Raises EngineError."""
        at_once = min(self.declaration.most_together, _AT_ONCE)
        for start in range(0, len(asked), at_once):
            tasks = [self._task(str(number), *one) for number, one in enumerate(asked[start : start + at_once])]
            made = {}
            for result in run_together(self.engine, tasks):
                if result.error is not None:
                    raise result.error
                made[result.task.job] = result.artifacts[0].image.resize((side, side), Image.Resampling.LANCZOS)
            yield from (made[task.job] for task in tasks)

    def repaint(self, photographs: Sequence[Image.Image], side: int) -> Iterable[Image.Image]:
        """The middle square of what becomes of each photograph. Raises EngineError."""
        (given,) = self.declaration.required_inputs
        for photograph in photographs:
            (result,) = run_together(self.engine, [self._task("0", 1, {}, {given.name: [InputPicture(photograph)]})])
            if result.error is not None:
                raise result.error
            yield centre_square(result.artifacts[0].image, side)

    def _task(self, number: str, seed: int, parameters: dict[str, Any], inputs: Inputs | None = None) -> Task:
        chosen = self.declaration.validate_parameters(parameters)
        request = Request(parameters=chosen, seed=seed, inputs=inputs or {})
        return Task(number, request, open_context(self.device, seed, is_cancelled=self.is_cancelled))


def _sheet(pictures: Iterable[Image.Image], across: int, side: int) -> Image.Image:
    cells = list(pictures)
    sheet = Image.new("RGB", (across * side, -(-len(cells) // across) * side))
    for place, cell in enumerate(cells):
        sheet.paste(cell, (place % across * side, place // across * side))
    return sheet
