"""docs/webhooks.md: what it tells integrators to write verifies what is sent."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from marketplace.accounts import services
from marketplace.accounts.models import WebhookEndpoint
from tests.listener import Listener
from tests.marketplace.accounts.webhooks.conftest import Publish

DOCS = Path(__file__).parents[4] / "docs" / "webhooks.md"
Verify = Callable[..., bool]


@pytest.fixture
def verify() -> Verify:
    [code] = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    scope: dict[str, Any] = {}
    exec(code, scope)
    verify: Verify = scope["verify"]
    return verify


def test_what_is_sent_is_verified_and_what_is_forged_is_not(
    made: tuple[WebhookEndpoint, str], publish: Publish, listener: Listener, verify: Verify,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    _, secret = made
    publish(title="Ünïcødé")
    services.send_due()
    [heard] = listener.heard
    assert verify(secret, heard.headers, heard.body)
    assert not verify(secret, heard.headers, heard.body + b" ")
    assert not verify("whsec_" + "A" * 44, heard.headers, heard.body)
    assert not verify(secret, heard.headers | {"webhook-id": "another"}, heard.body)
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    assert not verify(secret, heard.headers, heard.body)


def test_after_a_change_both_secrets_verify(
    made: tuple[WebhookEndpoint, str], publish: Publish, listener: Listener, verify: Verify
) -> None:
    endpoint, old = made
    _, new = services.roll_secret(owner=endpoint.owner, endpoint_id=endpoint.pk)
    publish()
    services.send_due()
    [heard] = listener.heard
    assert verify(old, heard.headers, heard.body)
    assert verify(new, heard.headers, heard.body)
