"""What a house style learns: to paint as the works do, better than the network that knows many styles."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from generation.engines import registry
from generation.engines.device import open_context
from generation.engines.errors import Cancelled, InvalidInputs, ModelUnusable, WeightsMissing
from generation.engines.house_style.losses import content_loss, gram, style_loss
from generation.engines.house_style.networks import HousePainter, transformer_weights
from generation.engines.house_style.parameters import HouseStyleParameters
from generation.engines.style.transformer import StyleTransformer
from generation.engines.style.weights import convert, models_folder
from generation.engines.training import checkpoint
from generation.engines.training.checkpoint import Snapshot
from tests.generation.engines.house_style.learning import (
    CPU,
    collections,
    crop,
    method,
    paint,
    photographs_held_out,
    trained,
)
from tests.generation.engines.studio import difference, numbers


def losses(way: str, *, learnt: bool) -> tuple[float, float]:
    """Style and content of photographs held out, by a painter that has learnt or by one that is about to."""
    begun, given = method(method=way), photographs_held_out()
    if learnt:
        checkpoint.furnish(begun.painter, checkpoint.read(trained(way).model).tensors)
    with torch.inference_mode():
        style, content = begun.losses(begun.painter(given), given)
    return float(style.mean()), float(content.mean())


def test_it_paints_more_like_the_works_than_the_network_that_knows_many_styles() -> None:
    before, after = (losses("fine-tune", learnt=learnt) for learnt in (False, True))
    assert after[0] < 0.6 * before[0]
    assert after[1] < 1.1 * before[1]


def test_a_network_of_its_own_learns_from_nothing() -> None:
    before, after = (losses("johnson", learnt=learnt) for learnt in (False, True))
    assert after[0] < 0.5 * before[0]


def test_what_is_learnt_is_what_is_painted_with() -> None:
    begun, pictures = method(), photographs_held_out()
    with torch.no_grad():
        painter = StyleTransformer(transformer_weights(begun.painter.state_dict()))
        torch.testing.assert_close(painter(pictures, torch.zeros(6, 1)), begun.painter(pictures), atol=1e-4, rtol=1e-4)


def test_it_begins_as_the_mean_of_the_works_in_the_network_that_knows_many() -> None:
    engine = registry.load("arbitrary-style", CPU)
    works = collections().train.of([1]).pictures
    images = [Image.fromarray(work.permute(1, 2, 0).numpy()) for work in works]
    with torch.inference_mode():
        style = engine.networks.describe(images).mean(0, keepdim=True)  # type: ignore[attr-defined]
        expected = engine.networks.transformer(photographs_held_out()[:1], style)  # type: ignore[attr-defined]
        ours = method().painter(photographs_held_out()[:1])
    assert (ours - expected).abs().mean() < 0.02  # bfloat16 on some processors, and another resampling


def test_photographs_of_any_shape_and_size_are_painted() -> None:
    wide = crop(0).resize((301, 77))
    assert paint(wide).size == (256, 65)
    assert paint(wide, size=600).size == (600, 153)
    with pytest.raises(InvalidInputs):
        paint(crop(0).resize((400, 20)))


def test_colours_are_kept_as_much_as_is_chosen() -> None:
    picture = Image.linear_gradient("L").convert("RGB")
    painted, kept = (numbers(paint(picture, keep_colours=keep)) for keep in (0.0, 1.0))
    assert np.ptp(kept, axis=2).mean() < 0.3 * np.ptp(painted, axis=2).mean()


def test_a_large_picture_shows_a_sketch_first_and_can_be_stopped() -> None:
    seen: list[Image.Image | None] = []
    paint(crop(0), size=640, context=open_context(CPU, 1, on_progress=lambda _, preview, __: seen.append(preview)))
    assert [picture.size for picture in seen if picture] == [(256, 256), (640, 640)]
    assert difference(*(picture.resize((64, 64)) for picture in seen if picture)) < 40
    with pytest.raises(Cancelled):
        paint(crop(0), context=open_context(CPU, 1, is_cancelled=lambda: True))


def test_a_print_is_what_would_be_painted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = crop(0).resize((260, 300))
    at_once = paint(picture, size=512)
    monkeypatch.setattr(HouseStyleParameters, "quality", "print")
    assert np.array_equal(numbers(paint(picture, size=512)), numbers(at_once))


def test_beyond_what_fits_into_memory_it_is_a_print() -> None:
    qualities = [HouseStyleParameters(size=size).quality for size in (2048, 2049, 16_384)]
    assert qualities == ["draft", "print", "print"]
    needed = [HouseStyleParameters(size=size).memory_needed() for size in (4096, 16_384)]
    assert needed[0] == needed[1]


def test_the_engine_names_its_model_and_needs_one(tmp_path: Path) -> None:
    model = trained().model
    assert registry.load("house-style", CPU, model).model_hash == hashlib.sha256(model.read_bytes()).hexdigest()
    with pytest.raises(WeightsMissing):
        registry.load("house-style", CPU)
    checkpoint.write(tmp_path / "model.safetensors", Snapshot({"weight": torch.zeros(1)}, {"kind": "gan"}))
    with pytest.raises(ModelUnusable):
        registry.load("house-style", CPU, tmp_path / "model.safetensors")


def test_losses_are_shares() -> None:
    generator = torch.Generator().manual_seed(1)
    one, other = ({"layer": torch.randn(2, 8, 16, 16, generator=generator)} for _ in range(2))
    manner = {"layer": gram(one["layer"])[0]}
    assert style_loss(one, manner)[0] < 1e-6 < style_loss(one, manner)[1]
    torch.testing.assert_close(style_loss({"layer": torch.zeros(1, 8, 4, 4)}, manner), torch.ones(1))
    assert content_loss(one, one, ["layer"]).abs().max() < 1e-6
    torch.testing.assert_close(content_loss(one, other, ["layer"]), torch.ones(2), atol=0.1, rtol=0.0)


@pytest.mark.parametrize("width", [8, 16])
def test_a_painter_of_any_width_can_be_folded(width: int) -> None:
    painter: Any = HousePainter(width=width)
    pictures = torch.rand(1, 3, 32, 48, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        folded = StyleTransformer(transformer_weights(painter.state_dict()))(pictures, torch.zeros(1, 1))
        torch.testing.assert_close(folded, painter(pictures), atol=1e-4, rtol=1e-4)


def test_a_wider_painter_begins_as_the_one_that_it_adopts() -> None:
    weights = Snapshot(convert(models_folder())).below("transformer")
    pictures = torch.rand(1, 3, 32, 48, generator=torch.Generator().manual_seed(1))
    narrow, wide = HousePainter(width=8), HousePainter(width=16)
    for painter in (narrow, wide):
        painter.adopt(weights, torch.zeros(100))
    with torch.no_grad():
        torch.testing.assert_close(wide(pictures), narrow(pictures), atol=1e-5, rtol=1e-5)
    wide(pictures).square().sum().backward()
    kernel = wide.get_parameter("expand.conv2.weight")
    assert kernel.grad is not None
    assert (kernel.grad[:, 16:].abs().amax((0, 2, 3)) > 0).all()  # what is new can be learnt
