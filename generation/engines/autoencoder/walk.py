"""Films in which one picture becomes the next."""

import math

import torch
from torch import Tensor

from generation.engines.autoencoder.model import ModelEngine
from generation.engines.autoencoder.parameters import TEMPERATURE, WalkParameters
from generation.engines.base import Artifact, Context, Request
from generation.engines.device import memory_guard
from generation.engines.reel import Reel

_AT_ONCE = 8


class Walk(ModelEngine[WalkParameters]):
    """Passes the latents of the pictures given, then those of others by seed, and lingers at each."""

    @torch.inference_mode()
    def run(self, request: Request[WalkParameters], context: Context) -> list[Artifact]:
        """Make every frame. Raises Cancelled, OutOfMemory."""
        chosen = request.parameters
        with memory_guard():
            stops = self._stops(request, context)
            count = chosen.frame_count
            latents = self._along(stops, count, loop=chosen.loop)
            reel = Reel()
            for start in range(0, count, _AT_ONCE):
                frames = self.shown(latents[start : start + _AT_ONCE], chosen.size)
                reel.extend(frames)
                context.progress(len(reel) / count, frames[-1], "Walking")
        return [Artifact(image=reel[0], frames=reel, frame_seconds=chosen.frame_seconds)]

    def _stops(self, request: Request[WalkParameters], context: Context) -> Tensor:
        images = request.images("pictures")
        found = [self.network.settled(self.network.encode(self.seen(images)))] if images else []
        if missing := request.parameters.stops - len(images):
            found.append(self.network.draw(missing, TEMPERATURE, context.generator))
        return torch.cat(found)

    def _along(self, stops: Tensor, count: int, *, loop: bool) -> Tensor:
        """A loop ends one frame before it begins again; an open walk ends at the last stop."""
        legs = len(stops) if loop else len(stops) - 1
        passed = []
        for number in range(count):
            time = number * legs / (count if loop else count - 1)
            leg = min(int(time), legs - 1)
            share = (1.0 - math.cos(math.pi * (time - leg))) / 2.0
            one, other = (stops[place % len(stops)][None] for place in (leg, leg + 1))
            passed.append(self.network.between(one, other, share))
        return torch.cat(passed)
