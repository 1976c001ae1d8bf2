"""Print quality: whatever the size of the strips, byte for byte what is painted at once, and in bounded memory."""

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from generation.engines import registry
from generation.engines.base import Artifact
from generation.engines.device import open_context
from generation.engines.errors import Cancelled, InvalidParameters, ScratchFull
from generation.engines.pictures import fit
from generation.engines.style import printing
from generation.engines.style.arbitrary import ArbitraryStyle
from generation.engines.style.brief import read_brief
from generation.engines.style.enlarging import resized_rows
from tests.generation.engines.studio import CPU, difference, loaded, numbers, photograph, request

STYLE = "arbitrary-style"


def mask() -> Image.Image:
    drawn = Image.new("L", (128, 128), 0)
    ImageDraw.Draw(drawn).ellipse((20, 10, 110, 90), fill=255)
    return drawn.resize((512, 512), Image.Resampling.BICUBIC)


def asked(size: int, *, masked: bool = False, **parameters: Any) -> Any:
    inputs = {"content": [photograph("astronaut.png")], "style": [photograph("coffee.png")]}
    if masked:
        inputs["style"].append(photograph("hubble_deep_field.jpg"))
        inputs["mask"] = [mask(), Image.eval(mask(), lambda level: (255 - level) // 2)]
    return request(STYLE, inputs=inputs, size=size, **parameters)


def run(size: int, **parameters: Any) -> Artifact:
    return loaded(STYLE).run(asked(size, **parameters), open_context(CPU, 1))[0]


def in_strips(rows: int, size: int, **parameters: Any) -> Image.Image:
    engine = loaded(STYLE)
    assert isinstance(engine, ArbitraryStyle)
    brief = read_brief(asked(size, quality="print", **parameters))
    with torch.inference_mode():
        manner = brief.manner(engine.networks)
        canvas = printing.paint_canvas(engine.networks, brief, manner, open_context(CPU, 1), rows=rows)
    return canvas.reduced(max(canvas.width, canvas.height))


@pytest.mark.parametrize(
    "chosen",
    [{}, {"masked": True}, {"masked": True, "unmasked": "styles", "luminance_only": True}, {"keep_colours": 0.7}],
)
def test_strips_give_what_is_painted_at_once(chosen: dict[str, Any]) -> None:
    at_once = run(261, **chosen).image
    assert in_strips(56, 261, **chosen).tobytes() == at_once.tobytes()


def test_the_smallest_strips_do_too() -> None:
    assert in_strips(8, 256).tobytes() == run(256).image.tobytes()


def test_a_print_of_a_drafts_size_is_the_draft() -> None:
    draft, printed = run(320), run(320, quality="print")
    assert printed.canvas is not None
    assert printed.image.tobytes() == draft.image.tobytes()
    assert b"".join(strip.tobytes() for strip in printed.canvas.strips(7)) == draft.image.tobytes()


def test_only_a_print_is_larger_than_a_screen() -> None:
    declared = registry.declaration(STYLE)
    with pytest.raises(InvalidParameters) as caught:
        declared.validate_parameters({"size": 2049})
    assert list(caught.value.errors) == ["size"]
    largest = declared.validate_parameters({"size": 16_384, "quality": "print"})
    assert largest.memory_needed() < 3 << 30
    assert (largest.time_needed() or 0) > 3600


def test_a_print_is_called_off_within_its_passes() -> None:
    heard: list[float] = []
    context = open_context(
        CPU, 1, on_progress=lambda fraction, preview, stage: heard.append(fraction), is_cancelled=lambda: len(heard) > 5
    )
    with pytest.raises(Cancelled):
        loaded(STYLE).run(asked(320, quality="print"), context)
    assert heard == sorted(heard)
    assert heard[-1] < 0.5


def test_a_machine_without_room_on_its_disk_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: type("Usage", (), {"free": 1000}))
    with pytest.raises(ScratchFull):
        run(320, quality="print")


@pytest.mark.parametrize("size", [(300, 200), (512, 512), (777, 900), (100, 60)])
def test_rows_of_a_resized_picture_are_the_same_whichever_are_read(size: tuple[int, int]) -> None:
    image = photograph("astronaut.png")
    whole = resized_rows(image, size, 0, size[1])
    parts = [numbers(resized_rows(image, size, first, min(first + 11, size[1]))) for first in range(0, size[1], 11)]
    assert np.array_equal(np.concatenate(parts), numbers(whole))
    assert difference(whole, image.resize(size, Image.Resampling.LANCZOS)) < 0.5  # and it is Pillow's, but for rounding


def test_a_grey_mask_is_resized_alike() -> None:
    assert difference(resized_rows(mask(), (300, 300), 0, 300), fit(mask(), 300)) < 1


# By the kernel's mark of this program alone: `getrusage` would tell of the tests' own process, which it was started by.
_PRINT = """
import re, sys
from tests.generation.engines.style.test_print import run
run(int(sys.argv[1]), quality="print")
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) * 1024)
"""


def test_a_print_takes_less_memory_than_painting_at_once() -> None:
    """Four megapixels at once take well above a gigabyte."""
    peak = subprocess.run(
        [sys.executable, "-c", _PRINT, "2000"], capture_output=True, text=True, check=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert int(peak.stdout) < 1 << 30
