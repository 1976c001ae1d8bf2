"""What some pictures have and others have not, given to another picture.

The directions of attributes as in Larsen et al., "Autoencoding beyond pixels using a learned similarity metric" (2016).
"""

import torch

from generation.engines.autoencoder.model import ModelEngine
from generation.engines.autoencoder.parameters import ArithmeticParameters
from generation.engines.base import Artifact, Context, Request
from generation.engines.device import memory_guard


class Arithmetic(ModelEngine[ArithmeticParameters]):
    """Adds the difference of two means to a picture's latents."""

    @torch.inference_mode()
    def run(self, request: Request[ArithmeticParameters], context: Context) -> list[Artifact]:
        """Change one picture. Raises Cancelled, OutOfMemory."""
        network = self.network
        with memory_guard():
            having, lacking = (network.encode(self.seen(request.images(name))) for name in ("with", "without"))
            context.progress(0.5)
            attribute = having.mean(0, keepdim=True) - lacking.mean(0, keepdim=True)
            latents = network.encode(self.seen(request.images("picture"))) + request.parameters.strength * attribute
            return [Artifact(image=self.shown(network.settled(latents), request.parameters.size)[0])]
