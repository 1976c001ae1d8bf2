"""The painter and the judge of the few-shot GAN, for 32 to 1,024 pixels.

Residual blocks without normalisation, begun near the identity (as R3GAN: Huang et al., "The GAN is dead; long live the
GAN!", 2024); a mapped latent that scales every layer's channels (as StyleGAN2) so that truncation and directions mean
something; and from the smallest pictures to the largest a gate, by which what stands far apart hangs together
(skip-layer excitation, FastGAN: Liu et al., 2021).
"""

import math
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional

_WIDEST = 256
NARROWEST = 16  # fewer channels cannot hold what a large layer has to say
_GATED = 16  # a picture of this side gates one that is `_GATE_FACTOR` times as large
_GATE_FACTOR = 4
FOLD = 2  # pixels a side that are folded into channels: no layer is as large as the picture
_GAIN = math.sqrt(2.0 / (1.0 + 0.2**2))  # keeps the variance through a leaky rectifier


def channels(side: int, width: int, narrowest: int = NARROWEST) -> int:
    """How many channels a layer of that side has: `width` at 64 pixels, the more the smaller it is."""
    return max(narrowest, min(_WIDEST, width * 64 // side))


def sides(resolution: int) -> list[int]:
    """4, 8, … up to the folded picture's side."""
    return [4 << step for step in range(int(math.log2(resolution // FOLD)) - 1)]


class Generator(nn.Module):
    """From noise N x latent to pictures N x 3 x R x R in about -1..1."""

    def __init__(
        self, *, resolution: int, latent: int, width: int, classes: int = 0, narrowest: int = NARROWEST
    ) -> None:
        """`classes`: 0 where there are none; `narrowest`: channels of the largest layers at least."""
        super().__init__()
        self.resolution, self.latent, self.width, self.classes = resolution, latent, width, classes
        steps, of = sides(resolution), partial(channels, width=width, narrowest=narrowest)
        self.embed = nn.Embedding(max(classes, 1), latent) if classes else None
        self.mapping = nn.Sequential(
            _linear(latent * (2 if classes else 1), latent), nn.LeakyReLU(0.2), _linear(latent, latent)
        )
        self.begin = nn.Parameter(torch.randn(1, of(4), 4, 4))
        self.blocks = nn.ModuleList(
            _Painting(of(max(4, side // 2)), of(side), latent, grows=side > 4) for side in steps
        )
        gated = {str(side): of(side) for side in steps if side // _GATE_FACTOR >= _GATED}
        self.gates = nn.ModuleDict({side: _Gate(of(int(side) // _GATE_FACTOR), wide) for side, wide in gated.items()})
        wide, narrow = of(steps[-1]), of(resolution) // 2
        self.unfold = _convolution(wide, narrow * FOLD**2, 3)
        self.finish = _convolution(narrow, 3, 3, gain=1.0)
        with torch.no_grad():  # pixels unfolded from one place begin equal, so that no grid is seen
            self.unfold.weight.copy_(self.unfold.weight[:: FOLD**2].repeat_interleave(FOLD**2, 0))

    def map(self, noise: Tensor, classes: Tensor | None = None) -> Tensor:
        """From noise (and classes, N integers) to styles N x latent."""
        noise = noise * torch.rsqrt(noise.square().mean(1, keepdim=True) + 1e-8)
        if self.embed is not None:
            assert classes is not None
            noise = torch.cat([noise, functional.normalize(self.embed(classes)) * math.sqrt(self.latent)], 1)
        styles: Tensor = self.mapping(noise)
        return styles

    def paint(self, styles: Tensor) -> Tensor:
        """From styles to pictures."""
        found = self.begin.expand(len(styles), -1, -1, -1)
        small: dict[int, Tensor] = {}
        for side, block in zip(sides(self.resolution), self.blocks, strict=True):
            found = block(found, styles)
            if str(side) in self.gates:
                found = self.gates[str(side)](found, small[side // _GATE_FACTOR])
            small[side] = found
        found = functional.pixel_shuffle(self.unfold(functional.leaky_relu(found, 0.2)), FOLD)
        # No tanh: where pictures are mostly white it saturates, and the painter never comes back from there.
        painted: Tensor = self.finish(functional.leaky_relu(found, 0.2))
        return painted

    def forward(self, noise: Tensor, classes: Tensor | None = None) -> Tensor:
        return self.paint(self.map(noise, classes))

    def style_weights(self) -> Tensor:
        """How styles scale channels, in all layers: M x latent; its strongest directions change pictures most."""
        return torch.cat([block.style.weight for block in self.blocks])  # type: ignore[union-attr,misc]


class Discriminator(nn.Module):
    """From pictures N x 3 x R x R (and classes) to N judgements: higher is more real."""

    def __init__(self, *, resolution: int, width: int, classes: int = 0) -> None:
        super().__init__()
        steps = sides(resolution)[::-1]
        self.begin = _convolution(3 * FOLD**2, channels(steps[0], width), 3)
        self.blocks = nn.Sequential(
            *(_Judging(channels(side, width), channels(side // 2, width)) for side in steps if side > 4)
        )
        wide = channels(4, width)
        self.see = _convolution(wide + 1, wide, 3)
        self.judge = _linear(wide * 16, wide)
        self.say = _linear(wide, max(classes, 1))

    def forward(self, pictures: Tensor, classes: Tensor | None = None) -> Tensor:
        found = self.begin(functional.pixel_unshuffle(pictures, FOLD))
        found = self.blocks(functional.leaky_relu(found, 0.2))
        # A root has no slope at nought, where pictures are all alike.
        spread = (found.float().var(0, correction=0) + 1e-8).sqrt().mean().to(found.dtype).expand(len(found), 1, 4, 4)
        found = functional.leaky_relu(self.see(torch.cat([found, spread], 1)), 0.2)
        said: Tensor = self.say(functional.leaky_relu(self.judge(found.flatten(1)), 0.2)).float()
        if classes is not None and said.shape[1] > 1:
            return said.gather(1, classes[:, None])[:, 0]
        return torch.mean(said, 1)


class _Painting(nn.Module):
    """Twice as large (where it grows), then two convolutions beside the identity; styles scale what lies between."""

    def __init__(self, wide: int, narrow: int, latent: int, *, grows: bool) -> None:
        super().__init__()
        self.grows = grows
        self.skip = nn.Identity() if wide == narrow else _convolution(wide, narrow, 1, gain=1.0)
        self.first = _convolution(wide, narrow, 3)
        self.second = _convolution(narrow, narrow, 3)
        self.style = _linear(latent, wide + narrow, gain=0.5)
        self.strength = nn.Parameter(torch.full((), 0.1))

    def forward(self, given: Tensor, styles: Tensor) -> Tensor:
        wide = given.shape[1]
        scales = 1.0 + self.style(styles)[:, :, None, None].to(given.dtype)
        found = self.first(functional.leaky_relu(_even(given) * scales[:, :wide], 0.2))
        given = self.skip(given)
        if self.grows:  # what is done before costs a quarter
            given, found = (functional.interpolate(some, scale_factor=2, mode="bilinear") for some in (given, found))
        found = self.second(functional.leaky_relu(_even(found) * scales[:, wide:], 0.2))
        return torch.add(given, found * self.strength)


class _Judging(nn.Module):
    """Two convolutions beside the identity, then half as large."""

    def __init__(self, narrow: int, wide: int) -> None:
        super().__init__()
        self.skip = _convolution(narrow, wide, 1, gain=1.0)
        self.first = _convolution(narrow, narrow, 3)
        self.second = _convolution(narrow, wide, 3)
        self.strength = nn.Parameter(torch.full((), 0.3))

    def forward(self, given: Tensor) -> Tensor:
        found = self.first(functional.leaky_relu(given, 0.2))
        found = functional.avg_pool2d(functional.leaky_relu(found, 0.2), 2)
        return torch.add(self.skip(functional.avg_pool2d(given, 2)), self.second(found) * self.strength)


class _Gate(nn.Module):
    """Lets a small picture say which channels of a large one count."""

    def __init__(self, wide: int, narrow: int) -> None:
        super().__init__()
        self.look = _convolution(wide, narrow, 4, padding=0)
        self.weigh = _convolution(narrow, narrow, 1, gain=1.0)

    def forward(self, large: Tensor, small: Tensor) -> Tensor:
        seen = functional.leaky_relu(self.look(functional.adaptive_avg_pool2d(small, 4)), 0.2)
        return torch.mul(large, torch.sigmoid(self.weigh(seen)) * 2.0)


def _even(given: Tensor) -> Tensor:
    """Every place's channels at one strength (Karras et al., "Progressive Growing of GANs", 2018)."""
    return given * torch.rsqrt(given.square().mean(1, keepdim=True) + 1e-6)


def _convolution(wide: int, narrow: int, side: int, *, gain: float = _GAIN, padding: int | None = None) -> nn.Conv2d:
    made = nn.Conv2d(wide, narrow, side, padding=side // 2 if padding is None else padding)
    nn.init.normal_(made.weight, std=gain / math.sqrt(wide * side * side))
    assert made.bias is not None
    nn.init.zeros_(made.bias)
    return made


def _linear(wide: int, narrow: int, *, gain: float = _GAIN) -> nn.Linear:
    made = nn.Linear(wide, narrow)
    nn.init.normal_(made.weight, std=gain / math.sqrt(wide))
    nn.init.zeros_(made.bias)
    return made
