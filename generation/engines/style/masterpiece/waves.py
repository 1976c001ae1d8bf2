"""A picture as the waves it is made of, long ones weighing more, so that an optimiser moves large shapes first.

What networks see changes most with the finest grain, and going down by pixels fills pictures with it. In these numbers
a step of one length changes long waves more than short ones, by as much as they are stronger in natural pictures.
Olah, Mordvintsev, Schubert: "Feature Visualization", 2017, https://distill.pub/2017/feature-visualization/.
"""

import torch

_SLOPE = 0.5  # nought: all waves alike, as pixels have it; one: as in natural pictures, where fine grain comes too late


class Waves:
    """The way from numbers to pictures (1, 3, h, w) and back."""

    def __init__(self, height: int, width: int, device: torch.device) -> None:
        self._size = (height, width)
        rows, columns = torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)[None]
        frequency = torch.sqrt(rows.square() + columns.square()).clamp(min=1 / max(height, width))
        self._strength = (frequency.min() / frequency).pow(_SLOPE).to(device)

    def numbers_of(self, picture: torch.Tensor) -> torch.Tensor:
        """Take a picture apart: (1, 3, h, w / 2 + 1, 2)."""
        return torch.view_as_real(torch.fft.rfft2(picture, norm="ortho") / self._strength).contiguous()

    def picture_of(self, numbers: torch.Tensor) -> torch.Tensor:
        """Put it together."""
        waves = torch.view_as_complex(numbers) * self._strength
        picture: torch.Tensor = torch.fft.irfft2(waves, s=self._size, norm="ortho")
        return picture
