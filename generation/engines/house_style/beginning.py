"""Where a painter that learns from works begins: as the network that knows many styles, in the works' mean manner."""

import torch
from torch import Tensor

from generation.engines.house_style.networks import HousePainter
from generation.engines.pictures import centre_square, to_image, to_tensor
from generation.engines.style.predictor import PREDICTOR_SIDE, StylePredictor
from generation.engines.style.weights import convert, models_folder
from generation.engines.training.checkpoint import Snapshot

MOST_WORKS = 512  # looked at before the first step: more change a mean, or a spread, by next to nothing


def begin_in_manner_of(painter: HousePainter, works: Tensor) -> None:
    """Give a painter Magenta's numbers, and the mean style of works (uint8). Raises WeightsMissing."""
    known = Snapshot(convert(models_folder()))
    painter.adopt(known.below("transformer"), mean_style(known.below("predictor"), works))


@torch.inference_mode()
def mean_style(predictor: dict[str, Tensor], works: Tensor) -> Tensor:
    """The mean of the vectors that describe works (uint8) to the network that knows many styles: (100,)."""
    network = StylePredictor()
    network.load_state_dict(predictor)
    network.eval()
    found = []
    for work in torch.split(works, 1):
        square = centre_square(to_image(work.float() / 255.0), PREDICTOR_SIDE)
        found.append(network(to_tensor(square))[0])
    return torch.stack(found).mean(0).clone()
