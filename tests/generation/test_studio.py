"""The studio: what it is told, what it keeps loaded, which device it takes, and that it leaves with its worker."""

import hashlib
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from django.conf import LazySettings, settings
from hypothesis import given
from hypothesis import strategies as st

from generation.engines.errors import OutOfMemory, WeightsMissing
from generation.engines.style.declarations import MODEL_HASH
from generation.engines.style.weights import provide_weights
from generation.worker import studios, weights
from generation.worker.studio import devices
from generation.worker.studio.shelf import Shelf
from generation.worker.studio.wire import Wire
from generation.worker.studios import Studio
from marketplace.core import storage
from marketplace.core.storage import Bucket
from tests.generation.toy_engine import Toy
from tests.generation.watching import eventually

CPU = torch.device("cpu")
STYLE = "arbitrary-style"
Pair = tuple[Wire, Wire]


@pytest.fixture
def pair() -> Iterator[Pair]:
    import socket

    one, other = (Wire(end.detach()) for end in socket.socketpair())
    yield one, other
    one.close()
    other.close()


@pytest.fixture
def weights_here(tmp_path: Path) -> Path:
    provide_weights(tmp_path)
    return tmp_path


@given(blobs=st.lists(st.binary(max_size=2000), max_size=5), word=st.text(max_size=50), number=st.integers())
def test_what_is_sent_arrives_whole(blobs: list[bytes], word: str, number: int) -> None:
    import socket

    one, other = (Wire(end.detach()) for end in socket.socketpair())
    one.send("made", blobs, word=word, number=number)
    message = other.receive()
    one.close()
    with pytest.raises(EOFError):
        other.receive()
    other.close()
    assert (message.kind, message.fields, list(message.blobs)) == ("made", {"word": word, "number": number}, blobs)


def test_a_studio_is_given_no_key() -> None:
    with studios.borrowed() as studio:
        studio.wait_until_ready()
        told = Path(f"/proc/{studio.pid}/environ").read_bytes().decode().split("\0")
    names = {entry.partition("=")[0] for entry in told}
    assert "PATH" in names
    assert not {"SECRET_KEY", "DATABASE_URL", "BROKER_URL", "S3_SECRET_KEY", "STRIPE_API_KEY"} & names
    keys = settings.ATELIER
    secrets = (keys.secret_key, keys.s3_secret_key, keys.stripe_api_key, keys.database_url)
    assert not [secret for secret in secrets if any(secret.get_secret_value() in entry for entry in told)]


def test_a_warm_job_loads_nothing() -> None:
    rests = []
    with studios.borrowed() as studio:
        studio.wait_until_ready()
        for seed in (1, 2):
            job: dict[str, Any] = {"id": str(seed), "seed": seed, "parameters": {"size": 16}, "inputs": []}
            studio.order([], order=str(seed), engine="toy", model_hash="", jobs=[job])
            while studio.is_busy:
                rests += [message.fields for message in studio.messages(1.0) if message.kind == "rest"]
    first, second = rests
    assert (second["misses"], second["hits"]) == (first["misses"], first["hits"] + 1)
    assert "toy" in second["engines"]


def test_a_word_that_comes_too_late_stops_no_later_order() -> None:
    heard = []
    with studios.borrowed() as studio:
        studio.wait_until_ready()
        for order in ("first", "second"):
            job: dict[str, Any] = {"id": "same", "seed": 1, "parameters": {"size": 16}, "inputs": []}
            studio.order([], order=order, engine="toy", model_hash="", jobs=[job])
            while studio.is_busy:
                heard += [message.kind for message in studio.messages(1.0) if message.kind in {"made", "failed"}]
            studio.call_off("first", "same")
    assert heard == ["made", "made"]


def test_the_least_used_engine_goes_when_there_is_no_room(weights_here: Path, tmp_path: Path) -> None:
    (tmp_path / "weights").mkdir()
    shelf = Shelf(CPU, budget=10_000_000, folder=weights_here)
    style = shelf.engine(STYLE, MODEL_HASH)
    assert 1_000_000 < style.size < 10_000_000
    assert shelf.held == style.size
    shelf.engine("toy")
    assert shelf.engine(STYLE, MODEL_HASH) is style
    assert (shelf.hits, shelf.misses, shelf.names) == (1, 2, ["toy", STYLE])

    shelf.budget = style.size + 1100  # room for one more toy-sized engine, and no more
    shelf.engine("noop")
    shelf.engine("flow-field")
    assert shelf.names == ["toy", STYLE, "noop", "flow-field"]  # they hold nothing
    shelf.budget = style.size
    shelf.engine("toy", "")
    shelf._engines.pop(("toy", ""))
    shelf.engine("toy", "")
    assert "toy" in shelf.names
    assert STYLE not in shelf.names


def test_weights_on_disk_that_are_not_the_ones_asked_for_are_refused(weights_here: Path) -> None:
    (weights_here / f"{MODEL_HASH}.safetensors").write_bytes(b"something else")
    shelf = Shelf(CPU, budget=10_000_000, folder=weights_here)
    with pytest.raises(WeightsMissing, match="not the ones"):
        shelf.engine(STYLE, MODEL_HASH)
    assert shelf.engine(STYLE, MODEL_HASH).model_hash == MODEL_HASH  # the engine provides them anew


