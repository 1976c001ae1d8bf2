"""A photograph at the size it is painted at, with its masks: some rows of what goes into the transformer, and of what
becomes of its output. Whoever reads all rows at once gets the same as who reads a few.
"""

import torch

from generation.engines.pictures import fitted_size, to_tensor
from generation.engines.style.brief import Brief
from generation.engines.style.colours import finish_colours
from generation.engines.style.enlarging import MULTIPLE, reflected, resized_rows
from generation.engines.style.places import cover_of, read_masks, shares_of


class Scene:
    """One brief at one size on one device."""

    def __init__(self, brief: Brief, longest: int, device: torch.device) -> None:
        self._brief, self._device = brief, device
        self.size = self.width, self.height = fitted_size(brief.photograph, longest)
        self.padded_height = self.height + -self.height % MULTIPLE  # what the transformer sees of it

    def picture(self, first: int, last: int) -> torch.Tensor:
        """Rows as the transformer takes them, reflected below and to the right: (1, 3, n, w) in 0..1."""
        begin, end = self._real(first, last)
        rows = self._brief.as_seen(resized_rows(self._brief.photograph, self.size, begin, end))
        return reflected(to_tensor(rows, self._device), last - begin, self.width)[:, :, first - begin :]

    def shares(self, first: int, last: int) -> torch.Tensor:
        """Each style's shares of such rows, and the ground's: (k, n, w)."""
        begin, end = self._real(first, last)
        masks = read_masks(self._brief.masks, self.size, begin, end).to(self._device)
        shares = shares_of(masks, self._brief.weights)
        return reflected(shares, last - begin, self.width)[:, first - begin :]

    def finished(self, first: int, painted: torch.Tensor) -> torch.Tensor:
        """Painted rows (1, 3, n, w) with the colours that were chosen, the photograph where no mask is, no margin."""
        last = min(first + painted.shape[2], self.height)
        before = to_tensor(resized_rows(self._brief.photograph, self.size, first, last), self._device)
        after = finish_colours(painted[:, :, : last - first, : self.width], before, self._brief.chosen)
        if not self._brief.masks or self._brief.chosen.unmasked != "photograph":
            return after
        masks = read_masks(self._brief.masks, self.size, first, last).to(self._device)
        return torch.lerp(before, after, cover_of(masks, self._brief.weights))

    def _real(self, first: int, last: int) -> tuple[int, int]:
        """The rows that there are of those asked for, and enough above them to be reflected."""
        if last <= self.height:
            return first, last
        return min(first, max(0, self.height - MULTIPLE)), self.height
