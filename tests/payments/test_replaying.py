"""Two workers on one webhook, and a crash between the row and the call: everything is done once."""

from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, Thread

import pytest
from django.db import connection

from marketplace.accounts.models import User
from marketplace.core.models import OutboxEvent
from payments import services
from payments.errors import GatewayUnavailable
from payments.models import Dispute, Payment, WebhookEvent
from tests.payments.provider import Provider, bought
from tests.payments.test_disputes import DISPUTED, agree
from tests.payments.test_webhooks import send

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> None:
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        start.wait()
        try:
            with suppress(GatewayUnavailable):  # the other's call is under way: it would be asked again
                work()
        finally:
            connection.close()

    threads = [Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_workers_on_one_dispute_withhold_it_once(user: User, provider: Provider) -> None:
    bought(user, 3333, method=DISPUTED)
    for event in provider.events():
        if event["type"].startswith("charge.dispute"):
            send(event)
    ids = list(WebhookEvent.objects.values_list("pk", flat=True))
    at_once(*(lambda pk=pk: services.process_webhook(event_id=pk) for pk in ids * 2))
    dispute = Dispute.objects.get()
    told = OutboxEvent.objects.filter(subject_id=str(dispute.pk), topic="payment.disputed")
    assert (told.count(), dispute.payment.shares.get().owed) == (1, 0)
    agree(provider)


def test_two_workers_on_one_refund_make_it_once(user: User, provider: Provider) -> None:
    payment: Payment = bought(user)
    refund = services.request_refund(payment_id=payment.pk, amount=1000, reason="twice", reference="twice")
    at_once(*(lambda: services.refresh_refund(refund_id=refund.pk) for _ in range(2)))
    services.refresh_refund(refund_id=refund.pk)
    assert provider.executed("/v1/refunds") == 1
    agree(provider)
