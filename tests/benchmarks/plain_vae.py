"""What our autoencoders are measured beside: a convolutional VAE as one writes it in an afternoon.

Strided convolutions with batch normalisation, squared error plus KL divergence, Adam, float32.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.benchmarks.clock import minutes_since, now

LATENT = 128
_BATCH, _RATE = 64, 1e-3


class PlainVae(nn.Module):
    """From pictures N x 3 x 64 x 64 in 0..1 to 128 numbers, and back."""

    def __init__(self, width: int) -> None:
        super().__init__()
        wide = [width << step for step in range(4)]
        self.wide = wide[-1]
        encoder: list[nn.Module] = []
        for before, after in zip([3, *wide], wide, strict=False):
            encoder += [nn.Conv2d(before, after, 4, 2, 1), nn.BatchNorm2d(after), nn.ReLU()]
        decoder: list[nn.Module] = []
        for before, after in zip(wide[::-1], wide[-2::-1], strict=False):
            decoder += [nn.ConvTranspose2d(before, after, 4, 2, 1), nn.BatchNorm2d(after), nn.ReLU()]
        self.encoder = nn.Sequential(*encoder, nn.Flatten(), nn.Linear(self.wide * 16, 2 * LATENT))
        self.widen = nn.Linear(LATENT, self.wide * 16)
        self.decoder = nn.Sequential(*decoder, nn.ConvTranspose2d(width, 3, 4, 2, 1), nn.Sigmoid())

    def encode(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance, N x 128 each."""
        mean, log_variance = self.encoder(pictures).chunk(2, dim=1)
        return mean, log_variance

    def decode(self, latents: Tensor) -> Tensor:
        """Pictures in 0..1."""
        painted: Tensor = self.decoder(self.widen(latents).view(-1, self.wide, 4, 4))
        return painted

    def loss(self, pictures: Tensor) -> Tensor:
        """Squared error plus KL divergence, a picture."""
        mean, log_variance = self.encode(pictures)
        remade = self.decode(mean + torch.exp(log_variance / 2) * torch.randn_like(mean))
        nats = 0.5 * (mean.square() + log_variance.exp() - 1.0 - log_variance).sum()
        return (functional.mse_loss(remade, pictures, reduction="sum") + nats) / len(pictures)


def plain_vae_of(size: int) -> PlainVae:
    """The plain VAE whose number of weights comes nearest to `size`."""
    return min((PlainVae(width) for width in range(4, 65)), key=lambda found: abs(weights_in(found) - size))


def weights_in(network: nn.Module) -> int:
    """How many numbers a network has learnt."""
    return sum(parameter.numel() for parameter in network.parameters())


def train(network: PlainVae, pictures: Tensor, minutes: float) -> int:
    """Train on uint8 pictures for so much CPU time, and return how many were shown."""
    optimiser = torch.optim.Adam(network.parameters(), _RATE)
    shown, began = 0, now()
    network.train()
    while minutes_since(began) < minutes:
        for places in torch.split(torch.randperm(len(pictures)), _BATCH):
            batch = pictures[places].float() / 255
            mirrored = torch.rand(len(batch)) < 0.5
            batch[mirrored] = batch[mirrored].flip(-1)
            optimiser.zero_grad()
            loss = network.loss(batch)
            loss.backward()  # type: ignore[no-untyped-call]  # torch's own
            optimiser.step()
            shown += len(batch)
            if minutes_since(began) >= minutes:
                break
    network.eval()
    return shown
