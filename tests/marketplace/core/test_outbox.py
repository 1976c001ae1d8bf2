"""What was committed is told, at least once; what was rolled back is never told."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain
from threading import Barrier

import dramatiq
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.utils import timezone

from marketplace.core import outbox
from marketplace.core.models import OutboxEvent
from marketplace.core.tasks import forget_old_events


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """What a subscriber to `test.topic` was told; the first telling fails when the subject is `clumsy`."""
    told: list[str] = []

    def listen(subject_id: str) -> None:
        told.append(subject_id)
        if subject_id == "clumsy" and told.count("clumsy") == 1:
            raise RuntimeError("dropped it")

    outbox.subscribe("test.topic")(listen)
    yield told
    outbox._subscribers.pop("test.topic")


def fail_after(count: int, monkeypatch: pytest.MonkeyPatch) -> list[dramatiq.Message[None]]:
    """A broker that takes so many messages, and then goes away; they are in the list."""
    taken: list[dramatiq.Message[None]] = []

    def enqueue(message: dramatiq.Message[None]) -> None:
        if len(taken) == count:
            raise ConnectionError
        taken.append(message)

    monkeypatch.setattr(dramatiq.get_broker(), "enqueue", enqueue)
    return taken


def test_an_event_reaches_its_subscriber_and_is_done(heard: list[str], settle: Callable[[], None]) -> None:
    with transaction.atomic():
        outbox.emit("test.topic", "a")
    settle()
    assert heard == ["a"]
    assert OutboxEvent.objects.get().done_at is not None


def test_a_rolled_back_event_is_never_told(heard: list[str], settle: Callable[[], None]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.emit("test.topic", "a")
        raise ZeroDivisionError
    settle()
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(outbox.OutsideTransaction):
        outbox.emit("test.topic", "a")
    assert not OutboxEvent.objects.exists()


def test_a_failing_handler_is_told_again_later(heard: list[str], settle: Callable[[], None]) -> None:
    with transaction.atomic():
        outbox.emit("test.topic", "clumsy")
    settle()
    row = OutboxEvent.objects.get()
    assert row.done_at is None
    assert "dropped it" in row.last_error
    OutboxEvent.objects.update(due_at=timezone.now())
    settle()
    told = OutboxEvent.objects.get()
    assert heard == ["clumsy", "clumsy"]
    assert told.done_at is not None
    assert told.last_error == ""


def test_an_event_whose_message_was_lost_is_sent_again(heard: list[str], settle: Callable[[], None]) -> None:
    with transaction.atomic():
        outbox.emit("test.topic", "a")
    assert outbox.relay() == 1
    dramatiq.get_broker().flush_all()  # the broker forgets everything
    assert outbox.relay() == 0  # not yet due
    OutboxEvent.objects.update(due_at=timezone.now())
    settle()
    assert heard == ["a"]


def test_a_message_that_comes_twice_is_told_once(heard: list[str], settle: Callable[[], None]) -> None:
    with transaction.atomic():
        outbox.emit("test.topic", "a")
    settle()
    outbox.deliver([OutboxEvent.objects.get().pk])
    assert heard == ["a"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_marked_sent_when_the_broker_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        outbox.emit("test.topic", "a")
    fail_after(0, monkeypatch)
    with pytest.raises(ConnectionError):
        outbox.relay()
    row = OutboxEvent.objects.get()
    assert (row.attempts, row.done_at) == (0, None)
    assert row.due_at <= timezone.now()


@pytest.mark.django_db(transaction=True)
def test_what_was_sent_before_the_broker_went_is_sent_again_with_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        outbox.emit("test.topic", "a", "b", "c")
    sent = fail_after(2, monkeypatch)
    with pytest.raises(ConnectionError):
        outbox.relay()
    assert len(sent) == 2
    assert set(OutboxEvent.objects.values_list("attempts", "done_at")) == {(0, None)}
    sent = fail_after(99, monkeypatch)
    assert outbox.relay() == 3
    assert [message.args for message in sent] == [([row.pk],) for row in OutboxEvent.objects.order_by("pk")]


@pytest.mark.django_db(transaction=True)
def test_many_wakes_of_one_actor_are_a_few_messages_and_all_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        outbox.wake("run_jobs_cpu", *map(str, range(40)))
        outbox.wake("run_jobs_gpu", "lonely")
    sent = fail_after(99, monkeypatch)
    assert outbox.relay() == 41
    assert Counter(message.actor_name for message in sent) == {"run_jobs_cpu": 16, "run_jobs_gpu": 1}
    assert not OutboxEvent.objects.filter(done_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_many_events_travel_in_parcels_and_none_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        outbox.emit("test.topic", *map(str, range(50)))
    sent = fail_after(99, monkeypatch)
    assert outbox.relay() == 50
    parcels = [message.args[0] for message in sent]
    assert len(parcels) <= 9
    assert sorted(chain(*parcels)) == sorted(OutboxEvent.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("attempts", "seconds"), [(0, 30), (4, 30), (6, 64), (11, 600)])
def test_an_event_that_nobody_dealt_with_is_due_again_later_each_time(
    attempts: int, seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        outbox.emit("test.topic", "a")
    OutboxEvent.objects.update(attempts=attempts)
    fail_after(99, monkeypatch)
    outbox.relay()
    row = OutboxEvent.objects.annotate(left=ExpressionWrapper(F("due_at") - Now(), DurationField())).get()
    assert (row.attempts, row.done_at) == (attempts + 1, None)
    assert seconds - 5 < row.left.total_seconds() <= seconds


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("minutes", [-1, 1])
def test_a_relay_whose_clock_is_wrong_neither_hurries_nor_delays(minutes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    off = timezone.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(timezone, "now", lambda: off)
    with transaction.atomic():
        outbox.emit("test.topic", "a")
        outbox.emit("test.topic", "later")
    OutboxEvent.objects.filter(subject_id="later").update(due_at=Now() + timedelta(seconds=20))
    sent = fail_after(99, monkeypatch)
    assert outbox.relay() == 1
    assert outbox.relay() == 0
    assert len(sent) == 1


@pytest.mark.django_db(transaction=True)
def test_two_relays_at_once_send_each_row_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        outbox.emit("test.topic", *map(str, range(30)))
    sent = fail_after(99, monkeypatch)
    together = Barrier(2)

    def relay() -> int:
        together.wait()
        try:
            return sum(outbox.relay(limit=7) for _ in range(5))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        counts = [pool.submit(relay) for _ in range(2)]
    assert sum(count.result() for count in counts) == 30
    assert len(list(chain(*(message.args[0] for message in sent)))) == 30


@pytest.mark.django_db
@pytest.mark.parametrize("destination", [{}, {"topic": "a", "actor": "b"}])
def test_the_database_refuses_an_event_without_one_destination(destination: dict[str, str]) -> None:
    with pytest.raises(IntegrityError):
        OutboxEvent.objects.create(subject_id="x", **destination)


def test_pauses_grow_to_ten_minutes() -> None:
    assert [outbox.pause(n).total_seconds() for n in (1, 2, 3, 30)] == [1, 2, 4, 600]


@pytest.mark.django_db
def test_old_events_are_forgotten_but_never_undone_ones() -> None:
    old = timezone.now() - timedelta(days=30)
    OutboxEvent.objects.create(topic="a", subject_id="told", done_at=old)
    OutboxEvent.objects.create(topic="a", subject_id="untold", created_at=old)
    forget_old_events()
    assert [row.subject_id for row in OutboxEvent.objects.all()] == ["untold"]
