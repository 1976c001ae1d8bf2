"""Masterpieces: nearer to the style with every look, where it was asked for, the same from the same seed."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from generation.engines import registry
from generation.engines.base import Artifact, Context, InputPicture, Request
from generation.engines.device import open_context
from generation.engines.errors import Cancelled, InvalidParameters, WeightsMissing
from generation.engines.pictures import to_tensor
from generation.engines.style.declarations import MODEL_HASH, ArbitraryStyleParameters
from generation.engines.style.features import vgg19
from generation.engines.style.features.choosing import load_features
from generation.engines.style.masterpiece.losses import gram, relative_error
from generation.engines.style.weights import provide_weights
from tests.generation.engines.studio import CPU, difference, loaded, numbers, photograph
from tests.generation.engines.style.test_features import numbers_of_vgg

SIDE, LOOKS = 64, 12  # smaller than anybody may ask for, so that tests are quick


def _small(name: str) -> Image.Image:
    return photograph(name).resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def ask(
    *styles: str, masks: Sequence[Image.Image] = (), content: str = "astronaut.png", seed: int = 1, **parameters: Any
) -> Request[ArbitraryStyleParameters]:
    """A request below the smallest size that the declaration allows."""
    wanted: dict[str, Any] = {
        "quality": "masterpiece",
        "size": SIDE,
        "steps": LOOKS,
        "features": "efficientnet-lite0",
    } | parameters
    pictures = {
        "content": [_small(content)],
        "style": [photograph(name) for name in styles or ("coffee.png",)],
        "mask": list(masks),
    }
    inputs = {name: [InputPicture(image) for image in images] for name, images in pictures.items() if images}
    return Request(parameters=ArbitraryStyleParameters.model_construct(**wanted), seed=seed, inputs=inputs)


def paint(*styles: str, context: Context | None = None, **asked: Any) -> Image.Image:
    request = ask(*styles, **asked)
    (artifact,) = loaded("arbitrary-style").run(request, context or open_context(CPU, request.seed))
    return artifact.image


@cache
def painted(*styles: str, **asked: Any) -> Image.Image:
    return paint(*styles, **asked)


def _half(left: bool) -> Image.Image:
    mask = Image.new("L", (SIDE, SIDE))
    mask.paste(255, (0, 0, SIDE // 2, SIDE) if left else (SIDE // 2, 0, SIDE, SIDE))
    return mask.convert("RGB")


def style_error(image: Image.Image, style: str) -> float:
    """How far a picture's Gram matrices are from a style's, the mean over the layers."""
    network = load_features("efficientnet-lite0", CPU, None)
    seen, wanted = (
        network(to_tensor(shown), network.style_layers) for shown in (image, photograph(style).resize((SIDE, SIDE)))
    )
    errors = [relative_error(gram(seen[layer][0]), gram(wanted[layer][0])) for layer in network.style_layers]
    return float(torch.stack(errors).mean())


def test_a_seed_says_everything() -> None:
    assert paint().tobytes() == painted().tobytes()
    assert paint(seed=2).tobytes() != painted().tobytes()


def test_the_painting_is_nearer_to_the_style_the_longer_it_is_worked_at() -> None:
    before, soon, later = (
        style_error(image, "coffee.png") for image in (_small("astronaut.png"), painted(), paint(steps=3 * LOOKS))
    )
    assert later < soon < 0.5 * before


def test_it_still_shows_the_photograph() -> None:
    apart = difference(painted(), _small("astronaut.png"))
    assert 5 < apart < 0.7 * difference(painted(), _small("chelsea.png"))


def test_strength_leads_from_the_photograph_to_the_style() -> None:
    photo = _small("astronaut.png")
    none, half, full = (difference(painted(strength=strength), photo) for strength in (0.0, 0.5, 1.0))
    assert none < half < full


def test_a_blend_is_nearer_to_each_style_than_the_other_style_is() -> None:
    for one, other in (("coffee.png", "grass.png"), ("grass.png", "coffee.png")):
        assert style_error(painted("coffee.png", "grass.png"), one) < style_error(painted(other), one)


def test_a_weight_of_nought_leaves_a_style_out() -> None:
    assert paint("coffee.png", "grass.png", weights=(1.0, 0.0)).tobytes() == painted().tobytes()


def test_outside_its_mask_the_photograph_stays_as_it_is() -> None:
    masked = paint(masks=[_half(left=True)])
    before, after = numbers(_small("astronaut.png")), numbers(masked)
    assert np.array_equal(after[:, SIDE // 2 :], before[:, SIDE // 2 :])
    assert np.abs(after[:, : SIDE // 2] - before[:, : SIDE // 2]).mean() > 5


def test_each_region_has_the_colours_of_its_own_style() -> None:
    masked = numbers(paint("coffee.png", "grass.png", masks=[_half(left=True), _half(left=False)], steps=2 * LOOKS))
    brown, green = (numbers(photograph(name)).reshape(-1, 3).mean(0) for name in ("coffee.png", "grass.png"))
    left, right = (half.reshape(-1, 3).mean(0) for half in (masked[:, : SIDE // 2], masked[:, SIDE // 2 :]))
    assert np.linalg.norm(left - brown) < np.linalg.norm(left - green)
    assert np.linalg.norm(right - green) < np.linalg.norm(right - brown)


def test_all_styles_may_fill_what_no_mask_covers() -> None:
    filled = numbers(paint(masks=[_half(left=True)], unmasked="styles"))[:, SIDE // 2 :]
    assert np.abs(filled - numbers(_small("astronaut.png"))[:, SIDE // 2 :]).mean() > 5


def test_with_luminance_only_every_colour_stays() -> None:
    before, after = (numbers(image) for image in (_small("astronaut.png"), paint(luminance_only=True)))
    weights = np.array([0.299, 0.587, 0.114])
    chroma = [pixels - (pixels @ weights)[..., None] for pixels in (before, after)]
    assert np.abs(chroma[0] - chroma[1]).max() < 2
    assert np.abs(before - after).mean() > 3


def test_progress_goes_forward_and_shows_the_painting() -> None:
    fractions, previews = [], []

    def listen(fraction: float, preview: Image.Image | None, stage: str) -> None:
        fractions.append(fraction)
        previews.append(preview)

    final = paint(context=open_context(CPU, 1, on_progress=listen))
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert len(fractions) > LOOKS
    assert previews[-1] == final
    assert any(preview is not None for preview in previews[:-1])


def test_it_stops_at_the_next_look_once_it_is_cancelled() -> None:
    looks: list[float] = []
    context = open_context(
        CPU, 1, on_progress=lambda fraction, *_: looks.append(fraction), is_cancelled=lambda: len(looks) >= 4
    )
    with pytest.raises(Cancelled):
        paint(context=context)
    assert len(looks) == 4


def test_the_network_that_was_chosen_is_told(tmp_path: Path) -> None:
    """Best is VGG-19 where its weights lie, and else what the wheel has: a recipe must name the one."""
    weights = provide_weights(tmp_path)
    assert weights.stem == MODEL_HASH

    def network_of(features: str) -> Any:
        engine = registry.load("arbitrary-style", CPU, weights)
        (artifact,) = engine.run(ask(features=features, steps=2), open_context(CPU, 1))
        assert isinstance(artifact, Artifact)
        return artifact.parameters.model_dump()["features"] if artifact.parameters else None

    assert network_of("best") == "efficientnet-lite0"
    with pytest.raises(WeightsMissing, match="VGG_WEIGHTS"):
        network_of("vgg-19")
    save_file(numbers_of_vgg(), tmp_path / "given.safetensors")
    vgg19.provide(tmp_path, str(tmp_path / "given.safetensors"))
    assert network_of("best") == "vgg-19"
    assert network_of("efficientnet-lite0") == "efficientnet-lite0"


def test_what_counts_for_masterpieces_alone_is_refused_elsewhere() -> None:
    declared = registry.declaration("arbitrary-style")
    for name, value in (("steps", 300), ("features", "efficientnet-lite0")):
        assert declared.validate_parameters({"quality": "masterpiece", name: value}).model_dump()[name] == value
        with pytest.raises(InvalidParameters) as caught:
            declared.validate_parameters({name: value})
        assert list(caught.value.errors) == [name]
    with pytest.raises(InvalidParameters) as caught:
        declared.validate_parameters({"quality": "masterpiece", "size": 2048})
    assert list(caught.value.errors) == ["size"]


def test_more_pixels_and_more_steps_need_more_time_and_memory() -> None:
    def asked(**parameters: Any) -> Any:
        return registry.declaration("arbitrary-style").validate_parameters({"quality": "masterpiece", **parameters})

    assert asked(size=1024).memory_needed() > 3 * asked(size=512).memory_needed()
    assert asked(steps=400).time_needed() > 1.5 * asked(steps=100).time_needed()
    assert asked().batch_shape() is None
