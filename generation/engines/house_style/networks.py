"""The painter of a house style while it learns: the style transformer, with one manner instead of a hundred numbers.

The very sums of `style/transformer.py`, unfolded and so that gradients pass; what is learnt is given to that network to
paint with. After Johnson et al., "Perceptual Losses for Real-Time Style Transfer" (2016), with instance normalisation
(Ulyanov et al., 2016) and enlargements in the place of transposed convolutions (Odena et al., 2016).
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

_BLOCKS = tuple(str(block) for block in range(1, 6))
_LAYERS = ("conv1", "conv2")


class HousePainter(nn.Module):
    """From pictures N x 3 x H x W in 0..1, sides multiples of four, to such pictures."""

    def __init__(self, *, width: int) -> None:
        """Make it with `width` channels at full size (the transformer that knows many styles has eight)."""
        super().__init__()
        half, quarter = 2 * width, 4 * width
        self.contract = nn.ModuleDict(
            {
                "conv1": nn.Conv2d(3, width, 9),
                "conv2": nn.Conv2d(width, half, 3, 2),
                "conv3": nn.Conv2d(half, quarter, 3, 2),
            }
        )
        self.residual = nn.ModuleDict(
            {block: nn.ModuleDict({layer: _Styled(quarter, quarter, 3) for layer in _LAYERS}) for block in _BLOCKS}
        )
        self.expand = nn.ModuleDict(
            {"conv1": _Styled(quarter, half, 3), "conv2": _Styled(half, width, 3), "conv3": _Styled(width, 3, 9)}
        )

    def forward(self, pictures: Tensor) -> Tensor:
        x = pictures
        for layer in self.contract.values():
            assert isinstance(layer, nn.Conv2d)
            x = functional.relu(layer(_reflect(x, layer.kernel_size[0] // 2)))
        for block in self.residual.values():
            assert isinstance(block, nn.ModuleDict)
            x = x + block["conv2"](functional.relu(block["conv1"](x)))
        for name in ("conv1", "conv2"):
            x = functional.relu(self.expand[name](functional.interpolate(x, scale_factor=2, mode="nearest")))
        return torch.sigmoid(self.expand["conv3"](x).float())

    @torch.no_grad()
    def adopt(self, weights: Mapping[str, Tensor], style: Tensor) -> None:
        """Begin as the transformer that knows many styles, in the manner of one vector (100,).

        A wider painter begins as the same: its further channels are seen by nobody yet (Chen et al., "Net2Net", 2016).
        """
        numbers = {name: tensor for name, tensor in weights.items() if name in self.state_dict()}
        for name in styled_layers():
            for part in ("scale", "shift"):
                kernel, bias = weights[f"{name}.{part}.weight"].flatten(1), weights[f"{name}.{part}.bias"]
                numbers[f"{name}.{part}"] = kernel @ style + bias
        for name, own in self.state_dict().items():
            known = numbers[name]
            if own.dim() == 4:
                own[: known.shape[0], known.shape[1] :] = 0.0
            own[tuple(slice(length) for length in known.shape)] = known


def transformer_weights(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What was learnt, as `StyleTransformer` reads it: a manner that depends on no style vector (any of one number)."""
    weights = {name: tensor for name, tensor in state.items() if not name.endswith((".scale", ".shift"))}
    for name in styled_layers():
        for part in ("scale", "shift"):
            numbers = state[f"{name}.{part}"]
            weights[f"{name}.{part}.weight"] = torch.zeros_like(numbers)[:, None]
            weights[f"{name}.{part}.bias"] = numbers
    return weights


def styled_layers() -> list[str]:
    """The names of the convolutions whose results get the manner's scale and shift."""
    residual = [f"residual.{block}.{layer}" for block in _BLOCKS for layer in _LAYERS]
    return [*residual, *(f"expand.conv{number}" for number in (1, 2, 3))]


class _Styled(nn.Module):
    """A convolution over mirrored edges, whose channels are then normalised over the picture, scaled and shifted."""

    def __init__(self, deep: int, wide: int, side: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(wide, deep, side, side))
        nn.init.kaiming_normal_(self.weight, nonlinearity="relu")
        self.scale, self.shift = nn.Parameter(torch.ones(wide)), nn.Parameter(torch.zeros(wide))

    def forward(self, given: Tensor) -> Tensor:
        x = functional.conv2d(_reflect(given, self.weight.shape[-1] // 2), self.weight)
        return functional.instance_norm(x, weight=self.scale.to(x.dtype), bias=self.shift.to(x.dtype))


def _reflect(x: Tensor, by: int) -> Tensor:
    return functional.pad(x, (by, by, by, by), mode="reflect")
