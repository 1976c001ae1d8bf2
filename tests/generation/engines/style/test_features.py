"""Feature networks: every layer where it should be, the published numbers and no others, gradients to the picture."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torchvision.models.vgg import cfgs, make_layers

from generation.engines.errors import WeightsMissing
from generation.engines.pictures import to_tensor
from generation.engines.style.features import vgg19
from generation.engines.style.features.efficientnet import EfficientNetLite
from generation.engines.style.features.network import FeatureNetwork
from generation.engines.style.features.vgg19 import VGG19
from tests.generation.engines.studio import CPU, photograph


def _torchvisions_vgg() -> torch.nn.Sequential:
    torch.manual_seed(1)
    made: torch.nn.Sequential = make_layers(cfgs["E"], batch_norm=False)
    return made


def numbers_of_vgg() -> dict[str, torch.Tensor]:
    return {f"features.{name}": tensor for name, tensor in _torchvisions_vgg().state_dict().items()}


NETWORKS: dict[str, Callable[[], FeatureNetwork]] = {
    "vgg-19": lambda: VGG19(numbers_of_vgg()),
    "efficientnet-lite0": lambda: EfficientNetLite.load(CPU),
}
each_network = pytest.mark.parametrize("made", NETWORKS.values(), ids=NETWORKS)


def _cat(side: int = 64) -> torch.Tensor:
    return to_tensor(photograph("chelsea.png").resize((side, side)))


@each_network
def test_every_layer_lies_at_its_stride(made: Callable[[], FeatureNetwork]) -> None:
    network = made()
    found = network(_cat(64), network.layers)
    assert tuple(found) == network.layers
    for layer, activations in found.items():
        assert activations.shape[2:] == (64 // network.strides[layer],) * 2
    assert {*network.style_layers, *network.content_layers} <= set(network.layers)


@each_network
def test_what_is_asked_for_alone_is_what_comes_with_all(made: Callable[[], FeatureNetwork]) -> None:
    network = made()
    layer = network.style_layers[2]
    (alone,) = network(_cat(), [layer]).values()
    assert torch.equal(alone, network(_cat(), network.layers)[layer])
    with pytest.raises(ValueError, match="no layer conv9_9"):
        network(_cat(), ["conv9_9"])


@each_network
def test_gradients_reach_the_whole_picture_and_no_weight(made: Callable[[], FeatureNetwork]) -> None:
    network = made()
    picture = _cat(48).requires_grad_()
    sum(activations.square().mean() for activations in network(picture, network.style_layers).values()).backward()
    assert picture.grad is not None
    assert (picture.grad.abs().sum(1) > 0).all()
    assert not any(weight.requires_grad for weight in network.parameters())


def test_vgg_sees_what_torchvisions_vgg_sees() -> None:
    theirs = _torchvisions_vgg()
    mean, spread = torch.tensor(((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))).view(2, 1, 3, 1, 1)
    x, reference = (_cat() - mean) / spread, []
    for layer in theirs:
        x = torch.nn.functional.avg_pool2d(x, 2) if isinstance(layer, torch.nn.MaxPool2d) else layer(x).clone()
        if isinstance(layer, torch.nn.ReLU):
            reference.append(x)
    network = VGG19(numbers_of_vgg())
    for ours, expected in zip(network(_cat(), network.layers).values(), reference, strict=True):
        torch.testing.assert_close(ours, expected)


def test_the_wheels_network_tells_a_cat_from_a_rocket() -> None:
    """Its numbers are trained ones, read in their right places: two halves of a cat have more in common."""
    network = EfficientNetLite.load(CPU)

    def described(name: str, box: tuple[int, int, int, int]) -> torch.Tensor:
        picture = to_tensor(photograph(name).crop(box).resize((192, 192)))
        found: torch.Tensor = network(picture, ["block7"])["block7"].mean((2, 3))[0]
        return found

    one, other = described("chelsea.png", (0, 0, 220, 300)), described("chelsea.png", (220, 0, 440, 300))
    rocket = described("rocket.jpg", (200, 0, 500, 400))
    similarity = torch.nn.functional.cosine_similarity
    assert similarity(one, other, dim=0) > similarity(one, rocket, dim=0) + 0.05


def test_an_operators_file_is_kept_once_and_read_again(tmp_path: Path) -> None:
    given = tmp_path / "mine.safetensors"
    save_file({**numbers_of_vgg(), "classifier.0.weight": torch.zeros(2)}, given)
    kept = vgg19.provide(tmp_path / "weights", str(given))
    given.unlink()
    assert vgg19.provide(tmp_path / "weights", str(given)) == kept
    assert torch.equal(
        VGG19.load(CPU, kept)(_cat(), ["relu3_1"])["relu3_1"],
        VGG19(numbers_of_vgg())(_cat(), ["relu3_1"])["relu3_1"],
    )


@pytest.mark.parametrize("name", ["other.pth", "other.safetensors", "absent.pth"])
def test_a_file_that_is_not_vgg_is_refused_and_nothing_is_kept(tmp_path: Path, name: str) -> None:
    numbers = {"features.0.weight": torch.zeros(64, 3, 3, 3), "features.0.bias": torch.zeros(64)}
    if name.endswith("safetensors"):
        save_file(numbers, tmp_path / name)
    elif name != "absent.pth":
        torch.save(numbers, tmp_path / name)
    with pytest.raises(WeightsMissing, match=r"VGG-19|torchvision publishes"):
        vgg19.provide(tmp_path / "weights", str(tmp_path / name))
    assert not (tmp_path / "weights").exists()
