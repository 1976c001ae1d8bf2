"""What generation's tests use: the toy engine, uploads sent as a browser sends them, jobs, and finished works."""

import io
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from PIL import Image

from generation import services
from generation.models import Artwork, Job, Upload
from generation.worker.running import run_next_batch
from marketplace.accounts.models import User
from marketplace.core.models import OutboxEvent
from marketplace.core.storage import PresignedPut
from tests.generation.toy import ToyParameters

SubmitToy = Callable[..., Job]


@dataclass(frozen=True)
class Gate:
    """A folder that a toy engine in its studio and a test speak through."""

    folder: Path

    def __str__(self) -> str:
        return str(self.folder)

    def open(self) -> None:
        (self.folder / "open").touch()

    def wait_for(self, name: str, seconds: float = 120.0) -> None:
        """Wait until the engine has left its mark."""
        until = time.monotonic() + seconds
        while not (self.folder / name).exists():
            assert time.monotonic() < until, f"{name} did not come about"
            time.sleep(0.01)

    @property
    def marks(self) -> set[str]:
        return {file.name for file in self.folder.iterdir()} - {"open"}


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    """A gate that toy works wait at; open at the end, so that nothing waits for ever."""
    yield (made := Gate(tmp_path))
    made.open()


@pytest.fixture
def submit(user: User) -> SubmitToy:
    """Submit a job to the toy engine."""

    def make(owner: User = user, *, engine: str = "toy", **more: Any) -> Job:
        chosen = {name: more.pop(name) for name in ToyParameters.model_fields if name in more}
        return services.submit_job(owner=owner, engine=engine, parameters=chosen, **more)

    return make


@pytest.fixture
def limited(settings: LazySettings) -> Callable[..., None]:
    """Change the limits of people and engines."""

    def to(**limits: object) -> None:
        settings.ATELIER = settings.ATELIER.model_copy(update=limits)

    return to


@pytest.fixture
def make_artwork(submit: SubmitToy) -> Callable[..., Artwork]:
    """Have the toy engine make a work, with its files in the object store."""

    def make(owner: User | None = None, **more: Any) -> Artwork:
        job = submit(owner, **more) if owner else submit(**more)
        assert job.pk in run_next_batch("cpu")
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
