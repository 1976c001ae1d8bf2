"""A sandbox a module, and clients for it."""

from collections.abc import Iterator

import pytest
import stripe

from tests.payments.sandbox.running import Receiver, RunningSandbox


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    """Where the sandbox's webhooks go."""
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> Iterator[RunningSandbox]:
    """A running sandbox with an empty store."""
    sandbox = RunningSandbox(tmp_path_factory.mktemp("sandbox") / "sandbox.sqlite3", webhook_url=receiver.url)
    sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def client(sandbox: RunningSandbox) -> stripe.StripeClient:
    """The real SDK, pointed at the sandbox, retrying nothing by itself."""
    return sandbox.client()
