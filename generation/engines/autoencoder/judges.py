"""The judges that autoencoders are trained against and that are not kept: of pictures, and of latents."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

_DEPTH = 3  # halvings


class PatchJudge(nn.Module):
    """Tells real pictures from remade ones, patch by patch (Isola et al., 2017); spectrally normalised."""

    def __init__(self, width: int) -> None:
        super().__init__()
        wide = [3] + [width << step for step in range(_DEPTH)]
        self.layers = nn.ModuleList(
            spectral_norm(nn.Conv2d(before, after, 4, 2, 1)) for before, after in pairwise(wide)
        )
        self.say = spectral_norm(nn.Conv2d(wide[-1], 1, 3, padding=1))

    def forward(self, pictures: Tensor) -> tuple[Tensor, Sequence[Tensor]]:
        """Judgements N x 1 x h x w, and what each layer saw."""
        seen = []
        for layer in self.layers:
            pictures = functional.leaky_relu(layer(pictures), 0.2)
            seen.append(pictures)
        said: Tensor = self.say(pictures)
        return said.float(), seen


def unlike(ours: Sequence[Tensor], real: Sequence[Tensor]) -> Tensor:
    """How differently a judge's layers see two pictures (Larsen et al., "Autoencoding beyond pixels", 2016)."""
    apart = [
        (one.float() - other.float()).abs().mean() / other.float().abs().mean().clamp(min=1e-4)
        for one, other in zip(ours, real, strict=True)
    ]
    return torch.stack(apart).mean()


class LatentJudge(nn.Module):
    """Tells draws from the prior, N x D, from encoded pictures (Makhzani et al., 2015)."""

    def __init__(self, latent: int, width: int = 256) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            spectral_norm(nn.Linear(latent, width)), nn.LeakyReLU(0.2),
            spectral_norm(nn.Linear(width, width)), nn.LeakyReLU(0.2),
            spectral_norm(nn.Linear(width, 1)),
        )  # fmt: skip

    def forward(self, latents: Tensor) -> Tensor:
        said: Tensor = self.layers(latents)
        return said[:, 0].float()
