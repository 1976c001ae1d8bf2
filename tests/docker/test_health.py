"""The containers' health checks, asked of the real web server and the real database."""

import importlib.util
import socket
from datetime import timedelta
from types import ModuleType
from urllib.error import HTTPError

import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from marketplace.core import health as house
from marketplace.core import notify
from marketplace.core.models import Heartbeat
from tests.docker import files


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docker_health", files.DOCKER / "health.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


health = load()


def test_the_check_of_the_web_asks_under_the_public_name(live_server: LiveServer) -> None:
    port = int(live_server.url.rpartition(":")[2])
    assert health.web_answers(settings.ATELIER.public_url, port)
    with pytest.raises(HTTPError, match="400"):
        health.web_answers("https://elsewhere.example", port)


@pytest.mark.django_db(transaction=True)
def test_a_process_that_has_just_beaten_is_well() -> None:
    house.beat("relay")
    house.beat(f"worker:{socket.gethostname()}:7")
    assert health.has_beaten(notify.conninfo(), "relay")
    assert health.has_beaten(notify.conninfo(), "worker")
    assert not health.has_beaten(notify.conninfo(), "sweeper")


@pytest.mark.django_db(transaction=True)
def test_silence_and_the_life_of_other_hosts_do_not_count() -> None:
    Heartbeat.objects.create(name="sweeper", beat_at=timezone.now() - timedelta(seconds=health.LATE_SECONDS + 1))
    house.beat("worker:another-host:7")
    assert not health.has_beaten(notify.conninfo(), "sweeper")
    assert not health.has_beaten(notify.conninfo(), "worker")


@pytest.mark.django_db(transaction=True)
def test_the_exit_status_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", notify.conninfo())
    assert health.main("relay") == 1
    house.beat("relay")
    assert health.main("relay") == 0
