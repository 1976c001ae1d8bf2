"""The scribble engine: a picture of a drawing, or of somebody's own lines."""

from collections.abc import Sequence

import numpy as np
import torch

from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.scribble.declarations import ScribbleParameters
from generation.engines.scribble.painting import paint

_STAGES: Sequence[tuple[float, str]] = ((0.3, "Laying the ground"), (0.6, "Colouring in"), (1.0, "Drawing the lines"))


class Scribble(Engine[ScribbleParameters]):
    """Paints with numpy and Pillow: the device does not matter."""

    def run(self, request: Request[ScribbleParameters], context: Context) -> list[Artifact]:
        """Paint the picture; raises Cancelled."""
        seed = int(torch.randint(2**62, (), generator=context.generator))
        for (done, stage), picture in zip(_STAGES, paint(request.parameters, np.random.default_rng(seed)), strict=True):
            context.progress(done, picture, stage)
        return [Artifact(image=picture)]
