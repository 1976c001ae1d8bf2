"""An endpoint that keeps failing is left alone for a while, and comes back by itself."""

from datetime import timedelta

from marketplace.accounts import services
from marketplace.accounts.models import Notification, WebhookDelivery, WebhookEndpoint
from marketplace.accounts.services.webhooks.breaker import FAILURES_TO_PAUSE
from tests.listener import Listener
from tests.marketplace.accounts.webhooks.conftest import Publish, send_all

MINUTE = timedelta(minutes=1)


def fail_until_paused(publish: Publish, listener: Listener) -> WebhookEndpoint:
    listener.status = 503
    for number in range(FAILURES_TO_PAUSE):
        publish(str(number))
    services.send_due()
    return WebhookEndpoint.objects.get()


def test_it_is_paused_after_many_failures_and_its_owner_told_once(publish: Publish, listener: Listener) -> None:
    endpoint = fail_until_paused(publish, listener)
    assert (endpoint.state, len(listener.heard)) == ("paused", FAILURES_TO_PAUSE)
    [told] = Notification.objects.all()
    assert (told.person, told.kind) == (endpoint.owner, "webhook.paused")
    assert "last with status 503" in told.body
    publish("later")
    send_all(MINUTE)
    assert len(listener.heard) == FAILURES_TO_PAUSE, "nothing is sent, and nothing is lost"
    assert WebhookDelivery.objects.filter(state="pending").count() == FAILURES_TO_PAUSE + 1


def test_one_try_is_made_now_and_then_ever_more_seldom(publish: Publish, listener: Listener) -> None:
    fail_until_paused(publish, listener)
    heard = len(listener.heard)
    for minutes in (6, 6, 5, 15, 6):  # due after 5, then 10, then 20
        send_all(minutes * MINUTE)
    assert len(listener.heard) - heard == 3
    assert Notification.objects.count() == 1


def test_the_first_that_succeeds_opens_it_for_all_that_waits(publish: Publish, listener: Listener) -> None:
    fail_until_paused(publish, listener)
    listener.status = 200
    send_all(6 * MINUTE)
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.state, endpoint.failures, endpoint.probe_at) == ("active", 0, None)
    send_all(timedelta(hours=1))
    assert not WebhookDelivery.objects.exclude(state="delivered").exists()


def test_successes_in_between_keep_it_open(publish: Publish, listener: Listener) -> None:
    listener.answers = [500, 200] * FAILURES_TO_PAUSE
    for number in range(2 * FAILURES_TO_PAUSE):
        publish(str(number))
    services.send_due()
    assert WebhookEndpoint.objects.get().state == "active"


def test_gone_is_gone(publish: Publish, listener: Listener) -> None:
    listener.status = 410
    publish()
    services.send_due()
    assert WebhookEndpoint.objects.get().state == "off"
    assert WebhookDelivery.objects.get().state == "failed"
    assert "410 Gone" in Notification.objects.get().body
    publish("later")
    assert WebhookDelivery.objects.count() == 1


def test_its_owner_may_switch_it_on_at_once(publish: Publish, listener: Listener) -> None:
    endpoint = fail_until_paused(publish, listener)
    listener.status = 200
    services.change_endpoint(owner=endpoint.owner, endpoint_id=endpoint.pk, is_on=True)
    send_all(timedelta(hours=1))
    assert not WebhookDelivery.objects.exclude(state="delivered").exists()
