"""What the judge sees, changed at random and so that gradients pass: colours, place, and a part cut out.

Zhao et al., "Differentiable Augmentation for Data-Efficient GAN Training" (2020). Real and painted pictures are
changed alike, so that the painter never learns to paint the changes. How many are changed follows what the judge knows
by heart, as in Karras et al., "Training Generative Adversarial Networks with Limited Data" (2020): changes that nobody
needs only make learning slower.
"""

import torch
from torch import Tensor

_FAR = 0.125  # of the side: how far a picture moves
_CUT = 0.5  # of the side: what is cut out
_TRUST = 0.8  # Karras et al. hold E[sign] at 0.6
_EPOCHS, _SOONEST, _LATEST = 100, 20_000, 500_000


def augment(pictures: Tensor, chance: torch.Generator, share: float = 1.0) -> Tensor:
    """Change pictures N x 3 x R x R in -1..1, each by a draw of its own; `share`: of them, for each kind of change."""
    count, _, side, _ = pictures.shape
    drawn = torch.rand(count, 10, generator=chance).to(pictures.device)
    recoloured, moved, cut = (drawn[:, place : place + 1] < share for place in (7, 8, 9))
    pictures = _recolour(pictures, drawn[:, :3].where(recoloured, 0.5))
    return _cut(_move(pictures, drawn[:, 3:5].where(moved, 0.5), side), drawn[:, 5:7], side, cut)


def adapted(share: float, trust: float, shown: int, pictures: int) -> float:
    """The share of pictures to change from now on, when the judge was right about `trust` of the last so many shown.

    It moves towards where the judge is right four times in five, from none to all while every picture is shown a
    hundred times (from 20,000 to 500,000 in all).
    """
    span = min(max(_EPOCHS * pictures, _SOONEST), _LATEST)
    step = shown / span if trust > _TRUST else -shown / span
    return min(1.0, max(0.0, share + step))


def _recolour(pictures: Tensor, drawn: Tensor) -> Tensor:
    """Other light, saturation and contrast; where all three are a half, none."""
    light, saturation, contrast = (drawn[:, place].view(-1, 1, 1, 1) for place in range(3))
    pictures = pictures + (light - 0.5)
    grey = pictures.mean(1, keepdim=True)
    pictures = (pictures - grey) * (saturation * 2.0) + grey
    mean = pictures.mean((1, 2, 3), keepdim=True)
    return (pictures - mean) * (contrast + 0.5) + mean


def _move(pictures: Tensor, drawn: Tensor, side: int) -> Tensor:
    """Shift by whole pixels, at a half by none; what comes in is the edge, mirrored."""
    most = max(1, int(side * _FAR))
    padded = torch.nn.functional.pad(pictures, (most, most, most, most), mode="reflect")
    starts = (drawn * (2 * most + 1)).long().clamp_(max=2 * most)
    places = torch.arange(side, device=pictures.device)
    rows, columns = starts[:, :1] + places, starts[:, 1:] + places
    numbers = torch.arange(len(pictures), device=pictures.device).view(-1, 1, 1)
    # Indices beside a slice put the channels last: the result is N x R x R x 3.
    return padded[numbers, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def _cut(pictures: Tensor, drawn: Tensor, side: int, is_cut: Tensor) -> Tensor:
    half = int(side * _CUT) // 2
    centres = drawn * side
    places = torch.arange(side, device=pictures.device)
    outside = (places - centres[:, :, None]).abs() >= half
    kept = outside[:, 0, :, None] | outside[:, 1, None, :] | ~is_cut[:, :, None]
    return pictures * kept[:, None].to(pictures.dtype)
