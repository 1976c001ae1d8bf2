"""Webhook endpoints on pages: made, tried, watched, switched off, and nobody else's."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from marketplace.accounts import services
from marketplace.accounts.models import User, WebhookDelivery, WebhookEndpoint
from tests.gallery.markup import read
from tests.listener import Listener, listening

ADDRESS = "/accounts/webhooks/"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


@pytest.fixture
def endpoint(user: User, listener: Listener) -> WebhookEndpoint:
    return services.create_endpoint(owner=user, url=listener.url, event_types=["order.paid"])[0]


def test_one_signs_in_first(client: Client) -> None:
    assert client.get(ADDRESS).headers["Location"] == f"/accounts/login/?next={ADDRESS}"


def test_one_is_made_and_its_secret_shown_once(visitor: Client) -> None:
    asked = {"url": "https://x.example/hooks", "event_types": ["order.paid", "payout.paid"]}
    answer = visitor.post(ADDRESS, asked)
    assert answer.headers["Cache-Control"] == "no-store"
    [secret] = re.findall(r"whsec_[\w+/=]{40,}", read(answer).html)
    assert "https://x.example/hooks" in read(visitor.get(ADDRESS)).html
    own = f"{ADDRESS}{WebhookEndpoint.objects.get().pk}/"
    assert secret not in read(visitor.get(own)).html
    [rolled] = re.findall(r"whsec_[\w+/=]{40,}", read(visitor.post(f"{own}secret/")).html)
    assert rolled != secret


@pytest.mark.parametrize(
    ("wrong", "field"), [({"url": "x.example"}, "id_url_error"), ({"event_types": []}, "id_event_types_error")]
)
def test_what_makes_no_sense_is_told_beside_its_field(visitor: Client, wrong: dict[str, str], field: str) -> None:
    asked = {"url": "https://x.example/", "event_types": ["*"], "description": "Books"} | wrong
    page = read(visitor.post(ADDRESS, asked), 422)
    assert page.all("ul", id=field)
    assert page.value_of("description") == "Books"
    assert not WebhookEndpoint.objects.exists()


def test_a_ping_is_sent_watched_and_sent_again(visitor: Client, endpoint: WebhookEndpoint, listener: Listener) -> None:
    own = f"{ADDRESS}{endpoint.pk}/"
    listener.answers, listener.body = [500], b"<b>broken</b>"
    visitor.post(f"{own}try/")
    services.send_due()
    page = read(visitor.get(own))
    delivery = WebhookDelivery.objects.get()
    assert "last answered 500" in page.html
    assert "&lt;b&gt;broken" in page.html
    [again] = [form["action"] for form in page.all("form") if form["action"] == f"{own}{delivery.pk}/again/"]
    visitor.post(again)
    WebhookDelivery.objects.update(due_at="2020-01-01T00:00Z")
    services.send_due()
    assert len(listener.heard) == 2
    assert "delivered" in read(visitor.get(own)).html


def test_it_is_switched_off_and_on_and_deleted(visitor: Client, endpoint: WebhookEndpoint) -> None:
    own = f"{ADDRESS}{endpoint.pk}/"
    assert "The endpoint is off." in read(visitor.post(f"{own}off/", follow=True)).html
    assert "The endpoint is off." in read(visitor.post(f"{own}again/", follow=True)).html
    assert "The endpoint is on." in read(visitor.post(f"{own}on/", follow=True)).html
    assert "The endpoint is deleted." in read(visitor.post(f"{own}delete/", follow=True)).html
    assert not WebhookEndpoint.objects.exists()


def test_those_of_others_are_not_there(
    endpoint: WebhookEndpoint, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    stranger = signed_in(make_user())
    own = f"{ADDRESS}{endpoint.pk}/"
    assert stranger.get(own).status_code == 404
    for button in ("try", "on", "off", "again", "secret", "delete"):
        assert stranger.post(f"{own}{button}/").status_code == 404
    assert endpoint.url not in read(stranger.get(ADDRESS)).html
