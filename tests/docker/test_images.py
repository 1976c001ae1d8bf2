"""The two images: clean, without root, and without what production has no use for."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace.environment import Environment
from tests.docker import files

IMAGES = ["web", "worker"]


@pytest.mark.parametrize("image", IMAGES)
def test_hadolint_has_nothing_to_say(image: str) -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([hadolint, files.DOCKER / f"{image}.Dockerfile"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_is_pinned_locked_and_runs_without_root(image: str) -> None:
    lines = files.instructions(image)
    assert re.fullmatch(r"ARG PYTHON_IMAGE=python:3\.11\.\d+-slim-bookworm", lines[0])
    install = next(line for line in lines if "pip install" in line)
    assert "--no-deps --require-hashes --only-binary=:all:" in install
    assert f"COPY locks/{image}.txt /tmp/{image}.txt" in lines
    ending = [line.split(" ", 1)[0] for line in lines]
    assert lines[ending.index("USER")] == "USER 10001:10001"
    assert {"HEALTHCHECK", "STOPSIGNAL", "ENTRYPOINT", "CMD"} <= set(ending[ending.index("USER") :])


def test_the_web_image_holds_no_torch() -> None:
    assert not re.search(r"^(torch|torchvision|onnx)==", (files.ROOT / "locks/web.txt").read_text(), re.MULTILINE)


def test_static_files_are_collected_with_every_setting_that_must_be_given() -> None:
    collect = next(line for line in files.instructions("web") if "collectstatic" in line)
    given = set(re.findall(r"([A-Z][A-Z0-9_]+)=", collect))
    assert given == {name.upper() for name, field in Environment.model_fields.items() if field.is_required()}


@pytest.mark.parametrize("image", IMAGES)
def test_no_setting_is_baked_into_an_image_but_where_its_files_lie(image: str) -> None:
    ours = {name.upper() for name in Environment.model_fields}
    baked = {
        name for line in files.instructions(image) if line.startswith("ENV") for name in re.findall(r"(\w+)=", line)
    }
    assert baked & ours == {"DATA_DIR"}


def test_the_start_command_is_that_of_a_module_that_exists() -> None:
    web, worker = (next(line for line in files.instructions(image) if line.startswith("CMD")) for image in IMAGES)
    assert '"uvicorn", "marketplace.asgi:application"' in web
    assert importlib.util.find_spec("marketplace.asgi")
    assert '"dramatiq", "marketplace.core.worker_process"' in worker
    assert importlib.util.find_spec("marketplace.core.worker_process")


def test_nothing_in_the_images_needs_what_is_left_out_of_them() -> None:
    left_out = ("marketplace/house", "payments/sandbox")
    ignored = (files.ROOT / ".dockerignore").read_text().splitlines()
    assert set(left_out) <= set(ignored)
    imports = re.compile(r"^\s*(?:from|import) (?:marketplace\.house|payments\.sandbox)", re.MULTILINE)
    for app in ("marketplace", "gallery", "generation", "payments"):
        for path in (files.ROOT / app).rglob("*.py"):
            name = path.relative_to(files.ROOT).as_posix()
            assert name.startswith(left_out) or not imports.search(path.read_text()), name
