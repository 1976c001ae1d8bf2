"""The production layout holds together: nothing here needs an engine."""

import importlib.util
import secrets
import shutil
import subprocess
from typing import Any

import pytest
from django.core.management import get_commands
from pydantic import ValidationError

from marketplace.core.broker import CPU, GPU, IO
from marketplace.environment import Environment
from tests.docker import files

OURS = {name.upper() for name in Environment.model_fields}
REQUIRED = {name.upper() for name, field in Environment.model_fields.items() if field.is_required()}
OF_THE_PARTS = {"POSTGRES_PASSWORD", "RABBITMQ_PASSWORD", "CACHE_PASSWORD", "MINIO_ROOT_PASSWORD", "ACME_EMAIL"}
OF_COMPOSE = {"ATELIER_VERSION", "COMPOSE_PROFILES"}
ONE_SHOT = {"migrate", "buckets"}
IN_ATELIERS_IMAGES = [name for name, service in files.services().items() if service["image"].startswith("atelier-")]


def filled_in() -> dict[str, str]:
    """The example as an operator completes it."""
    return {name: secrets.token_hex(32) if value == "replace-me" else value for name, value in files.example().items()}


@pytest.mark.parametrize("service", IN_ATELIERS_IMAGES)
def test_the_completed_example_gives_every_process_a_valid_environment(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    for name, value in files.environment_of(service, filled_in()).items():
        monkeypatch.setenv(name, value)
    environment = Environment()
    assert environment.is_https
    assert environment.proxy_header
    assert not environment.atelier_demo
    assert environment.broker_url.get_secret_value().startswith("amqp://")


def test_the_example_as_it_stands_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in files.environment_of("web", files.example()).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ATELIER_DEMO", "false")
    with pytest.raises(ValidationError, match="SECRET_KEY must have at least 50 characters"):
        Environment()


def test_every_variable_is_known_and_shown_in_the_example() -> None:
    used = files.used_variables()
    assert used <= OURS | OF_THE_PARTS | OF_COMPOSE
    assert used <= files.offered()
    assert files.offered() <= OURS | OF_THE_PARTS | OF_COMPOSE
    assert set(files.services()["web"]["environment"]) >= REQUIRED


def test_no_secret_has_a_default() -> None:
    given = filled_in()
    for name in sorted(OF_THE_PARTS | {"SECRET_KEY", "S3_ACCESS_KEY", "S3_SECRET_KEY", "STRIPE_API_KEY"}):
        without = given | {name: ""}
        with pytest.raises(KeyError, match=name):
            for service in files.services().values():
                for value in service.get("environment", {}).values():
                    files.resolve(value or "", without)


@pytest.mark.parametrize("name", files.services())
def test_every_service_says_whether_it_is_well_or_ends_by_itself(name: str) -> None:
    service = files.services()[name]
    if name in ONE_SHOT:
        assert service["restart"] == "no"
        return
    assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert service["restart"] == "unless-stopped"
    assert service["deploy"]["resources"]["limits"]["memory"]


@pytest.mark.parametrize("name", files.services())
def test_a_dependency_is_waited_for_in_the_way_it_can_be(name: str) -> None:
    for other, wait in files.services()[name].get("depends_on", {}).items():
        ends = "service_completed_successfully" if other in ONE_SHOT else "service_healthy"
        assert wait == {"condition": ends}
        assert "profiles" not in files.services()[other]


@pytest.mark.parametrize("name", files.services())
def test_every_image_is_pinned_and_no_process_may_gain_rights(name: str) -> None:
    service = files.services()[name]
    tag = files.resolve(service["image"], {}).rpartition(":")[2]
    assert any(digit.isdigit() for digit in tag)
    assert service["security_opt"] == ["no-new-privileges:true"]
    if name in IN_ATELIERS_IMAGES:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]


def test_every_image_of_ours_is_built_by_one_service_at_a_time() -> None:
    built = {name: service["build"] for name, service in files.services().items() if "build" in service}
    assert set(built) == {"web", "worker-paint", "worker-paint-cpu"}
    assert files.services()["worker-paint"]["profiles"] != files.services()["worker-paint-cpu"]["profiles"]
    for build in built.values():
        assert (files.DOCKER / build["context"] / build["dockerfile"]).is_file()


def test_every_file_and_volume_that_is_mounted_exists() -> None:
    for service in files.services().values():
        for source in (volume.split(":")[0] for volume in service.get("volumes", [])):
            known = (
                (files.DOCKER / source).is_file() if source.startswith("./") else source in files.compose()["volumes"]
            )
            assert known, source


def test_every_command_names_something_that_exists() -> None:
    for name in IN_ATELIERS_IMAGES:
        service = files.services()[name]
        _must_exist(service.get("command", []))
        _must_exist(service["healthcheck"].get("test", ["CMD"])[1:])


def test_every_queue_has_a_worker() -> None:
    io = files.services()["worker-io"]["command"]
    paint = next(line for line in files.instructions("worker") if line.startswith("CMD"))
    assert _queues(io) == {IO}
    assert f'"--queues", "{CPU}", "{GPU}"' in paint


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in files.services().items() if "ports" in service] == ["proxy"]
    outward = {name for name, service in files.services().items() if "edge" in service["networks"]}
    assert outward == {"proxy", "web", "worker-io", "sweeper", "minio"}
    assert files.compose()["networks"]["back"] == {"internal": True}


def test_compose_itself_accepts_the_file() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True).returncode != 0:
        pytest.skip("the Docker client here has no compose")
    file, example = files.DOCKER / "compose.yaml", files.DOCKER / "example.env"
    done = subprocess.run(
        [docker, "compose", "-f", file, "--env-file", example, "config", "-q"], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def _must_exist(command: list[Any]) -> None:
    match command:
        case ["python", "manage.py", name, *_]:
            assert name in get_commands()
        case ["python", script, *_]:
            assert (files.ROOT / script).is_file()
        case ["dramatiq", module, *_]:
            assert importlib.util.find_spec(module)
        case _:
            assert command == []


def _queues(command: list[str]) -> set[str]:
    return set(command[command.index("--queues") + 1 :])
