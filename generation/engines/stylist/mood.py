"""Light, warmth, contrast and vividness of a finished painting, set in OKLab so that hues stay what they are."""

from dataclasses import dataclass

import torch

from generation.engines.colour import from_oklab, to_oklab

_GAMMA = 0.85  # stops of the tone curve between as painted and as light or dark as it goes
_WARM = (0.016, 0.05)  # what full warmth adds along green to red and blue to yellow, in the middle tones


@dataclass(frozen=True, kw_only=True)
class Mood:
    """Each from -1 to 1, and nought leaves the painting as it is."""

    light: float = 0.0
    warmth: float = 0.0
    contrast: float = 0.0
    vividness: float = 0.0


NEUTRAL = Mood()


def set_mood(picture: torch.Tensor, mood: Mood) -> torch.Tensor:
    """Give a picture (1, 3, h, w) in 0..1 a mood."""
    if mood == NEUTRAL:
        return picture
    lab = to_oklab(picture.permute(0, 2, 3, 1))
    light, chroma = lab[..., :1].clamp(0, 1), lab[..., 1:]
    light = light ** (2 ** (-_GAMMA * mood.light))
    middle = light.mean()
    light = (middle + (light - middle) * (1 + 0.45 * mood.contrast)).clamp(0, 1)
    chroma = chroma * (1 + mood.vividness * (0.6 if mood.vividness > 0 else 0.85))
    lean = torch.tensor(_WARM, dtype=lab.dtype, device=lab.device) * mood.warmth
    chroma = chroma + lean * (4 * light * (1 - light))  # black and white stay clean
    return from_oklab(torch.cat([light, chroma], dim=-1)).permute(0, 3, 1, 2)
