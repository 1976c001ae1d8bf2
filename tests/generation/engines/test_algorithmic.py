"""Flow fields, attractors and reaction-diffusion: the seed decides, and nothing else does."""

from typing import Any

import pytest
import torch
from PIL import Image

from generation.engines import registry
from generation.engines.device import open_context
from generation.engines.errors import Cancelled
from tests.generation.engines.studio import CPU, difference, loaded, make, numbers, request

QUICK: dict[str, dict[str, Any]] = {
    "flow-field": {"size": 256},
    "strange-attractor": {"size": 256, "points": 4},
    "reaction-diffusion": {"size": 256, "scale": 1.0},
}
ENGINES = pytest.mark.parametrize("name", QUICK)


@ENGINES
def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_picture(name: str) -> None:
    first = make(name, seed=7, **QUICK[name])
    assert make(name, seed=7, **QUICK[name]).tobytes() == first.tobytes()
    assert difference(make(name, seed=8, **QUICK[name]), first) > 1


@ENGINES
def test_the_global_random_state_plays_no_part(name: str) -> None:
    torch.manual_seed(1)
    first = make(name, seed=3, **QUICK[name])
    torch.manual_seed(2)
    assert make(name, seed=3, **QUICK[name]).tobytes() == first.tobytes()


@ENGINES
@pytest.mark.parametrize(
    ("shape", "size"), [("square", (300, 300)), ("portrait", (240, 300)), ("landscape", (300, 240))]
)
def test_a_picture_has_the_shape_asked_for(name: str, shape: str, size: tuple[int, int]) -> None:
    image = make(name, **(QUICK[name] | {"shape": shape, "size": 300}))
    assert (image.size, image.mode) == (size, "RGB")


@ENGINES
@pytest.mark.parametrize("seed", [0, 11, 2**62])
def test_a_picture_is_neither_empty_nor_full(name: str, seed: int) -> None:
    pixels = numbers(make(name, seed=seed, **QUICK[name]))
    ground = pixels[2, 2]
    painted = (abs(pixels - ground).sum(-1) > 40).mean()
    assert 0.03 < painted < 0.9
    assert pixels.std() > 8


@ENGINES
def test_progress_goes_forward_from_nothing_to_everything_with_previews(name: str) -> None:
    heard: list[tuple[float, Image.Image | None]] = []
    context = open_context(CPU, 5, on_progress=lambda fraction, preview, stage: heard.append((fraction, preview)))
    final = make(name, seed=5, context=context, **QUICK[name])
    fractions = [fraction for fraction, _ in heard]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    previews = [preview for _, preview in heard if preview is not None]
    assert len(previews) >= 3
    assert {preview.size for preview in previews} == {final.size}


@ENGINES
def test_a_cancelled_run_stops_on_its_way(name: str) -> None:
    asked = 0

    def tired() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    with pytest.raises(Cancelled):
        loaded(name).run(request(name, **QUICK[name]), open_context(CPU, 1, is_cancelled=tired))
    assert asked == 4


@ENGINES
def test_every_choice_of_a_parameter_changes_the_picture(name: str) -> None:
    plain = make(name, seed=4, **QUICK[name])
    properties = registry.declaration(name).json_schema()["properties"]
    for parameter, schema in properties.items():
        if parameter in QUICK[name] or parameter == "shape":
            continue
        other = schema["enum"][-1] if "enum" in schema else 0.95
        assert difference(make(name, seed=4, **(QUICK[name] | {parameter: other})), plain) > 0.3, parameter


@ENGINES
def test_an_algorithm_has_no_weights_to_name(name: str) -> None:
    assert loaded(name).model_hash is None
