"""A photograph painted in a mixed manner, then given the colours and the mood that were asked for."""

from dataclasses import dataclass

import torch
from PIL import Image
from torch.nn import functional

from generation.engines.colour import lend_chroma
from generation.engines.pictures import to_image, to_tensor
from generation.engines.style.enlarging import MULTIPLE
from generation.engines.style.networks import StyleNetworks
from generation.engines.stylist.mood import NEUTRAL, Mood, set_mood
from generation.engines.stylist.recolouring import recolour


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How to paint: a style vector (100,), how far to go, and what becomes of the colours."""

    vector: torch.Tensor
    strength: float = 1.0
    keep_colours: float = 0.0
    palette: tuple[str, ...] = ()
    palette_strength: float = 0.0
    mood: Mood = NEUTRAL


def paint(networks: StyleNetworks, photograph: Image.Image, manner: Manner) -> Image.Image:
    """Repaint a photograph at its own size."""
    before = to_tensor(photograph, networks.device)  # (1, 3, h, w)
    style = manner.vector.to(networks.device)
    if manner.strength < 1:
        style = torch.lerp(networks.describe([photograph])[0], style, manner.strength)
    height, width = before.shape[2:]
    margin = (0, -width % MULTIPLE, 0, -height % MULTIPLE)
    padded = functional.pad(before, margin, mode="reflect")
    painted = networks.transformer(padded, style[None])[..., :height, :width]
    if manner.keep_colours > 0:
        painted = lend_chroma(painted, before, manner.keep_colours)
    painted = set_mood(painted, manner.mood)
    if manner.palette and manner.palette_strength > 0:
        # last, so that colours which are named are those that come out, however muted the mood
        painted = recolour(painted, manner.palette, manner.palette_strength)
    return to_image(painted)
