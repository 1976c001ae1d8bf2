"""The payment provider, empty at the start of each test."""

from collections.abc import Iterator

import pytest

from tests.payments.provider import Provider


@pytest.fixture
def provider() -> Iterator[Provider]:
    provider = Provider()
    provider.reset()
    yield provider
    provider.http.close()
