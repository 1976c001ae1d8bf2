"""How often one may ask: by address for whoever is nobody, by person for whoever is somebody."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.throttling import AnonRateThrottle

from marketplace.accounts.models import User
from marketplace.core.throttling import PersonRateThrottle

pytestmark = pytest.mark.django_db
PATH = "/api/v1/engines/"


def statuses(client: Client, times: int) -> list[int]:
    return [client.get(PATH).status_code for _ in range(times)]


def test_visitors_are_counted_by_address_and_people_by_who_they_are(
    make_user: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AnonRateThrottle, "get_rate", lambda throttle: "2/min")
    monkeypatch.setattr(PersonRateThrottle, "get_rate", lambda throttle: "3/min")
    visitor, one, other = Client(), Client(), Client()
    one.force_login(make_user())
    other.force_login(make_user())
    assert statuses(visitor, 3) == [200, 200, 429]
    assert statuses(one, 4) == [200, 200, 200, 429]
    assert statuses(other, 3) == [200, 200, 200]  # at the same address
    refused = one.get(PATH)
    assert refused.json()["code"] == "throttled"
    assert int(refused.headers["Retry-After"]) > 0
