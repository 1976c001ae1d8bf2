"""Staff read refunds, and answer banks."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.accounts.models import User
from marketplace.core.models import AuditEntry
from payments.models import Dispute
from tests.payments.provider import Provider, bought
from tests.payments.test_disputes import DISPUTED, hear
from tests.payments.test_refunds import refund

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_dispute_is_answered_and_refunds_are_read(
    user: User, make_user: Callable[..., User], provider: Provider, settle: Callable[[], None], client: Client
) -> None:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    bought(user, method=DISPUTED)
    hear(provider, settle)
    dispute = Dispute.objects.get()
    page = reverse("admin:payments_dispute_change", args=[dispute.pk])
    assert "What we say to the bank" in client.get(page).content.decode()
    client.post(page, {"uncategorized_text": "losing_evidence"}, follow=True)
    settle()
    dispute.refresh_from_db()
    assert (dispute.evidence, dispute.submitted_at) == ({"uncategorized_text": "losing_evidence"}, None)
    client.post(page, {"uncategorized_text": "losing_evidence", "hand_in": "on"}, follow=True)
    settle()
    provider.advance(2)
    hear(provider, settle)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.submitted_at is not None) == (Dispute.State.LOST, True)
    shown = client.get(page).content.decode()
    assert "What we say to the bank" not in shown
    assert "losing_evidence" in shown
    made = refund(bought(user), 1000)
    assert "€10.00" in client.get(reverse("admin:payments_refund_changelist")).content.decode()
    assert client.get(reverse("admin:payments_payment_change", args=[made.payment_id])).status_code == 200
    assert client.get(reverse("admin:payments_refund_change", args=[made.pk])).status_code == 200
    assert AuditEntry.objects.of(made).count() >= 2
