"""What was committed is told, at least once; what was rolled back is never told."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import dramatiq
import pytest
from django.db import IntegrityError, transaction
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

    def refuse(*args: object, **kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(dramatiq.get_broker(), "enqueue", refuse)
    with pytest.raises(ConnectionError):
        outbox.relay()
    row = OutboxEvent.objects.get()
    assert (row.attempts, row.done_at) == (0, None)
    assert row.due_at <= timezone.now()


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
