"""What every test may use: clean parts, a way to let all that is due happen, API clients, and people."""

from collections.abc import Callable, Iterator
from itertools import count

import dramatiq
import hypothesis
import pytest
from django.conf import LazySettings, settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone
from dramatiq.brokers.redis import RedisBroker
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

from generation.worker.studios import close_all
from marketplace.accounts.models import User
from marketplace.core import outbox, storage
from marketplace.core.models import OutboxEvent
from tests import template
from tests.emptying import Emptying

_numbers = count(1)


# A busy machine is not a slow program: timings never decide a test.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

# Argon2 is slow on purpose.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The test database begins as a copy of the one that has every migration already."""
    connection.settings_dict["TEST"]["TEMPLATE"] = template.DATABASE


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Tests that commit are cleared up after quickly; and everybody leaves the test database before it is dropped.

    Threads of the tests may still hold connections.
    """
    emptying = Emptying()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: emptying())
        yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL alone has one


@pytest.fixture(scope="session", autouse=True)
def buckets() -> None:
    """This lane's two buckets stand."""
    storage.ensure_buckets()


@pytest.fixture(scope="session", autouse=True)
def studios() -> Iterator[None]:
    """Studios stay warm from test to test, and leave at the end."""
    yield
    close_all()


@pytest.fixture(autouse=True)
def clean_parts(settings: LazySettings) -> Iterator[None]:
    """Nothing of an earlier test is left in the cache or the broker; static files need no manifest."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    cache.clear()
    yield
    dramatiq.get_broker().flush_all()


@pytest.fixture
def settle(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Let everything that is due happen: relay the outbox and run the messages, until the house is quiet."""
    # A worker that stops waits until its consumers have slept out, those of the queues in which nothing ever is too.
    monkeypatch.setattr("marketplace.core.broker.NEVER_MILLISECONDS", 50)
    broker = dramatiq.get_broker()
    assert isinstance(broker, RedisBroker)
    middleware = list(broker.middleware)
    worker = dramatiq.Worker(broker, worker_timeout=20, worker_threads=2)
    worker.start()

    def until_quiet() -> None:
        for _ in range(100):
            sent = outbox.relay()
            for queue in sorted(broker.get_declared_queues()):
                broker.join(queue, interval=10, timeout=120_000)
            worker.join()
            if not sent and not OutboxEvent.objects.filter(done_at=None, due_at__lte=timezone.now()).exists():
                return
        raise AssertionError("the house does not come to rest")

    yield until_quiet
    worker.stop()
    broker.middleware[:] = middleware  # Dramatiq would tell this worker of queues for ever


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """Make a person with a fresh address."""

    def make(**fields: object) -> User:
        number = next(_numbers)
        defaults: dict[str, object] = {"email": f"person{number}@example.com", "display_name": f"Person {number}"}
        return User.objects.create_user(**(defaults | fields))  # type: ignore[arg-type]

    return make


@pytest.fixture
def user(make_user: Callable[..., User]) -> User:
    return make_user()


@pytest.fixture
def client_of() -> Callable[[User], APIClient]:
    """An API client that is signed in as the given person."""

    def make(person: User) -> APIClient:
        client = APIClient()
        client.force_login(person)
        return client

    return make


@pytest.fixture
def api(user: User, client_of: Callable[[User], APIClient]) -> APIClient:
    return client_of(user)
