"""What the judge sees, changed at random and so that gradients pass: colours, place, and a part cut out.

Zhao et al., "Differentiable Augmentation for Data-Efficient GAN Training" (2020). Real and painted pictures are
changed alike, so that the painter never learns to paint the changes.
"""

import torch
from torch import Tensor

_FAR = 0.125  # of the side: how far a picture moves
_CUT = 0.5  # of the side: what is cut out


def augment(pictures: Tensor, chance: torch.Generator) -> Tensor:
    """Change pictures N x 3 x R x R in -1..1, each by a draw of its own."""
    count, _, side, _ = pictures.shape
    drawn = torch.rand(count, 7, generator=chance).to(pictures.device)
    return _cut(_move(_recolour(pictures, drawn[:, :3]), drawn[:, 3:5], side), drawn[:, 5:], side)


def _recolour(pictures: Tensor, drawn: Tensor) -> Tensor:
    light, saturation, contrast = (drawn[:, place].view(-1, 1, 1, 1) for place in range(3))
    pictures = pictures + (light - 0.5)
    grey = pictures.mean(1, keepdim=True)
    pictures = (pictures - grey) * (saturation * 2.0) + grey
    mean = pictures.mean((1, 2, 3), keepdim=True)
    return (pictures - mean) * (contrast + 0.5) + mean


def _move(pictures: Tensor, drawn: Tensor, side: int) -> Tensor:
    """Shift by whole pixels; what comes in is the edge, mirrored."""
    most = max(1, int(side * _FAR))
    padded = torch.nn.functional.pad(pictures, (most, most, most, most), mode="reflect")
    starts = (drawn * (2 * most + 1)).long().clamp_(max=2 * most)
    places = torch.arange(side, device=pictures.device)
    rows, columns = starts[:, :1] + places, starts[:, 1:] + places
    numbers = torch.arange(len(pictures), device=pictures.device).view(-1, 1, 1)
    # Indices beside a slice put the channels last: the result is N x R x R x 3.
    return padded[numbers, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def _cut(pictures: Tensor, drawn: Tensor, side: int) -> Tensor:
    half = int(side * _CUT) // 2
    centres = drawn * side
    places = torch.arange(side, device=pictures.device)
    outside = (places - centres[:, :, None]).abs() >= half
    kept = outside[:, 0, :, None] | outside[:, 1, None, :]
    return pictures * kept[:, None].to(pictures.dtype)
