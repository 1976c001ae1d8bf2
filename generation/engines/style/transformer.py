"""The style transformer: it repaints a picture of any size in the manner that a hundred numbers describe.

Ghiasi et al. 2017, https://arxiv.org/abs/1705.06830. The manner enters only through the scale and the shift that
follow each instance normalisation. Layers at the picture's full and half resolution are folded (see `folding.py`);
that alone makes the network two to three times as fast on a CPU, without a compiler.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import torch
from torch import nn
from torch.nn import functional

from generation.engines.style.folding import fold_enlargement, fold_stride, fold_to_phases, unfold_phases
from generation.engines.style.normalising import Manner, Shares, Statistics, restyle, statistics_of

RESIDUALS = range(1, 6)
_STYLED = (
    *(f"residual.{block}.conv{layer}" for block in RESIDUALS for layer in (1, 2)),
    *(f"expand.conv{layer}" for layer in (1, 2, 3)),
)
Styled = Callable[[str, torch.Tensor], torch.Tensor]  # a layer's name and its numbers to the same in a style


class StyleTransformer(nn.Module):
    """Contract, five residual blocks, expand; the weights are folded once, when it is built."""

    def __init__(self, weights: Mapping[str, torch.Tensor], dtype: torch.dtype = torch.float32) -> None:
        """Fold `weights`; convolutions run in `dtype`, the style and the last normalisation in float32."""
        super().__init__()
        self.dtype = dtype
        contract = {name: f"contract.conv{name}" for name in (1, 2, 3)}
        self._hold("contract1", fold_to_phases(weights[f"{contract[1]}.weight"]))  # (32, 3, 10, 10)
        self._hold("contract2", fold_stride(weights[f"{contract[2]}.weight"]))  # (16, 32, 2, 2)
        self._hold("contract3", weights[f"{contract[3]}.weight"])  # (32, 16, 3, 3)
        self._hold("bias1", weights[f"{contract[1]}.bias"].repeat(4))
        self._hold("bias2", weights[f"{contract[2]}.bias"])
        self._hold("bias3", weights[f"{contract[3]}.bias"])
        # no bias beyond this point: the normalisation that follows would take it away again
        for block in RESIDUALS:
            for layer in (1, 2):
                self._hold(f"residual{block}{layer}", weights[f"residual.{block}.conv{layer}.weight"])  # (32, 32, 3, 3)
        self._hold("expand1", fold_enlargement(weights["expand.conv1.weight"]))  # (64, 32, 3, 3)
        self._hold("expand2", fold_enlargement(weights["expand.conv2.weight"]))  # (32, 16, 3, 3)
        self._hold("expand3", fold_to_phases(weights["expand.conv3.weight"]))  # (12, 8, 10, 10)
        self._sizes = [weights[f"{name}.scale.bias"].shape[0] for name in _STYLED]
        parts = [weights[f"{name}.{part}.weight"].flatten(1) for name in _STYLED for part in ("scale", "shift")]
        self._hold("style_weight", torch.cat(parts))  # (718, 100)
        self._hold(
            "style_bias", torch.cat([weights[f"{name}.{part}.bias"] for name in _STYLED for part in ("scale", "shift")])
        )

    def forward(self, picture: torch.Tensor, style: torch.Tensor, shares: torch.Tensor | None = None) -> torch.Tensor:
        """Repaint pictures (n, 3, h, w) in 0..1, their sides multiples of four, each in its style (n, 100).

        With `shares` (k, h, w), which amount to one everywhere, it is one picture in k styles (k, 100), each of them
        where its share says.
        """
        manner = self.manner(style)
        if shares is None:
            return self._paint(picture, partial(_each, manner))
        found: list[dict[str, Statistics]] = []
        for row in range(len(style)):
            found.append({})
            self._paint(picture, partial(_note, rows(manner, row), found[-1]))
        known, places = together(found), Shares(shares)
        return self._paint(picture, lambda layer, x: restyle(layer, x, manner[layer], known[layer], places))

    def _paint(self, picture: torch.Tensor, styled: Styled) -> torch.Tensor:
        x = self.contract(picture)  # (n, 32, h/4, w/4)
        for block in RESIDUALS:
            y = styled(f"residual.{block}.conv1", self.convolve(x, block, 1)).relu_()
            x = x + styled(f"residual.{block}.conv2", self.convolve(y, block, 2))
        x = styled("expand.conv1", self.enlarge(x)).relu_()  # (n, 64, h/4, w/4)
        x = styled("expand.conv2", self.enlarge_phases(x)).relu_()  # (n, 32, h/2, w/2)
        return unfold_phases(styled("expand.conv3", self.colour(x).float()).sigmoid_())  # (n, 3, h, w)

    def contract(self, picture: torch.Tensor) -> torch.Tensor:
        """Look at pictures (n, 3, h, w) in 0..1: (n, 32, h/4, w/4)."""
        x = _reflect(picture.to(self.dtype), 4).contiguous(memory_format=torch.channels_last)
        x = functional.conv2d(x, self.get_buffer("contract1"), self.get_buffer("bias1"), stride=2).relu_()
        x = _repeat(x, after=0)  # (n, 32, h/2 + 1, w/2 + 1), the phases of eight channels
        x = functional.conv2d(x, self.get_buffer("contract2"), self.get_buffer("bias2")).relu_()  # (n, 16, h/2, w/2)
        x = functional.conv2d(_reflect(x, 1), self.get_buffer("contract3"), self.get_buffer("bias3"), stride=2)
        return x.relu_()

    def convolve(self, x: torch.Tensor, block: int, layer: int) -> torch.Tensor:
        """Do one of the two convolutions of a residual block: (n, 32, h, w) to the same."""
        return functional.conv2d(_reflect(x, 1), self.get_buffer(f"residual{block}{layer}"))

    def enlarge(self, x: torch.Tensor) -> torch.Tensor:
        """Enlarge (n, 32, h, w) to 16 channels of twice the side, as phases: (n, 64, h, w)."""
        return functional.conv2d(_repeat(x), self.get_buffer("expand1"))

    def enlarge_phases(self, phases: torch.Tensor) -> torch.Tensor:
        """Enlarge 16 channels, as phases (n, 64, h, w), to 8 of twice the side, as phases: (n, 32, 2h, 2w)."""
        return functional.conv2d(_repeat(unfold_phases(phases)), self.get_buffer("expand2"))

    def colour(self, phases: torch.Tensor) -> torch.Tensor:
        """Turn 8 channels, as phases (n, 32, h, w), to red, green and blue, as phases: (n, 12, h, w)."""
        return functional.conv2d(_reflect(unfold_phases(phases), 4), self.get_buffer("expand3"), stride=2)

    def manner(self, styles: torch.Tensor) -> Manner:
        """Turn style vectors (n, 100) into a scale and a shift (n, channels) for every normalisation."""
        # one at a time, so that a style means the same numbers whatever stands beside it
        numbers = torch.stack([self.get_buffer("style_weight") @ style for style in styles])
        numbers += self.get_buffer("style_bias")
        parts = torch.split(numbers, [size for size in self._sizes for _ in ("scale", "shift")], dim=1)
        return dict(zip(_STYLED, zip(parts[::2], parts[1::2], strict=True), strict=True))

    def _hold(self, name: str, tensor: torch.Tensor) -> None:
        if tensor.dim() == 4:
            tensor = tensor.contiguous(memory_format=torch.channels_last)
        if not name.startswith("style"):
            tensor = tensor.to(self.dtype)
        self.register_buffer(name, tensor, persistent=False)


def rows(manner: Manner, row: int) -> Manner:
    """The manner of one of several styles."""
    return {layer: (scale[row : row + 1], shift[row : row + 1]) for layer, (scale, shift) in manner.items()}


def together(found: Sequence[Mapping[str, Statistics]]) -> dict[str, Statistics]:
    """What was found of each layer in each style."""
    return {layer: Statistics.together([one[layer] for one in found]) for layer in found[0]}


def _each(manner: Manner, layer: str, x: torch.Tensor) -> torch.Tensor:
    """Do one picture after the other, so that each comes out as if it were alone."""
    scale, shift = manner[layer]
    styled = [
        restyle(layer, one, (scale[row : row + 1], shift[row : row + 1]), statistics_of(layer, one))
        for row, one in enumerate(torch.split(x, 1))
    ]
    return styled[0] if len(styled) == 1 else torch.cat(styled)


def _note(manner: Manner, found: dict[str, Statistics], layer: str, x: torch.Tensor) -> torch.Tensor:
    """Restyle one picture, and note its statistics."""
    found[layer] = statistics_of(layer, x)
    return restyle(layer, x, manner[layer], found[layer])


def _reflect(x: torch.Tensor, by: int) -> torch.Tensor:
    return functional.pad(x, (by, by, by, by), mode="reflect")


def _repeat(x: torch.Tensor, after: int = 1) -> torch.Tensor:
    """Repeat the first row and column, and the last ones too; much faster than torch's own padding by repetition."""
    n, channels, height, width = x.shape
    shape = (n, channels, height + 1 + after, width + 1 + after)
    padded = torch.empty(shape, dtype=x.dtype, device=x.device, memory_format=torch.channels_last)
    padded[:, :, 1 : height + 1, 1 : width + 1] = x
    padded[:, :, 0] = padded[:, :, 1]
    padded[:, :, :, 0] = padded[:, :, :, 1]
    if after:
        padded[:, :, -1] = padded[:, :, -2]
        padded[:, :, :, -1] = padded[:, :, :, -2]
    return padded
