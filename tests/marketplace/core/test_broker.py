"""What we ask of a broker, asked of Redis and of RabbitMQ, with real workers that are killed and servers that fall."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import dramatiq
import pytest
from django.db import transaction
from dramatiq.brokers.rabbitmq import DEAD_MESSAGE_TTL, RabbitmqBroker
from dramatiq.middleware import Retries, TimeLimit

from marketplace.core import broker as house
from marketplace.core import outbox
from marketplace.core.broker import CPU, KEEP_DEAD
from marketplace.core.models import OutboxEvent
from marketplace.house import parts
from marketplace.house.ports import free_port
from marketplace.house.supervisor import Supervisor
from tests.marketplace.core.broker_scene import Scene, kill
from tests.servers import Server


@pytest.fixture(scope="module", params=["redis", "rabbitmq"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Either broker, for these tests alone: they kill it."""
    if request.param == "rabbitmq":
        yield request.getfixturevalue("rabbitmq")
        return
    data, port = tmp_path_factory.mktemp("redis"), free_port()
    with Server.running(parts.redis_server(data, port), f"redis://127.0.0.1:{port}/0", logs=data) as redis_server:
        yield redis_server


@pytest.fixture
def scene(server: Server, tmp_path: Path) -> Iterator[Scene]:
    broker = house.connect(server.url)
    broker.declare_queue(CPU)
    supervisor = Supervisor(logs=tmp_path / "log")
    (tmp_path / "marks").mkdir()
    scene = Scene(server.url, tmp_path / "marks", broker, supervisor)
    yield scene
    scene.leave()


def test_a_message_arrives_once(scene: Scene) -> None:
    scene.hire()
    for name in "abc":
        scene.send(name)
    scene.until("a ended", "b ended", "c ended")
    assert [len(scene.who(f"{name} began")) for name in "abc"] == [1, 1, 1]


def test_a_message_whose_worker_was_killed_goes_to_another(scene: Scene) -> None:
    doomed = scene.hire()
    scene.send("a", until="open")
    scene.until("a began")
    kill(doomed)
    (scene.folder / "open").touch()
    scene.hire()
    scene.until("a ended")
    first, second = scene.who("a began")
    assert scene.who("a ended") == [second] != [first]


def test_a_worker_takes_one_message_at_a_time(scene: Scene) -> None:
    scene.hire()
    scene.send("long", until="open")
    scene.until("long began")
    for name in "abcd":
        scene.send(name)
    # Sent only now, the messages are all for the second worker; none waits in the first.
    scene.hire()
    scene.until("a ended", "b ended", "c ended", "d ended")
    assert not scene.who("long ended")
    busy = scene.who("long began")[0]
    assert all(scene.who(f"{name} ended") != [busy] for name in "abcd")
    (scene.folder / "open").touch()
    scene.until("long ended")


def test_a_long_message_outlives_the_heartbeats(scene: Scene) -> None:
    """Eight seconds, where Redis gives up a silent worker after three, and RabbitMQ a connection after four."""
    if scene.url.startswith("amqp"):
        scene.url += "?heartbeat=2"
    scene.hire()
    scene.send("long", seconds=8.0)
    scene.until("long began")
    scene.hire()  # somebody who would take it
    scene.until("long ended")
    scene.send("next")
    scene.until("next ended")
    time.sleep(0.5)
    assert (len(scene.who("long began")), len(scene.who("long ended"))) == (1, 1)


def test_a_server_that_falls_and_comes_again_loses_nothing_and_its_workers_find_it(
    scene: Scene, server: Server
) -> None:
    scene.hire()
    scene.hire()
    before = [f"before-{n}" for n in range(20)]
    for name in before:
        scene.send(name, seconds=0.1)
    scene.until("before-3 ended")
    server.kill()
    server.start()
    after = [f"after-{n}" for n in range(5)]
    for name in after:
        scene.send(name)
    scene.until(*(f"{name} ended" for name in before + after), within=90.0)


def test_a_message_for_an_actor_that_nobody_knows_lies_among_the_dead_letters(scene: Scene) -> None:
    scene.hire()
    scene.send("a", actor="tomorrows")
    scene.eventually(lambda: scene.dead_letters() == 1)
    assert KEEP_DEAD.total_seconds() * 1000 == DEAD_MESSAGE_TTL
    scene.send("b")
    scene.until("b ended")


