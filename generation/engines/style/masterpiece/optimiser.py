"""Going down: L-BFGS, which learns from its last steps how the loss is curved (Liu and Nocedal 1989)."""

from collections.abc import Callable

import torch

from generation.engines.errors import EngineFault
from generation.engines.style.masterpiece.waves import Waves

_REMEMBERED = 20  # steps


def descend(
    start: torch.Tensor,
    loss_of: Callable[[torch.Tensor], torch.Tensor],
    looks: int,
    after_look: Callable[[torch.Tensor], None],
) -> torch.Tensor:
    """Look `looks` times at the loss and its gradient, and return the best picture found.

    `after_look` is given the picture as it stands, and may raise. Raises EngineFault where the loss is no number.
    """
    waves = Waves(start.shape[2], start.shape[3], start.device)
    numbers = waves.numbers_of(start.detach()).requires_grad_()
    optimiser = torch.optim.LBFGS(
        [numbers], max_iter=looks, max_eval=looks, history_size=_REMEMBERED,
        tolerance_grad=0.0, tolerance_change=0.0, line_search_fn="strong_wolfe",
    )  # fmt: skip

    def look() -> torch.Tensor:
        optimiser.zero_grad()
        picture = waves.picture_of(numbers)
        loss = loss_of(picture)
        loss.backward()  # type: ignore[no-untyped-call]
        if not torch.isfinite(loss):
            raise EngineFault("The painting cannot be improved: its loss is no number.")
        after_look(picture.detach())
        return loss.detach()

    optimiser.step(look)  # type: ignore[no-untyped-call]
    with torch.no_grad():
        return waves.picture_of(numbers)
