"""The three kinds of autoencoder as ways to learn."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from generation.engines.autoencoder import mixture
from generation.engines.autoencoder.adversarial import Adversarial
from generation.engines.autoencoder.autoencoder import Autoencoder, VectorAutoencoder
from generation.engines.autoencoder.judges import LatentJudge
from generation.engines.autoencoder.losses import beyond_free, divergence, judge_loss
from generation.engines.autoencoder.method import AutoencoderMethod, Remade
from generation.engines.autoencoder.parameters import AutoencoderTrainingParameters, Kind
from generation.engines.autoencoder.vae import Variational
from generation.engines.autoencoder.vq_vae import VectorQuantised, flat
from generation.engines.training.method import Facts
from generation.engines.training.pictures import pieces_of

PRIOR, LATENT_JUDGE = "prior", "latent-judge"
_NAT = 10.0  # at β = 1, beside the error of one of a picture's numbers
_COMMITMENT = 0.25  # van den Oord et al.
_LATENT_SHARE = 0.2  # of the judge of latents, beside the error of the pictures
_FIT_PIXELS, _FIT_LEAST = 1 << 26, 512  # pictures that the mixture is fitted to: so many pixels, but no fewer
_PRIOR_SHARE = 0.05  # of a nat of the prior's surprise, beside the error of the pictures, when a model is chosen


class VectorMethod(AutoencoderMethod):
    """One whose latents are single vectors: where they lie is fitted, not learnt."""

    def fitted(self, kept: nn.Module, pictures: Tensor) -> Mapping[str, Tensor]:
        assert isinstance(kept, VectorAutoencoder)
        count = min(len(pictures), max(_FIT_LEAST, _FIT_PIXELS // self.parameters.resolution**2))
        places = torch.arange(count) * len(pictures) // count
        found = []
        with torch.inference_mode():
            for some in torch.split(places, pieces_of(self.parameters.resolution)):
                given = pictures[some].to(self.device, torch.float32).div_(127.5).sub_(1.0)
                found.append(tuple(part.float().cpu() for part in kept.lie(given)))
        latents, variances = (torch.cat(parts) for parts in zip(*found, strict=True))
        return {f"mixture.{name}": buffer for name, buffer in mixture.fitted(latents, variances).items()}


class VariationalMethod(VectorMethod):
    """Kingma and Welling's bound, with free bits and a β that grows."""

    autoencoder: Variational

    def build(self) -> Autoencoder:
        return Variational(**_vector_shape(self.parameters))

    def shape(self) -> Mapping[str, int]:
        return _vector_shape(self.parameters)

    def remake(self, pictures: Tensor, generator: torch.Generator) -> Remade:
        mean, log_variance = self.autoencoder.spread(pictures)
        noise = torch.randn(mean.shape, generator=generator).to(mean.device)
        latents = mean + torch.exp(log_variance / 2) * noise
        nats = beyond_free(divergence(mean, log_variance), self.parameters.free_bits)
        grown = min(1.0, self.images / self.parameters.beta_images) if self.parameters.beta_images else 1.0
        cost = _NAT * self.parameters.beta * grown * nats / pictures[0].numel()
        return Remade(pictures, self.autoencoder.decode(latents), {"divergence": cost})

    def validation_loss(self, kept: nn.Module, pictures: Tensor, classes: Tensor) -> Tensor | None:
        assert isinstance(kept, Variational)
        error = super().validation_loss(kept, pictures, classes)
        nats = divergence(*kept.spread(pictures)).sum(1).mean() / pictures[0].numel()
        return None if error is None else error + _NAT * self.parameters.beta * nats


class AdversarialMethod(VectorMethod):
    """A judge of latents draws what pictures become towards the prior; pictures are remade from noisy ones."""

    autoencoder: Adversarial

    def __init__(self, parameters: AutoencoderTrainingParameters, facts: Facts, device: torch.device) -> None:
        super().__init__(parameters, facts, device)
        self.latent_judge = LatentJudge(parameters.latent)
        self.networks[LATENT_JUDGE] = self.latent_judge
        self.add_phase(LATENT_JUDGE, self.latent_judge, self._judging_latents, parameters.learning_rate, (0.5, 0.9))

    def build(self) -> Autoencoder:
        return Adversarial(**_vector_shape(self.parameters), corruption=self.parameters.corruption)

    def shape(self) -> Mapping[str, float]:
        return {**_vector_shape(self.parameters), "corruption": self.parameters.corruption}

    def remake(self, pictures: Tensor, generator: torch.Generator) -> Remade:
        latents = self.autoencoder.posterior(pictures, 1.0, generator)
        cost = -self.parameters.prior_weight * _LATENT_SHARE * self.latent_judge(latents).mean()
        return Remade(pictures, self.autoencoder.decode(latents), {"latents": cost}, latents)

    def _judging_latents(self, remade: Remade, generator: torch.Generator) -> Tensor:
        assert remade.latents is not None
        real = torch.randn(remade.latents.shape, generator=generator).to(remade.latents.device)
        said = self.latent_judge(torch.cat([real, remade.latents]))
        return judge_loss(said[: len(real)], said[len(real) :])


