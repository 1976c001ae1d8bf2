"""How what is seen at the places of works is spread, and how far paintings, taken together, are from that.

Sliced optimal transport as for masterpieces (`style/masterpiece/spread.py`; Heitz et al., "A Sliced Wasserstein Loss",
2021), but between collections: a painting need not look like every work at once, as a mean Gram matrix would have it,
if only the paintings of a step together do.
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from generation.engines.style.features.network import FeatureNetwork
from generation.engines.style.masterpiece.sampling import Grid, directions
from generation.engines.training.pictures import pieces_of

PIXELS = "pixels"  # beside the network's layers: the picture itself
_KEPT = 8192  # places of the works, of each layer
_PLACES = 1024  # of a step's paintings, compared along each direction
_DIRECTIONS = 32
_PATCH, _LEVELS = 7, 3  # pixels a side, in the picture, in it halved, and in that halved
_FLATTEST, _LEAST = 0.25, 1e-4  # of the mean variance over directions, and of any
_SEED = 5  # of the places that are kept: the same whenever a training is taken up again


class Spreads:
    """What a network's layers, and PIXELS, are in some works, as vectors at places by chance."""

    def __init__(self, features: FeatureNetwork, layers: Sequence[str], works: Tensor, device: torch.device) -> None:
        """Look at works, uint8 N x 3 x R x R."""
        chance = torch.Generator().manual_seed(_SEED)
        found: dict[str, list[Tensor]] = {}
        with torch.no_grad():
            for some in torch.split(works, pieces_of(works.shape[-1])):
                pictures = some.to(device, torch.float32) / 255.0
                for layer, maps in {**features(pictures, layers), PIXELS: pictures}.items():
                    vectors = maps.movedim(1, -1).flatten(0, -2)
                    count = max(1, _KEPT * len(some) // len(works))
                    places = torch.randint(len(vectors), (count,), generator=chance).to(device)
                    found.setdefault(layer, []).append(vectors[places])
        self._kept = {layer: torch.cat(vectors) for layer, vectors in found.items()}

    def error(self, layer: str, maps: Tensor, chance: torch.Generator) -> Tensor:
        """How far maps N x C x H x W of a layer, taken together, are from the works'; nought where they are alike."""
        vectors = _some_places(maps, chance)
        places = torch.randint(len(self._kept[layer]), (len(vectors),), generator=chance)
        along = directions(maps.shape[1], _DIRECTIONS, chance, maps.device)
        wanted = self._kept[layer][places.to(maps.device)] @ along
        return _sliced_distance(vectors @ along, wanted)


def patch_error(painted: Tensor, works: Tensor, chance: torch.Generator) -> Tensor:
    """How far patches of paintings are from those of as many works, both N x 3 x R x R, at several sizes.

    After Elnekave and Weiss (2022). Networks look past single pixels; this keeps them as clean as the works'.
    """
    errors = []
    for _ in range(_LEVELS):
        along = directions(3 * _PATCH**2, _DIRECTIONS, chance, painted.device)
        filters = along.T.reshape(-1, 3, _PATCH, _PATCH)
        row, column = torch.randint(2, (2,), generator=chance).tolist()
        ours, theirs = (
            functional.conv2d(some[:, :, row:, column:], filters, stride=2).movedim(1, -1).flatten(0, -2)
            for some in (painted, works)
        )
        errors.append(_sliced_distance(ours, theirs))
        painted, works = functional.avg_pool2d(painted, 2), functional.avg_pool2d(works, 2)
        if min(painted.shape[2:]) <= 2 * _PATCH:
            break
    return torch.stack(errors).mean()


def manner_error(
    spreads: Spreads, seen: Mapping[str, Tensor], painted: Tensor, works: Tensor, chance: torch.Generator
) -> dict[str, Tensor]:
    """How far paintings in 0..1 are from works: in what layers see, in their colours, in their patches."""
    layers = [spreads.error(layer, maps, chance) for layer, maps in seen.items()]
    return {
        "layers": torch.stack(layers).mean(),
        "colours": spreads.error(PIXELS, painted, chance),
        "patches": patch_error(painted, works, chance),
    }


def _sliced_distance(ours: Tensor, theirs: Tensor) -> Tensor:
    """The squared Wasserstein distance along directions beside the works' variance, the mean over all; both P x K.

    Along some directions works may not vary at all (ink on paper has no hue): there a small difference is small.
    """
    variance = theirs.var(0, correction=0)
    apart = (ours.sort(dim=0).values - theirs.sort(dim=0).values).square().mean(0)
    return (apart / variance.clamp(min=_FLATTEST * float(variance.mean())).clamp(min=_LEAST)).mean()


def _some_places(maps: Tensor, chance: torch.Generator) -> Tensor:
    """Vectors of about _PLACES places, on a grid in each of the pictures: P x C."""
    grid = Grid.draw(maps.shape[2], maps.shape[3], _PLACES // len(maps) or 1, chance)
    return maps[:, :, grid.row :: grid.step, grid.column :: grid.step].movedim(1, -1).flatten(0, -2)
