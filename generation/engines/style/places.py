"""Where each style counts: masks as shares of every pixel, which the transformer mixes its manners by.

A pixel's shares amount to one: those of the styles whose masks cover it, by their weights, and what is left over to the
ground, which is the photograph's own manner or all styles blended.
"""

from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image
from torch.nn import functional

from generation.engines.errors import InvalidInputs
from generation.engines.style.declarations import MASK_TOLERANCE
from generation.engines.style.enlarging import resized_rows
from generation.engines.style.marking import mark_nothing

_LEAST = 1e-6


def check_masks(masks: Sequence[Image.Image], photograph: Image.Image) -> None:
    """Refuse masks (grey) that do not lie over the photograph, or that cover nothing at all; raises InvalidInputs."""
    problems = []
    for number, mask in enumerate(masks, 1):
        wide, high = mask.width * photograph.height, mask.height * photograph.width
        if abs(wide - high) > MASK_TOLERANCE * max(wide, high):
            problems.append(f"Mask {number} has another shape than the photograph.")
    if masks and not problems and mark_nothing(masks):
        problems.append("The masks are all black: no style would be left.")
    if problems:
        raise InvalidInputs("The masks cannot be used.", {"mask": problems})


def read_masks(masks: Sequence[Image.Image], size: tuple[int, int], first: int, last: int) -> torch.Tensor:
    """Bring masks to the picture's size (width, height) and read some of its rows: (k, rows, width) in 0..1."""
    rows = (resized_rows(mask, size, first, last, Image.Resampling.BILINEAR) for mask in masks)
    return torch.stack([torch.from_numpy(np.array(row)).float() / 255 for row in rows])


def cover_of(masks: torch.Tensor, weights: Sequence[float]) -> torch.Tensor:
    """How much of each pixel (h, w) belongs to any style at all, 0..1."""
    counting = torch.tensor([float(weight > 0) for weight in weights], device=masks.device)
    return (masks * counting[:, None, None]).sum(0).clamp(max=1)


def shares_of(masks: torch.Tensor, weights: Sequence[float]) -> torch.Tensor:
    """Turn masks (k, h, w) into shares that amount to one at each pixel: (k + 1, h, w), the last one the ground's."""
    weighted = masks * torch.tensor(weights, device=masks.device)[:, None, None]
    cover = cover_of(masks, weights)
    styles = weighted / weighted.sum(0).clamp(min=_LEAST) * cover
    return torch.cat([styles, (1 - styles.sum(0))[None]])


def coarser(shares: torch.Tensor) -> torch.Tensor:
    """Take the mean of every two rows and columns: (k, h, w) to (k, h/2, w/2)."""
    return functional.avg_pool2d(shares[None], 2)[0]
