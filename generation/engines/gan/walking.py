"""Films that wander through a trained GAN's pictures."""

import torch
from torch import Tensor

from generation.engines.base import Artifact, Context, Request
from generation.engines.gan.parameters import WalkParameters
from generation.engines.gan.sampling import Sampler, enlarged
from generation.engines.reel import Reel

_AT_ONCE = 8


class Walker(Sampler):
    """Passes through the styles of several seeds on a smooth closed or open line."""

    def run(self, request: Request[WalkParameters], context: Context) -> list[Artifact]:  # type: ignore[override]  # its own schema
        """Paint every frame. Raises InvalidParameters where the model lacks the class."""
        chosen = request.parameters
        kind = self.painter.class_number(chosen.class_name, context.generator)
        stops = torch.cat(
            [
                self.painter.draw(context.generator, kind, chosen.truncation, chosen.directions)
                for _ in range(chosen.stops)
            ]
        )
        count = chosen.frame_count
        styles = along(stops, count, loop=chosen.loop)
        reel = Reel()
        for start in range(0, count, _AT_ONCE):
            painted = self.painter.paint(styles[start : start + _AT_ONCE])
            frames = [enlarged(picture, chosen.size) for picture in painted]
            reel.extend(frames)
            context.progress(len(reel) / count, frames[-1], "Walking")
        return [Artifact(image=reel[0], frames=reel, frame_seconds=chosen.frame_seconds)]


def along(stops: Tensor, count: int, *, loop: bool) -> Tensor:
    """`count` points (count x D) on the Catmull-Rom spline through the stops (N x D), with even time between stops.

    A loop ends one step before it begins again; an open walk ends on the last stop.
    """
    number = len(stops)
    legs = number if loop else number - 1
    times = torch.arange(count, device=stops.device) * (legs / (count if loop else count - 1))
    leg = times.floor().clamp(max=legs - 1).long()
    share = (times - leg).to(stops.dtype)[:, None]
    before, first, second, after = (_stop(stops, leg + step, loop=loop) for step in (-1, 0, 1, 2))
    return 0.5 * (
        2.0 * first
        + (second - before) * share
        + (2.0 * before - 5.0 * first + 4.0 * second - after) * share**2
        + (3.0 * first - before - 3.0 * second + after) * share**3
    )


def _stop(stops: Tensor, places: Tensor, *, loop: bool) -> Tensor:
    return stops[places % len(stops)] if loop else stops[places.clamp(0, len(stops) - 1)]
