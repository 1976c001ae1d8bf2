"""The texture engine: an exemplar in, a larger or a tiling texture or one of its maps out."""

import torch
from PIL import Image
from torch import Tensor

from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.device import memory_guard, one_thread
from generation.engines.errors import InvalidInputs
from generation.engines.pictures import to_image
from generation.engines.texture.declarations import TEXTURE, TextureParameters
from generation.engines.texture.exemplar import natural_patch, prepare
from generation.engines.texture.maps import drawn
from generation.engines.texture.quilting import quilt
from generation.engines.texture.refining import refine

_PREVIEWS = 8  # how often the growing texture is shown
_MOST_ELONGATED = 64  # beyond this even the exemplar's largest square holds next to nothing


class Texture(Engine[TextureParameters]):
    """Grow a texture and draw what of it is asked for.

    One thread, so that neither the machine's cores nor what else they do can change which of two equal patches wins.
    """

    @one_thread()
    @torch.inference_mode()
    def run(self, request: Request[TextureParameters], context: Context) -> list[Artifact]:
        """Grow the texture; raises InvalidInputs, OutOfMemory, Cancelled."""
        wanted, picture = request.parameters, _exemplar(request)
        context.progress(0.0, stage="Looking at the exemplar")
        with memory_guard():
            exemplar = prepare(picture, round(wanted.size * wanted.scale))
            block = wanted.patch or natural_patch(exemplar)
            grown = (_joined if wanted.method == "fast" else _refined)(exemplar, block, wanted, context)
            context.check_cancelled()
            shown = drawn(grown, wanted.shows, tiling=wanted.tiling, relief=wanted.relief)
        image = to_image(shown[None])
        context.progress(1.0, image, "Grown")
        return [Artifact(image=image)]


def _joined(exemplar: Tensor, block: int, wanted: TextureParameters, context: Context) -> Tensor:
    def laid(done: int, of: int, so_far: Tensor) -> None:
        context.check_cancelled()
        if done * _PREVIEWS // of > (done - 1) * _PREVIEWS // of and done < of:
            preview = so_far[None, :, : wanted.size, : wanted.size]
            context.progress(0.95 * done / of, to_image(preview), "Joining blocks")

    return quilt(
        exemplar, wanted.size, block, context.generator, tiling=wanted.tiling, variation=wanted.variation, laid=laid
    ).picture


def _refined(exemplar: Tensor, block: int, wanted: TextureParameters, context: Context) -> Tensor:
    def heard(share: float, so_far: Tensor) -> None:
        context.progress(0.95 * share, to_image(so_far[None]), "Refining patches")

    return refine(
        exemplar.to(context.device), wanted.size, block, context.generator, tiling=wanted.tiling,
        variation=wanted.variation, heard=heard, pause=context.check_cancelled,
    )  # fmt: skip


def _exemplar(request: Request[TextureParameters]) -> Image.Image:
    """Take the picture out of a request; raises InvalidInputs."""
    TEXTURE.check_inputs(request.parameters, {name: len(given) for name, given in request.inputs.items()})
    (picture,) = request.images("exemplar")
    if max(picture.size) > _MOST_ELONGATED * min(picture.size):
        raise InvalidInputs("No texture can grow from this.", {"exemplar": ["It is too long and narrow."]})
    return picture