@pytest.fixture
def fresh_disk(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.ATELIER = settings.ATELIER.model_copy(update={"data_dir": tmp_path})
    monkeypatch.setattr(weights, "_shared", set())
    return tmp_path / "weights"


def test_weights_travel_through_the_object_store_and_are_fetched_once(
    fresh_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = os.urandom(1000)
    name = hashlib.sha256(data).hexdigest()
    weights.fetch(name)
    assert not fresh_disk.exists()  # nobody has them
    fresh_disk.mkdir()
    (fresh_disk / f"{name}.safetensors").write_bytes(data)
    weights.share(name)
    (fresh_disk / f"{name}.safetensors").unlink()

    weights.fetch(name)
    assert (fresh_disk / f"{name}.safetensors").read_bytes() == data

    monkeypatch.setattr(storage, "get", lambda *asked: pytest.fail("it is here already"))
    weights.fetch(name)


def test_weights_that_were_changed_in_the_store_are_not_kept(fresh_disk: Path) -> None:
    name = hashlib.sha256(b"true").hexdigest()
    storage.put(Bucket.PRIVATE, storage.content_key("weights", name, "safetensors"), b"false", media_type="x/y")
    weights.fetch(name)
    assert not fresh_disk.exists()


def test_each_studio_has_a_gpu_of_its_own_and_the_last_the_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    claimed = [str(devices.claim_device("auto", tmp_path)) for _ in range(3)]
    assert claimed == ["cuda:0", "cuda:1", "cpu"]
    devices._held.pop(0).close()  # the first one's process dies
    assert str(devices.claim_device("cuda", tmp_path)) == "cuda:0"
    assert str(devices.claim_device("cpu", tmp_path)) == "cpu"
    while devices._held:
        devices._held.pop().close()


def test_a_studio_does_not_outlive_its_worker() -> None:
    program = textwrap.dedent("""
        import sys, time, django
        django.setup()
        from generation.worker.studios import Studio
        studio = Studio()
        studio.wait_until_ready()
        print(studio.pid, flush=True)
        time.sleep(60)
    """)
    worker = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    pid = int(worker.stdout.readline())
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    eventually(lambda: _is_gone(pid))


def test_a_studio_that_cannot_start_says_so(settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"extra_engines": ["no.such:ENGINE"]})
    studio = Studio()
    with pytest.raises(studios.StudioGone, match="exit status 1"):
        studio.wait_until_ready()
    studio.close()


def _is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_networks_that_nobody_uses_leave_where_another_finds_no_room(weights_here: Path, monkeypatch: Any) -> None:
    shelf = Shelf(CPU, budget=10_000_000, folder=weights_here)
    shelf.engine(STYLE, MODEL_HASH)
    load = Toy.load

    def load_where_there_is_room(*given: Any) -> Any:
        if shelf.held:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return load(*given)

    monkeypatch.setattr(Toy, "load", load_where_there_is_room)
    assert shelf.engine("toy").size == 1000
    assert shelf.names == ["toy"]


def test_a_network_that_finds_no_room_at_all_may_be_tried_again(weights_here: Path, monkeypatch: Any) -> None:
    def load(*given: Any) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(Toy, "load", load)
    with pytest.raises(OutOfMemory):
        Shelf(CPU, budget=10_000_000, folder=weights_here).engine("toy")


def test_a_work_that_finds_no_room_empties_the_shelf_for_its_next_try() -> None:
    rests = []
    with studios.borrowed() as studio:
        studio.wait_until_ready()
        for behaviour in ("paint", "out-of-memory"):
            parameters = {"size": 16, "behaviour": behaviour}
            job: dict[str, Any] = {"id": behaviour, "seed": 1, "parameters": parameters, "inputs": []}
            studio.order([], order=behaviour, engine="toy", model_hash="", jobs=[job])
            while studio.is_busy:
                rests += [message.fields for message in studio.messages(1.0) if message.kind == "rest"]
    assert "toy" in rests[0]["engines"]
    assert rests[1]["engines"] == []


def test_what_the_request_left_to_the_engine_is_told_as_it_was_decided() -> None:
    """A recipe must name what was done, not that it was left open."""
    made = []
    with studios.borrowed() as studio:
        studio.wait_until_ready()
        for behaviour in ("decide", "paint"):
            parameters = {"size": 16, "behaviour": behaviour}
            job: dict[str, Any] = {"id": behaviour, "seed": 1, "parameters": parameters, "inputs": []}
            studio.order([], order=behaviour, engine="toy", model_hash="", jobs=[job])
            while studio.is_busy:
                made += [message.fields for message in studio.messages(1.0) if message.kind == "made"]
    assert [told["parameters"]["behaviour"] for told in made] == ["paint", "paint"]
    assert made[0]["pixels_sha256"] == made[1]["pixels_sha256"]
