"""The plain DCGAN at 64 pixels (Radford, Metz, Chintala, 2016), so that the article's curves can be had again."""

from itertools import pairwise

import torch
from torch import Tensor, nn

SIDE = 64  # of its pictures
_WIDTH = 64


class DcganGenerator(nn.Module):
    """From noise N x latent to pictures N x 3 x 64 x 64; classes are not looked at."""

    def __init__(self, latent: int, width: int = _WIDTH) -> None:
        super().__init__()
        wide = [width * 8, width * 4, width * 2, width]
        layers: list[nn.Module] = [nn.ConvTranspose2d(latent, wide[0], 4, bias=False), nn.BatchNorm2d(wide[0])]
        for before, after in pairwise(wide):
            layers += [nn.ReLU(), nn.ConvTranspose2d(before, after, 4, 2, 1, bias=False), nn.BatchNorm2d(after)]
        layers += [nn.ReLU(), nn.ConvTranspose2d(width, 3, 4, 2, 1, bias=False), nn.Tanh()]
        self.layers = nn.Sequential(*layers)
        self.apply(_begin)

    def forward(self, noise: Tensor, classes: Tensor | None = None) -> Tensor:
        painted: Tensor = self.layers(noise[:, :, None, None])
        return painted


class DcganDiscriminator(nn.Module):
    """From pictures N x 3 x 64 x 64 to N judgements."""

    def __init__(self, width: int = _WIDTH) -> None:
        super().__init__()
        wide = [width, width * 2, width * 4, width * 8]
        layers: list[nn.Module] = [nn.Conv2d(3, width, 4, 2, 1, bias=False), nn.LeakyReLU(0.2)]
        for before, after in pairwise(wide):
            layers += [nn.Conv2d(before, after, 4, 2, 1, bias=False), nn.BatchNorm2d(after), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, nn.Conv2d(wide[-1], 1, 4, bias=False))
        self.apply(_begin)

    def forward(self, pictures: Tensor, classes: Tensor | None = None) -> Tensor:
        said: Tensor = self.layers(pictures)
        return said.flatten().float()


def _begin(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        torch.nn.init.normal_(module.weight, 1.0, 0.02)
