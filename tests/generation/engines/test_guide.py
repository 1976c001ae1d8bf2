"""The guide's example works as it is written."""

import re
from pathlib import Path

import pytest
import torch

import generation.engines
from generation.engines import registry
from generation.engines.base import Request
from generation.engines.device import open_context

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "engines.md"


def test_the_engine_in_the_guide_is_a_whole_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, code in re.findall(r"```python\n# generation/engines/(\S+)\n(.*?)```", GUIDE.read_text(), re.DOTALL):
        file = tmp_path / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(code)
        (file.parent / "__init__.py").touch()
    monkeypatch.setattr(generation.engines, "__path__", [*generation.engines.__path__, str(tmp_path)])
    from generation.engines.sunflower.declarations import SUNFLOWER  # type: ignore[import-not-found]

    monkeypatch.setitem(registry._ENGINES, "sunflower", SUNFLOWER)
    cpu = torch.device("cpu")
    parameters = registry.declaration("sunflower").validate_parameters({"seeds": 100, "size": 256})
    heard: list[float] = []

    def listen(fraction: float, preview: object, stage: str) -> None:
        heard.append(fraction)

    run = registry.load("sunflower", cpu).run
    first, again, other = (
        run(Request(parameters=parameters, seed=seed), open_context(cpu, seed, on_progress=listen))[0].image
        for seed in (1, 1, 2)
    )
    assert first.size == (256, 256)
    assert first.tobytes() == again.tobytes() != other.tobytes()
    assert heard[1] == 1.0
