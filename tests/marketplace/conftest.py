"""What the marketplace's tests start from."""

from collections.abc import Callable, Iterator

import pytest

from marketplace.accounts.models import User
from tests.marketplace.staging import Stage, set_stage
from tests.payments.provider import Provider


@pytest.fixture
def provider() -> Iterator[Provider]:
    """The payment provider, empty at the start of each test."""
    provider = Provider()
    provider.reset()
    yield provider
    provider.http.close()


@pytest.fixture
def stage(transactional_db: None, make_user: Callable[..., User], provider: Provider) -> Stage:
    """A style on the wall, a photograph, and a collector: what every commission starts from."""
    return set_stage(collector=make_user(), painter=make_user())