def test_an_actor_that_fails_is_neither_repeated_nor_kept(scene: Scene) -> None:
    scene.hire()
    scene.send("a", actor="stumble")
    scene.send("b")
    scene.until("b ended")
    assert len(scene.who("a began")) == 1
    assert scene.dead_letters() == 0
    # Dramatiq's second try would come after 15 seconds.
    assert not {Retries, TimeLimit} & {type(each) for each in scene.broker.middleware}


@pytest.mark.django_db(transaction=True)
def test_what_the_relay_cannot_send_is_not_marked_and_goes_when_the_server_is_back(
    scene: Scene, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = dramatiq.actor(queue_name=CPU, actor_name="deliver", broker=scene.broker)
    declared(lambda events: None)
    declared = dramatiq.actor(queue_name=CPU, actor_name="paint", broker=scene.broker)
    declared(lambda job: None)
    scene.send("kept by the server")
    with transaction.atomic():
        outbox.emit("test.topic", "a", "b")
        outbox.wake("paint", "c")
    server.kill()
    with monkeypatch.context() as patched:
        patched.setattr(dramatiq, "get_broker", lambda: scene.broker)
        started = time.monotonic()
        with pytest.raises(house.AWAY):
            outbox.relay()
        assert time.monotonic() - started < 30
        assert set(OutboxEvent.objects.values_list("attempts", "done_at")) == {(0, None)}
        server.start()
        assert outbox.relay() == 3
    assert scene.waiting() == 4
    assert set(OutboxEvent.objects.values_list("attempts", flat=True)) == {1}


def test_a_server_that_takes_a_call_and_says_nothing_counts_as_away(scene: Scene, server: Server) -> None:
    caller = house.connect(server.url)
    caller.declare_queue(CPU)
    os.killpg(server.child.process.pid, signal.SIGSTOP)
    try:
        started = time.monotonic()
        with pytest.raises(house.AWAY):
            caller.enqueue(dramatiq.Message(CPU, "leave_marks", (), {}, {}))
        assert house.ANSWER_SECONDS - 1 < time.monotonic() - started < house.ANSWER_SECONDS + 3
    finally:
        os.killpg(server.child.process.pid, signal.SIGCONT)
    scene.send("a")


def test_rabbitmqs_patience_may_end_before_a_message_does(tmp_path: Path, rabbitmq_url: str) -> None:
    """Where an operator left `consumer_timeout` short: the message comes again, as one whose worker died would."""
    data, port = tmp_path / "rabbitmq", free_port()
    hasty = "consumer_timeout = 2000\ndisk_free_limit.absolute = 50MB\n"
    part, url = parts.rabbitmq_server(data, port, settings=hasty), f"amqp://guest:guest@127.0.0.1:{port}/"
    part.environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] += " -rabbit channel_tick_interval 500"
    (tmp_path / "marks").mkdir()
    with Server.running(part, url, logs=data):
        broker, supervisor = house.connect(url), Supervisor(logs=tmp_path / "log")
        broker.declare_queue(CPU)
        scene = Scene(url, tmp_path / "marks", broker, supervisor)
        scene.hire()
        scene.send("long", until="open")
        scene.until("long began")
        scene.send("next")
        scene.hire()
        scene.eventually(lambda: len(scene.who("long began")) == 2)
        (scene.folder / "open").touch()
        scene.until("long ended", "next ended")
        scene.leave()


def test_a_silent_connection_is_kept(rabbitmq_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broker = house.connect(f"{rabbitmq_url}?heartbeat=1")
    assert isinstance(broker, RabbitmqBroker)
    broker.declare_queue(CPU, ensure=True)
    first = broker.connection
    with monkeypatch.context() as patched:
        patched.setattr(dramatiq, "get_broker", lambda: broker)
        for _ in range(8):
            time.sleep(0.5)
            house.stay_connected()
        house.ping()
    assert broker.connection is first
    first.process_data_events(time_limit=0)  # raises where the server has hung up
    broker.close()
