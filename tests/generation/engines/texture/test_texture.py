"""Textures: made of their exemplar, without a seam where they tile, and by a seed always the same."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from generation.engines import registry
from generation.engines.device import open_context
from generation.engines.errors import Cancelled, InvalidInputs, InvalidParameters
from tests.generation.engines.studio import CPU, difference, loaded, numbers, request
from tests.generation.engines.texture.growing import QUICK, exemplar, grow, seam

METHODS = pytest.mark.parametrize("method", ["fast", "fine"])


@METHODS
@pytest.mark.parametrize("tiling", [True, False])
def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_texture(method: str, tiling: bool) -> None:
    torch.manual_seed(1)
    first = grow(seed=7, method=method, tiling=tiling)
    torch.manual_seed(2)
    assert grow(seed=7, method=method, tiling=tiling).tobytes() == first.tobytes()
    assert difference(grow(seed=8, method=method, tiling=tiling), first) > 5


@METHODS
def test_the_number_of_threads_plays_no_part(method: str) -> None:
    before, pictures = torch.get_num_threads(), []
    try:
        for threads in (1, 3):
            torch.set_num_threads(threads)
            pictures.append(grow(method=method).tobytes())
    finally:
        torch.set_num_threads(before)
    assert pictures[0] == pictures[1]


@METHODS
@pytest.mark.parametrize("name", ["gravel.png", "brick.png", "ihc.png"])
def test_a_tiling_texture_is_no_steeper_across_its_edges_than_inside(method: str, name: str) -> None:
    for seed in (1, 2):
        tiled = grow(exemplar(name), seed, method=method, size=128)
        assert tiled.size == (128, 128)
        assert seam(tiled) < 3.0


@METHODS
def test_a_texture_that_does_not_tile_shows_its_seam_to_the_same_test(method: str) -> None:
    assert max(seam(grow(exemplar("brick.png"), seed, method=method, size=128, tiling=False)) for seed in (1, 2)) > 4.0
    assert seam(exemplar("brick.png")) > 4.0


@METHODS
def test_each_parameter_makes_a_difference(method: str) -> None:
    plain: dict[str, Any] = {"size": 96, "scale": 1.0, "method": method, "shows": "normal"}
    others: dict[str, Any] = {
        "shows": "occlusion", "tiling": False, "scale": 0.5, "patch": 40, "variation": 1.0, "relief": 1.0,
    }  # fmt: skip
    assert set(others) | {"size", "method"} == set(registry.declaration("texture").json_schema()["properties"])
    first = grow(**plain)
    for parameter, other in others.items():
        assert difference(grow(**(plain | {parameter: other})), first) > 0.5, parameter


@METHODS
def test_progress_goes_forward_with_previews_as_large_as_the_texture_or_coarser(method: str) -> None:
    heard: list[tuple[float, Image.Image | None]] = []
    context = open_context(CPU, 5, on_progress=lambda fraction, preview, stage: heard.append((fraction, preview)))
    final = grow(context=context, method=method)
    fractions = [fraction for fraction, _ in heard]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    previews = [preview for _, preview in heard if preview is not None]
    assert len(previews) >= 4
    assert all(preview.width == preview.height <= final.width for preview in previews)
    assert previews[-1].tobytes() == final.tobytes()


@METHODS
@pytest.mark.parametrize("patience", [0, 3, 40])
def test_a_cancelled_run_stops_on_its_way(method: str, patience: int) -> None:
    asked = 0

    def tired() -> bool:
        nonlocal asked
        asked += 1
        return asked > patience

    with pytest.raises(Cancelled):
        grow(context=open_context(CPU, 1, is_cancelled=tired), method=method)
    assert asked == patience + 1


@METHODS
@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (1, 1), "#c08040"),
        Image.new("L", (7, 40), 90),
        Image.new("RGBA", (33, 20), (10, 200, 30, 0)),
        exemplar().convert("L"),
        exemplar().crop((0, 0, 160, 3)),
        exemplar().crop((0, 0, 5, 160)),
        exemplar().crop((0, 0, 17, 17)),
    ],
    ids=["a pixel", "even grey", "see-through", "grey", "flat", "upright", "tiny"],
)
@pytest.mark.parametrize("tiling", [True, False])
def test_an_exemplar_of_any_kind_grows(method: str, tiling: bool, picture: Image.Image) -> None:
    for shows in ("colour", "normal", "roughness"):
        texture = grow(picture, method=method, tiling=tiling, size=67, shows=shows)
        assert (texture.size, texture.mode) == ((67, 67), "RGB")
    if picture.width == 1:
        assert grow(picture, method=method, tiling=tiling).getcolors() == [(96 * 96, (0xC0, 0x80, 0x40))]


@METHODS
@pytest.mark.parametrize("chosen", [{"size": 64, "patch": 256}, {"size": 65, "patch": 8}, {"size": 64, "scale": 0.1}])
def test_the_ends_of_the_ranges_grow(method: str, chosen: dict[str, Any]) -> None:
    for tiling in (True, False):
        assert grow(method=method, tiling=tiling, **chosen).width == chosen["size"]


def test_what_cannot_be_grown_is_refused_by_the_name_of_the_field() -> None:
    declared = registry.declaration("texture")
    for chosen, field in (
        ({"patch": 300}, "patch"),
        ({"size": 63}, "size"),
        ({"variation": 1.1}, "variation"),
        ({"shows": "gloss"}, "shows"),
        ({"method": "slow"}, "method"),
    ):
        with pytest.raises(InvalidParameters) as caught:
            declared.validate_parameters(chosen)
        assert list(caught.value.errors) == [field]
    with pytest.raises(InvalidParameters, match="Some parameters") as refused:
        declared.validate_parameters({"patch": 5})
    assert "8 pixels at least" in str(refused.value.errors)
    for pictures in ([], [exemplar(), exemplar()], [Image.new("RGB", (650, 10))]):
        with pytest.raises(InvalidInputs) as wrong:
            loaded("texture").run(request("texture", inputs={"exemplar": pictures}, **QUICK), open_context(CPU, 1))
        assert list(wrong.value.errors) == ["exemplar"]


@METHODS
def test_fine_patches_lie_nearer_to_the_exemplars_than_blocks_laid_at_random(method: str) -> None:
    """A texture's patches are its exemplar's: far nearer than those of the same pixels shuffled by the block."""
    picture = exemplar("brick.png")
    texture = grow(picture, method=method)
    pieces = [texture.crop((x, y, x + 8, y + 8)) for y in range(0, 96, 8) for x in range(0, 96, 8)]
    shuffled = texture.copy()
    for at, which in enumerate(np.random.default_rng(1).permutation(len(pieces))):
        shuffled.paste(pieces[which], (at % 12 * 8, at // 12 * 8))
    assert _apart(texture, picture) < 0.7 * _apart(shuffled, picture)


def _apart(texture: Image.Image, picture: Image.Image) -> float:
    """The mean distance from a texture's patches to the nearest of the exemplar's."""
    ours, theirs = (
        torch.from_numpy(numbers(one)[..., 0]).unfold(0, 9, 2).unfold(1, 9, 2).reshape(-1, 81)
        for one in (texture, picture)
    )
    return float(torch.cdist(ours, theirs).amin(1).mean())


@METHODS
def test_memory_stays_within_what_is_declared(method: str) -> None:
    """A picture far larger than it is used at, and a result of a quarter of a million pixels."""
    chosen = {"size": 512, "scale": 1.0, "method": method, "patch": 192}
    code = (
        "import resource, sys; from PIL import Image; import numpy as np\n"
        "from tests.generation.engines.texture.growing import grow\n"
        "from generation.engines import registry\n"
        "picture = Image.fromarray(np.random.default_rng(1).integers(0, 255, (1500, 1500, 3), dtype=np.uint8))\n"
        "grow()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        f"grow(picture, **{chosen!r})\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)\n"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    declared = registry.declaration("texture").validate_parameters(chosen).memory_needed()
    assert int(out.stdout) < declared
