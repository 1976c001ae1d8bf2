"""Staff read refunds, and answer banks."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from marketplace.accounts.models import User
from marketplace.core.models import AuditEntry
from payments import ledger
from payments.models import Dispute, PayoutAccount, Refund, Reversal, Share, Transfer
from payments.services import request_refund
from tests.payments.payees import captured, onboarded, weeks_later
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


def test_a_failed_refund_is_tried_again_or_given_otherwise(
    user: User, make_user: Callable[..., User], provider: Provider, settle: Callable[[], None], client: Client
) -> None:
    staff, artist = make_user(is_staff=True, is_superuser=True), make_user()
    client.force_login(staff)
    failed = refund(bought(user, method="pm_card_refundFail", payee=artist), 1000)
    settle()
    provider.advance(120)
    hear(provider, settle)
    listed = reverse("admin:payments_refund_changelist")
    client.post(listed, {"action": "try_again", "_selected_action": [failed.pk]}, follow=True)
    settle()
    provider.advance(120)
    hear(provider, settle)
    assert list(Refund.objects.order_by("pk").values_list("state", flat=True)) == ["failed", "failed"]
    page = reverse("admin:payments_refund_given_otherwise", args=[failed.pk])
    assert "The payer has it" in client.get(page).content.decode()
    for _ in range(2):  # a second click is refused
        client.post(page, {"how": "Bank transfer of 3 May."}, follow=True)
    settle()
    given = Refund.objects.get(state="settled")
    assert (given.amount, given.asked_by, "3 May" in given.reason) == (1000, staff, True)
    assert ledger.balance(ledger.BANK, "eur") == -1000
    assert Share.objects.get().refunded == 700
    call_command("reconcile")


def test_staff_read_where_payees_money_is(
    user: User, make_user: Callable[..., User], provider: Provider, settle: Callable[[], None], client: Client
) -> None:
    artist = make_user()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    onboarded(artist)
    weeks_later(captured(user, {artist: 1750}))
    share = Share.objects.get()
    listed = reverse("admin:payments_share_changelist")
    client.post(listed, {"action": "send_what_is_due", "_selected_action": [share.pk]}, follow=True)
    settle()
    assert Transfer.objects.get().state == "made"
    with transaction.atomic():
        request_refund(payment_id=share.payment_id, amount=750, reason="Half.", reference="half")
    settle()
    for model in (PayoutAccount, Share, Transfer, Reversal):
        name, row = model._meta.model_name, model._default_manager.get()
        assert client.get(reverse(f"admin:payments_{name}_changelist")).status_code == 200
        shown = client.get(reverse(f"admin:payments_{name}_change", args=[row.pk]))
        assert shown.status_code == 200
        assert 'name="_save"' not in shown.content.decode()
    account = PayoutAccount.objects.get()
    listed = reverse("admin:payments_payoutaccount_changelist")
    answer = client.post(listed, {"action": "read_again", "_selected_action": [account.pk]}, follow=True)
    assert "Asked again: 1." in answer.content.decode()
    assert client.get(reverse("admin:payments_payout_changelist")).status_code == 200
