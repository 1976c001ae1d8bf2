"""The style transformer: it repaints a picture of any size in the manner that a hundred numbers describe.

Ghiasi et al. 2017, https://arxiv.org/abs/1705.06830. The manner enters only through the scale and the shift that
follow each instance normalisation. Layers at the picture's full and half resolution are folded (see `folding.py`);
that alone makes the network two to three times as fast on a CPU, without a compiler.
"""

from collections.abc import Callable, Mapping

import torch
from torch import nn
from torch.nn import functional

from generation.engines.style.folding import fold_enlargement, fold_stride, fold_to_phases, unfold_phases
from generation.engines.style.places import coarser

MULTIPLE = 4  # the network halves the picture twice
_EPSILON = 1e-5
_RESIDUALS = range(1, 6)
_STYLED = (
    *(f"residual.{block}.conv{layer}" for block in _RESIDUALS for layer in (1, 2)),
    *(f"expand.conv{layer}" for layer in (1, 2, 3)),
)
_Affine = tuple[torch.Tensor, torch.Tensor]  # scale and shift, one number a picture and channel


Manner = Mapping[str, _Affine]


class Shares:
    """How much each of k styles counts at each pixel, as the layers of different sizes read it."""

    def __init__(self, full: torch.Tensor) -> None:
        """Take the shares of the picture's own pixels: (k, h, w), h and w multiples of four."""
        half = coarser(full)
        self.full, self.half = _phases(full), _phases(half)  # (4, k, h/2, w/2), (4, k, h/4, w/4)
        self.quarter = coarser(half)[None]  # (1, k, h/4, w/4)


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
        for block in _RESIDUALS:
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

        With `shares` (k, h, w), which amount to one everywhere, it is one picture in k styles (k, 100): every
        normalisation then gives each pixel the scale and shift that its shares of the styles make.
        """
        return self._paint(picture, self.manner(style), None if shares is None else Shares(shares))

    def _paint(self, picture: torch.Tensor, manner: Manner, places: Shares | None) -> torch.Tensor:
        half, full = (places.half, places.full) if places else (None, None)
        x = self._contract(picture)  # (n, 32, h/4, w/4)
        for block in _RESIDUALS:
            y = functional.conv2d(_reflect(x, 1), self.get_buffer(f"residual{block}1"))
            y = _restyle(y, manner[f"residual.{block}.conv1"], places).relu_()
            y = functional.conv2d(_reflect(y, 1), self.get_buffer(f"residual{block}2"))
            x = x + _restyle(y, manner[f"residual.{block}.conv2"], places)
        x = functional.conv2d(_repeat(x), self.get_buffer("expand1"))  # (n, 64, h/4, w/4)
        x = unfold_phases(_restyle_phases(x, manner["expand.conv1"], half).relu_())  # (n, 16, h/2, w/2)
        x = functional.conv2d(_repeat(x), self.get_buffer("expand2"))  # (n, 32, h/2, w/2)
        x = unfold_phases(_restyle_phases(x, manner["expand.conv2"], full).relu_())  # (n, 8, h, w)
        x = functional.conv2d(_reflect(x, 4), self.get_buffer("expand3"), stride=2)  # (n, 12, h/2, w/2)
        x = _restyle_phases(x.float(), manner["expand.conv3"], full).sigmoid_()
        return unfold_phases(x)  # (n, 3, h, w)

    def _contract(self, picture: torch.Tensor) -> torch.Tensor:
        x = _reflect(picture.to(self.dtype), 4).contiguous(memory_format=torch.channels_last)
        x = functional.conv2d(x, self.get_buffer("contract1"), self.get_buffer("bias1"), stride=2).relu_()
        x = _repeat(x, after=0)  # (n, 32, h/2 + 1, w/2 + 1), the phases of eight channels
        x = functional.conv2d(x, self.get_buffer("contract2"), self.get_buffer("bias2")).relu_()  # (n, 16, h/2, w/2)
        x = functional.conv2d(_reflect(x, 1), self.get_buffer("contract3"), self.get_buffer("bias3"), stride=2)
        return x.relu_()

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


def _phases(shares: torch.Tensor) -> torch.Tensor:
    """The even and odd rows and columns of shares (k, h, w): (4, k, h/2, w/2), in the order of `folding`."""
    return functional.pixel_unshuffle(shares[:, None], 2).transpose(0, 1)


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


def _restyle(x: torch.Tensor, affine: _Affine, places: Shares | None) -> torch.Tensor:
    """Normalise each channel over its own picture, then give it the style's scale and shift."""
    if places is not None:
        y = functional.batch_norm(x, None, None, training=True, eps=_EPSILON)
        return torch.addcmul(mixed(affine[1], places.quarter).to(y), y, mixed(affine[0], places.quarter).to(y))
    return _each(
        lambda one, scale, shift: functional.batch_norm(one, None, None, scale, shift, training=True, eps=_EPSILON),
        x,
        affine,
    )


def _restyle_phases(x: torch.Tensor, affine: _Affine, shares: torch.Tensor | None) -> torch.Tensor:
    """Do the same where the channels are the phases of a quarter as many."""
    if shares is not None:
        mean, spread = _statistics_of_phases(x)
        gain = torch.rsqrt(spread + _EPSILON)
        scale, shift = affine[0] * gain, affine[1] - affine[0] * gain * mean  # (k, c)
        return torch.addcmul(mixed(shift, shares).to(x), x, mixed(scale, shares).to(x))
    return _each(_restyle_phases_of_one, x, affine)


def _restyle_phases_of_one(x: torch.Tensor, scale: torch.Tensor, shift: torch.Tensor) -> torch.Tensor:
    centre, spread = _statistics_of_phases(x)
    gain = scale * torch.rsqrt(spread + _EPSILON)
    offset = shift - centre * gain
    gain, offset = (part.repeat(4)[None, :, None, None].to(x.dtype) for part in (gain, offset))
    return torch.addcmul(offset, x, gain)


def _statistics_of_phases(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The mean and the variance of each channel (c,) over its four phases in one picture (1, 4c, h, w)."""
    mean, variance = torch.batch_norm_update_stats(x, None, None, 0.0)  # both (4c,)
    mean, variance = mean.view(4, -1), variance.view(4, -1)
    centre = mean.mean(0)
    return centre, variance.mean(0) + (mean - centre).square().mean(0)


def mixed(numbers: torch.Tensor, shares: torch.Tensor) -> torch.Tensor:
    """Mix each style's numbers (k, c) at every pixel by its shares: (1, c, h, w) of shares (1, k, h, w).

    Of shares in four phases (4, k, h, w) come four phases of each channel: (1, 4c, h, w).
    """
    mix = torch.einsum("pkhw,kc->phwc", shares, numbers)  # channels last
    phases, height, width, channels = mix.shape
    return mix.permute(1, 2, 0, 3).reshape(1, height, width, phases * channels).permute(0, 3, 1, 2)


def _each(restyle: Callable[..., torch.Tensor], x: torch.Tensor, affine: _Affine) -> torch.Tensor:
    """Do one picture after the other, so that each comes out as if it were alone."""
    restyled = [restyle(one, scale, shift) for one, scale, shift in zip(torch.split(x, 1), *affine, strict=True)]
    return restyled[0] if len(restyled) == 1 else torch.cat(restyled)
