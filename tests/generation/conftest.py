"""What generation's tests use: the toy engine, uploads sent as a browser sends them, jobs, and finished works."""

import io
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image

from generation import services
from generation.engines import registry
from generation.models import Artwork, Job, Upload
from generation.worker.running import run_next_job
from marketplace.accounts.models import User
from marketplace.core.models import OutboxEvent
from marketplace.core.storage import PresignedPut
from tests.generation import toy

SubmitToy = Callable[..., Job]


@pytest.fixture(autouse=True)
def toy_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The registry knows one engine more; its gates are shut and it has not run."""
    monkeypatch.setitem(registry._ENGINES, toy.TOY.name, toy.TOY)
    toy.started.clear()
    toy.gate.clear()
    toy.runs.clear()
    yield
    toy.gate.set()


@pytest.fixture
def submit(user: User) -> SubmitToy:
    """Submit a job to the toy engine."""

    def make(owner: User = user, *, behaviour: str = "paint", size: int = 64, **more: Any) -> Job:
        parameters = {"behaviour": behaviour, "size": size}
        return services.submit_job(owner=owner, engine="toy", parameters=parameters, **more)

    return make


@pytest.fixture
def make_artwork(submit: SubmitToy) -> Callable[..., Artwork]:
    """Have the toy engine make a work, with its files in the object store."""

    def make(owner: User | None = None, **more: Any) -> Artwork:
        job = submit(owner, **more) if owner else submit(**more)
        assert run_next_job("cpu") == job.pk
        return Artwork.objects.get(job=job)

    return make


@pytest.fixture
def send(user: User) -> Callable[..., Upload]:
    """Announce a file and PUT it as a browser would; it is not completed yet."""

    def make(data: bytes, media_type: str = "image/png", owner: User = user) -> Upload:
        upload, put = services.request_upload(owner=owner, filename="photo", media_type=media_type, size=len(data))
        put_file(put, data)
        return upload

    return make


def put_file(put: PresignedPut, data: bytes) -> None:
    request = urllib.request.Request(put.url, data=data, headers=put.headers, method="PUT")
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200


def encoded(image: Image.Image, media_format: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, media_format, **options)
    return out.getvalue()


def picture(width: int = 40, height: int = 20, colour: str = "teal", media_format: str = "PNG") -> bytes:
    return encoded(Image.new("RGB", (width, height), colour), media_format)


def told(topic: str) -> list[str]:
    """The subjects of every event emitted on a topic."""
    return list(OutboxEvent.objects.filter(topic=topic).order_by("id").values_list("subject_id", flat=True))


def wakes() -> list[str]:
    """The jobs that workers were woken for, in order."""
    return list(OutboxEvent.objects.exclude(actor="").order_by("id").values_list("subject_id", flat=True))
