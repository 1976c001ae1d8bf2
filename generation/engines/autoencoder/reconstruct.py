"""A person's picture, as a model understands it."""

import torch

from generation.engines.autoencoder.model import ModelEngine
from generation.engines.autoencoder.parameters import ReconstructParameters
from generation.engines.base import Artifact, Context, Request
from generation.engines.device import memory_guard


class Reconstruct(ModelEngine[ReconstructParameters]):
    """Encodes a picture, and decodes what came of it."""

    @torch.inference_mode()
    def run(self, request: Request[ReconstructParameters], context: Context) -> list[Artifact]:
        """Remake one picture. Raises Cancelled, OutOfMemory."""
        chosen = request.parameters
        with memory_guard():
            pictures = self.seen(request.images("picture"))
            context.progress(0.3)
            if chosen.strength > 0:
                latents = self.network.posterior(pictures, chosen.strength, context.generator)
            else:
                latents = self.network.settled(self.network.encode(pictures))
            return [Artifact(image=self.shown(latents, chosen.size)[0])]
