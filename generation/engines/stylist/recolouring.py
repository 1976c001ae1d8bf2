"""A painting brought toward a palette: in OKLab, every colour moves to the palette's colours that lie near it.

The painting's colours are first given the palette's mean and spread (Reinhard et al. 2001), so that they reach all of
it; then each pixel becomes a soft mixture of the palette's colours by nearness. Light keeps most of its own drawing.
"""

from collections.abc import Sequence

import torch

from generation.engines.colour import from_oklab, parse, to_oklab

_SOFTNESS = 0.006  # squared distance in OKLab within which two colours of the palette mingle
_LIGHT_COUNTS = 0.6  # of lightness in what is near
_LIGHT_MOVES = 0.25  # of the way to the palette's own lightness


def recolour(picture: torch.Tensor, palette: Sequence[str], strength: float) -> torch.Tensor:
    """Move a picture (1, 3, h, w) in 0..1 by `strength` (0..1) of the way to #rrggbb colours."""
    colours = parse(palette).to(picture)  # (k, 3)
    lab = to_oklab(picture.permute(0, 2, 3, 1))  # (1, h, w, 3)
    reached = _matched(lab, colours)
    weighing = torch.tensor([_LIGHT_COUNTS, 1.0, 1.0], dtype=lab.dtype, device=lab.device)
    distances = torch.stack([((reached - colour) * weighing).square().sum(-1) for colour in colours])  # (k, 1, h, w)
    shares = torch.softmax(-distances / _SOFTNESS, dim=0)
    target = sum(share[..., None] * colour for share, colour in zip(shares, colours, strict=True))
    assert isinstance(target, torch.Tensor)
    amounts = torch.tensor([_LIGHT_MOVES, 1.0, 1.0], dtype=lab.dtype, device=lab.device) * strength
    return from_oklab(lab + (target - lab) * amounts).permute(0, 3, 1, 2)


def _matched(lab: torch.Tensor, colours: torch.Tensor) -> torch.Tensor:
    """Give the picture's colours the mean and the spread of the palette, channel by channel."""
    mean, spread = lab.mean((0, 1, 2)), lab.std((0, 1, 2)).clamp(min=1e-3)
    wanted = colours.std(0, unbiased=False).clamp(min=0.02)
    return (lab - mean) / spread * wanted + colours.mean(0)
