"""New pictures, one a seed."""

import torch

from generation.engines.autoencoder.chain import chain
from generation.engines.autoencoder.model import ModelEngine
from generation.engines.autoencoder.parameters import SampleParameters
from generation.engines.base import Artifact, Context, Request
from generation.engines.device import memory_guard

_PREVIEW = 256  # pixels


class Sample(ModelEngine[SampleParameters]):
    """Decodes what the prior draws, or where a Markov chain arrives from there."""

    @torch.inference_mode()
    def run(self, request: Request[SampleParameters], context: Context) -> list[Artifact]:
        """Make one picture. Raises Cancelled, OutOfMemory."""
        chosen = request.parameters
        with memory_guard():
            latents = self.network.draw(1, chosen.temperature, context.generator)
            context.progress(0.5)
            if chosen.sampling == "chain":
                steps = chain(self.network, latents, chosen.steps, context.generator)
                for number, latents in enumerate(steps, 1):
                    done = 0.5 + 0.5 * number / chosen.steps
                    context.progress(done, self.shown(latents, min(_PREVIEW, chosen.size))[0], "Remaking")
            return [Artifact(image=self.shown(latents, chosen.size)[0])]