class VectorQuantisedMethod(AutoencoderMethod):
    """Codes by straight-through gradients, and in each step a lesson for the prior on the codes just found."""

    autoencoder: VectorQuantised

    def __init__(self, parameters: AutoencoderTrainingParameters, facts: Facts, device: torch.device) -> None:
        super().__init__(parameters, facts, device)
        self.add_phase(PRIOR, self.autoencoder.prior, self._surprise, parameters.learning_rate, (0.9, 0.95))

    def build(self) -> Autoencoder:
        return VectorQuantised(**self.shape())

    def shape(self) -> Mapping[str, int]:
        chosen = self.parameters
        return {
            "resolution": chosen.resolution, "width": chosen.width, "grid": chosen.grid, "codes": chosen.codes,
            "levels": chosen.levels, "prior_width": chosen.prior_width, "prior_layers": chosen.prior_layers,
        }  # fmt: skip

    def learning(self) -> nn.Module:
        network = self.autoencoder
        return nn.ModuleList([network.encoder, network.narrow, network.widen, network.decoder])

    def remake(self, pictures: Tensor, generator: torch.Generator) -> Remade:
        network = self.autoencoder
        encoded = network.encode(pictures)
        features = flat(encoded)
        numbers = network.codebooks.nearest(features.detach())
        apart = (features - network.codebooks.sum_of(numbers)).square().mean()
        codes = network.codebooks.through(features, self._strayed(features.detach(), numbers, generator))
        network.codebooks.follow(features.detach(), numbers, generator)
        latents = codes.view(len(pictures), network.grid, network.grid, -1).permute(0, 3, 1, 2)
        cost = _COMMITMENT * self.parameters.beta * apart
        return Remade(
            pictures, network.decode(latents), {"commitment": cost}, numbers.view(len(pictures), -1, numbers.shape[1])
        )

    def _strayed(self, features: Tensor, numbers: Tensor, generator: torch.Generator) -> Tensor:
        """The numbers of the nearest codes, and for every second picture those that chance put in their place.

        What lies beside a code comes to mean nearly the same (Lee et al., 2022, sample codes likewise), or a chain of
        such draws would wander off from pictures.
        """
        places = self.parameters.grid**2
        near = self.autoencoder.codebooks.near(features, 1.0, generator)
        is_second = torch.arange(len(numbers), device=numbers.device) // places % 2 == 1
        return torch.where(is_second[:, None], near, numbers)

    def _surprise(self, remade: Remade, generator: torch.Generator) -> Tensor:
        assert remade.latents is not None
        return self.autoencoder.prior.loss(remade.latents, generator)

    def validation_loss(self, kept: nn.Module, pictures: Tensor, classes: Tensor) -> Tensor | None:
        assert isinstance(kept, VectorQuantised)
        error = super().validation_loss(kept, pictures, classes)
        numbers = kept.codebooks.nearest(flat(kept.encode(pictures)))
        surprise = kept.prior.loss(numbers.view(len(pictures), -1, numbers.shape[1]))
        return None if error is None else error + _PRIOR_SHARE * surprise


METHODS: dict[Kind, type[AutoencoderMethod]] = {
    "vae": VariationalMethod,
    "vq-vae": VectorQuantisedMethod,
    "adversarial": AdversarialMethod,
}


def _vector_shape(chosen: AutoencoderTrainingParameters) -> dict[str, int]:
    return {"resolution": chosen.resolution, "width": chosen.width, "latent": chosen.latent}


class ChosenMethod(AutoencoderMethod):
    """Whichever kind the parameters name: making one of these makes one of that kind, as with `pathlib.Path`."""

    def __new__(  # type: ignore[misc]  # another class on purpose
        cls, parameters: AutoencoderTrainingParameters, facts: Facts, device: torch.device
    ) -> AutoencoderMethod:
        """Make the method of the kind that was chosen."""
        return METHODS[parameters.kind](parameters, facts, device)
